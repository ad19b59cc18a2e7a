public import MediaIO
public import Plan
import SyncModel

/// A clip with its file open, and the streams that the checks are to look at.
public final class OpenedClip {
    public let request: ClipRequest
    /// The request's own files.
    public let files: ClipFiles
    public let file: MediaFile
    /// The picture to look at; nil: there is none.
    public let video: StreamDescription?
    /// The sound's stream in the clip's own file; nil: there is none, or the sound lies in a file of its own.
    public let ownAudio: StreamDescription?

    /// Which channels of the sound are listened to; nil: all.
    public private(set) lazy var channels: SoundChannels? =
        ownAudio?.channels == 1
        ? nil
        : SoundChannels.look(
            path: files.audio ?? request.clip, region: files.audio == nil ? files.region : files.audioRegion,
            stream: files.audio == nil ? audioNumber : files.audioStream)
    /// The number of `ownAudio` among the audio streams, where it is not the file's default.
    let audioNumber: Int?

    /// - Parameter language: of the speech that is meant, where somebody says so: of several audio streams the one in
    ///   that language is taken.
    /// - Throws: `MediaError` where the file cannot be opened or lacks the audio stream that was asked for.
    public init(_ request: ClipRequest, language: String? = nil) throws(MediaError) {
        self.request = request
        files = request.files ?? ClipFiles()
        file = try MediaFile(path: request.clip, region: files.region)
        video = file.videoStream
        let wanted = language ?? request.language
        let file = self.file
        audioNumber = files.audioStream ?? wanted.flatMap { file.audioStreamNumber(in: $0) }
        ownAudio = files.audio == nil ? try file.audioStream(number: audioNumber) : nil
    }

    public var hasSound: Bool { files.audio != nil || ownAudio != nil }

    /// What is listened to, and what is not.
    private(set) lazy var heard = HeardStream(self)

    private var kinds: [String: SoundLabels.Kind?] = [:]

    /// What a file of text beside the clip is: told once, for all checks that ask.
    func kind(ofText path: String) -> SoundLabels.Kind? {
        if let known = kinds[path] { return known }
        let told = SoundLabels.kind(of: path)
        kinds[path] = .some(told)
        return told
    }

    /// Reads on until the first picture, so that a file that cannot be decoded at all is told as such.
    ///
    /// - Throws: `MediaError` where there is no picture, or none that can be decoded.
    public func confirmPicture() throws {
        struct Seen: Error {}
        guard let video else { throw MediaError(.noStreams, file: file.path) }
        do {
            let tally = try file.decode(
                MediaSelection(video: video.index, audio: nil), onPicture: { _ in throw Seen() })
            throw MediaError(.noFrames, file: file.path, detail: tally.stoppedBy ?? "")
        } catch is Seen {}
    }
}
