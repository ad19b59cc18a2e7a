import CFFmpeg
import Foundation

/// Captions inside coded frames (ATSC A/53 part 4): in the user data of MPEG-2, in an SEI message of H.264 and H.265,
/// or in a metadata OBU of AV1, registered by ITU-T T.35.
///
/// All of them start with the same eight bytes, which are never escaped, so that these can be searched for. Line 21 as
/// on discs (`CC`) and in SCTE 20 is different, and not supported.
struct CaptionUserData {
    /// Whether a 3 after two zeros is an emulation prevention byte (ITU-T H.264, 7.3.1; H.265, 7.3.1.1).
    private let isEscaped: Bool

    init(isEscaped: Bool) { self.isEscaped = isEscaped }

    /// - Returns: nil if the codec has no caption data.
    init?(_ parameters: UnsafeMutablePointer<AVCodecParameters>) {
        switch parameters.pointee.codec_id {
        case AV_CODEC_ID_H264, AV_CODEC_ID_HEVC: isEscaped = true
        case AV_CODEC_ID_MPEG2VIDEO, AV_CODEC_ID_AV1: isEscaped = false
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
        return result
    }

    /// Whether bytes of a file contain captions, independent of frame boundaries.
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
        // Flags and count, a reserved byte, and the pairs.
        guard let head = next(), head & 0x40 != 0, next() != nil else { return }
        for _ in 0..<Int(head & 0x1F) {
            guard let kind = next(), let first = next(), let second = next() else { return }
            if kind & 0x04 != 0 { result += [kind, first, second] }
        }
    }
}
