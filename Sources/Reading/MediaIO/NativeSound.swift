import CFFmpeg

/// A run of decoded audio in its own sample rate, with all channels.
public struct NativeSound: Sendable {
    /// Presentation time of the first sample, in seconds from the file's origin; nil: unknown, it follows the previous
    /// run.
    public let seconds: Double?
    /// Sample rate in Hz.
    public let rate: Int
    /// One array of samples per channel, full scale at 1; lossy audio may exceed it.
    public let channels: [[Float]]

    public init(seconds: Double?, rate: Int, channels: [[Float]]) {
        self.seconds = seconds
        self.rate = rate
        self.channels = channels
    }
}

/// Passes on the unconverted audio of one stream.
final class NativeEar {
    private let file: MediaFile
    private let stream: UnsafeMutablePointer<AVStream>
    /// nil: the stream is decoded elsewhere, and its frames are passed in.
    private let decoder: StreamDecoder?
    private let onSound: (NativeSound) -> Void

    /// - Parameter isDecoded: whether the stream is decoded elsewhere, and its frames are passed in.
    /// - Returns: nil if there is no such stream, or no decoder for it.
    init?(file: MediaFile, index: Int?, isDecoded: Bool, onSound: @escaping (NativeSound) -> Void) {
        guard let index, let stream = file.context.pointee.streams[index] else { return nil }
        self.file = file
        self.stream = stream
        self.onSound = onSound
        if isDecoded {
            decoder = nil
        } else {
            guard let own = try? StreamDecoder(stream: stream, file: file.path, threads: 1) else { return nil }
            decoder = own
        }
    }

    /// Decodes a packet (nil: the end), unless it is decoded elsewhere. Undecodable packets are skipped: other checks
    /// report them.
    func decode(_ packet: UnsafeMutablePointer<AVPacket>?) { try? decoder?.decode(packet) { hear($0) } }

    func hear(_ frame: UnsafeMutablePointer<AVFrame>) {
        let rate = Int(frame.pointee.sample_rate)
        guard rate > 0, let channels = NativeEar.samples(frame), !channels.isEmpty else { return }
        onSound(
            NativeSound(
                seconds: file.seconds(frame.pointee.best_effort_timestamp, stream), rate: rate, channels: channels))
    }

    private static func samples(_ frame: UnsafeMutablePointer<AVFrame>) -> [[Float]]? {
        let (count, channels) = (Int(frame.pointee.nb_samples), Int(frame.pointee.ch_layout.nb_channels))
        guard count > 0, (1...64).contains(channels), let planes = frame.pointee.extended_data else { return nil }
        func read<Sample>(_ type: Sample.Type, isPlanar: Bool, _ value: (Sample) -> Float) -> [[Float]] {
            (0..<channels).map { channel in
                guard let plane = planes[isPlanar ? channel : 0] else { return [] }
                let step = isPlanar ? 1 : channels
                let first = isPlanar ? 0 : channel
                return plane.withMemoryRebound(to: Sample.self, capacity: count * step) { data in
                    [Float](unsafeUninitializedCapacity: count) { out, filled in
                        for index in 0..<count { out[index] = value(data[first + index * step]) }
                        filled = count
                    }
                }
            }
        }
        switch AVSampleFormat(frame.pointee.format) {
        case AV_SAMPLE_FMT_FLTP: return read(Float.self, isPlanar: true) { $0 }
        case AV_SAMPLE_FMT_FLT: return read(Float.self, isPlanar: false) { $0 }
        case AV_SAMPLE_FMT_S16P: return read(Int16.self, isPlanar: true) { Float($0) / 32768 }
        case AV_SAMPLE_FMT_S16: return read(Int16.self, isPlanar: false) { Float($0) / 32768 }
        case AV_SAMPLE_FMT_S32P: return read(Int32.self, isPlanar: true) { Float($0) / 2_147_483_648 }
        case AV_SAMPLE_FMT_S32: return read(Int32.self, isPlanar: false) { Float($0) / 2_147_483_648 }
        case AV_SAMPLE_FMT_DBLP: return read(Double.self, isPlanar: true) { Float($0) }
        case AV_SAMPLE_FMT_DBL: return read(Double.self, isPlanar: false) { Float($0) }
        case AV_SAMPLE_FMT_U8: return read(UInt8.self, isPlanar: false) { (Float($0) - 128) / 128 }
        default: return nil
        }
    }
}
