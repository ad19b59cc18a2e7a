/// Captions in the pictures of a video of 30000/1001 frames a second, as encoders of broadcasters send them, made bit
/// by bit from CTA-608, CTA-708 and ATSC A/53 part 4.
public struct MadeCaptions {
    public struct Cue: Sendable {
        /// The frame whose code shows it, and the one whose code takes it away.
        public let start: Int
        public let end: Int
        /// At most two rows.
        public let rows: [String]

        public init(_ start: Int, _ end: Int, _ rows: String...) {
            (self.start, self.end, self.rows) = (start, end, rows)
        }
    }

    public static let rate = 30_000.0 / 1001

    /// Three bytes each, frame by frame.
    public private(set) var triplets: [[UInt8]]
    private var sequence: UInt8 = 0

    public init(frames: Int) { triplets = Array(repeating: [], count: frames) }

    /// Adds triplets to a frame.
    public mutating func add(_ bytes: [UInt8], at frame: Int) { triplets[frame] += bytes }

    // MARK: Line 21

    /// Cues that pop on, in a channel 1 to 4; a cue that ends where the next one starts is taken away by that.
    public mutating func popOn(_ cues: [Cue], channel: Int = 1) {
        let (field, bit): (UInt8, UInt8) = (channel > 2 ? 1 : 0, channel % 2 == 0 ? 0x08 : 0)
        // In the second field commands begin with another byte.
        let command = (field == 0 ? 0x14 : 0x15) | bit
        for (number, cue) in cues.enumerated() {
            var pairs: [(UInt8, UInt8)] = [(command, 0x20), (command, 0x20), (command, 0x2E), (command, 0x2E)]
            for (row, text) in cue.rows.enumerated() {
                let place: UInt8 = row == cue.rows.count - 1 ? 0x70 : 0x50
                pairs += [(0x14 | bit, place), (0x14 | bit, place)]
                let letters = Array(text.utf8)
                for index in stride(from: 0, to: letters.count, by: 2) {
                    pairs.append((letters[index], index + 1 < letters.count ? letters[index + 1] : 0))
                }
            }
            put(pairs, field, from: cue.start - pairs.count)
            put([(command, 0x2F), (command, 0x2F)], field, from: cue.start)
            if number + 1 == cues.count || cues[number + 1].start != cue.end {
                put([(command, 0x2C), (command, 0x2C)], field, from: cue.end)
            }
        }
    }

    /// Pairs of one field, one a frame.
    public mutating func put(_ pairs: [(UInt8, UInt8)], _ field: UInt8, from frame: Int) {
        for (offset, pair) in pairs.enumerated() {
            precondition(
                !stride(from: 0, to: triplets[frame + offset].count, by: 3).contains {
                    triplets[frame + offset][$0] == 0xFC | field
                }, "two pairs in frame \(frame + offset)")
            triplets[frame + offset] += [0xFC | field, MadeCaptions.odd(pair.0), MadeCaptions.odd(pair.1)]
        }
    }

    public static func odd(_ byte: UInt8) -> UInt8 { byte | (byte.nonzeroBitCount & 1 == 1 ? 0 : 0x80) }

    // MARK: Digital captions

    /// Cues that are written into hidden windows, two in turn, and then shown.
    public mutating func windows(_ cues: [Cue], service: UInt8 = 1) {
        for (number, cue) in cues.enumerated() {
            let window = UInt8(number % 2)
            var commands: [[UInt8]] = [
                [0x98 + window, 0x18, 60, 10, 0x60 | UInt8(cue.rows.count - 1), 31, 0x09], [0x0C],
            ]
            for (row, text) in cue.rows.enumerated() {
                commands.append([0x92, UInt8(row), 0])
                commands += text.unicodeScalars.map { [UInt8($0.value)] }
            }
            var blocks: [[UInt8]] = [[]]
            for command in commands {
                if blocks[blocks.count - 1].count + command.count > 24 { blocks.append([]) }
                blocks[blocks.count - 1] += command
            }
            for (offset, block) in blocks.enumerated() { send(block, service, at: cue.start - blocks.count + offset) }
            send([0x89, 1 << window], service, at: cue.start)
            send([0x8C, 1 << window], service, at: cue.end)
        }
    }

    /// A block of a service as a packet of its own.
    public mutating func send(_ block: [UInt8], _ service: UInt8, at frame: Int) {
        var packet: [UInt8] = service < 7 ? [service << 5 | UInt8(block.count)] : [0xE0 | UInt8(block.count), service]
        packet += block
        if packet.count % 2 == 0 { packet.append(0) }
        packet.insert(sequence << 6 | UInt8((packet.count + 1) / 2), at: 0)
        sequence = (sequence + 1) & 3
        for index in stride(from: 0, to: packet.count, by: 2) {
            triplets[frame] += [index == 0 ? 0xFF : 0xFE, packet[index], packet[index + 1]]
        }
    }

    // MARK: Pictures

    public enum Coding: Sendable { case h264, hevc }

    /// A stream of units with start codes, whose pictures are shown in the order in which they are coded and begin with
    /// a delimiter, with what each picture carries put in.
    public func inserted(into stream: [UInt8], _ coding: Coding) -> [UInt8] {
        var (result, frame, index): ([UInt8], Int, Int) = ([], 0, 0)
        func begins(_ at: Int) -> Bool {
            at + 3 < stream.count && stream[at] == 0 && stream[at + 1] == 0 && stream[at + 2] == 1
        }
        func isDelimiter(_ at: Int) -> Bool {
            begins(at) && (coding == .h264 ? stream[at + 3] & 0x1F == 9 : stream[at + 3] >> 1 & 0x3F == 35)
        }
        while index < stream.count {
            guard isDelimiter(index) else {
                result.append(stream[index])
                index += 1
                continue
            }
            var end = index + 3
            while end < stream.count, !begins(end), !(stream[end] == 0 && begins(end + 1)) { end += 1 }
            result += stream[index..<end]
            if frame < triplets.count, !triplets[frame].isEmpty {
                result += [0, 0, 0, 1] + MadeCaptions.unit(triplets[frame], coding)
            }
            frame += 1
            index = end
        }
        return result
    }

    /// The message that a picture carries, with its unit about it.
    static func unit(_ triplets: [UInt8], _ coding: Coding) -> [UInt8] {
        let payload =
            [0xB5, 0x00, 0x31, 0x47, 0x41, 0x39, 0x34, 0x03, 0x40 | UInt8(triplets.count / 3), 0xFF] + triplets + [0xFF]
        var body: [UInt8] = [4]
        body += Array(repeating: 0xFF, count: payload.count / 255) + [UInt8(payload.count % 255)]
        body += payload + [0x80]
        var result: [UInt8] = coding == .h264 ? [0x06] : [0x4E, 0x01]
        var zeros = 0
        for byte in body {
            if zeros >= 2, byte <= 3 {
                result.append(3)
                zeros = 0
            }
            result.append(byte)
            zeros = byte == 0 ? zeros + 1 : 0
        }
        return result
    }

    // MARK: User data of MPEG-2

    /// Line 21 alone: per frame (SCTE 20), or per group of pictures (DVDs).
    public enum UserData: Sendable { case cable, disc }

    /// A stream of MPEG-2 with line 21 of what each frame carries put in; frames without any have pairs of nulls.
    public func inserted(into stream: [UInt8], _ kind: UserData) -> [UInt8] {
        var (result, index, group, last): ([UInt8], Int, Int, Int) = ([], 0, 0, -1)
        var waiting: [UInt8] = []
        /// The number of frames up to the next group.
        func length(from place: Int) -> Int {
            var (at, count) = (place, 0)
            while at + 3 < stream.count {
                if stream[at] == 0, stream[at + 1] == 0, stream[at + 2] == 1 {
                    if stream[at + 3] == 0xB8 { break }
                    if stream[at + 3] == 0 { count += 1 }
                }
                at += 1
            }
            return count
        }
        while index < stream.count {
            guard index + 5 < stream.count, stream[index] == 0, stream[index + 1] == 0, stream[index + 2] == 1 else {
                result.append(stream[index])
                index += 1
                continue
            }
            switch stream[index + 3] {
            case 0xB8:
                group += last + 1
                last = -1
                if kind == .disc { waiting = disc(group, length(from: index + 4)) }
            case 0:
                // A group's data follow its header, a frame's the headers of the frame.
                if kind == .disc {
                    result += waiting
                    waiting = []
                }
                let number = Int(stream[index + 4]) << 2 | Int(stream[index + 5]) >> 6
                last = max(last, number)
                if kind == .cable { waiting = cable(group + number) }
            case 1 where kind == .cable:
                result += waiting
                waiting = []
            default: break
            }
            result += stream[index..<index + 4]
            index += 4
        }
        return result
    }

    private func pair(_ field: UInt8, of frame: Int) -> [UInt8] {
        let carried = frame < triplets.count ? triplets[frame] : []
        let place = stride(from: 0, to: carried.count, by: 3).first { carried[$0] == 0xFC | field }
        return place.map { Array(carried[$0 + 1..<$0 + 3]) } ?? [0x80, 0x80]
    }

    private func disc(_ first: Int, _ count: Int) -> [UInt8] {
        (first..<first + count).reduce([0, 0, 1, 0xB2, 0x43, 0x43, 0x01, 0xF8, 0x80 | UInt8(count) << 1]) {
            $0 + [0xFF] + pair(0, of: $1) + [0xFE] + pair(1, of: $1)
        }
    }

    private func cable(_ frame: Int) -> [UInt8] {
        var bits: [UInt8] = []
        func put(_ value: UInt8, _ count: Int) {
            for bit in (0..<count).reversed() { bits.append(value >> UInt8(bit) & 1) }
        }
        put(2, 5)
        for field in [UInt8(0), 1] {
            put(0, 2)
            put(field + 1, 2)
            put(11, 5)
            // Line 21 sends the lowest bit first.
            for byte in pair(field, of: frame) { for bit in UInt8(0)..<8 { bits.append(byte >> bit & 1) } }
            put(1, 1)
        }
        while bits.count % 8 != 0 { bits.append(0) }
        let bytes = stride(from: 0, to: bits.count, by: 8).map { at in bits[at..<at + 8].reduce(0) { $0 << 1 | $1 } }
        return [0, 0, 1, 0xB2, 0x03, 0x81] + bytes
    }
}
