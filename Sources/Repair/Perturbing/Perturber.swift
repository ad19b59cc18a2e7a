import Foundation
import MediaIO
import Muxing
public import Plan
public import SyncModel
import TimedText

/// Makes copies of clips, texts, labels, logs and views with one known fault each.
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
        /// The camera set to which the file belongs in this row.
        public var group: String?
        /// The sensor log beside the recording.
        public var log: String?
        /// Length of the recording in which an offset was planted that changes.
        public var durationSeconds: Double?
    }

    /// What could not be made, and why.
    public struct Problem: Sendable {
        public var name: String
        public var failure: ClipFailure
    }

    public let folder: String
    public let seed: UInt64
    public let faults: Set<Fault>
    /// Re-encode audio that is only moved, instead of changing its timestamps: all streams start where they did.
    public var rewritesAudio = false
    public private(set) var problems: [Problem] = []

    /// Shorter clips, in seconds, get no drift or cut.
    static let leastToDrift = 20.0
    static let leastToCut = 12.0
    /// What lies beside the clips, by their paths.
    private var beside: [String: FilesBeside] = [:]
    /// Whether clips have audio, by their paths.
    private var sounding: [String: Bool] = [:]

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
        let beside = filesBeside(clip, among: others)
        var rows: [Row] = []
        func row(
            _ planted: PlantedFault, media: String? = nil, audio: String? = nil, transcript text: String? = nil,
            labels: String? = nil, log: String? = nil
        ) {
            rows.append(
                Row(
                    name: "\(stem).\(planted.fault.rawValue)", source: clip.clip, media: media ?? place, audio: audio,
                    transcript: text ?? transcript.map(Self.absolute),
                    labels: labels ?? beside.labels.map(Self.absolute), planted: planted, log: log,
                    durationSeconds: planted.changesInside && log == nil ? file.durationSeconds : nil))
        }
        for fault in Fault.allCases where faults.contains(fault) || fault == .none || isBaseline(fault) {
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
                    let voices = others.filter { $0.clip != clip.clip && hasSound($0.clip) }
                    guard !voices.isEmpty, !ownSound.isEmpty else { continue }
                    let other = voices[draw.index(below: voices.count)].clip
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
                case .labelsMoved, .labelsScattered, .labelsSwapped, .labelsMissing:
                    guard let labels = beside.labels else { continue }
                    var planted = PlantedFault(fault)
                    let place = "labels/\(stem).\(fault.rawValue)"
                    guard let made = try LabelPlanter(labels).plant(&planted, &draw, in: folder, place) else {
                        continue
                    }
                    row(planted, labels: made)
                case .logNone: if let log = beside.log { row(PlantedFault(fault), log: Self.absolute(log)) }
                case .logMoved, .logDrifted, .logJitter, .logDropped:
                    guard let log = beside.log else { continue }
                    var planted = PlantedFault(fault)
                    guard let bytes = try LogPlanter(log).plant(&planted, &draw) else { continue }
                    row(planted, log: try write(bytes, stem, fault, like: log.withoutEnding + ".csv"))
                case .logSwapped:
                    guard beside.log != nil else { continue }
                    let logs = others.filter { $0.clip != clip.clip }.compactMap { filesBeside($0, among: others).log }
                    guard !logs.isEmpty else { continue }
                    row(PlantedFault(fault), log: Self.absolute(logs[draw.index(below: logs.count)]))
                default: continue
                }
            } catch {
                note(error, "\(media) (\(fault.rawValue))")
            }
        }
        return rows
    }

    private mutating func filesBeside(_ clip: ClipRequest, among others: [ClipRequest]) -> FilesBeside {
        if let known = beside[clip.clip] { return known }
        let found = FilesBeside(clip, among: others)
        beside[clip.clip] = found
        return found
    }

    /// Whether it is the row without a fault for others that are planted.
    func isBaseline(_ fault: Fault) -> Bool {
        guard fault == .logNone || fault == .viewNone else { return false }
        return faults.contains { $0.material == fault.material }
    }

    /// Keeps why something could not be made.
    mutating func note(_ error: any Error, _ name: String) {
        let failure =
            (error as? ClipFailure) ?? (error as? FixError)?.failure ?? (error as? MediaError)?.failure
            ?? ClipFailure(code: "not-made", message: "\(error)", remedy: "omit this fault with --faults")
        problems.append(Problem(name: name, failure: failure.code == "exists" ? Self.existing(failure) : failure))
    }

    /// Copies never replace a file.
    private static func existing(_ failure: ClipFailure) -> ClipFailure {
        ClipFailure(code: failure.code, message: failure.message, remedy: "name an empty or new folder")
    }

    static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

    private mutating func hasSound(_ path: String) -> Bool {
        if let known = sounding[path] { return known }
        let found = ((try? MediaFile(path: path))?.audioStreams.isEmpty ?? true) == false
        sounding[path] = found
        return found
    }

    /// The clip's name without extension, with as many parent folders as make it unique.
    private func stem(of path: String, among others: [ClipRequest]) -> String {
        Self.unique(path.withoutEnding, among: others.map(\.clip).filter { $0 != path }.map(\.withoutEnding))
    }

    /// The end of a path, with as many parent folders as distinguish it from others.
    static func unique(_ path: String, among others: [String]) -> String {
        func name(_ path: String, _ parts: Int) -> String {
            path.split(separator: "/").suffix(parts).joined(separator: "-")
        }
        for parts in 1...8 {
            let mine = name(path, parts)
            if !others.contains(where: { name($0, parts) == mine }) { return mine }
        }
        return name(path, 64)
    }

    /// A copy in the folder, by its name there.
    func made(_ stem: String, _ fault: Fault, like path: String) -> (name: String, path: String) {
        let ending = path.endingOfPath
        let name = "\(stem).\(fault.rawValue)" + (ending.isEmpty ? "" : ".\(ending)")
        return (name, (folder as NSString).appendingPathComponent(name))
    }

    /// The copy with moved audio, by its name in the folder: in the clip's own container, or in Matroska, which holds
    /// any stream at any time, if that cannot hold it; there without streams that no container holds.
    func moved(_ media: String, _ stem: String, _ fault: Fault, _ moves: StreamMoves) throws -> String {
        func written(like path: String, leavesOut: Bool = false) throws -> String {
            let (name, place) = made(stem, fault, like: path)
            let set = OutputSet(sources: [media], isForced: false)
            var fixer = MediaFixer(moves, leavesOut: leavesOut)
            fixer.rewritesAudio = rewritesAudio
            _ = try fixer.fix(media, into: try set.place(place, asLargeAs: media))
            try set.finish()
            return name
        }
        let matroska = media.withoutEnding + ".mkv"
        for path in [media, matroska] {
            do { return try written(like: path) } catch let error as FixError {
                guard ["container-cannot-hold", "stream-cannot-be-kept"].contains(error.failure.code) else {
                    throw error
                }
            }
        }
        return try written(like: matroska, leavesOut: true)
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

    static func bytes(_ path: String) throws -> [UInt8] {
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
