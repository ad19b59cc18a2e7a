import Container
import MediaIO
import SyncModel

/// Looks and listens for what ails the streams of a clip: sound as its packets are read, pictures only where the
/// packets look unlike their neighbours.
struct StreamHealth {
    let path: String
    let region: MediaRegion?
    /// All of the picture is looked at.
    let isThorough: Bool

    /// A clip of at most so many seconds is looked at as a whole: its suspects and what is about them are most of it.
    private static let short = 20.0
    /// Pictures of a longer one that are decoded for suspicious stretches at most, in seconds, and as a share of it.
    private static let budget = (seconds: 6.0, share: 0.1)
    /// A stretch is looked at in pieces of so many pictures, which overlap, so that memory does not grow.
    private static let piece = 900
    private static let overlap = 40

    /// What was found, and how far was looked.
    struct Result {
        var faults: [ContainerFault] = []
        var evidence: [Evidence] = []
        /// What the packets say.
        var facts: ContainerFacts
    }

    /// Whether a clip of so many seconds is short enough to be looked at as a whole, from its beginning on.
    static func isShort(_ seconds: Double?) -> Bool { seconds.map { $0 > 0 && $0 <= short } ?? false }

    /// - Parameters:
    ///   - video: the picture's stream; nil: there is none.
    ///   - audio: the sound's, likewise.
    ///   - seen: what a pass over all of the clip saw and heard already; nil: there was none.
    func examine(video: Int?, audio: Int?, seen: StreamNotes? = nil) throws -> Result {
        let heard: StreamNotes
        if let seen, seen.isComplete {
            heard = seen
        } else {
            heard = StreamNotes(video: video, audio: audio)
            // A file of its own: the pass that decodes begins where the clip's file stands.
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

    /// Looks at the pictures of a whole clip that were kept.
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
        // Without an index a file is read from its beginning on: what lies between is decoded as well.
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
            // Decoding begins at the key picture before.
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

    /// Indices in an order whose every beginning is spread over all of them (Weyl 1916).
    private static func spread(_ count: Int) -> [Int] {
        (0..<count).sorted {
            (Double($0) * 0.618_033_988_75).truncatingRemainder(dividingBy: 1)
                < (Double($1) * 0.618_033_988_75).truncatingRemainder(dividingBy: 1)
        }
    }

    /// Spans between which no key picture lies are one: what lies between them would be decoded for the next one
    /// anyhow, and what comes before it once more.
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

    /// Pictures from the beginning on, up to a moment.
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

    /// Hands pictures on in pieces that overlap, so that memory does not grow.
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

    /// Makes pictures small, in room that is used again.
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

/// What a pass over a short clip sees and hears of its streams' health, beside what it is made for.
final class StreamNotes {
    /// Notes the packets, and has the sound heard.
    private(set) lazy var survey = PacketSurvey(video: video, audio: audio) { [unowned self] in
        ear.append(seconds: $0.seconds, rate: $0.rate, channels: $0.channels)
    }
    private(set) var ear = SoundHealth()
    /// Seconds on the file's own clock at which its timeline begins.
    private(set) var origin = 0.0
    /// The pictures in small; nil: none were decoded, or more than are kept.
    private(set) var frames: [HealthFrame]?
    /// Whether a pass over all of the clip came to its end.
    private(set) var isComplete = false
    private let video: Int?
    private let audio: Int?
    private var lens = StreamHealth.Lens()

    /// Pictures of so many seconds are kept, and so many at most: clips may lie about their length.
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
