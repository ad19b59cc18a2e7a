import Foundation
import MediaIO
public import Plan
public import SyncModel

/// The check `compare` of a scan: a copy against the master that the plan names for it. Clips without a master have
/// none.
///
/// A master stays prepared for the next clip, since copies of one are usually consecutive.
public final class CompareCheck: ClipCheck {
    public let check = Check.compare
    public var method: MethodVersion { CompareMeasurement.method }
    private let measurement: CompareMeasurement
    private let shelf = MasterShelf()

    public init(_ settings: CheckSettings) {
        measurement = CompareMeasurement(tolerance: settings.tolerance, expectation: settings.expectation)
    }

    public func plan(_ clip: OpenedClip) throws -> CheckPlan {
        guard let master = clip.files.master else { return .absent }
        guard clip.files.audio == nil || clip.files.sharesClock == true else {
            return .findings([measurement.notApplicable("the audio is in a separate file")])
        }
        // An unreadable master fails only this finding of the clip.
        do {
            return .listen(
                CompareListener(
                    clip, on: try shelf.master(master, of: clip.files, by: measurement), measurement: measurement))
        } catch let error as MediaError { throw error.failure }
    }

    /// The data to store of the master that was decoded for the last clip, if wanted; nil: none was.
    func takeMaster() -> Data? { shelf.takeFresh() }
}

/// Prepared masters, the latest last; only a few, since each takes some 90 MB per hour.
final class MasterShelf {
    private var masters: [(path: String, identity: String, prepared: CompareMeasurement.Prepared)] = []
    private static let most = 2
    private var fresh: Data?

    func takeFresh() -> Data? {
        defer { fresh = nil }
        return fresh
    }

    func master(_ path: String, of files: ClipFiles, by measurement: CompareMeasurement) throws
        -> CompareMeasurement.Prepared
    {
        fresh = nil
        let identity = ContentIdentity.of(file: path)
        if let place = masters.firstIndex(where: { $0.path == path && $0.identity == identity }) {
            masters.append(masters.remove(at: place))
            let prepared = masters[masters.count - 1].prepared
            if files.wantsMaster == true { fresh = prepared.input.packed }
            return prepared
        }
        if masters.count >= Self.most { masters.removeFirst() }
        let kept = files.keptMaster.flatMap { measurement.prepare(master: path, kept: $0) }
        let prepared = try kept ?? measurement.prepare(master: path, sound: files.masterAudio)
        if files.wantsMaster == true { fresh = prepared.input.packed }
        masters.append((path, identity, prepared))
        return prepared
    }
}

/// Collects a copy's reduced video and audio during the pass.
private final class CompareListener: PassListener {
    let wants: PassWants = [.pictures, .sound]
    private let measurement: CompareMeasurement
    private let master: CompareMeasurement.Prepared
    private var input: MasterInput
    private var builder = MasterInputBuilder()
    /// Start of the separate audio relative to the video in samples, if both have one clock.
    private let later: Int

    init(_ clip: OpenedClip, on master: CompareMeasurement.Prepared, measurement: CompareMeasurement) {
        self.master = master
        self.measurement = measurement
        input = MasterInput(path: clip.request.clip, durationSeconds: clip.file.durationSeconds)
        input.hasPicture = clip.video != nil && !clip.file.isStillPicture
        input.hasSound = clip.hasSound
        let audio = clip.files.audio.flatMap { try? MediaFile(path: $0) }
        let apart = audio.map { $0.originSeconds - clip.file.originSeconds } ?? 0
        later = Int((apart * Double(SoundBlock.rate)).rounded())
        if let channels = clip.channels { input.notes.append(Reason("not analysed: \(channels.leftInWords)")) }
    }

    func picture(_ picture: Picture) throws { try builder.see(picture) }
    func sound(_ block: SoundBlock) {
        builder.hear(later == 0 ? block : SoundBlock(start: block.start + later, channels: block.channels))
    }

    func finish(_ tally: MediaTally) throws -> [Finding] {
        builder.finish(into: &input)
        return [measurement.finding(copy: input, on: master)]
    }
}
