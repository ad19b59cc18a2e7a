import ArgumentParser
import Files
import Foundation
import LabelFiles
import Review
import SyncModel
import Workers

/// How action labels are reviewed.
struct LabelReviewOptions: ParsableArguments {
    @Flag(help: "Review action labels on a timeline (the default if several recordings are named).")
    var labels = false

    @Option(
        help: ArgumentHelp(
            "Clocks of the recordings, from 'genlock views --json' (default: measured first).", valueName: "file"),
        completion: .file())
    var sync: String?

    @Option(
        help: ArgumentHelp(
            "Unit of label times where columns do not state it: seconds, ms or frames.", valueName: "unit"),
        transform: LabelReadingOptions.unit)
    var unit: LabelOptions.Unit?

    @Option(
        help: ArgumentHelp("Frames per second, for times in frames (default: the recording's).", valueName: "fps"))
    var rate: Double?

    @Flag(help: "In frames, an end is the last frame of an action, not the first after it.")
    var inclusiveEnds = false

    @Option(
        name: .customLong("column"),
        help: ArgumentHelp("Column for a role, as for 'genlock actions'. Can be repeated.", valueName: "role=name"))
    var columns: [String] = []

    @Option(
        help: ArgumentHelp("Boundary tolerance in ms (default: 100).", valueName: "ms"),
        transform: ActionsCommand.tolerance)
    var tolerance: Tolerance?

    var isUsed: Bool {
        labels || sync != nil || unit != nil || rate != nil || inclusiveEnds || !columns.isEmpty || tolerance != nil
    }

    func validate() throws {
        try LabelReadingOptions.check(rate: rate, columns: columns)
    }

    /// - Parameter mediaRate: of the labels' recording.
    func options(mediaRate: Double?) -> LabelOptions {
        var options = LabelOptions()
        (options.unit, options.rate, options.endsAreInclusive) = (unit, rate ?? mediaRate, inclusiveEnds)
        options.columns = LabelReadingOptions.roles(columns)
        return options
    }
}

/// Recordings and their label files to review, and the store of the decisions.
struct LabelWork {
    let store: String
    private let review: LabelReview
    private let desk: ReviewDesk

    /// Inputs told apart: recordings, and label files that each belong to the recording before them.
    struct Inputs {
        var recordings: [(path: String, framesPerSecond: Double?)] = []
        var files: [(path: String, recording: Int)] = []

        /// nil: it is not a session of labels.
        ///
        /// - Parameter isStated: whether options say that it is one; else several recordings do.
        init?(_ inputs: [String], isStated: Bool, desk: ReviewDesk) {
            guard isStated || inputs.count > 2 else { return nil }
            for input in inputs {
                if let facts = desk.answer(.facts(input), { true })?.believed, facts.hasPictures || facts.hasSound {
                    recordings.append((input, facts.framesPerSecond))
                } else {
                    files.append((input, recordings.count - 1))
                }
            }
            guard isStated || recordings.count > 1 else { return nil }
        }
    }

    /// - Parameter isServed: whether people will see the page: the cameras are placed.
    /// - Throws: `ClipFailure`.
    init(
        _ inputs: Inputs, options: TextReviewOptions, reading: LabelReviewOptions, person: String, isReadOnly: Bool,
        isServed: Bool
    ) throws {
        desk = ReviewDesk()
        if let early = inputs.files.first(where: { $0.recording < 0 }) {
            throw ClipFailure(
                code: "no-recording", message: "\(early.path.printable) is not a recording and belongs to none",
                remedy: "name recordings, each followed by its labels: genlock review a.mp4 a.csv b.mp4 b.csv")
        }
        guard let first = inputs.files.first else {
            throw ClipFailure(
                code: "no-text", message: "no labels are named", remedy: "name recordings, each followed by its labels")
        }
        store = options.store ?? first.path + ".review.sqlite"
        let annotators = FileNames.of(inputs.files.map(\.path), pattern: nil).map(\.annotator)
        var texts: [TextUnderReview] = []
        var sheets: [LabelReview.Sheet] = []
        for (number, (path, recording)) in inputs.files.enumerated() {
            let media = inputs.recordings[recording]
            let labelOptions = reading.options(mediaRate: media.framesPerSecond)
            let sheet: @Sendable ([UInt8], String) throws -> LabelSheet = { bytes, file in
                try LabelSheet(LabelReader.Source(path: file, bytes: bytes), options: labelOptions)
            }
            guard let data = FileManager.default.contents(atPath: path) else {
                throw ClipFailure(
                    code: "no-such-file", message: "\(path.printable) does not exist or is not readable",
                    remedy: "check the path")
            }
            let read = try sheet(Array(data), path)
            texts.append(
                try TextUnderReview(
                    clip: media.path, media: media.path, file: path, frameRate: nil,
                    output: options.output.map { inputs.files.count > 1 ? $0 + "/" + TextWork.fileName(path) : $0 },
                    reader: { try sheet($0, $1).document }))
            sheets.append(
                LabelReview.Sheet(text: number, camera: recording, annotator: annotators[number], sheet: read))
        }
        let (cameras, placement) = try LabelWork.placed(
            inputs.recordings.map(\.path), by: reading.sync, isMeasured: isServed && !options.noCheck)
        review = try LabelReview(
            cameras: cameras, sheets: sheets,
            texts: try TextReview(
                texts, store: store, person: person, isReadOnly: isReadOnly, isReplacing: options.force),
            placement: placement, tolerance: reading.tolerance)
    }

    // MARK: Cameras

    /// The cameras on their timeline.
    private static func placed(
        _ recordings: [String], by sync: String?, isMeasured: Bool
    ) throws(ClipFailure) -> ([LabelReview.Camera], LabelReview.Placement) {
        let stems = recordings.map { path in
            path.nameOfPath.lastIndex(of: ".").map { String(path.nameOfPath[..<$0]) } ?? path.nameOfPath
        }
        func camera(_ number: Int, _ entry: SyncFile.Entry?, group: Int) -> LabelReview.Camera {
            let isUnique = stems.count { $0 == stems[number] } == 1
            return LabelReview.Camera(
                name: isUnique ? stems[number] : recordings[number], media: recordings[number],
                offset: Offset(milliseconds: entry?.offsetMilliseconds ?? 0),
                drift: Drift(ppm: entry?.driftPartsPerMillion ?? 0), group: group)
        }
        if let sync {
            guard let data = FileManager.default.contents(atPath: FetchedFiles.place(sync)),
                let clocks = SyncFile([UInt8](data))
            else {
                throw ClipFailure(
                    code: "no-clock", message: "\(sync.printable) cannot be read or has no clock",
                    remedy: "give the output of 'genlock views --json'")
            }
            var cameras: [LabelReview.Camera] = []
            for (number, path) in recordings.enumerated() {
                guard let entry = clocks.entry(of: path) else {
                    throw ClipFailure(
                        code: "no-clock", message: "\(sync.printable) has no clock for \(path.printable)",
                        remedy: "run 'genlock views --json' on all recordings")
                }
                cameras.append(camera(number, entry, group: entry.group))
            }
            return (cameras, .given)
        }
        if recordings.count == 1 { return ([camera(0, nil, group: 0)], .single) }
        guard isMeasured else { return (recordings.indices.map { camera($0, nil, group: 0) }, .assumed) }
        Console.note("genlock: placing \(recordings.count) recordings on one timeline ...\n")
        guard let clocks = measured(recordings) else {
            Console.note(
                """
                genlock: the recordings could not be placed, and are assumed to start together: 'genlock views' shows \
                why\n
                """)
            return (recordings.indices.map { camera($0, nil, group: 0) }, .assumed)
        }
        // A recording without a clock is not on the timeline of the others.
        let cameras = recordings.enumerated().map { number, path in
            let entry = clocks.entry(of: path)
            return camera(number, entry, group: entry?.group ?? -1 - number)
        }
        return (cameras, .measured)
    }

    /// The clocks that `genlock views` measures, in a separate process.
    private static func measured(_ recordings: [String]) -> SyncFile? {
        do throws(StagedFileError) {
            let folder = try PrivateFolder.make("genlock-review-views", in: [NSTemporaryDirectory(), "/tmp"])
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let output = folder + "/views.json"
            guard FileManager.default.createFile(atPath: output, contents: nil) else { return nil }
            let process = Process()
            process.executableURL = URL(fileURLWithPath: Programs.own)
            process.arguments = ["views", "--json", "--quiet", "--"] + recordings
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = FileHandle(forWritingAtPath: output)
            process.standardError = FileHandle.nullDevice
            do { try process.run() } catch { return nil }
            process.waitUntilExit()
            return FileManager.default.contents(atPath: output).flatMap { SyncFile([UInt8]($0)) }
        } catch { return nil }
    }

    // MARK: Results

    func server(port: UInt16) throws -> ReviewServer {
        try ReviewServer(labels: review, port: port, desk: desk.answer, program: ReviewDesk.ffmpeg)
    }

    func write() throws {
        for (path, items, decided, changed) in try review.write() {
            Console.note(
                "genlock: wrote \(path.printable): \(decided) of \(items) decided, \(changed) changed\n")
        }
    }
}
