import SyncModel

/// What an editor wants to know of a recording before it opens it.
public struct TimelineMedia: Sendable, Hashable {
    /// The file's URL, whole.
    public var url: String
    /// Video frames a second as declared; nil where there is no picture.
    public var frameRate: Double?
    public var width: Int
    public var height: Int
    /// Samples a second; nil where there is no sound.
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

/// A rate of frames as editors count: whole frames a second, or 1000 of 1001 of that.
struct EditingRate: Hashable {
    /// Whole frames a second, the NTSC rates rounded up: 30 for 29.97.
    let base: Int
    let isNTSC: Bool

    init(base: Int, isNTSC: Bool = false) {
        self.base = base
        self.isNTSC = isNTSC
    }

    /// The one next to a declared rate in frames a second.
    init(_ rate: Double) {
        let whole = max(1, min(1000, rate.rounded()))
        // Within half of what the two lie apart.
        let isNTSC = abs(rate - whole * 1000 / 1001) < whole / 2002
        self.init(base: Int(whole), isNTSC: isNTSC)
    }

    var framesPerSecond: Double { Double(base) * (isNTSC ? 1000.0 / 1001 : 1) }
}

/// The common timeline as editors have it: each recording begins and ends on a frame of the sequence, and the part of a
/// frame by which that is too late is left out of the recording. So sound is where it belongs to a sample's fraction.
struct EditedTimeline {
    struct Item {
        let entry: ClockEntry
        let media: TimelineMedia
        /// Frames of the sequence: the first, and the one behind the last.
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
    ///   - media: of each clip's name; clips without are left out.
    ///   - name: the reference's.
    init(_ entries: [ClockEntry], media: [String: TimelineMedia], name: String) {
        self.name = "views of \(name)"
        let seen = entries.compactMap { media[$0.clip] }.first { $0.frameRate != nil }
        // Without any picture: frames as good as any.
        let rate = EditingRate(seen?.frameRate ?? 25)
        self.rate = rate
        size = (seen?.width ?? 1920, seen?.height ?? 1080)
        let origin = entries.map(\.start).min() ?? 0
        items = entries.compactMap { entry in
            guard let media = media[entry.clip], entry.duration ?? 0 > 0 else { return nil }
            // A thousandth of a frame is rounding.
            let start = Int(((entry.start - origin) * rate.framesPerSecond - 1e-3).rounded(.up))
            let end = Int(((entry.end - origin) * rate.framesPerSecond + 1e-3).rounded(.down))
            guard end > start else { return nil }
            func own(_ frame: Int) -> Double { max(0, entry.own(origin + Double(frame) / rate.framesPerSecond)) }
            return Item(entry: entry, media: media, start: start, end: end, inSeconds: own(start), outSeconds: own(end))
        }
    }
}
