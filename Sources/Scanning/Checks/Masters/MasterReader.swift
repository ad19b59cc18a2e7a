public import Masters
import MediaIO
public import SyncModel
public import Views

/// The reduced audio and video by which a copy and its master are compared, from one decoding.
public struct MasterInput: Sendable {
    public let path: String
    public var durationSeconds: Double?
    public var picture: FrameSequence?
    public var sound: SoundSignal?
    public var hasPicture = false
    public var hasSound = false
    public var notes: [Reason] = []
}

/// Decodes a recording once, completely.
public struct MasterReader: Sendable {
    public init() {}

    /// - Parameter sound: the audio, if in a separate file with the same clock, as for renditions; nil: in the file of
    ///   the video, or as the playlist gives it.
    public func read(path: String, sound: String? = nil) throws -> MasterInput {
        let file = try MediaFile(path: path)
        let audio = try file.audioStream(number: nil)
        let apart = try audio == nil ? sound ?? Playlist.sound(of: path) : nil
        let video = file.isStillPicture ? nil : file.videoStream
        var input = MasterInput(path: path, durationSeconds: file.durationSeconds)
        input.hasPicture = video != nil
        input.hasSound = audio != nil || apart != nil
        var builder = MasterInputBuilder()
        let channels = audio?.channels ?? 0 > 1 ? SoundChannels.look(path: path) : nil
        if let channels { input.notes.append(Reason("not analysed: \(channels.leftInWords)")) }
        func hear(_ block: SoundBlock) { builder.hear(channels?.of(block) ?? block) }
        var tally = MediaTally()
        if video == nil, audio != nil {
            tally = try SoundFile.decode(path: path) { hear($0) }
        } else if audio != nil || video != nil {
            tally = try file.decode(
                MediaSelection(video: video?.index, audio: audio?.index), onPicture: { try builder.see($0) },
                onSound: { hear($0) })
        }
        if let apart { tally.samples += try hearApart(apart, beside: file, into: &builder) }
        if tally.samples == 0, tally.pictures == 0 {
            throw MediaError(.noFrames, file: path, detail: tally.stoppedBy ?? "")
        }
        builder.finish(into: &input)
        return input
    }

    /// Adds audio of a separate file, on the video's timeline. Returns its length.
    private func hearApart(_ path: String, beside picture: MediaFile, into builder: inout MasterInputBuilder) throws
        -> Int
    {
        let file = try MediaFile(path: path)
        guard let audio = try file.audioStream(number: nil) else { return 0 }
        let later = Int(((file.originSeconds - picture.originSeconds) * Double(SoundBlock.rate)).rounded())
        return try file.decode(
            MediaSelection(video: nil, audio: audio.index),
            onSound: { builder.hear(SoundBlock(start: $0.start + later, channels: $0.channels)) }
        ).samples
    }
}
