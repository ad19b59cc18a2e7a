import Masters
import MediaIO
import Views

/// Makes a `MasterInput` of video and audio during decoding.
struct MasterInputBuilder {
    private var listener = SoundSignalBuilder()
    private var watcher = FrameSequenceBuilder()
    private var boxes: [Float] = []
    private var scratch: [Float] = []

    mutating func see(_ picture: Picture) throws {
        try picture.boxes(columns: FrameSequence.columns, rows: FrameSequence.rows, into: &boxes, scratch: &scratch)
        watcher.append(boxes, seconds: picture.seconds)
    }

    mutating func hear(_ block: SoundBlock) { listener.append(start: block.start, channels: block.channels) }

    mutating func finish(into input: inout MasterInput) {
        input.picture = watcher.finish()
        input.sound = listener.finish()
    }
}
