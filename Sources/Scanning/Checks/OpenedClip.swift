public import MediaIO
public import Plan
import SyncModel

/// A clip with its open file and the streams that the checks use.
public final class OpenedClip {
    public let request: ClipRequest
    /// The files of the request.
    public let files: ClipFiles
    public let file: MediaFile
    /// The video stream; nil: there is none.
    public let video: StreamDescription?
    /// The audio's stream in the clip's own file; nil: there is none, or the audio is in a separate file.
    public let ownAudio: StreamDescription?

    /// The analysed audio channels; nil: all.
    public private(set) lazy var channels: SoundChannels? =
        ownAudio?.channels == 1
        ? nil
        : SoundChannels.look(
            path: files.audio ?? request.clip, region: files.audio == nil ? files.region : files.audioRegion,
            stream: files.audio == nil ? audioNumber : files.audioStream)
    /// The number of `ownAudio` among the audio streams, if it is not the default.
    let audioNumber: Int?

    /// - Parameter language: of the speech, if known: of several audio streams the one in that language is used.
    /// - Throws: `MediaError` if the file cannot be opened or lacks the requested audio stream.
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

    /// The analysed audio, and the rest.
    private(set) lazy var heard = HeardStream(self)

    private var kinds: [String: SoundLabels.Kind?] = [:]

    /// The kind of a text file of the clip: computed once and cached.
    func kind(ofText path: String) -> SoundLabels.Kind? {
        if let known = kinds[path] { return known }
        let told = SoundLabels.kind(of: path)
        kinds[path] = .some(told)
        return told
    }

    /// Reads up to the first frame, so that an undecodable file is reported as such.
    ///
    /// - Throws: `MediaError` if there is no decodable frame.
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
