public import SyncModel

/// A file that cannot be read, or not wholly: which, what was tried, and what to do next.
public struct MediaError: Error, Sendable, Hashable, CustomStringConvertible {
    public let kind: Kind
    /// The path as it was given.
    public let file: String
    /// What the system or a library said; empty where the kind says it all.
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
        case .noSuchFile: ("there is no such file", "check the path")
        case .noPermission: ("may not be read", "give yourself read permission: chmod u+r, or ask its owner")
        case .isFolder: ("is a folder", "name a file in it, or use 'genlock scan' for the whole folder")
        case .notAFile: ("is not a regular file", "copy the media into a file first")
        case .empty: ("is empty (0 bytes)", "copy or record it again")
        case .notMedia:
            (
                "is not a media file that FFmpeg knows",
                "check what it is with 'ffprobe'; it may be text, or damaged from the start"
            )
        case .noIndex:
            (
                "has no index: it was cut off, or its recording never finished",
                "copy it again, or mend it with a tool such as untrunc"
            )
        case .noStreams: ("holds neither sound nor picture", "check it with 'ffprobe'")
        case .noSuchStream:
            ("does not have that stream", "list its streams with 'ffprobe', and choose one with --audio-stream")
        case .noDecoder:
            ("is coded in a way that this FFmpeg cannot decode", "convert it, or install an FFmpeg with that decoder")
        case .noFrames:
            (
                "has streams, but nothing in them can be decoded",
                "copy or export it again; what is there is damaged or missing"
            )
        case .noPicture:
            (
                "has a video track of which nothing can be decoded",
                "copy or export it again; its other streams were measured where they could be"
            )
        case .noSound:
            (
                "has an audio track of which nothing can be decoded",
                "copy or export it again; its other streams were measured where they could be"
            )
        case .badPicture:
            ("has a picture that cannot be scaled", "convert it to an ordinary pixel format such as yuv420p")
        case .outOfMemory: ("needs more memory than there is", "lower --jobs, or free memory")
        case .timestampsJump:
            (
                "has timestamps that jump by hours in the middle of the recording",
                "cut the recording at that time and measure each part: ffmpeg -i FILE -to SECONDS -c copy PART"
            )
        case .badPlaylist:
            (
                "is a playlist that cannot be followed",
                "write it for a programme of one piece, whole and not encrypted, or measure its segments joined"
            )
        case .unsafePlaylist:
            (
                "is a playlist that names what it must not",
                "copy its segments beside it, and name them relative to it; nothing of it was opened"
            )
        case .library: ("could not be read", "check it with 'ffprobe'")
        }
    }

    public var description: String {
        let shown = file.printable
        let said = detail.isEmpty ? "" : " (\(detail))"
        return "\(shown) \(words.message)\(said)"
    }

    /// The same as a report shows it.
    public var failure: ClipFailure {
        ClipFailure(code: kind.rawValue, message: description, remedy: words.remedy)
    }
}
