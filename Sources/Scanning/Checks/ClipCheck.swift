public import MediaIO
public import SyncModel

/// One check as a scan knows it: made once a worker, asked about every clip that the worker gets.
///
/// A new check is a module of its own with the analyser, a `ClipCheck` here or there that feeds it, and one line in
/// `CheckCatalogue`. What is costly to load is loaded when the first clip needs it. Belongs to one thread.
public protocol ClipCheck: AnyObject {
    /// What it is called in findings and by `--checks`.
    var check: Check { get }
    /// Name and version of the method: a store measures a clip again when it changes.
    var method: MethodVersion { get throws }

    /// Looks at an opened clip, of which nothing is decoded yet.
    ///
    /// - Throws: `MediaError` or `ClipFailure` where the clip cannot be read: then the whole clip counts as failed.
    func plan(_ clip: OpenedClip) throws -> CheckPlan
}

/// What a check wants to do with a clip.
public enum CheckPlan {
    /// Nothing: the clip has nothing that this check is about, such as a transcript. There is no finding.
    case absent
    /// Its answer needs nothing decoded.
    case findings([Finding])
    /// It listens to the clip's one pass.
    case listen(any PassListener)
}

/// What a listener is to be handed in the pass.
public struct PassWants: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Every picture of the clip's video stream, in the order of presentation.
    public static let pictures = PassWants(rawValue: 1)
    /// All of the sound, as 16 kHz blocks on the same timeline: the clip's own, or that of the file that came with it.
    public static let sound = PassWants(rawValue: 2)
}

/// A check's ear and eye on one clip. Sound that lies in a file of its own comes before the first picture; else both
/// come as they are stored, so neither waits for the other.
public protocol PassListener: AnyObject {
    /// Fixed before the pass begins. A listener that wants no pictures spares their decoding, where no other wants
    /// them.
    var wants: PassWants { get }
    /// A picture, valid only during the call.
    func picture(_ picture: Picture) throws
    func sound(_ block: SoundBlock) throws
    /// After the pass: the findings. The tally counts what this listener was handed. The clip is still open, to look at
    /// stretches of it with `MediaFile.decodePictures`.
    func finish(_ tally: MediaTally) throws -> [Finding]
}

/// A listener for whom nothing is decoded, but who looks on at a pass that is made for others.
protocol PassOnlooker: PassListener {
    /// A pass over all of the file begins, perhaps not the first one: what it showed earlier does not count.
    ///
    /// - Parameter showsPictures: whether pictures are decoded.
    /// - Returns: what notes the packets of both streams.
    func passBegins(_ file: MediaFile, showsPictures: Bool) -> PacketSurvey
    /// A picture, valid only during the call.
    func lookOn(_ picture: Picture)
    /// All of the file was read.
    func passEnded()
}

extension PassListener {
    public func picture(_ picture: Picture) throws {}
    public func sound(_ block: SoundBlock) throws {}
}
