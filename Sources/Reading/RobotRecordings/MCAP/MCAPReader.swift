import Foundation
public import SyncModel

/// Reads MCAP files (https://mcap.dev/spec) sequentially, chunk by chunk, in file order.
///
/// The index at the end is not used: a truncated file has none and is read as far as possible.
public final class MCAPReader {
    private let window: FileWindow
    private var schemas: [UInt16: (name: String, encoding: String, data: [UInt8])] = [:]
    private var topics: [UInt16: RecordedTopic] = [:]
    private var end = RecordingEnd()
    private var chunks = 0
    private var damagedChunks = 0
    private var unknownMessages = 0
    private var room: UnsafeMutableRawBufferPointer?
    private var unpackers: [String: any BlockUnpacker] = [:]
    /// The count in the summary; nil: no summary.
    private var stated: UInt64?

    private static let magic: [UInt8] = [0x89, 0x4D, 0x43, 0x41, 0x50, 0x30, 0x0D, 0x0A]
    /// Maximum size of a record and of an unpacked chunk in memory, in bytes.
    private static let largest = 512 << 20
    private static let mostTopics = 65_535
    /// Maximum size of one schema, and of all, in bytes.
    private static let largestSchema = 16 << 20
    private var schemaBytes = 0

    private enum Operation: UInt8 {
        case header = 1
        case footer, schema, channel, message, chunk, messageIndex, chunkIndex, attachment, attachmentIndex
        case statistics, metadata, metadataIndex, summaryOffset, dataEnd
    }

    /// - Throws: if the file cannot be opened or is not an MCAP file.
    public init(_ file: String) throws(ClipFailure) {
        window = try FileWindow(file)
        guard let head = window.take(MCAPReader.magic.count), head.elementsEqual(MCAPReader.magic) else {
            throw ClipFailure(
                code: "not-mcap", message: "\(file.printable) does not start like an MCAP file",
                remedy: "check it with 'mcap doctor' (https://mcap.dev)")
        }
    }

    deinit { room?.deallocate() }

    /// File size in bytes.
    public var size: Int { window.size }

    /// Passes on every message. May be called once.
    ///
    /// - Throws: what `receive` throws, and if a compression is not supported.
    public func read(_ receive: MessageReceiver) throws(ClipFailure) -> RecordingEnd {
        window.checksum = CRC32()
        window.checksum?.add(MCAPReader.magic.withUnsafeBytes { $0 })
        var isWhole = false
        reading: while true {
            let sum = window.checksum
            guard let head = window.take(9) else { break }
            let operation = Operation(rawValue: head[0])
            let length = UInt64(littleEndian: head.loadUnaligned(fromByteOffset: 1, as: UInt64.self))
            guard let length = Int(exactly: length), length <= window.left, head[0] != 0 else { break }
            switch operation {
            case .chunk:
                // Chunks have separate checksums.
                window.checksum = nil
                try chunk(length, receive)
            case .message, .schema, .channel, .statistics:
                guard length <= MCAPReader.largest else { break reading }
                guard let bytes = window.take(length) else { break reading }
                try record(operation, bytes, receive)
            case .dataEnd where length <= 1024:
                isWhole = true
                sumUp(sum, length)
            case .footer:
                isWhole = true
                break reading
            default: guard window.skip(length) else { break reading }
            }
        }
        tell(isWhole)
        return end
    }

    /// Messages outside chunks share one checksum; 0: none was computed.
    private func sumUp(_ sum: CRC32?, _ length: Int) {
        window.checksum = nil
        guard let bytes = window.take(length) else { return }
        var cursor = ByteCursor(bytes)
        guard let sum, let stated = cursor.number(UInt32.self), stated != 0, stated != sum.value else { return }
        end.damages.append(
            Reason(
                """
                the checksum of \(window.file.printable) does not match its messages: some of its bytes were changed; \
                copy the file again
                """))
    }

    private func tell(_ isWhole: Bool) {
        if !isWhole {
            let share = 100 * Double(window.place) / Double(window.size)
            end.damages.append(
                Reason(
                    """
                    \(window.file.printable) is truncated or damaged after \(Figures.decimals(share, 0)) %: the \
                    \(end.messages) messages before that were read; recover more with 'mcap recover'
                    """))
        }
        if damagedChunks > 0 {
            end.damages.append(
                Reason(
                    """
                    \(damagedChunks) of \(chunks) chunks of \(window.file.printable) are damaged: their messages are \
                    skipped; copy the file again
                    """))
        }
        if unknownMessages > 0 {
            end.damages.append(
                Reason(
                    """
                    \(unknownMessages) messages of \(window.file.printable) belong to no described channel: \
                    they are skipped
                    """))
        }
        if isWhole, damagedChunks == 0, unknownMessages == 0, let stated, stated != UInt64(end.messages) {
            end.damages.append(
                Reason(
                    """
                    \(window.file.printable) states \(stated) messages in its summary but has \(end.messages): its \
                    writer lost some, or the file was changed
                    """))
        }
    }

    // MARK: Records

    private func record(_ operation: Operation?, _ bytes: UnsafeRawBufferPointer, _ receive: MessageReceiver)
        throws(ClipFailure)
    {
        var cursor = ByteCursor(bytes)
        switch operation {
        case .schema:
            guard let id = cursor.number(UInt16.self), let name = cursor.text(), let encoding = cursor.text(),
                let data = cursor.block(), data.count <= MCAPReader.largestSchema, schemas[id] == nil,
                schemaBytes + data.count <= 4 * MCAPReader.largestSchema
            else { return }
            schemaBytes += data.count
            schemas[id] = (name, encoding, [UInt8](data))
        case .channel:
            guard let id = cursor.number(UInt16.self), let schema = cursor.number(UInt16.self),
                let name = cursor.text(), let encoding = cursor.text(), topics[id] == nil,
                topics.count < MCAPReader.mostTopics
            else { return }
            let known = schemas[schema]
            topics[id] = RecordedTopic(
                name: name, encoding: encoding, schemaName: known?.name ?? "", schemaEncoding: known?.encoding ?? "",
                schema: known?.data ?? [])
        case .message:
            guard let id = cursor.number(UInt16.self), cursor.skip(4), let time = cursor.number(UInt64.self),
                cursor.skip(8), let payload = cursor.take(cursor.left)
            else {
                damagedChunks += chunks > 0 ? 1 : 0
                return
            }
            guard let topic = topics[id] else {
                unknownMessages += 1
                return
            }
            end.messages += 1
            try receive(RecordedMessage(topic: topic, logNanoseconds: time, bytes: payload))
        case .statistics: stated = cursor.number(UInt64.self)
        default: return
        }
    }

    private func chunk(_ length: Int, _ receive: MessageReceiver) throws(ClipFailure) {
        chunks += 1
        guard length <= MCAPReader.largest, let bytes = window.take(length) else {
            damagedChunks += 1
            _ = window.skip(length)
            return
        }
        var cursor = ByteCursor(bytes)
        guard cursor.skip(16), let size = cursor.count(), let sum = cursor.number(UInt32.self),
            let compression = cursor.text(), let stored = cursor.count(), let packed = cursor.take(stored),
            size <= MCAPReader.largest
        else {
            damagedChunks += 1
            return
        }
        guard let content = try unpacked(packed, size, compression), sum == 0 || CRC32.of(content) == sum else {
            damagedChunks += 1
            return
        }
        var records = ByteCursor(content)
        while let code = records.number(UInt8.self) {
            guard let count = records.count(), let body = records.take(count) else {
                damagedChunks += 1
                return
            }
            let operation = Operation(rawValue: code)
            if operation == .message || operation == .schema || operation == .channel {
                try record(operation, body, receive)
            }
        }
    }

    /// The content of a chunk, valid until the next; nil: damaged.
    private func unpacked(_ packed: UnsafeRawBufferPointer, _ size: Int, _ compression: String) throws(ClipFailure)
        -> UnsafeRawBufferPointer?
    {
        if compression.isEmpty { return packed.count == size ? packed : nil }
        if unpackers[compression] == nil {
            switch compression {
            case "zstd": unpackers[compression] = ZstdLibrary()
            case "lz4": unpackers[compression] = LZ4Library()
            default:
                throw ClipFailure(
                    code: "no-unpacker",
                    message: "\(window.file.printable) has the unsupported compression '\(compression.printable)'",
                    remedy: "recompress it: mcap compress --compression zstd")
            }
        }
        guard let unpacker = unpackers[compression] else {
            let package = compression == "zstd" ? ZstdLibrary.package : LZ4Library.package
            throw ClipFailure(
                code: "no-unpacker",
                message: "\(window.file.printable) is compressed with \(compression), whose library is not installed",
                remedy: "install \(package) (apt-get install \(package)), or run 'mcap decompress' on the file")
        }
        if (room?.count ?? 0) < size {
            room?.deallocate()
            room = .allocate(byteCount: max(size, 1 << 20), alignment: 16)
        }
        guard let room else { return nil }
        let own = UnsafeMutableRawBufferPointer(rebasing: room[0..<size])
        return unpacker.unpack(packed, into: own) ? UnsafeRawBufferPointer(own) : nil
    }
}
