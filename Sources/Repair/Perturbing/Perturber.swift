import Foundation
import LabelFiles
import MediaIO
import Muxing
public import Plan
public import SyncModel
import TimedText

/// Makes copies of clips, texts and labels with one known fault each.
public struct Perturber {
    /// One row of the truth: the files, and the fault.
    public struct Row: Sendable {
        /// Unique among all rows.
        public var name: String
        /// The original clip, as given.
        public var source: String
        /// The file to check: relative to the folder if it was made there, else absolute.
        public var media: String
        public var audio: String?
        public var transcript: String?
        public var labels: String?
        public var planted: PlantedFault
    }

    /// What could not be made, and why.
    public struct Problem: Sendable {
        public var name: String
        public var failure: ClipFailure
    }

    public let folder: String
    public let seed: UInt64
    public let faults: Set<Fault>
    public private(set) var problems: [Problem] = []

    /// Shorter clips, in seconds, get no drift or cut.
    private static let leastToDrift = 20.0
    private static let leastToCut = 12.0

    public init(folder: String, seed: UInt64, faults: Set<Fault>) {
        (self.folder, self.seed, self.faults) = (folder, seed, faults)
    }

    /// Makes the copies of one clip.
    ///
    /// - Parameter others: clips whose audio or text may replace its own.
    public mutating func perturb(_ clip: ClipRequest, among others: [ClipRequest]) -> [Row] {
        let media = clip.clip
        let file: MediaFile
        do { file = try MediaFile(path: media) } catch {
            problems.append(Problem(name: media, failure: error.failure))
            return []
        }
        let seconds = file.durationSeconds ?? 0
        // Without video there is no reference for the audio: its text is moved instead.
        let ownSound = file.videoStream == nil ? [] : file.audioStreams.map(\.index)
        let stem = stem(of: media, among: others)
        let place = Self.absolute(media)
        let transcript = clip.files?.transcripts.first
        let labels = clip.files?.labels
        var rows: [Row] = []
        func row(
            _ planted: PlantedFault, media: String? = nil, audio: String? = nil, transcript text: String? = nil,
            labels file: String? = nil
        ) {
            rows.append(
                Row(
                    name: "\(stem).\(planted.fault.rawValue)", source: clip.clip, media: media ?? place, audio: audio,
                    transcript: text ?? transcript.map(Self.absolute),
                    labels: file ?? labels.map(Self.absolute),
                    planted: planted))
        }
        for fault in Fault.allCases where faults.contains(fault) || fault == .none {
            var draw = FaultDraw(seed: seed, clip: stem, fault: fault)
            do {
                switch fault {
                case .none: row(PlantedFault(.none))
                case .soundMoved where !ownSound.isEmpty:
                    let move = draw.moved(isText: false)
                    row(PlantedFault(fault, move: move), media: try moved(media, stem, fault, StreamMoves(sound: move)))
                case .soundDrifted where !ownSound.isEmpty && seconds >= Self.leastToDrift:
                    let move = draw.drifted(isText: false)
                    row(PlantedFault(fault, move: move), media: try moved(media, stem, fault, StreamMoves(sound: move)))
                case .soundCut where !ownSound.isEmpty && seconds >= Self.leastToCut:
                    let move = draw.cut(seconds: seconds, isText: false)
                    row(PlantedFault(fault, move: move), media: try moved(media, stem, fault, StreamMoves(sound: move)))
                case .soundSwapped:
                    let sounding = others.filter { $0.clip != clip.clip && Self.hasSound($0.clip) }
                    guard !sounding.isEmpty, !ownSound.isEmpty else { continue }
                    let other = sounding[draw.index(below: sounding.count)].clip
                    row(PlantedFault(fault), audio: Self.absolute(other))
                case .trackMoved where ownSound.count > 1:
                    let move = draw.moved(isText: false)
                    row(
                        PlantedFault(fault, move: move),
                        media: try moved(media, stem, fault, StreamMoves([ownSound[1]: move])))
                case .textMoved, .textDrifted, .textCut, .wordsMoved:
                    guard let transcript else { continue }
                    var planted = PlantedFault(fault)
                    switch fault {
                    case .textMoved: planted.move = draw.moved(isText: true)
                    case .textDrifted: planted.move = draw.drifted(isText: true)
                    case .textCut: planted.move = draw.cut(seconds: seconds, isText: true)
                    default: planted.scatterSeconds = FaultDraw.itemMove
                    }
                    let made = try text(transcript, stem, &planted, &draw)
                    row(planted, transcript: made)
                case .textSwapped:
                    let texts = others.filter { $0.clip != clip.clip }.compactMap { $0.files?.transcripts.first }
                    guard transcript != nil, !texts.isEmpty else { continue }
                    row(
                        PlantedFault(fault),
                        transcript: Self.absolute(texts[draw.index(below: texts.count)]))
                case .labelsMoved, .labelsScattered:
                    guard let labels else { continue }
                    var planted = PlantedFault(fault)
                    if fault == .labelsMoved {
                        planted.move = draw.moved(isText: true)
                    } else {
                        planted.scatterSeconds = FaultDraw.scatter
                    }
                    row(planted, labels: try self.labels(labels, stem, planted, &draw))
                default: continue
                }
            } catch {
                let failure =
                    (error as? ClipFailure) ?? (error as? FixError)?.failure
                    ?? (error as? MediaError)?.failure
                    ?? ClipFailure(code: "not-made", message: "\(error)", remedy: "omit this fault with --faults")
                problems.append(Problem(name: "\(media) (\(fault.rawValue))", failure: failure))
            }
        }
        return rows
    }

    private static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

    private static func hasSound(_ path: String) -> Bool {
        ((try? MediaFile(path: path))?.audioStreams.isEmpty ?? true) == false
    }

    /// The clip's name without extension, with as many parent folders as make it unique.
    private func stem(of path: String, among others: [ClipRequest]) -> String {
        func name(_ path: String, _ parts: Int) -> String {
            return path.withoutEnding.split(separator: "/").suffix(parts).joined(separator: "-")
        }
        for parts in 1...8 {
            let mine = name(path, parts)
            if !others.contains(where: { $0.clip != path && name($0.clip, parts) == mine }) { return mine }
        }
        return name(path, 64)
    }

    /// A copy in the folder, by its name there.
    private func made(_ stem: String, _ fault: Fault, like path: String) -> (name: String, path: String) {
        let ending = path.endingOfPath
        let name = "\(stem).\(fault.rawValue)" + (ending.isEmpty ? "" : ".\(ending)")
        return (name, (folder as NSString).appendingPathComponent(name))
    }

    private func moved(_ media: String, _ stem: String, _ fault: Fault, _ moves: StreamMoves) throws -> String {
        let (name, path) = made(stem, fault, like: media)
        let set = OutputSet(sources: [media], isForced: false)
        _ = try MediaFixer(moves).fix(media, into: try set.place(path, asLargeAs: media))
        try set.finish()
        return name
    }

    private func text(
        _ source: String, _ stem: String, _ planted: inout PlantedFault, _ draw: inout FaultDraw
    ) throws -> String {
        let bytes = try Self.bytes(source)
        let document: TimedTextDocument
        do { document = try TimedTextReader().read(bytes, name: source) } catch {
            throw ClipFailure(code: error.code, message: "\(source.printable) \(error.message)", remedy: error.remedy)
        }
        var movesOfItems: [Double: Double] = [:]
        if planted.fault == .wordsMoved {
            for (index, item) in document.items.enumerated() where draw.chance(0.1) {
                movesOfItems[item.start] = draw.sign() * FaultDraw.itemMove
                planted.items.append(index)
            }
        }
        let move = planted.move
        let rewritten = try document.rewritten { time, anchor in
            move.map { $0.time(time, anchor: anchor) } ?? time + (movesOfItems[anchor] ?? 0)
        }
        return try write(rewritten.bytes, stem, planted.fault, like: source)
    }

    private func labels(
        _ source: String, _ stem: String, _ planted: PlantedFault, _ draw: inout FaultDraw
    ) throws -> String {
        // A boundary shared by two labels stays shared.
        var strays: [Double: Double] = [:]
        let rewriter = LabelFileRewriter(options: LabelOptions())
        let given = LabelReader.Source(path: source, bytes: try Self.bytes(source))
        var source = draw
        let rewritten = try rewriter.rewritten(given) { time in
            if let move = planted.move { return move.time(time, anchor: time) }
            if let known = strays[time] { return known }
            let new = max(0, time + FaultDraw.scatter * source.normal())
            strays[time] = new
            return new
        }
        draw = source
        return try write(rewritten.bytes, stem, planted.fault, like: given.path)
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ClipFailure(
                code: "unreadable", message: "\(path.printable) cannot be read", remedy: "check the path")
        }
        return [UInt8](data)
    }

    private func write(_ bytes: [UInt8], _ stem: String, _ fault: Fault, like source: String) throws -> String {
        let (name, path) = made(stem, fault, like: source)
        let set = OutputSet(sources: [source], isForced: false)
        try set.place(path, bytes: Int64(bytes.count)).write(bytes)
        try set.finish()
        return name
    }
}
