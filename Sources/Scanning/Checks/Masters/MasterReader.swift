public import Masters
import MediaIO
public import SyncModel
public import Views

/// What a copy and its master are compared by: sound and picture in small, from one decoding.
public struct MasterInput: Sendable {
    public let path: String
    public var durationSeconds: Double?
    public var picture: PictureCourse?
    public var sound: SoundSignal?
    public var hasPicture = false
    public var hasSound = false
    public var notes: [Doubt] = []
}

/// Decodes a recording once, first to last.
public struct MasterReader: Sendable {
    public init() {}

    public func read(path: String) throws -> MasterInput {
        let file = try MediaFile(path: path)
        let audio = try file.audioStream(number: nil)
        let video = file.isStillPicture ? nil : file.videoStream
        var input = MasterInput(path: path, durationSeconds: file.durationSeconds)
        input.hasPicture = video != nil
        input.hasSound = audio != nil
        var builder = MasterInputBuilder()
        let channels = audio?.channels ?? 0 > 1 ? SoundChannels.look(path: path) : nil
        if let channels { input.notes.append(Doubt("not listened to: \(channels.leftInWords)")) }
        func hear(_ block: SoundBlock) { builder.hear(channels?.of(block) ?? block) }
        var tally = MediaTally()
        if video == nil, audio != nil {
            tally = try SoundFile.decode(path: path) { hear($0) }
        } else if audio != nil || video != nil {
            tally = try file.decode(
                MediaSelection(video: video?.index, audio: audio?.index), onPicture: { try builder.see($0) },
                onSound: { hear($0) })
        }
        if tally.samples == 0, tally.pictures == 0 {
            throw MediaError(.noFrames, file: path, detail: tally.stoppedBy ?? "")
        }
        builder.finish(into: &input)
        return input
    }
}
