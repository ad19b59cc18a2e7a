import CFFmpeg
import Files

/// Reads audio files.
///
/// WAV, FLAC, AIFF, CAF and Ogg are read by libsndfile, others (and what libsndfile rejects) by FFmpeg; both give the
/// same samples at the same times. The timeline starts at the file's first timestamp.
///
/// ```swift
/// let tally = try SoundFile.decode(path: "take3.wav") { block in
///     print("\(block.count) samples at \(Double(block.start) / Double(SoundBlock.rate)) s")
/// }
/// ```
public enum SoundFile {
    /// Decodes the file from start to end; see `MediaFile.decode`.
    ///
    /// - Parameters:
    ///   - region: the bytes to read, if inside another file.
    ///   - stream: the audio stream, counted from 0 among the audio streams; nil: the default one.
    public static func decode(
        path: String, region: MediaRegion? = nil, stream: Int? = nil, onSound: (SoundBlock) throws -> Void
    ) throws -> MediaTally {
        _ = try FilePreflight.place(of: path, region)
        if region == nil, stream ?? 0 == 0, let reader = SndfileReader(path: path) {
            return try decode(reader, path, onSound)
        }
        let file = try MediaFile(path: path, region: region)
        guard let audio = try file.audioStream(number: stream) else {
            throw MediaError(.noSuchStream, file: path, detail: "it has no audio")
        }
        return try file.decode(MediaSelection(video: nil, audio: audio.index), onSound: onSound)
    }

    private static func decode(
        _ reader: SndfileReader, _ path: String, _ onSound: (SoundBlock) throws -> Void
    ) throws -> MediaTally {
        var tally = MediaTally()
        let track = SoundTrack(file: path, tick: 1 / Double(reader.rate))
        func note(_ block: SoundBlock) throws {
            if tally.soundStart == nil { tally.soundStart = Double(block.start) / Double(SoundBlock.rate) }
            tally.soundEnd = Double(block.start + block.count) / Double(SoundBlock.rate)
            try onSound(block)
        }
        try reader.read { samples, count, first in
            try samples.withMemoryRebound(to: UInt8.self, capacity: count * reader.channels * 4) { bytes in
                try withUnsafePointer(to: Optional(bytes)) { planes in
                    try track.push(
                        planes, count: count, stamp: Double(first) / Double(reader.rate), format: AV_SAMPLE_FMT_FLT,
                        rate: reader.rate, channels: reader.channels, note)
                }
            }
        }
        try track.finish(note)
        tally.samples = track.delivered
        return tally
    }
}
