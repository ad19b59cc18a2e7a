import CFFmpeg
import Foundation

/// Captions in the coded pictures themselves: what ATSC A/53 part 4 has broadcasters put into the user data of MPEG-2,
/// and into a message (SEI) of H.264 and H.265 or a metadata unit of AV1, registered by ITU-T T.35.
///
/// In all of them the same eight bytes go before it, in which none is ever escaped, so that they are looked for as they
/// stand. Line 21 as discs (`CC`) and SCTE 20 have it is another thing, and not read.
struct CaptionUserData {
    /// Whether a 3 behind two zeros is no part of what is said (ITU-T H.264, 7.3.1; H.265, 7.3.1.1).
    private let isEscaped: Bool

    init(isEscaped: Bool) { self.isEscaped = isEscaped }

    /// - Returns: nil where the codec has no such place.
    init?(_ parameters: UnsafeMutablePointer<AVCodecParameters>) {
        switch parameters.pointee.codec_id {
        case AV_CODEC_ID_H264, AV_CODEC_ID_HEVC: isEscaped = true
        case AV_CODEC_ID_MPEG2VIDEO, AV_CODEC_ID_AV1: isEscaped = false
        default: return nil
        }
    }

    /// `GA94`, and that captions follow.
    private static let mark: [UInt8] = [0x47, 0x41, 0x39, 0x34, 0x03]
    /// The United States, and ATSC; of MPEG-2 the code that user data begin with.
    private static let registered: [UInt8] = [0xB5, 0x00, 0x31]
    private static let userData: [UInt8] = [0x00, 0x01, 0xB2]

    /// What a coded picture says: three bytes each, whose first holds whether the others count (4), and what they are
    /// (0: line 21, 1: its second field, 2 and 3: digital captions). Those that do not count are left out.
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
        return result
    }

    /// Whether bytes of a file hold captions, wherever a coded picture begins in them.
    static func isIn(_ bytes: UnsafeRawBufferPointer) -> Bool {
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
        // Flags and how many there are, a byte that is reserved, and the pairs.
        guard let head = next(), head & 0x40 != 0, next() != nil else { return }
        for _ in 0..<Int(head & 0x1F) {
            guard let kind = next(), let first = next(), let second = next() else { return }
            if kind & 0x04 != 0 { result += [kind, first, second] }
        }
    }
}
