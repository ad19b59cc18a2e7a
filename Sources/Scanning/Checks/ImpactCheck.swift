import Impacts
import MediaIO
public import Plan
public import SyncModel

/// The check `impacts`: sudden sounds against sudden changes in the video.
public final class ImpactCheck: ClipCheck {
    public let check = Check.impacts
    public var method: MethodVersion { ImpactAnalyser.method }
    private let analyser: ImpactAnalyser
    private let thorough: Bool

    /// Clips up to this long are examined as a whole, in seconds; of longer ones a segment, and more if it is
    /// promising.
    static let wholeUpTo = 20.0
    static let probe = 12.0
    static let stretch = 60.0

    public init(_ settings: CheckSettings) {
        analyser = ImpactAnalyser(tolerance: settings.tolerance, expectation: settings.expectation)
        thorough = settings.thorough
    }

    public func plan(_ clip: OpenedClip) throws -> CheckPlan {
        guard clip.hasSound else { return .findings([analyser.notApplicable(["there is no audio"])]) }
        guard let video = clip.video else {
            return .findings([analyser.notApplicable(["there is no video, only audio"])])
        }
        if clip.file.isStillPicture {
            return .findings([analyser.notApplicable(["it is a single image: nothing moves"])])
        }
        if !thorough, clip.file.isSeekable, let duration = clip.file.durationSeconds, duration > ImpactCheck.wholeUpTo {
            return .listen(SampledImpacts(analyser, clip.file, video: video.index))
        }
        return .listen(WholeImpacts(analyser))
    }
}

/// Frames in conversion to thumbnails.
private struct ImpactVisuals {
    var builder = VisualOnsetBuilder()
    private var pixels: [Float] = []

    mutating func append(_ picture: Picture) throws {
        let (width, height) = (picture.displayWidth, picture.displayHeight)
        let square = OrientedSquare(
            centre: PicturePoint(x: width / 2, y: height / 2), side: max(width, height), angle: 0)
        try picture.sample(square, size: Thumbnail.side, into: &pixels)
        builder.append(Thumbnail(rgb: pixels, displayWidth: width, displayHeight: height, seconds: picture.seconds))
    }
}

/// Examines every frame during the pass.
private final class WholeImpacts: PassListener {
    let wants: PassWants = [.pictures, .sound]
    private let analyser: ImpactAnalyser
    private var onsets = OnsetBuilder()
    private var visuals = ImpactVisuals()

    init(_ analyser: ImpactAnalyser) { self.analyser = analyser }

    func picture(_ picture: Picture) throws { try visuals.append(picture) }
    func sound(_ block: SoundBlock) { onsets.append(start: block.start, channels: block.channels) }
    func finish(_ tally: MediaTally) -> [Finding] {
        [analyser.finding(heard: onsets.finish(), seen: visuals.builder.finish())]
    }
}

/// Analyses all of the audio in the pass, then the video where most sounds are: first a few seconds, and more if
/// impacts are found.
private final class SampledImpacts: PassListener {
    let wants: PassWants = .sound
    private let analyser: ImpactAnalyser
    private let file: MediaFile
    private let video: Int
    private var onsets = OnsetBuilder()

    init(_ analyser: ImpactAnalyser, _ file: MediaFile, video: Int) {
        self.analyser = analyser
        self.file = file
        self.video = video
    }

    func sound(_ block: SoundBlock) { onsets.append(start: block.start, channels: block.channels) }

    func finish(_ tally: MediaTally) throws -> [Finding] {
        let heard = onsets.finish()
        guard let probe = heard.densest(seconds: ImpactCheck.probe) else {
            return [analyser.withoutLooking(heard)]
        }
        // A file that turns out not to be seekable is read again completely.
        guard let first = try look(probe) else { return [analyser.finding(heard: heard, seen: try whole())] }
        var (span, seen) = (probe, first)
        if analyser.isPromising(heard: heard.within(probe, margin: analyser.range), seen: first),
            let longer = heard.densest(seconds: ImpactCheck.stretch, around: probe), let more = try look(longer)
        {
            (span, seen) = (longer, more)
        }
        let looked = Evidence("sampled_seconds", .number(seen.end - seen.start, decimals: 1))
        return [analyser.finding(heard: heard.within(span, margin: analyser.range), seen: seen).adding([looked])]
    }

    private func whole() throws -> VisualOnsets {
        var visuals = ImpactVisuals()
        _ = try MediaFile(path: file.path, region: file.region).decode(
            MediaSelection(video: video, audio: nil), onPicture: { try visuals.append($0) })
        return visuals.builder.finish()
    }

    private func look(_ span: TimeSpan) throws -> VisualOnsets? {
        var visuals = ImpactVisuals()
        let tally = try file.decodePictures(video: video, seconds: span.start..<span.end, earliest: span.start) {
            try visuals.append($0)
        }
        return tally.map { _ in visuals.builder.finish() }
    }
}
