import DelimitedText
import Files
import Foundation
import LabelFiles
import Muxing
import SyncModel

/// Writes labels with a fault beside the labels as they are: as those of two annotators, whom `genlock actions`
/// compares.
///
/// Where only times change, in the file's own format if that can hold them; else as a table. Files with labels of
/// several views or annotators become tables in which each track is a session.
struct LabelPlanter {
    /// The folders, by name the reference first.
    private static let original = "as-given"
    private static let copy = "planted"

    private let path: String
    private let bytes: [UInt8]
    private let corpus: LabelCorpus
    private let tracks: [Named]

    /// One track with the name of its session.
    private struct Named {
        var session: String
        var segments: [LabelSegment]
    }

    init(_ path: String) throws {
        self.path = path
        bytes = try Perturber.bytes(path)
        let reader = LabelReader(options: LabelOptions())
        reader.read(LabelReader.Source(path: path, bytes: bytes), named: FileNames(session: "labels"))
        corpus = reader.corpus()
        tracks = corpus.sessions.flatMap { session in
            session.tracks.map { track in
                Named(
                    session: [session.name, track.view, track.annotator].filter { !$0.isEmpty }.joined(separator: " "),
                    segments: track.segments)
            }
        }
    }

    /// Whether the file has the labels of one view by one annotator without a name.
    private var isPlain: Bool {
        tracks.count == 1 && corpus.sessions.allSatisfy { $0.tracks.allSatisfy { $0.annotator.isEmpty } }
    }

    /// Writes both files below a folder, and returns the path there of the one with the fault; nil: too few labels.
    ///
    /// - Parameter place: the folder of the two, below `folder`.
    func plant(
        _ planted: inout PlantedFault, _ draw: inout FaultDraw, in folder: String, _ place: String
    ) throws -> String? {
        guard !tracks.isEmpty else { return nil }
        var changed = tracks
        switch planted.fault {
        case .labelsMoved, .labelsScattered:
            let time = times(&planted, &draw)
            if isPlain,
                let rewritten = try? LabelFileRewriter(options: LabelOptions()).rewritten(
                    LabelReader.Source(path: path, bytes: bytes), time: time)
            {
                let ending = path.endingOfPath.isEmpty ? "txt" : path.endingOfPath
                return try write(bytes, rewritten.bytes, in: folder, place, ending: ending)
            }
            for index in changed.indices {
                for one in changed[index].segments.indices {
                    let (start, end) = (time(tracks[index].segments[one].start), time(tracks[index].segments[one].end))
                    // A short label may be turned round by scattered boundaries.
                    (changed[index].segments[one].start, changed[index].segments[one].end) = (
                        min(start, end), max(start, end)
                    )
                }
            }
        case .labelsSwapped:
            guard let pair = swappable(&draw) else { return nil }
            let labels = tracks[pair.track].segments.map(\.label)
            changed[pair.track].segments[pair.first].label = labels[pair.first + 1]
            changed[pair.track].segments[pair.first + 1].label = labels[pair.first]
            let before = tracks[..<pair.track].reduce(0) { $0 + $1.segments.count }
            planted.items = [before + pair.first, before + pair.first + 1]
        case .labelsMissing:
            guard let missing = missing(&draw) else { return nil }
            planted.items = missing
            var row = 0
            for index in changed.indices {
                changed[index].segments = tracks[index].segments.filter { _ in
                    defer { row += 1 }
                    return !missing.contains(row)
                }
            }
        default: return nil
        }
        return try write(table(tracks), table(changed), in: folder, place, ending: "csv")
    }

    /// The new time of each old one; a boundary shared by two labels stays shared.
    private func times(_ planted: inout PlantedFault, _ draw: inout FaultDraw) -> (Double) -> Double {
        if planted.fault == .labelsMoved {
            let move = draw.moved(isText: true)
            planted.move = move
            return { move.time($0, anchor: $0) }
        }
        planted.scatterSeconds = FaultDraw.scatter
        // In microseconds, since a length and its start give an end with rounding errors.
        func key(_ time: Double) -> Int { Int((time * 1e6).rounded()) }
        var strays: [Int: Double] = [:]
        for time in Set(tracks.flatMap { $0.segments.flatMap { [$0.start, $0.end] } }).sorted()
        where strays[key(time)] == nil {
            strays[key(time)] = max(0, time + FaultDraw.scatter * draw.normal())
        }
        let moved = strays
        return { moved[key($0)] ?? $0 }
    }

    /// A label and the next one of its tier, which has another name.
    private func swappable(_ draw: inout FaultDraw) -> (track: Int, first: Int)? {
        let pairs = tracks.indices.flatMap { track -> [(track: Int, first: Int)] in
            let segments = tracks[track].segments
            return segments.indices.dropLast().filter { first in
                let (one, next) = (segments[first], segments[first + 1])
                return one.tier == next.tier && one.label != next.label && one.start < next.start
            }.map { (track: track, first: $0) }
        }
        return pairs.isEmpty ? nil : pairs[draw.index(below: pairs.count)]
    }

    /// One label in ten, at least one and never all; nil: there are fewer than three.
    private func missing(_ draw: inout FaultDraw) -> [Int]? {
        let count = tracks.reduce(0) { $0 + $1.segments.count }
        guard count > 2 else { return nil }
        let certain = draw.index(below: count)
        let drawn = (0..<count).filter { draw.chance(0.1) || $0 == certain }
        return drawn.count < count - 1 ? drawn : [certain]
    }

    private func table(_ tracks: [Named]) -> [UInt8] {
        func seconds(_ value: Double) -> String { String(format: "%.6f", value) }
        var text = CSVText.row(["session", "tier", "actor", "label", "start_s", "end_s", "note"])
        for track in tracks {
            for one in track.segments {
                text += CSVText.row([
                    track.session, corpus.symbols[one.tier], corpus.symbols[one.actor], corpus.symbols[one.label],
                    seconds(one.start), seconds(one.end), corpus.symbols[one.note],
                ])
            }
        }
        return Array(text.utf8)
    }

    private func write(
        _ asGiven: [UInt8], _ planted: [UInt8], in folder: String, _ place: String, ending: String
    ) throws -> String {
        let set = OutputSet(sources: [path], isForced: false)
        for (name, bytes) in [(Self.original, asGiven), (Self.copy, planted)] {
            let parent = (folder as NSString).appendingPathComponent("\(place)/\(name)")
            let code = FileDoor.makeFolders(parent)
            guard code == 0 else {
                throw ClipFailure(
                    code: "not-written",
                    message: "\(parent.printable) cannot be created (\(String(cString: strerror(code))))",
                    remedy: "check the folder and its permissions")
            }
            try set.place("\(parent)/labels.\(ending)", bytes: Int64(bytes.count)).write(bytes)
        }
        try set.finish()
        return "\(place)/\(Self.copy)/labels.\(ending)"
    }

    /// The labels as they are, by the path of those with the fault.
    static func reference(of planted: String) -> String {
        planted.folderOfPath.folderOfPath + "/\(original)/" + planted.nameOfPath
    }
}
