/// Decompresses DEFLATE data (RFC 1951).
struct Inflate {
    private let input: ArraySlice<UInt8>
    private var place: Int
    private var held: UInt32 = 0
    private var bits = 0
    private var output: [UInt8] = []
    private let most: Int

    /// - Parameter most: maximum output size in bytes.
    /// - Returns: nil if the data is damaged.
    static func unpack(_ input: ArraySlice<UInt8>, most: Int) -> [UInt8]? {
        var work = Inflate(input: input, most: most)
        return work.run() ? work.output : nil
    }

    private init(input: ArraySlice<UInt8>, most: Int) {
        self.input = input
        place = input.startIndex
        self.most = most
    }

    /// A canonical Huffman code: the number of codes of each length, and the symbols in order.
    private struct Code {
        var counts = [Int](repeating: 0, count: 16)
        var symbols: [Int]

        init(_ lengths: ArraySlice<Int>) {
            for length in lengths { counts[length] += 1 }
            counts[0] = 0
            symbols = lengths.indices.filter { lengths[$0] > 0 }.sorted { (lengths[$0], $0) < (lengths[$1], $1) }.map {
                $0 - lengths.startIndex
            }
        }
    }

    private mutating func take(_ count: Int) -> Int? {
        while bits < count {
            guard place < input.endIndex else { return nil }
            held |= UInt32(input[place]) << UInt32(bits)
            place += 1
            bits += 8
        }
        let value = Int(held & ((1 << UInt32(count)) - 1))
        held >>= UInt32(count)
        bits -= count
        return value
    }

    private mutating func symbol(_ code: Code) -> Int? {
        var (value, first, index) = (0, 0, 0)
        for length in 1...15 {
            guard let bit = take(1) else { return nil }
            value |= bit
            let count = code.counts[length]
            if value - count < first { return code.symbols[index + value - first] }
            index += count
            first = (first + count) << 1
            value <<= 1
        }
        return nil
    }

    private mutating func run() -> Bool {
        while true {
            guard let isLast = take(1), let kind = take(2) else { return false }
            switch kind {
            case 0: guard stored() else { return false }
            case 1:
                var lengths = [Int](repeating: 8, count: 288)
                for index in 144..<256 { lengths[index] = 9 }
                for index in 256..<280 { lengths[index] = 7 }
                guard block(Code(lengths[...]), Code([Int](repeating: 5, count: 30)[...])) else { return false }
            case 2:
                guard let (literals, distances) = codes(), block(literals, distances) else { return false }
            default: return false
            }
            if isLast == 1 { return true }
        }
    }

    private mutating func stored() -> Bool {
        (held, bits) = (0, 0)
        guard place + 4 <= input.endIndex else { return false }
        let length = Int(input[place]) | Int(input[place + 1]) << 8
        place += 4
        guard place + length <= input.endIndex, output.count + length <= most else { return false }
        output += input[place..<place + length]
        place += length
        return true
    }

    private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    private mutating func codes() -> (Code, Code)? {
        guard let literals = take(5), let distances = take(5), let count = take(4) else { return nil }
        var lengths = [Int](repeating: 0, count: 19)
        for index in 0..<count + 4 {
            guard let length = take(3) else { return nil }
            lengths[Inflate.order[index]] = length
        }
        let code = Code(lengths[...])
        var all: [Int] = []
        let total = literals + 257 + distances + 1
        while all.count < total {
            guard let next = symbol(code) else { return nil }
            switch next {
            case 0..<16: all.append(next)
            case 16:
                guard let last = all.last, let more = take(2) else { return nil }
                all += [Int](repeating: last, count: 3 + more)
            case 17:
                guard let more = take(3) else { return nil }
                all += [Int](repeating: 0, count: 3 + more)
            default:
                guard let more = take(7) else { return nil }
                all += [Int](repeating: 0, count: 11 + more)
            }
        }
        guard all.count == total else { return nil }
        return (Code(all[..<(literals + 257)]), Code(all[(literals + 257)...]))
    }

    private static let lengthBase = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthBits = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBase = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145, 8193, 12289, 16385, 24577,
    ]
    private static let distanceBits = [
        0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
    ]

    private mutating func block(_ literals: Code, _ distances: Code) -> Bool {
        while true {
            guard let next = symbol(literals) else { return false }
            if next == 256 { return true }
            if next < 256 {
                guard output.count < most else { return false }
                output.append(UInt8(next))
                continue
            }
            let row = next - 257
            guard row < Inflate.lengthBase.count, let more = take(Inflate.lengthBits[row]), let far = symbol(distances),
                far < Inflate.distanceBase.count, let further = take(Inflate.distanceBits[far])
            else { return false }
            let length = Inflate.lengthBase[row] + more
            let distance = Inflate.distanceBase[far] + further
            guard distance <= output.count, output.count + length <= most else { return false }
            for _ in 0..<length { output.append(output[output.count - distance]) }
        }
    }
}
