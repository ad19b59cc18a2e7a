import Container
import MediaIO
import SyncModel

/// Finds faults of a clip's streams: in all audio, and in frames only where packets differ from their neighbours.
struct StreamHealth {
    let path: String
    let region: MediaRegion?
    /// Whether all of the video is examined.
    let isThorough: Bool

    /// Clips up to this length in seconds are examined completely: suspects and their surroundings are most of them.
    private static let short = 20.0
    /// Limit of the video decoded for suspicious segments of longer ones, in seconds and as a share.
    private static let budget = (seconds: 6.0, share: 0.1)
    /// A segment is examined in overlapping parts of this many frames, to limit memory.
    private static let piece = 900
    private static let overlap = 40

    /// The faults, and how much was examined.
    struct Result {
        var faults: [ContainerFault] = []
        var evidence: [Evidence] = []
        /// The facts from the packets.
        var facts: ContainerFacts
    }

    /// Whether a clip is short enough to be examined completely, from its beginning.
    static func isShort(_ seconds: Double?) -> Bool { seconds.map { $0 > 0 && $0 <= short } ?? false }

    /// - Parameters:
    ///   - video: the video's stream; nil: there is none.
    ///   - audio: the audio's, likewise.
    ///   - seen: the data of a pass over all of the clip; nil: there was none.
    func examine(video: Int?, audio: Int?, seen: StreamNotes? = nil) throws -> Result {
        let heard: StreamNotes
        if let seen, seen.isComplete {
            heard = seen
        } else {
            heard = StreamNotes(video: video, audio: audio)
            // Opened separately: the decoding pass begins at the position of the clip's file.
            let file = try MediaFile(path: path, region: region)
            _ = try file.decode(MediaSelection(video: nil, audio: nil), survey: heard.survey)
        }
        let facts = heard.survey.facts
        var result = Result(facts: facts)
        let length = facts.declaredSeconds ?? 0
        let isWhole = isThorough || Self.isShort(length)
        if let video, let pictures = facts.video, let suspects = PictureSuspects(pictures, isWhole: isWhole) {
            if let frames = heard.frames, suspects.spans.allSatisfy({ $0.end - heard.origin <= Self.short }) {
                look(at: suspects, frames: frames, origin: heard.origin, &result)
            } else {
                look(at: suspects, video: video, length: length, isWhole, &result)
            }
        }
        result.faults += heard.ear.faults
        return result
    }

    /// Examines the kept frames of a whole clip.
    private func look(at suspects: PictureSuspects, frames: [HealthFrame], origin: Double, _ result: inout Result) {
        guard let last = suspects.spans.last else { return }
        var eye = Eye(health: PictureHealth(step: suspects.step, holes: suspects.holes.map { $0.moved(by: -origin) }))
        for frame in frames { eye.see(frame) }
        finish(eye.finish(), looked: last.end - origin, unseen: 0, &result)
    }

    private func look(at suspects: PictureSuspects, video: Int, length: Double, _ isWhole: Bool, _ result: inout Result)
    {
        guard !suspects.spans.isEmpty, let file = try? MediaFile(path: path, region: region) else { return }
        let origin = file.originSeconds
        var health = PictureHealth(step: suspects.step, holes: suspects.holes.map { $0.moved(by: -origin) })
        var left = isThorough ? Double.infinity : max(Self.budget.seconds, Self.budget.share * length)
        var (looked, unseen) = (0.0, 0.0)
        let spans = suspects.spans.map { $0.moved(by: -origin) }
        // Without an index a file is read from its beginning: everything between is decoded as well.
        guard !file.keyPictures(video: video).isEmpty, !isWhole else {
            let end = min(spans[spans.count - 1].end, isWhole ? max(left, Self.short) : left)
            do { try readOn(file, video, to: end, &health) } catch { return }
            finish(health, looked: end, unseen: spans[spans.count - 1].end - end, &result)
            return
        }
        let keys = file.keyPictures(video: video)
        let stretches = joined(spans, keys)
        var chosen: Set<Int> = []
        for index in Self.spread(stretches.count) {
            // Decoding begins at the keyframe before.
            let cost = stretches[index].end - (keys.last { $0 <= stretches[index].start } ?? 0)
            guard cost <= left else { continue }
            left -= cost
            chosen.insert(index)
        }
        for (index, span) in stretches.enumerated() {
            guard chosen.contains(index) else {
                unseen += span.length
                continue
            }
            looked += span.end - max(0, span.start)
            do { try look(at: file, video, max(0, span.start), span.end, &health) } catch { continue }
        }
        finish(health, looked: looked, unseen: unseen, &result)
    }

    /// Indices in an order of which every prefix is spread over all of them (Weyl 1916).
    private static func spread(_ count: Int) -> [Int] {
        (0..<count).sorted {
            (Double($0) * 0.618_033_988_75).truncatingRemainder(dividingBy: 1)
                < (Double($1) * 0.618_033_988_75).truncatingRemainder(dividingBy: 1)
        }
    }

    /// Spans without a keyframe between them are merged: the frames between would be decoded for the next one anyway.
    private func joined(_ spans: [TimeSpan], _ keys: [Double]) -> [TimeSpan] {
        var result: [TimeSpan] = []
        for span in spans {
            if let last = result.last, !keys.contains(where: { $0 > last.end && $0 <= span.start }) {
                result[result.count - 1] = TimeSpan(start: last.start, end: max(last.end, span.end))
            } else {
                result.append(span)
            }
        }
        return result
    }

    private func finish(_ health: PictureHealth, looked: Double, unseen: Double, _ result: inout Result) {
        result.faults += health.faults
        result.evidence.append(Evidence("pictures_looked_at_s", .number(looked, decimals: 1)))
        if unseen > 0 { result.evidence.append(Evidence("suspects_not_looked_at_s", .number(unseen, decimals: 1))) }
    }

    /// Frames from the beginning up to a time.
    private func readOn(_ file: MediaFile, _ video: Int, to end: Double, _ health: inout PictureHealth) throws {
        struct Enough: Error {}
        var eye = Eye(health: health)
        do {
            _ = try file.decode(MediaSelection(video: video, audio: nil)) { picture in
                try eye.see(picture)
                if picture.seconds > end { throw Enough() }
            }
        } catch is Enough {}
        health = eye.finish()
    }

    private func look(
        at file: MediaFile, _ video: Int, _ start: Double, _ end: Double, _ health: inout PictureHealth
    ) throws {
        guard end > start else { return }
        var eye = Eye(health: health)
        _ = try file.decodePictures(video: video, seconds: start..<end, earliest: start) { try eye.see($0) }
        health = eye.finish()
    }

    /// Delivers frames in overlapping parts, to limit memory.
    private struct Eye {
        var health: PictureHealth
        private var frames: [HealthFrame] = []
        private var lens = Lens()

        init(health: PictureHealth) { self.health = health }

        mutating func see(_ picture: Picture) throws { see(try lens.frame(picture)) }

        mutating func see(_ frame: HealthFrame) {
            frames.append(frame)
            if frames.count >= StreamHealth.piece {
                health.look(at: frames)
                frames.removeFirst(StreamHealth.piece - StreamHealth.overlap)
            }
        }

        mutating func finish() -> PictureHealth {
            health.look(at: frames)
            return health
        }
    }

    /// Reduces frames, reusing its buffers.
    fileprivate struct Lens {
        private var boxes: [Float] = []
        private var pixels: [Float] = []
        private var scratch: [Float] = []

        mutating func frame(_ picture: Picture) throws -> HealthFrame {
            try picture.boxes(columns: HealthFrame.columns, rows: HealthFrame.rows, into: &boxes, scratch: &scratch)
            try picture.thumbnail(into: &pixels)
            return HealthFrame(
                seconds: picture.seconds, boxes: boxes, pixels: pixels, isConcealed: picture.isConcealed)
        }
    }
}

/// Collects the health of a short clip's streams during a pass made for other checks.
final class StreamNotes {
    /// Records the packets and analyses the audio.
    private(set) lazy var survey = PacketSurvey(video: video, audio: audio) { [unowned self] in
        ear.append(seconds: $0.seconds, rate: $0.rate, channels: $0.channels)
    }
    private(set) var ear = SoundHealth()
    /// Start of the timeline in seconds on the file's clock.
    private(set) var origin = 0.0
    /// The reduced frames; nil: none were decoded, or more than the limit.
    private(set) var frames: [HealthFrame]?
    /// Whether a pass over all of the clip was completed.
    private(set) var isComplete = false
    private let video: Int?
    private let audio: Int?
    private var lens = StreamHealth.Lens()

    /// Limits of the kept frames in seconds and in number: declared lengths may be wrong.
    private static let longest = 21.0
    private static let mostFrames = 6000

    init(video: Int?, audio: Int?) {
        self.video = video
        self.audio = audio
    }

    /// A pass begins.
    func begin(_ file: MediaFile, showsPictures: Bool) {
        origin = file.originSeconds
        frames = showsPictures ? [] : nil
    }

    func see(_ picture: Picture) {
        guard let count = frames?.count, picture.seconds <= Self.longest else { return }
        if count < Self.mostFrames, let frame = try? lens.frame(picture) {
            frames?.append(frame)
        } else {
            frames = nil
        }
    }

    func finish() { isComplete = true }
}
