import CFFmpeg
import MediaIO
import SyncModel

/// Copies one file into another while moving its streams.
final class FixingCopy {
    private let file: MediaFile
    private let writer: MediaWriter
    private let moves: StreamMoves
    let method: FixedMedia.Method
    let othersLater: Double
    let originLater: Double
    /// Seconds of audio at the start that the container cannot hold.
    let cutAtStart: Double
    private(set) var leftOut: [String] = []
    /// The output stream of each input stream.
    private var streams: [Int: UnsafeMutablePointer<AVStream>] = [:]
    private var rewriters: [Int: SoundRewriter] = [:]
    private var ledger = PacketLedger()
    /// Corrections in seconds for streams that the muxer places elsewhere.
    private let corrections: [Int: Double]

    /// Streams that ended up off their positions, with the error in seconds.
    struct Misplaced: Error { let misses: [Int: Double] }

    /// Chooses the method, and writes the header.
    init(
        _ file: MediaFile, _ writer: MediaWriter, moves: StreamMoves, leavesOut: Bool, rewritesAudio: Bool = false,
        corrections: [Int: Double] = [:]
    ) throws {
        self.corrections = corrections
        self.file = file
        self.writer = writer
        self.moves = moves
        let sounds = file.audioStreams
        guard !sounds.isEmpty else {
            throw FixError(
                "no-sound", "\(file.path.printable) has no audio to move", remedy: "check it with 'ffprobe'")
        }
        let ability = ContainerAbility(writer: writer)
        let hasOthers = file.streams.contains { $0.kind == .video && !$0.isAttachedPicture }
        // Streams with timestamps are moved by these alone if no sample has to change.
        let isStamped = ability.holdsStamps && hasOthers && !rewritesAudio
        func isRewritten(_ index: Int) -> Bool {
            let move = moves.of(sound: index)
            return isStamped ? !move.isPlain : !move.isNone
        }
        let rewritten = sounds.filter { isRewritten($0.index) }.map { moves.of(sound: $0.index) }
        method =
            rewritten.isEmpty ? .moved : rewritten.contains { ($0.drift?.ppm ?? 0) != 0 } ? .resampled : .cut
        let origin = file.originSeconds
        /// The start of an audio stream after its move.
        func newStart(_ sound: StreamDescription) -> Double {
            let own = (sound.start?.seconds ?? origin) - origin
            return origin + moves.of(sound: sound.index).time(own, anchor: own)
        }
        // Audio before the timeline's start would be cut off: everything else is moved later instead.
        let earliest = sounds.filter { !moves.of(sound: $0.index).isNone }.map(newStart).min() ?? origin
        othersLater = isStamped ? max(0, origin - earliest) : 0
        cutAtStart = isStamped ? 0 : max(0, origin - earliest)

        if !isStamped, !rewritesAudio,
            let lossy = sounds.first(where: {
                let move = moves.of(sound: $0.index)
                return !move.isNone && move.isPlain && writer.format != "wav"
                    && !ContainerAbility.isLossless(FixingCopy.codec(file, $0.index))
            })
        {
            throw FixError.cannotHold(
                writer.file,
                """
                a \(writer.format) file has no audio timestamps, and \(lossy.codec) audio cannot be cut or padded \
                without re-encoding it (--rewrite-audio allows it)
                """
            )
        }
        let others =
            file.streams.filter { $0.kind == .video && !$0.isAttachedPicture }.compactMap { $0.start?.seconds }.min()
            ?? origin
        let first = min(others, sounds.map(newStart).min() ?? origin)
        originLater = isStamped && rewritten.isEmpty ? first + othersLater - origin : 0
        for index in 0..<Int(file.context.pointee.nb_streams) {
            guard let source = file.context.pointee.streams[index] else { continue }
            let parameters = source.pointee.codecpar.pointee
            // QuickTime chapters are also a stream; they are kept as chapters.
            if source.pointee.discard == AVDISCARD_ALL || ability.makesAnew(parameters) { continue }
            if parameters.codec_type == AVMEDIA_TYPE_AUDIO, isRewritten(index) {
                let isWave = writer.format == "wav" && !ContainerAbility.isLossless(parameters.codec_id)
                let rewriter = try SoundRewriter(
                    source, into: writer,
                    pieces: moves.of(sound: index).pieces(shift: othersLater + (corrections[index] ?? 0)),
                    origin: origin,
                    coding: isWave ? AV_CODEC_ID_PCM_S16LE : nil,
                    keepsLength: !ability.holdsStamps)
                rewriters[index] = rewriter
                streams[index] = rewriter.target
            } else if ability.holds(parameters) {
                streams[index] = try writer.addCopy(of: source)
            } else {
                let name = "stream \(index) (\(FixingCopy.name(parameters)))"
                guard leavesOut else {
                    throw FixError(
                        "stream-cannot-be-kept",
                        "\(name) of \(file.path.printable) cannot be stored in \(writer.format)",
                        remedy: "drop it with --leave-out, or give --output an extension such as .mkv")
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

    /// Seconds by which a copied stream is moved later.
    private func later(_ index: Int) -> Double {
        file.streams[index].kind == .audio ? othersLater + moves.of(sound: index).plainSeconds : othersLater
    }

    /// Audio packets that cannot be decoded.
    var damagedPackets: Int { rewriters.values.reduce(0) { $0 + $1.damaged } }

    /// Copies all packets, moved, and writes the trailer.
    func run() throws {
        try PacketSource(file).each { packet in
            let index = Int(packet.pointee.stream_index)
            guard let source = file.context.pointee.streams[index], let target = streams[index] else { return }
            if let rewriter = rewriters[index] {
                try rewriter.push(packet) { try writer.write($0) }
                return
            }
            if PacketLedger.isFiller(packet, source) { return }
            ledger.add(packet, stream: index, seconds: PacketSource.seconds(packet, source.pointee.time_base))
            if let move = moves.own[index], source.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_SUBTITLE {
                place(packet, by: move, source.pointee.time_base, target.pointee.time_base)
                packet.pointee.stream_index = target.pointee.index
                packet.pointee.pos = -1
                return try writer.write(packet)
            }
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
        if let worst = rewriters.values.max(by: { $0.damaged < $1.damaged }), worst.damaged > worst.mostDamaged {
            throw FixError(
                "damaged-sound",
                """
                \(worst.damaged) of \(worst.packets) audio packets of \(file.path.printable) cannot be decoded: \
                re-encoded, they would be silence
                """,
                remedy: "copy or export it again, or move it with --offset-ms alone, which keeps all packets unchanged")
        }
        try writer.finish()
    }

    /// Subtitles that would start before the file, and now start with it.
    private(set) var clampedSubtitles = 0

    /// Sets a subtitle's new time and duration.
    private func place(
        _ packet: UnsafeMutablePointer<AVPacket>, by move: SoundMove, _ base: AVRational, _ newBase: AVRational
    ) {
        let seconds = PacketSource.seconds(packet, base)
        guard seconds.isFinite else { return }
        let own = seconds - file.originSeconds
        let length = Double(max(0, packet.pointee.duration)) * Double(base.num) / Double(max(1, base.den))
        let start = move.time(own, anchor: own)
        let end = move.time(own + length, anchor: own)
        if start < 0 { clampedSubtitles += 1 }
        func ticks(_ seconds: Double) -> Int64 {
            Int64((seconds * Double(newBase.den) / Double(max(1, newBase.num))).rounded())
        }
        let stamp = ticks(file.originSeconds + othersLater + max(0, start))
        (packet.pointee.pts, packet.pointee.dts) = (stamp, stamp)
        if length > 0 { packet.pointee.duration = max(1, ticks(max(0, end) - max(0, start))) }
    }

    /// Verifies the output: every copied packet must be in it, byte by byte, at its intended time.
    ///
    /// - Returns: the number of compared packets; nil if another container packs them differently.
    func verify(_ path: String) throws -> Int? {
        let written = try MediaFile(path: path)
        let found = try PacketLedger.of(written)
        let isSame = FixingCopy.family(written.format) == FixingCopy.family(file.format)
        var compared = 0
        // All times are relative to the first copied stream: a container may start its clock anywhere.
        var zero: Double?
        var misses: [Int: Double] = [:]
        for index in ledger.entries.keys.sorted() {
            guard let target = streams[index], let old = ledger.entries[index] else { continue }
            let isPicture = file.streams[index].isAttachedPicture
            guard let new = found.entries[place(of: target, in: written)] else {
                if isPicture || old.bytes == 0 { continue }
                throw FixError.cannotHold(writer.file, "stream \(index) is missing from the result")
            }
            if isSame {
                // PCM has no packets in QuickTime-like files: only its bytes are compared, everywhere.
                let hasPackets = !file.streams[index].codec.hasPrefix("pcm_")
                guard !hasPackets || new.packets == old.packets, new.digest == old.digest else {
                    throw FixError.cannotHold(
                        writer.file,
                        """
                        the packets of stream \(index) differ from the original's (\(old.packets) in, \
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
        // A container that does not signal the encoder's delay, or signals it twice, places the audio that far off.
        for (index, rewriter) in rewriters {
            guard let zero, let target = streams[index],
                let after = found.entries[place(of: target, in: written)]?.first
            else { continue }
            let miss = after - rewriter.firstPacket - zero + (corrections[index] ?? 0)
            if abs(miss) > 0.0025 { misses[index] = miss }
        }
        if !misses.isEmpty { throw Misplaced(misses: misses) }
        return isSame ? compared : nil
    }

    /// A stream's index in the output: some containers renumber streams, but keep the order of each kind.
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

    /// Containers that store packets in the same form.
    private static func family(_ format: String) -> String {
        for family in ["mp4", "matroska"] where format.contains(family) { return family }
        return format
    }
}
