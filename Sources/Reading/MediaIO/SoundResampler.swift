import CFFmpeg

/// Turns sound of any sample format and rate into planar floats at `SoundBlock.rate`, channel by channel.
///
/// Each run of sound without gaps gets a resampler of its own, so that nothing smears over a gap and the first sample
/// that comes out lies exactly where the first one that went in did.
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
        // Channels stay apart and in their order, whatever loudspeakers they are meant for.
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

    /// Puts samples in (nil: the end of the run) and returns what comes out, one array a channel.
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
