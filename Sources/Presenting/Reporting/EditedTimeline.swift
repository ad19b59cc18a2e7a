import SyncModel

/// Facts of a recording that an editor needs before opening it.
public struct TimelineMedia: Sendable, Hashable {
    /// The file's absolute URL.
    public var url: String
    /// Declared video frames per second; nil if there is no video.
    public var frameRate: Double?
    public var width: Int
    public var height: Int
    /// Samples per second; nil if there is no audio.
    public var sampleRate: Int?
    public var channels: Int

    public init(
        url: String, frameRate: Double? = nil, width: Int = 0, height: Int = 0, sampleRate: Int? = nil,
        channels: Int = 0
    ) {
        self.url = url
        self.frameRate = frameRate
        self.width = width
        self.height = height
        self.sampleRate = sampleRate
        self.channels = channels
    }
}

/// A frame rate as editors count it: whole frames per second, or 1000/1001 of that.
struct EditingRate: Hashable {
    /// Whole frames per second, the NTSC rates rounded up: 30 for 29.97.
    let base: Int
    let isNTSC: Bool

    init(base: Int, isNTSC: Bool = false) {
        self.base = base
        self.isNTSC = isNTSC
    }

    /// The nearest one to a declared rate in frames per second.
    init(_ rate: Double) {
        let whole = max(1, min(1000, rate.rounded()))
        // Within half the distance between the two.
        let isNTSC = abs(rate - whole * 1000 / 1001) < whole / 2002
        self.init(base: Int(whole), isNTSC: isNTSC)
    }

    var framesPerSecond: Double { Double(base) * (isNTSC ? 1000.0 / 1001 : 1) }
}

/// The common timeline for editors: each recording begins and ends on a frame of the sequence, and the fraction of a
/// frame by which that is too late is trimmed from the recording. Audio is therefore exact to a fraction of a sample.
struct EditedTimeline {
    struct Item {
        let entry: ClockEntry
        let media: TimelineMedia
        /// Frames of the sequence: the first, and the one after the last.
        let start: Int
        let end: Int
        /// Seconds of the recording at `start` and `end`.
        let inSeconds: Double
        let outSeconds: Double
        var name: String { entry.clip.split(separator: "/").last.map(String.init) ?? entry.clip }
    }

    let name: String
    let rate: EditingRate
    let size: (width: Int, height: Int)
    let items: [Item]
    var length: Int { items.map(\.end).max() ?? 0 }

    /// - Parameters:
    ///   - media: by clip name; clips without are left out.
    ///   - name: the reference's.
    init(_ entries: [ClockEntry], media: [String: TimelineMedia], name: String) {
        self.name = "views of \(name)"
        let seen = entries.compactMap { media[$0.clip] }.first { $0.frameRate != nil }
        // Without any video, any frame rate will do.
        let rate = EditingRate(seen?.frameRate ?? 25)
        self.rate = rate
        size = (seen?.width ?? 1920, seen?.height ?? 1080)
        let origin = entries.map(\.start).min() ?? 0
        items = entries.compactMap { entry in
            guard let media = media[entry.clip], entry.duration ?? 0 > 0 else { return nil }
            // A thousandth of a frame is rounding error.
            let start = Int(((entry.start - origin) * rate.framesPerSecond - 1e-3).rounded(.up))
            let end = Int(((entry.end - origin) * rate.framesPerSecond + 1e-3).rounded(.down))
            guard end > start else { return nil }
            func own(_ frame: Int) -> Double { max(0, entry.own(origin + Double(frame) / rate.framesPerSecond)) }
            return Item(entry: entry, media: media, start: start, end: end, inSeconds: own(start), outSeconds: own(end))
        }
    }
}
