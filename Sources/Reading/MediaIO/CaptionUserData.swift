import CFFmpeg
import Foundation

/// Captions inside coded frames (ATSC A/53 part 4): in the user data of MPEG-2, in an SEI message of H.264 and H.265,
/// or in a metadata OBU of AV1, registered by ITU-T T.35.
///
/// All of them start with the same eight bytes, which are never escaped, so that these can be searched for. MPEG-2 also
/// has line 21 alone: per frame as in SCTE 20, or per group of pictures as on DVDs.
struct CaptionUserData {
    /// Whether a 3 after two zeros is an emulation prevention byte (ITU-T H.264, 7.3.1; H.265, 7.3.1.1).
    private let isEscaped: Bool
    /// Whether it is MPEG-2.
    private let hasUserData: Bool

    init(isEscaped: Bool, hasUserData: Bool = false) {
        (self.isEscaped, self.hasUserData) = (isEscaped, hasUserData)
    }

    /// - Returns: nil if the codec has no caption data.
    init?(_ parameters: UnsafeMutablePointer<AVCodecParameters>) {
        switch parameters.pointee.codec_id {
        case AV_CODEC_ID_H264, AV_CODEC_ID_HEVC: (isEscaped, hasUserData) = (true, false)
        case AV_CODEC_ID_AV1: (isEscaped, hasUserData) = (false, false)
        case AV_CODEC_ID_MPEG2VIDEO: (isEscaped, hasUserData) = (false, true)
        default: return nil
        }
    }

    /// `GA94`, and the type code of captions.
    private static let mark: [UInt8] = [0x47, 0x41, 0x39, 0x34, 0x03]
    /// The United States and ATSC; for MPEG-2 the start code of user data.
    private static let registered: [UInt8] = [0xB5, 0x00, 0x31]
    private static let userData: [UInt8] = [0x00, 0x01, 0xB2]

    /// The caption data of a coded frame: three bytes each; the first has the valid flag (4) and the type (0: line 21,
    /// 1: its second field, 2 and 3: digital captions). Invalid ones are skipped.
    func triplets(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var result: [UInt8] = []
        var from = 0
        while let place = CaptionUserData.next(bytes, from) {
            from = place + CaptionUserData.mark.count
            guard place >= 3,
                bytes[(place - 3)..<place].elementsEqual(CaptionUserData.registered)
                    || bytes[(place - 3)..<place].elementsEqual(CaptionUserData.userData)
            else { continue }
            read(bytes, from, into: &result)
        }
        if hasUserData {
            CaptionUserData.eachUserData(bytes) { start in
                if let kind = CaptionUserData.kind(bytes, start), kind == .cable {
                    CaptionUserData.readCable(bytes, start + 2, into: &result)
                }
            }
        }
        return result
    }

    /// Line 21 of a group of pictures as on DVDs: the triplets of each displayed frame from its first one.
    func disc(_ bytes: UnsafeRawBufferPointer) -> [[UInt8]] {
        var result: [[UInt8]] = []
        guard hasUserData else { return result }
        CaptionUserData.eachUserData(bytes) { start in
            guard CaptionUserData.kind(bytes, start) == .disc, start + 4 < bytes.count else { return }
            // The stated number of blocks is often wrong: each begins with seven ones, and the field.
            let isOddFirst = bytes[start + 4] & 0x80 != 0
            var (index, isFirst) = (start + 5, true)
            while index + 2 < bytes.count, bytes[index] & 0xFE == 0xFE {
                let isOdd = bytes[index] & 1 == 1
                if isFirst || isOdd == isOddFirst { result.append([]) }
                isFirst = false
                result[result.count - 1] += [isOdd ? 0xFC : 0xFD, bytes[index + 1], bytes[index + 2]]
                index += 3
            }
        }
        return result
    }

    /// Line 21 in the user data of MPEG-2.
    private enum Kind { case disc, cable }

    private static func kind(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Kind? {
        if start + 3 < bytes.count, bytes[start..<start + 4].elementsEqual([0x43, 0x43, 0x01, 0xF8]) { return .disc }
        // The type, seven reserved bits of which the first is 1, and the flag of line 21.
        if start + 2 < bytes.count, bytes[start] == 0x03, bytes[start + 1] & 0x7F == 0x01 { return .cable }
        return nil
    }

    /// Calls with the offset after each start code of user data.
    private static func eachUserData(_ bytes: UnsafeRawBufferPointer, _ body: (Int) -> Void) {
        guard let base = bytes.baseAddress else { return }
        var place = 3
        while place < bytes.count, let found = memchr(base + place, Int32(userData[2]), bytes.count - place) {
            place = UnsafeRawPointer(found) - base
            if bytes[place - 1] == 1, bytes[place - 2] == 0, bytes[place - 3] == 0 { body(place + 1) }
            place += 1
        }
    }

    /// SCTE 20: a count of five bits; each pair with its priority, field, line and a marker, its bits in the order in
    /// which line 21 sends them.
    private static func readCable(_ bytes: UnsafeRawBufferPointer, _ from: Int, into result: inout [UInt8]) {
        var bit = from * 8
        func bits(_ count: Int) -> UInt8? {
            guard bit + count <= bytes.count * 8 else { return nil }
            var value: UInt8 = 0
            for _ in 0..<count {
                value = value << 1 | bytes[bit / 8] >> UInt8(7 - bit % 8) & 1
                bit += 1
            }
            return value
        }
        func reversed(_ byte: UInt8) -> UInt8 { (0..<8).reduce(0) { $0 | (byte >> $1 & 1) << (7 - $1) } }
        guard let count = bits(5) else { return }
        for _ in 0..<count {
            guard bits(2) != nil, let field = bits(2), bits(5) != nil, let first = bits(8), let second = bits(8),
                bits(1) == 1
            else { return }
            // 0 is forbidden; 3 repeats the first field.
            if field == 0 { continue }
            result += [field == 2 ? 0xFD : 0xFC, reversed(first), reversed(second)]
        }
    }

    /// Whether bytes of a file contain captions, independent of frame boundaries.
    func isIn(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var isFound = false
        if hasUserData {
            CaptionUserData.eachUserData(bytes) { start in
                isFound = isFound || CaptionUserData.kind(bytes, start) != nil
            }
        }
        return isFound || CaptionUserData.isRegistered(bytes)
    }

    static func isRegistered(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var from = 0
        while let place = next(bytes, from) {
            if place >= 3,
                bytes[(place - 3)..<place].elementsEqual(registered)
                    || bytes[(place - 3)..<place].elementsEqual(userData)
            {
                return true
            }
            from = place + mark.count
        }
        return false
    }

    private static func next(_ bytes: UnsafeRawBufferPointer, _ from: Int) -> Int? {
        guard let start = bytes.baseAddress else { return nil }
        var place = from
        while place + mark.count <= bytes.count,
            let found = memchr(start + place, Int32(mark[0]), bytes.count - place - mark.count + 1)
        {
            place = UnsafeRawPointer(found) - start
            if memcmp(found, mark, mark.count) == 0 { return place }
            place += 1
        }
        return nil
    }

    private func read(_ bytes: UnsafeRawBufferPointer, _ from: Int, into result: inout [UInt8]) {
        var (index, zeros) = (from, 0)
        func next() -> UInt8? {
            guard index < bytes.count else { return nil }
            if isEscaped, zeros >= 2, bytes[index] == 3 {
                (index, zeros) = (index + 1, 0)
                guard index < bytes.count else { return nil }
            }
            defer { index += 1 }
            zeros = bytes[index] == 0 ? zeros + 1 : 0
            return bytes[index]
        }
        // Flags and count, a reserved byte, and the pairs.
        guard let head = next(), head & 0x40 != 0, next() != nil else { return }
        for _ in 0..<Int(head & 0x1F) {
            guard let kind = next(), let first = next(), let second = next() else { return }
            if kind & 0x04 != 0 { result += [kind, first, second] }
        }
    }
}
