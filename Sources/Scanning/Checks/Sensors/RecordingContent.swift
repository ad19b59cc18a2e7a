import Foundation
import MediaIO
import RobotRecordings
import SensorLogs
import Sensors
import SyncModel
import Views

/// The content of a robot's recording, read in one pass: the video of each camera and the data of each log.
///
/// Times are seconds on the recorder's clock from the first message on.
struct RecordingContent {
    struct Camera {
        let topic: String
        /// nil: too few frames were readable.
        let seen: SeenMotion?
        let changes: FrameChanges
        let clock: ClockAnalyser.Result
        let faults: [LogFault]
        let reasons: [Reason]
        let delay: (median: Double, spread: Double)?
        let pictures: Int
    }

    struct Log {
        let topic: String
        let told: LogMotion
        let clock: ClockAnalyser.Result
        /// The time of its first timestamp.
        let start: Double
        let faults: [LogFault]
        let reasons: [Reason]
        let delay: (median: Double, spread: Double)?
        let messages: Int
    }

    let cameras: [Camera]
    let logs: [Log]
    let seconds: Double
    /// What could not be read.
    let reasons: [Reason]
    let messages: Int
}

/// Reads one.
final class RecordingPass {
    private let file: RecordingFile
    private var cameras: [String: CameraTrack] = [:]
    private var logs: [String: LogTrack] = [:]
    private var readers: [RecordedTopic: TopicReader] = [:]
    private var reasons: [Reason] = []
    private var base: Double?
    private var last = 0.0

    /// Largest number of streams of either kind, against topics that are renamed by message.
    private static let mostCameras = 16, mostLogs = 24, mostTopics = 4096

    init(_ file: RecordingFile) { self.file = file }

    func content() throws(ClipFailure) -> RecordingContent {
        let end = try file.read { message throws(ClipFailure) in try self.take(message) }
        for reader in readers.values.sorted(by: { $0.topic.name < $1.topic.name }) {
            if let trouble = reader.trouble { reasons.append(trouble) }
            if reader.damaged > 0 {
                reasons.append(
                    Reason(
                        """
                        \(reader.damaged) messages of \(reader.topic.name.printable) do not match their schema \
                        '\(reader.topic.schemaName.printable)': they are omitted
                        """))
            }
        }
        let zero = base ?? 0
        return RecordingContent(
            cameras: try cameras.values.sorted { $0.topic < $1.topic }.map { track throws(ClipFailure) in
                try track.finish(zero: zero)
            }, logs: logs.values.sorted { $0.topic < $1.topic }.compactMap { $0.finish(file: file.path, zero: zero) },
            seconds: max(0, last - zero), reasons: end.damages + reasons, messages: end.messages)
    }

    private func take(_ message: RecordedMessage) throws(ClipFailure) {
        let reader: TopicReader
        if let known = readers[message.topic] {
            reader = known
        } else {
            guard readers.count < RecordingPass.mostTopics else { return }
            reader = TopicReader(message.topic)
            readers[message.topic] = reader
        }
        let seconds = Double(message.logNanoseconds) * 1e-9
        if base == nil { base = seconds }
        last = max(last, seconds)
        guard reader.trouble == nil, reader.kind != .other, reader.kind != .calibration, reader.read(message) else {
            return
        }
        let name = message.topic.name
        switch reader.kind {
        case .log:
            if logs[name] == nil {
                guard logs.count < RecordingPass.mostLogs else { return tooMany("logs", RecordingPass.mostLogs) }
                logs[name] = LogTrack(topic: name, isCounted: reader.isCounted)
            }
            logs[name]?.columns.append(reader, logSeconds: seconds)
        case .codedPictures, .rawPictures:
            if cameras[name] == nil {
                guard cameras.count < RecordingPass.mostCameras else {
                    return tooMany("cameras", RecordingPass.mostCameras)
                }
                cameras[name] = CameraTrack(topic: name, file: file.path, isCounted: reader.isCounted)
            }
            try cameras[name]?.take(reader, message, seconds: seconds, zero: base ?? 0)
        default: return
        }
    }

    private func tooMany(_ what: String, _ most: Int) {
        let reason = Reason("it has more than \(most) \(what): the others are ignored")
        if !reasons.contains(reason) { reasons.append(reason) }
    }
}

/// Collects the messages of one log.
private final class LogTrack {
    let topic: String
    var columns: LogColumns
    /// Counted times have no faults.
    private let isCounted: Bool

    init(topic: String, isCounted: Bool) {
        self.topic = topic
        self.isCounted = isCounted
        columns = LogColumns(topic: topic)
    }

    /// nil: it has no data of motion.
    func finish(file: String, zero: Double) -> RecordingContent.Log? {
        let choice = StampChoice(topic: topic, stamps: columns.stamps, logTimes: columns.logTimes)
        let times = choice.times.map { $0 - zero }
        let table = columns.table(file: topic, times: times)
        var columnChoice = ColumnChoice()
        columnChoice.names[.time] = "time"
        guard let log = try? SensorLog(table, choice: columnChoice) else { return nil }
        let clock = ClockAnalyser().result(ClockFacts(stamps: log.times, column: "header.stamp"))
        let told = LogMotion(log, clock)
        guard !told.courses.isEmpty || told.turning != nil else { return nil }
        return RecordingContent.Log(
            topic: topic, told: told, clock: clock, start: clock.stamps.first ?? 0,
            faults: isCounted ? [] : choice.faults + clock.faults.map { $0.of(topic) }, reasons: log.notes,
            delay: choice.delay,
            messages: columns.stamps.count)
    }
}

/// Collects the frames of one camera.
private final class CameraTrack {
    let topic: String
    private let file: String
    private let isCounted: Bool
    private var coded: PictureDecoder?
    private var raw: RawPictures?
    private var builder = PictureSignalBuilder(mostPerSecond: 61)
    private var changes = FrameChanges()
    private var scratch: [Float] = []
    private var stamps: [Double] = []
    private var logTimes: [Double] = []
    private var shown = 0
    private var unreadable = 0
    private var trouble: Reason?
    /// Times of frames count from here: the first timestamp, to stay exact.
    private var origin: Double?
    private var latest = -Double.infinity

    private static let mostPictures = 4_000_000

    init(topic: String, file: String, isCounted: Bool) {
        self.topic = topic
        self.file = file
        self.isCounted = isCounted
    }

    func take(_ reader: TopicReader, _ message: RecordedMessage, seconds: Double, zero: Double) throws(ClipFailure) {
        guard stamps.count < CameraTrack.mostPictures, trouble == nil else { return }
        stamps.append(reader.stamp ?? .nan)
        logTimes.append(seconds)
        let time = reader.stamp ?? seconds
        if origin == nil { origin = time }
        let place = time - (origin ?? 0)
        let failure: (any Error)? =
            reader.withPixels(of: message) { pixels -> (any Error)? in
                do {
                    try show(pixels, seconds: place)
                    return nil
                } catch { return error }
            } ?? nil
        guard let failure else { return }
        let told = (failure as? MediaError)?.failure
        if let told, told.code == MediaError.Kind.outOfMemory.rawValue { throw told }
        trouble = Reason(
            """
            the frames of \(topic.printable) cannot be decoded\(told.map { ": \($0.message)" } ?? ""); \
            what to do: \(told?.remedy ?? "view them with Foxglove or rqt")
            """)
    }

    private func show(_ pixels: TopicReader.Pixels, seconds: Double) throws {
        switch pixels {
        case .coded(let format, let bytes):
            if coded == nil {
                guard let coding = PictureDecoder.Coding(format: format, begins: bytes) else {
                    trouble = Reason(
                        """
                        the frames of \(topic.printable) are encoded as '\(format.printable)', which is not supported; \
                        JPEG, PNG, WebP, H.264, H.265, AV1 and VP9 are
                        """)
                    return
                }
                coded = try PictureDecoder(coding, file: file)
            }
            try coded?.decode(bytes, seconds: seconds) { try look(at: $0) }
        case .raw(let encoding, let width, let height, let step, let bytes):
            guard RawPictures.reads(encoding) else {
                trouble = Reason(
                    """
                    the frames of \(topic.printable) are '\(encoding.printable)', which is not supported: 8-bit \
                    colour, grey and Bayer patterns, 16-bit grey and YUV 4:2:2 are
                    """)
                return
            }
            if raw == nil { raw = RawPictures(file: file) }
            let isShown = try raw?.show(
                bytes, encoding: encoding, width: width, height: height, step: step, seconds: seconds
            ) { try look(at: $0) }
            if isShown != true { unreadable += 1 }
        }
    }

    private func look(at picture: Picture) throws {
        guard picture.seconds > latest else { return }
        latest = picture.seconds
        let grey = try picture.luma(side: PictureSignalBuilder.side, scratch: &scratch)
        changes.append(grey.values, width: grey.width, seconds: picture.seconds)
        builder.append(
            LumaImage(width: grey.width, height: grey.height, values: grey.values), seconds: picture.seconds)
        shown += 1
    }

    func finish(zero: Double) throws(ClipFailure) -> RecordingContent.Camera {
        do { try coded?.finish { try look(at: $0) } } catch {}
        let choice = StampChoice(topic: topic, stamps: stamps, logTimes: logTimes)
        // The origin of the frames' times, on the recorder's clock.
        let own = stamps.first.map { $0.isFinite ? $0 : logTimes[0] } ?? 0
        let shift = (choice.times.first ?? own) - zero
        let clock = ClockAnalyser().result(ClockFacts(stamps: choice.times.map { $0 - zero }, column: "header.stamp"))
        var reasons = [trouble].compactMap { $0 }
        let damaged = (coded?.damaged ?? 0) + unreadable
        if damaged > 0, trouble == nil {
            reasons.append(Reason("\(damaged) frames of \(topic.printable) are damaged: they are omitted"))
        }
        let seen = builder.finish().map { SeenMotion($0.moved(bySeconds: shift)) }
        return RecordingContent.Camera(
            topic: topic, seen: seen, changes: changes.moved(bySeconds: shift), clock: clock,
            faults: isCounted ? [] : choice.faults + clock.faults.map { $0.of(topic) }, reasons: reasons,
            delay: choice.delay, pictures: shown)
    }
}

extension LogFault {
    /// The same with the topic that it is about.
    fileprivate func of(_ topic: String) -> LogFault {
        LogFault(
            kind, "\(topic.printable): \(sentence)", costMilliseconds: costMilliseconds, remedy: remedy, row: row)
    }
}
