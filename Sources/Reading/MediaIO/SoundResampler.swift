import CFFmpeg

/// Converts audio of any sample format and rate to planar floats at `SoundBlock.rate`, channel by channel.
///
/// Each run without gaps gets a new resampler, so that nothing smears over a gap and the first output sample is exactly
/// at the time of the first input sample.
final class SoundResampler {
    let channels: Int
    private var context: OpaquePointer?
    private let call: FFmpegCall
    private let inputRate: Int32

    init(format: AVSampleFormat, rate: Int32, channels: Int, file: String) throws(MediaError) {
        call = FFmpegCall(file: file)
        self.channels = channels
        inputRate = rate
        var input = AVChannelLayout()
        // Channels stay separate and in order, whatever their layout.
        input.order = AV_CHANNEL_ORDER_UNSPEC
        input.nb_channels = Int32(channels)
        var output = input
        guard rate > 0, rate <= 6_144_000, channels > 0, channels <= 64 else {
            throw MediaError(.library, file: file, detail: "audio with \(channels) channels at \(rate) Hz")
        }
        try call(
            "swr_alloc_set_opts2",
            swr_alloc_set_opts2(
                &context, &output, AV_SAMPLE_FMT_FLTP, Int32(SoundBlock.rate), &input, format, rate, 0, nil))
        let code = swr_init(context)
        if code < 0 {
            swr_free(&context)
            try call("swr_init", code)
        }
    }

    deinit { swr_free(&context) }

    /// Takes samples (nil: the end of the run) and returns the output, one array per channel.
    func convert(_ data: UnsafePointer<UnsafePointer<UInt8>?>?, count: Int) throws(MediaError) -> [[Float]] {
        let room = Int(swr_get_out_samples(context, Int32(count)))
        guard room > 0 else { return Array(repeating: [], count: channels) }
        let block = UnsafeMutableBufferPointer<Float>.allocate(capacity: room * channels)
        defer { block.deallocate() }
        var pointers: [UnsafeMutablePointer<UInt8>?] = (0..<channels).map { channel in
            UnsafeMutableRawPointer(block.baseAddress! + channel * room).assumingMemoryBound(to: UInt8.self)
        }
        var input: UnsafeMutablePointer<UnsafePointer<UInt8>?>?
        if let data { input = UnsafeMutablePointer(mutating: data) }
        let written = swr_convert(context, &pointers, Int32(room), input, Int32(count))
        try call("swr_convert", written)
        return (0..<channels).map { Array(block[$0 * room..<$0 * room + Int(written)]) }
    }
}
