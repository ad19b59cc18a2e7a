public import SyncModel

/// Why a file cannot be read completely: which file, what was tried, and what to do next.
public struct MediaError: Error, Sendable, Hashable, CustomStringConvertible {
    public let kind: Kind
    /// The path as given.
    public let file: String
    /// The message of the system or a library; empty if the kind is sufficient.
    public let detail: String

    public init(_ kind: Kind, file: String, detail: String = "") {
        self.kind = kind
        self.file = file
        self.detail = detail
    }

    public enum Kind: String, Sendable {
        case noSuchFile = "no-such-file"
        case noPermission = "no-permission"
        case isFolder = "is-folder"
        case notAFile = "not-a-file"
        case empty = "empty-file"
        case notMedia = "not-media"
        case noIndex = "no-index"
        case noStreams = "no-streams"
        case noSuchStream = "no-such-stream"
        case noDecoder = "no-decoder"
        case noFrames = "no-frames"
        case noPicture = "no-picture"
        case noSound = "no-sound"
        case badPicture = "bad-picture"
        case outOfMemory = "out-of-memory"
        case timestampsJump = "timestamps-jump"
        case badPlaylist = "bad-playlist"
        case unsafePlaylist = "unsafe-playlist"
        case library = "library-error"
    }

    private var words: (message: String, remedy: String) {
        switch kind {
        case .noSuchFile: ("does not exist", "check the path")
        case .noPermission: ("is not readable (no permission)", "add read permission: chmod u+r, or ask its owner")
        case .isFolder: ("is a folder", "give a file in it, or use 'genlock scan' for the whole folder")
        case .notAFile: ("is not a regular file", "copy the media into a file first")
        case .empty: ("is empty (0 bytes)", "copy it or record it again")
        case .notMedia:
            (
                "is not a media file that FFmpeg recognises",
                "check it with 'ffprobe'; it may be text or damaged at the start"
            )
        case .noIndex:
            (
                "has no index: it is truncated, or its recording never finished",
                "copy it again, or fix it with a tool such as untrunc"
            )
        case .noStreams: ("has neither audio nor video", "check it with 'ffprobe'")
        case .noSuchStream:
            ("does not have that stream", "list its streams with 'ffprobe' and choose one with --audio-stream")
        case .noDecoder:
            ("has a codec that this FFmpeg cannot decode", "convert it or install an FFmpeg with that decoder")
        case .noFrames:
            (
                "has streams, but none of them can be decoded",
                "copy or export it again; its data is damaged or missing"
            )
        case .noPicture:
            (
                "has a video track that cannot be decoded",
                "copy or export it again; its other streams were measured where possible"
            )
        case .noSound:
            (
                "has an audio track that cannot be decoded",
                "copy or export it again; its other streams were measured where possible"
            )
        case .badPicture:
            ("has a frame that cannot be scaled", "convert it to a common pixel format such as yuv420p")
        case .outOfMemory: ("needs more memory than is available", "lower --jobs or free memory")
        case .timestampsJump:
            (
                "has timestamps that jump by hours in the middle of the recording",
                "cut the recording at that time and measure each part: ffmpeg -i FILE -to SECONDS -c copy PART"
            )
        case .badPlaylist:
            (
                "is a playlist that cannot be read",
                "use a playlist of one complete, unencrypted programme, or join its segments and measure those"
            )
        case .unsafePlaylist:
            (
                "is a playlist with a forbidden reference",
                "copy its segments beside it and use relative paths; none of them was opened"
            )
        case .library: ("cannot be read", "check it with 'ffprobe'")
        }
    }

    public var description: String {
        let shown = file.printable
        let said = detail.isEmpty ? "" : " (\(detail))"
        return "\(shown) \(words.message)\(said)"
    }

    /// The same for a report.
    public var failure: ClipFailure {
        ClipFailure(code: kind.rawValue, message: description, remedy: words.remedy)
    }
}
