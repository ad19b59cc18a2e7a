import CFFmpeg

/// Syntax rules for the bytes of a coded frame: H.264 and H.265 with length-prefixed units.
///
/// Within a unit the three bytes 0, 0 and 0...2 never occur (ITU-T H.264, 7.4.1; H.265, 7.4.2): overwritten and torn
/// packets violate that, or the sum of the lengths.
struct CodedPictureRules {
    /// Bytes of the length prefix.
    private let prefix: Int

    /// - Returns: nil for other codecs, or if units are not length-prefixed.
    init?(_ parameters: UnsafeMutablePointer<AVCodecParameters>) {
        let (data, size) = (parameters.pointee.extradata, Int(parameters.pointee.extradata_size))
        // The configuration record states the size of lengths (ISO/IEC 14496-15, 5.3.3.1 and 8.3.3.1).
        let place: Int
        switch parameters.pointee.codec_id {
        case AV_CODEC_ID_H264: place = 4
        case AV_CODEC_ID_HEVC: place = 21
        default: return nil
        }
        guard let data, size > place, data[0] == 1 else { return nil }
        prefix = Int(data[place] & 3) + 1
    }

    func isBroken(_ data: UnsafeMutablePointer<UInt8>?, _ size: Int) -> Bool {
        guard let data else { return false }
        var position = 0
        while position < size {
            guard position + prefix <= size else { return true }
            var length = 0
            for index in 0..<prefix { length = length << 8 | Int(data[position + index]) }
            position += prefix
            guard length > 0, length <= size - position else { return length != 0 }
            // Zeros at the end are padding.
            var end = position + length
            while end > position, data[end - 1] == 0 { end -= 1 }
            // Every second byte is enough to find two consecutive zeros.
            var index = position + 1
            while index < end - 1 {
                if data[index] == 0 {
                    let first = data[index - 1] == 0 ? index - 1 : index
                    if first + 2 < end, data[first + 1] == 0, data[first + 2] < 3 { return true }
                    if first == index - 1, data[index + 1] == 0, index + 2 < end, data[index + 2] < 3 { return true }
                }
                index += 2
            }
            position += length
        }
        return false
    }
}
