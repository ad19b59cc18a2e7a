import Files
import Foundation
import MediaIO
import SyncModel

/// A tar archive of clips, as in WebDataset, read in place: members whose names agree up to their first dot belong
/// together. Members of a clip that are JSON objects or short texts become its attributes.
struct TarShard {
    private let path: String

    init(_ path: String) { self.path = path }

    /// Largest member kept as an attribute, in bytes.
    private static let longestAttribute = 65_536

    private struct Member {
        let name: String
        let start: Int
        let length: Int
    }

    func add(to plan: inout ScanPlan) {
        guard let handle = BoundedFile.open(path) else {
            plan.add(
                problem: path, code: "no-such-file", message: "\(path.printable) cannot be opened, or is not a file",
                remedy: "check the path and its permissions")
            return
        }
        defer { try? handle.close() }
        let (members, complaint) = read(handle)
        if let complaint {
            plan.add(
                problem: path, code: "bad-tar", message: "\(path.printable) \(complaint)",
                remedy: "copy or make the shard again; the members before that position are measured")
        }
        var order: [String] = []
        var samples: [String: [Member]] = [:]
        for member in members {
            let key = TarShard.key(member.name)
            if samples[key] == nil { order.append(key) }
            samples[key, default: []].append(member)
        }
        var count = 0
        for key in order {
            let sample = samples[key] ?? []
            let media = sample.filter { MediaFinder.isMedia($0.name) }
            var others = sample.filter { !MediaFinder.isMedia($0.name) }
            let isLarge = sample.count > PlanLimits.largestSample
            if isLarge {
                // Not a real sample: comparing so many members would take forever.
                others = []
                plan.unpaired.append("\(path)/\(key): \(sample.count) members of the same name")
            }
            for (clip, sound) in isLarge ? media.map({ ($0, nil) }) : TarShard.clips(media) {
                count += 1
                var files = ClipFiles()
                files.region = region(clip)
                if let sound {
                    files.audio = path + "/" + sound.name
                    files.audioRegion = region(sound)
                }
                var request = ClipRequest(clip: path + "/" + clip.name, files: files)
                request.attributes = others.filter { TarShard.goes($0, with: clip, of: sample) }
                    .flatMap { attributes($0, handle) }
                plan.add(request)
            }
            // Timed text is not read out of an archive.
            plan.unpaired += others.filter { Companions.isSideFile($0.name) }.map { path + "/" + $0.name }
        }
        if count == 0, complaint == nil {
            plan.add(
                problem: path, code: "no-media", message: "\(path.printable) contains no media",
                remedy: "check it with 'tar -tf'; compressed shards must be unpacked")
        }
    }

    /// The clips of one sample, each with its audio if that is a separate member: of one video and one audio member,
    /// that audio; else the audio with the video's full name. All other media are separate clips.
    private static func clips(_ media: [Member]) -> [(clip: Member, sound: Member?)] {
        let pictures = media.filter { MediaFinder.hasPicture($0.name) }
        let sounds = media.filter { !MediaFinder.hasPicture($0.name) }
        if pictures.count == 1, sounds.count <= 1 { return [(pictures[0], sounds.first)] }
        var taken: Set<Int> = []
        let paired = pictures.map { picture in
            let sound = sounds.first { stem($0.name) == stem(picture.name) && !taken.contains($0.start) }
            if let sound { taken.insert(sound.start) }
            return (clip: picture, sound: sound)
        }
        return (paired + sounds.filter { !taken.contains($0.start) }.map { (clip: $0, sound: nil) })
            .sorted { $0.clip.start < $1.clip.start }
    }

    /// Whether a member belongs to this clip of its sample: it does not have another clip's full name.
    private static func goes(_ member: Member, with clip: Member, of sample: [Member]) -> Bool {
        func isNamed(_ other: Member) -> Bool { member.name.hasPrefix(stem(other.name) + ".") }
        return isNamed(clip) || !sample.contains { MediaFinder.isMedia($0.name) && isNamed($0) }
    }

    private static func stem(_ name: String) -> String { name.withoutEnding }

    private func region(_ member: Member) -> MediaRegion {
        MediaRegion(file: path, start: member.start, length: member.length)
    }

    /// The name up to the first dot after the last slash.
    private static func key(_ name: String) -> String {
        let start = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
        return String(name[..<(name[start...].firstIndex(of: ".") ?? name.endIndex)])
    }

    private func attributes(_ member: Member, _ handle: FileHandle) -> [ClipRecord.Attribute] {
        guard member.length <= TarShard.longestAttribute, (try? handle.seek(toOffset: UInt64(member.start))) != nil,
            let data = try? handle.read(upToCount: member.length)
        else { return [] }
        let ending = member.name.endingOfPath.lowercased()
        if ending == "json" {
            var result: [ClipRecord.Attribute] = []
            JSONLinesTable(data: Data(data.map { $0 == 10 || $0 == 13 ? 32 : $0 })).rows { _, row in
                result = ((try? row.get()) ?? []).filter { !$0.value.isEmpty }.map {
                    ClipRecord.Attribute($0.name, $0.value)
                }
            }
            return result
        }
        guard ["txt", "cls", "lang", "language"].contains(ending), let text = String(data: data, encoding: .utf8) else {
            return []
        }
        return [ClipRecord.Attribute(ending, text.trimmingCharacters(in: .whitespacesAndNewlines))]
    }

    /// The regular files in the archive, and what is wrong with it.
    private func read(_ handle: FileHandle) -> ([Member], String?) {
        guard let size = try? handle.seekToEnd() else { return ([], "cannot be read") }
        var members: [Member] = []
        var position: UInt64 = 0
        var longName: String?
        // Beyond 8 GiB a member's size is in its extended header.
        var longSize: Int?
        while position + 512 <= size {
            guard (try? handle.seek(toOffset: position)) != nil, let header = try? handle.read(upToCount: 512),
                header.count == 512
            else {
                return (members, "cannot be read at byte \(position)")
            }
            let bytes = [UInt8](header)
            if bytes.allSatisfy({ $0 == 0 }) { return (members, nil) }
            guard TarShard.isHeader(bytes), let stated = TarShard.number(bytes[124..<136]), stated >= 0 else {
                return (members, "is not a tar archive at byte \(position)")
            }
            let isExtension = [UInt8(ascii: "L"), UInt8(ascii: "x")].contains(bytes[156])
            let length = isExtension ? stated : longSize ?? stated
            let start = position + 512
            guard UInt64(length) <= size - start else {
                return (members, "ends within a member, at byte \(size)")
            }
            let kind = bytes[156]
            switch kind {
            case UInt8(ascii: "L"), UInt8(ascii: "x"):
                let text = length <= 65_536 ? ((try? handle.read(upToCount: length)) ?? nil) ?? Data() : Data()
                if kind == UInt8(ascii: "L") {
                    longName = TarShard.text([UInt8](text.prefix(PlanLimits.longestName))[...])
                } else {
                    let records = TarShard.paxRecords([UInt8](text))
                    longName =
                        records["path"].map { String(decoding: $0.utf8.prefix(PlanLimits.longestName), as: UTF8.self) }
                        ?? longName
                    longSize = records["size"].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
                }
            case UInt8(ascii: "0"), 0, UInt8(ascii: "7"):
                let prefix = TarShard.text(bytes[257..<262]) == "ustar" ? TarShard.text(bytes[345..<500]) : ""
                let short = TarShard.text(bytes[0..<100])
                let name = longName ?? (prefix.isEmpty ? short : prefix + "/" + short)
                (longName, longSize) = (nil, nil)
                if length > 0 { members.append(Member(name: name, start: Int(start), length: length)) }
            default: (longName, longSize) = (nil, nil)
            }
            position = start + (UInt64(length) + 511) / 512 * 512
        }
        return (members, members.isEmpty ? "is not a tar archive" : nil)
    }

    /// The sum of a header's bytes, its own field counted as spaces.
    private static func isHeader(_ bytes: [UInt8]) -> Bool {
        let sum = bytes.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element)) }
        return number(bytes[148..<156]) == sum
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Octal digits, or binary where the first bit is set.
    private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
        if let first = bytes.first, first & 0x80 != 0 {
            return bytes.dropFirst().reduce(Int(first & 0x7F)) { $0 > Int.max >> 9 ? $0 : $0 << 8 | Int($1) }
        }
        return Int(text(bytes).trimmingCharacters(in: .whitespaces), radix: 8)
    }

    /// The records of a pax header, "LENGTH KEY=VALUE\n": each of its declared length, with any content.
    private static func paxRecords(_ bytes: [UInt8]) -> [String: String] {
        var result: [String: String] = [:]
        var rest = bytes[...]
        while let space = rest.firstIndex(of: UInt8(ascii: " ")), space - rest.startIndex < 10,
            let length = Int(String(decoding: rest[..<space], as: UTF8.self)),
            length > space - rest.startIndex + 1, length <= rest.count
        {
            let record = rest[(space + 1)..<(rest.startIndex + length - 1)]
            if let equals = record.firstIndex(of: UInt8(ascii: "=")) {
                let key = String(decoding: record[..<equals], as: UTF8.self)
                result[key] = String(decoding: record[(equals + 1)...], as: UTF8.self)
            }
            rest = rest[(rest.startIndex + length)...]
        }
        return result
    }
}
