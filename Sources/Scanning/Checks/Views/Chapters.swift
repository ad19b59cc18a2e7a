import Foundation
import MediaIO
import Views

/// Chapters: the files of one recording, split by the camera because of file size limits.
///
/// GoPro counts them in the name (`GX010123`, `GX020123`; `GOPR0123`, `GP010123`). DJI numbers files consecutively,
/// across recordings too: there times must show that one begins where the other ended.
enum Chapters {
    /// The information in a name.
    struct Name: Hashable {
        /// The same for all files of one recording, or of one camera.
        var series: String
        var number: Int
        /// Whether the name alone shows that the next number is the same recording.
        var isCertain: Bool
        /// Start time in the name, in seconds since 1970.
        var began: Double?

        /// nil: not a name of these cameras.
        init?(_ path: String) {
            let file = path.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init) ?? path
            let folder = String(path.dropLast(file.count))
            let parts = file.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else { return nil }
            let (stem, ending) = (parts[0].uppercased(), parts[1].uppercased())
            let letters = Array(stem)
            func digits(_ range: Range<Int>) -> Int? {
                guard range.upperBound <= letters.count, letters[range].allSatisfy({ $0.isASCII && $0.isNumber }) else {
                    return nil
                }
                return Int(String(letters[range]))
            }
            if letters.count == 8, letters[0] == "G", "HXLS".contains(letters[1]), let chapter = digits(2..<4),
                let recording = digits(4..<8)
            {
                (series, number, isCertain) = ("\(folder) G\(letters[1]) \(recording) \(ending)", chapter, true)
            } else if letters.count == 8, stem.hasPrefix("GOPR"), let recording = digits(4..<8) {
                (series, number, isCertain) = ("\(folder) GP \(recording) \(ending)", 0, true)
            } else if letters.count == 8, stem.hasPrefix("GP"), let chapter = digits(2..<4),
                let recording = digits(4..<8)
            {
                (series, number, isCertain) = ("\(folder) GP \(recording) \(ending)", chapter, true)
            } else if stem.hasPrefix("DJI_") {
                let words = stem.split(separator: "_", omittingEmptySubsequences: false).dropFirst().map(String.init)
                let counters = words.indices.filter { words[$0].count <= 4 && Int(words[$0]) != nil }
                guard let place = counters.last, let count = Int(words[place]) else { return nil }
                let dated = words.first.flatMap { $0.count == 14 ? Name.seconds($0) : nil }
                var rest = words
                rest[place] = "#"
                if dated != nil { rest[0] = "@" }
                (series, number, isCertain) = ("\(folder) DJI \(rest.joined(separator: "_")) \(ending)", count, false)
                began = dated
            } else {
                return nil
            }
        }

        /// `20240131120000` in seconds.
        private static func seconds(_ text: String) -> Double? {
            let formatter = DateFormatter()
            formatter.locale = Locale(identifier: "en_US_POSIX")
            formatter.timeZone = TimeZone(identifier: "UTC")
            formatter.dateFormat = "yyyyMMddHHmmss"
            return formatter.date(from: text)?.timeIntervalSince1970
        }
    }

    /// The metadata of a file.
    struct Facts: Equatable {
        var seconds: Double
        var began: Double?
        var width = 0
        var height = 0
        var frameRate: Double?

        init(seconds: Double, began: Double? = nil) { (self.seconds, self.began) = (seconds, began) }

        /// nil: it cannot be opened, or has no declared length.
        init?(_ path: String) {
            guard let file = try? MediaFile(path: path), let seconds = Facts.length(file) else { return nil }
            self.init(seconds: seconds, began: DeclaredTimeReader.read(file)?.createdSeconds)
            if let video = file.videoStream {
                (width, height, frameRate) = (video.width, video.height, video.frameRate)
            }
        }

        /// The length of a file's video, or else of the file.
        static func length(_ file: MediaFile) -> Double? {
            if let video = file.videoStream, let frames = video.frameCount, let rate = video.frameRate, rate > 0 {
                return Double(frames) / rate
            }
            return file.durationSeconds
        }
    }

    /// Tolerance for camera clocks and dates in whole seconds, in seconds.
    private static let slack = 2.0

    /// Recordings, each by its files in order of time; in the order of their first files.
    static func joined(_ paths: [String], facts: (String) -> Facts? = { Facts($0) }) -> [[String]] {
        let names = paths.map { Name($0) }
        var follower: [Int: Int] = [:]
        var leads = Set(paths.indices)
        for index in paths.indices {
            guard let name = names[index] else { continue }
            let next = paths.indices.first { other in
                guard let its = names[other], leads.contains(other), other != index else { return false }
                return its.series == name.series && its.number == name.number + 1
            }
            guard let next, let one = facts(paths[index]), let two = facts(paths[next]),
                one.width == two.width, one.height == two.height,
                one.frameRate.map({ Int($0 + 0.5) }) == two.frameRate.map({ Int($0 + 0.5) })
            else { continue }
            if !name.isCertain {
                let begun = (name.began ?? one.began, names[next]?.began ?? two.began)
                guard let first = begun.0, let second = begun.1 else { continue }
                // Some cameras write the start time of a file, some its end time.
                let apart = second - first
                guard abs(apart - one.seconds) <= slack || abs(apart - two.seconds) <= slack && name.began == nil else {
                    continue
                }
            }
            follower[index] = next
            leads.remove(next)
        }
        return leads.sorted().map { lead in
            var (chain, at) = ([paths[lead]], lead)
            while let next = follower[at], chain.count <= paths.count {
                chain.append(paths[next])
                at = next
            }
            return chain
        }
    }
}
