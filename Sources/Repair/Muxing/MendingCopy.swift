import CFFmpeg
import MediaIO
import SyncModel

/// One file on its way into another.
final class MendingCopy {
    private let file: MediaFile
    private let writer: MediaWriter
    private let move: SoundMove
    let method: MendedMedia.Method
    let othersLater: Double
    let originLater: Double
    private(set) var leftOut: [String] = []
    /// Where each stream of the input goes.
    private var streams: [Int: UnsafeMutablePointer<AVStream>] = [:]
    private var rewriters: [Int: SoundRewriter] = [:]
    private var ledger = PacketLedger()
    /// Seconds by which streams are moved beside, against a writer that puts them elsewhere than it was told.
    private let corrections: [Int: Double]

    /// Streams that came to lie beside their places, and by how many seconds.
    struct Misplaced: Error { let misses: [Int: Double] }

    /// Chooses how, and writes the head.
    init(_ file: MediaFile, _ writer: MediaWriter, move: SoundMove, leavesOut: Bool, corrections: [Int: Double] = [:])
        throws
    {
        self.corrections = corrections
        self.file = file
        self.writer = writer
        self.move = move
        let sounds = file.audioStreams
        guard !sounds.isEmpty else {
            throw MendError(
                "no-sound", "\(file.path.printable) has no sound to move", remedy: "check it with 'ffprobe'")
        }
        let ability = ContainerAbility(writer: writer)
        let hasOthers = file.streams.contains { $0.kind == .video && !$0.isAttachedPicture }
        let isStamped = move.isPlain && ability.holdsStamps && hasOthers
        method = isStamped ? .moved : move.drift.map { $0.ppm != 0 } == true ? .resampled : .cut
        // Time stamps below the timeline's beginning would be cut off: everything else makes room instead.
        let start = sounds.compactMap { $0.start?.seconds }.min() ?? file.originSeconds
        othersLater = isStamped ? max(0, file.originSeconds - (start + move.plainSeconds)) : 0

        if method == .cut, move.isPlain,
            let lossy = sounds.first(where: {
                !ContainerAbility.isLossless(MendingCopy.codec(file, $0.index)) && writer.format != "wav"
            })
        {
            throw MendError.cannotHold(
                writer.file,
                """
                a \(writer.format) file has no time stamps for its sound, and \(lossy.codec) sound cannot be cut or \
                padded without encoding it anew
                """
            )
        }
        let origin = file.originSeconds
        let others =
            file.streams.filter { $0.kind == .video && !$0.isAttachedPicture }.compactMap { $0.start?.seconds }.min()
            ?? origin
        originLater = isStamped ? min(others + othersLater, start + othersLater + move.plainSeconds) - origin : 0
        for index in 0..<Int(file.context.pointee.nb_streams) {
            guard let source = file.context.pointee.streams[index] else { continue }
            let parameters = source.pointee.codecpar.pointee
            // Chapters of QuickTime files come as a stream too; they are kept as chapters.
            if source.pointee.discard == AVDISCARD_ALL || ability.makesAnew(parameters) { continue }
            if parameters.codec_type == AVMEDIA_TYPE_AUDIO, method != .moved {
                let isWave = writer.format == "wav" && !ContainerAbility.isLossless(parameters.codec_id)
                let rewriter = try SoundRewriter(
                    source, into: writer, pieces: move.pieces(), origin: origin,
                    coding: isWave ? AV_CODEC_ID_PCM_S16LE : nil,
                    keepsLength: !ability.holdsStamps)
                rewriters[index] = rewriter
                streams[index] = rewriter.target
            } else if ability.holds(parameters) {
                streams[index] = try writer.addCopy(of: source)
            } else {
                let name = "stream \(index) (\(MendingCopy.name(parameters)))"
                guard leavesOut else {
                    throw MendError(
                        "stream-cannot-be-kept", "\(name) of \(file.path.printable) has no place in \(writer.format)",
                        remedy: "allow it to be left out with --leave-out, or give --output an ending such as .mkv")
                }
                leftOut.append(name)
            }
        }
        try writer.describe(
            as: file.context, chaptersLater: othersLater, streams: streams.mapValues { Int($0.pointee.index) })
        try writer.begin()
    }

    private static func codec(_ file: MediaFile, _ index: Int) -> AVCodecID {
        file.context.pointee.streams[index]?.pointee.codecpar.pointee.codec_id ?? AV_CODEC_ID_NONE
    }

    private static func name(_ parameters: AVCodecParameters) -> String {
        let tag = ContainerAbility.name(of: parameters.codec_tag)
        return parameters.codec_id == AV_CODEC_ID_NONE
            && tag.allSatisfy({ $0.isASCII && !$0.isWhitespace && $0 != "\0" })
            ? tag : String(cString: avcodec_get_name(parameters.codec_id))
    }

    /// Seconds by which a copied stream comes later.
    private func later(_ index: Int) -> Double {
        file.streams[index].kind == .audio && method == .moved ? othersLater + move.plainSeconds : othersLater
    }

    /// Copies all packets, moved, and writes the tail.
    func run() throws {
        try PacketSource(file).each { packet in
            let index = Int(packet.pointee.stream_index)
            guard let source = file.context.pointee.streams[index], let target = streams[index] else { return }
            if let rewriter = rewriters[index] {
                try rewriter.push(packet) { try writer.write($0) }
                return
            }
            ledger.add(packet, stream: index, seconds: PacketSource.seconds(packet, source.pointee.time_base))
            av_packet_rescale_ts(packet, source.pointee.time_base, target.pointee.time_base)
            if source.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0 {
                let base = target.pointee.time_base
                let ticks = Int64(
                    ((later(index) + (corrections[index] ?? 0)) * Double(base.den) / Double(max(1, base.num))).rounded()
                )
                if packet.pointee.pts != genlock_nopts { packet.pointee.pts += ticks }
                if packet.pointee.dts != genlock_nopts { packet.pointee.dts += ticks }
            }
            packet.pointee.stream_index = target.pointee.index
            packet.pointee.pos = -1
            try writer.write(packet)
        }
        for rewriter in rewriters.values { try rewriter.push(nil) { try writer.write($0) } }
        try writer.finish()
    }

    /// Reads the output back: every copied packet must be there, byte by byte, and lie where it was meant to.
    ///
    /// - Returns: the number of packets that were compared; nil where another container packs them differently.
    func verify(_ path: String) throws -> Int? {
        let written = try MediaFile(path: path)
        let found = try PacketLedger.of(written)
        let isSame = MendingCopy.family(written.format) == MendingCopy.family(file.format)
        var compared = 0
        // All times are held against the first copied stream's: a container may begin its clock where it likes.
        var zero: Double?
        var misses: [Int: Double] = [:]
        for index in ledger.entries.keys.sorted() {
            guard let target = streams[index], let old = ledger.entries[index] else { continue }
            let isPicture = file.streams[index].isAttachedPicture
            guard let new = found.entries[place(of: target, in: written)] else {
                if isPicture || old.bytes == 0 { continue }
                throw MendError.cannotHold(writer.file, "stream \(index) was lost in it")
            }
            if isSame {
                // PCM has no packets of its own in QuickTime's kind: only its bytes are compared, there and everywhere.
                let hasPackets = !file.streams[index].codec.hasPrefix("pcm_")
                guard !hasPackets || new.packets == old.packets, new.digest == old.digest else {
                    throw MendError.cannotHold(
                        writer.file,
                        """
                        the packets of stream \(index) do not come out as they went in (\(old.packets) in, \
                        \(new.packets) out)
                        """
                    )
                }
                compared += new.packets
            }
            guard !isPicture, file.streams[index].kind != .other, let before = old.first, let after = new.first else {
                continue
            }
            let moved = after - before - later(index)
            let miss = moved - (zero ?? moved)
            zero = zero ?? moved
            if abs(miss) > 0.0025 { misses[index] = miss }
        }
        if !misses.isEmpty { throw Misplaced(misses: misses) }
        return isSame ? compared : nil
    }

    /// Where a stream is found again: some containers number streams by what comes first, but keep the order of each
    /// kind.
    private func place(of target: UnsafeMutablePointer<AVStream>, in written: MediaFile) -> Int {
        func kinds(_ context: UnsafeMutablePointer<AVFormatContext>) -> [AVMediaType] {
            (0..<Int(context.pointee.nb_streams)).map {
                context.pointee.streams[$0]?.pointee.codecpar.pointee.codec_type ?? AVMEDIA_TYPE_UNKNOWN
            }
        }
        let (made, found) = (kinds(writer.context), kinds(written.context))
        let index = Int(target.pointee.index)
        let ordinal = made[..<index].filter { $0 == made[index] }.count
        let places = found.indices.filter { found[$0] == made[index] }
        return places.indices.contains(ordinal) ? places[ordinal] : index
    }

    /// Containers that hold packets in the same form.
    private static func family(_ format: String) -> String {
        for family in ["mp4", "matroska"] where format.contains(family) { return family }
        return format
    }
}
