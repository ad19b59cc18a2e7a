import CFFmpeg
import Foundation
import MediaIO

/// Packet statistics of a file by stream: count, digest and time range.
struct PacketLedger {
    /// Of one stream.
    final class Entry {
        fileprivate(set) var packets = 0
        fileprivate(set) var bytes: Int64 = 0
        /// Seconds of the first and the last presented packet; nil without timestamps.
        fileprivate(set) var first: Double?
        fileprivate(set) var last: Double?
        private let state = av_md5_alloc()
        private(set) lazy var digest: [UInt8] = {
            var result = [UInt8](repeating: 0, count: 16)
            av_md5_final(state, &result)
            return result
        }()

        init() { av_md5_init(state) }
        deinit { av_free(state.map(UnsafeMutableRawPointer.init)) }

        func add(_ packet: UnsafeMutablePointer<AVPacket>, seconds: Double) {
            packets += 1
            bytes += Int64(packet.pointee.size)
            av_md5_update(state, packet.pointee.data, Int(packet.pointee.size))
            guard seconds.isFinite else { return }
            first = min(first ?? seconds, seconds)
            last = max(last ?? seconds, seconds)
        }
    }

    private(set) var entries: [Int: Entry] = [:]

    /// - Parameter seconds: its presentation time; NaN: not stated.
    mutating func add(_ packet: UnsafeMutablePointer<AVPacket>, stream: Int, seconds: Double) {
        let entry = entries[stream] ?? Entry()
        entries[stream] = entry
        entry.add(packet, seconds: seconds)
    }

    /// An empty QuickTime subtitle that only fills a gap: muxers generate these.
    static func isFiller(_ packet: UnsafeMutablePointer<AVPacket>, _ stream: UnsafeMutablePointer<AVStream>) -> Bool {
        stream.pointee.codecpar.pointee.codec_id == AV_CODEC_ID_MOV_TEXT && packet.pointee.size <= 2
    }

    /// Reads a whole file.
    static func of(_ file: MediaFile) throws -> PacketLedger {
        var ledger = PacketLedger()
        try PacketSource(file).each { packet in
            let index = Int(packet.pointee.stream_index)
            guard let stream = file.context.pointee.streams[index], !isFiller(packet, stream) else { return }
            ledger.add(packet, stream: index, seconds: PacketSource.seconds(packet, stream.pointee.time_base))
        }
        return ledger
    }
}

/// The packets of a file, in order.
struct PacketSource {
    private let file: MediaFile

    init(_ file: MediaFile) { self.file = file }

    /// A packet's presentation time, in seconds on the file's own clock; NaN if not stated.
    static func seconds(_ packet: UnsafeMutablePointer<AVPacket>, _ base: AVRational) -> Double {
        let stamp = packet.pointee.pts != genlock_nopts ? packet.pointee.pts : packet.pointee.dts
        return stamp == genlock_nopts ? .nan : Double(stamp) * Double(base.num) / Double(max(1, base.den))
    }

    /// Passes the packets one by one; a packet is valid only during the call.
    /// - Throws: `MediaError` if the file cannot be read to its end, because unread packets would be lost.
    func each(_ body: (UnsafeMutablePointer<AVPacket>) throws -> Void) throws {
        let call = FFmpegCall(file: file.path)
        var packet: UnsafeMutablePointer<AVPacket>? = try call.pointer("av_packet_alloc", av_packet_alloc())
        defer { av_packet_free(&packet) }
        var waits = 0
        while let packet {
            let code = av_read_frame(file.context, packet)
            if code == genlock_averror_eof { return }
            if code == genlock_averror_eagain, waits < 1000 {
                waits += 1
                continue
            }
            try call("av_read_frame", code)
            defer { av_packet_unref(packet) }
            try body(packet)
        }
    }
}
