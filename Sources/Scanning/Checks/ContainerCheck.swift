import Container
import MediaIO
public import Plan
public import SyncModel

/// The check `container`: what the file says of itself, and whether its streams are well. Reads all packets, decodes
/// the sound, and of the picture only what looks suspicious.
public final class ContainerCheck: ClipCheck {
    public let check = Check.container
    public var method: MethodVersion { ContainerAnalyser.method }
    private let analyser: ContainerAnalyser
    private let isThorough: Bool

    public init(_ settings: CheckSettings) {
        analyser = ContainerAnalyser(tolerance: settings.tolerance, expectation: settings.expectation)
        isThorough = settings.thorough
    }

    public func plan(_ clip: OpenedClip) throws -> CheckPlan {
        let isStill = clip.file.isStillPicture
        guard clip.video != nil && !isStill || clip.ownAudio != nil else {
            return .findings([analyser.notApplicable(reason(clip))])
        }
        let examined = try StreamHealth(path: clip.request.clip, region: clip.files.region, isThorough: isThorough)
            .examine(video: isStill ? nil : clip.video?.index, audio: clip.ownAudio?.index)
        // Sound in a file of its own has no place in this container.
        guard clip.files.audio == nil, clip.video != nil, clip.ownAudio != nil, !isStill else {
            return .findings([analyser.notApplicable(reason(clip), health: examined.faults).adding(examined.evidence)])
        }
        return .findings([analyser.finding(examined.facts, health: examined.faults).adding(examined.evidence)])
    }

    private func reason(_ clip: OpenedClip) -> String {
        if clip.files.audio != nil { return "the sound lies in a file of its own" }
        if clip.ownAudio == nil { return "there is no sound" }
        return clip.video == nil ? "there is no picture, only sound" : "it is a single picture: nothing moves"
    }
}
