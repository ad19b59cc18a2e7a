public import MediaIO
public import SyncModel

/// One check of a scan: created once per worker, applied to every clip of the worker.
///
/// A new check is a separate module with the analyser, a `ClipCheck` here or there that feeds it, and one line in
/// `CheckCatalogue`. Costly resources are loaded when the first clip needs them. Confined to one thread.
public protocol ClipCheck: AnyObject {
    /// Its name in findings and in `--checks`.
    var check: Check { get }
    /// Name and version of the method: a store measures a clip again when it changes.
    var method: MethodVersion { get throws }

    /// Examines an opened clip before decoding.
    ///
    /// - Throws: `MediaError` or `ClipFailure` if the clip cannot be read: the whole clip is then `failed`.
    func plan(_ clip: OpenedClip) throws -> CheckPlan
}

/// What a check does with a clip.
public enum CheckPlan {
    /// Nothing: the clip lacks what this check is about, such as a transcript. There is no finding.
    case absent
    /// Its findings, without decoding.
    case findings([Finding])
    /// It receives the clip's single decoding pass.
    case listen(any PassListener)
}

/// What a listener receives in the pass.
public struct PassWants: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Every frame of the clip's video stream, in presentation order.
    public static let pictures = PassWants(rawValue: 1)
    /// All of the audio, as 16 kHz blocks on the same timeline: of the clip, or of its separate file.
    public static let sound = PassWants(rawValue: 2)
}

/// Receives decoded audio and video for one check. Audio in a separate file comes before the first frame; otherwise
/// both come in storage order, so neither waits for the other.
public protocol PassListener: AnyObject {
    /// Constant from the start of the pass. Frames are not decoded if no listener wants them.
    var wants: PassWants { get }
    /// A frame, valid only during the call.
    func picture(_ picture: Picture) throws
    func sound(_ block: SoundBlock) throws
    /// After the pass: the findings. The tally counts what this listener received. The clip is still open, for decoding
    /// segments with `MediaFile.decodePictures`.
    func finish(_ tally: MediaTally) throws -> [Finding]
}

/// A listener that needs no decoding itself, but observes a pass made for others.
protocol PassOnlooker: PassListener {
    /// A pass over all of the file begins, perhaps not the first one: earlier frames do not count.
    ///
    /// - Parameter showsPictures: whether frames are decoded.
    /// - Returns: a function that receives the packets of both streams.
    func passBegins(_ file: MediaFile, showsPictures: Bool) -> PacketSurvey
    /// A frame, valid only during the call.
    func lookOn(_ picture: Picture)
    /// All of the file was read.
    func passEnded()
}

extension PassListener {
    public func picture(_ picture: Picture) throws {}
    public func sound(_ block: SoundBlock) throws {}
}
