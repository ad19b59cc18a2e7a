import CFFmpeg

/// What the bytes of a coded picture must keep to, whatever it shows: H.264 and H.265 in boxes of a length each.
///
/// Within a unit no three bytes 0, 0 and 0...2 follow each other (ITU-T H.264, 7.4.1; H.265, 7.4.2): overwritten and
/// torn packets break that, or the sum of the lengths.
struct CodedPictureRules {
    /// Bytes of a unit's length.
    private let prefix: Int

    /// - Returns: nil where nothing is known of the codec, or its units are not boxed.
    init?(_ parameters: UnsafeMutablePointer<AVCodecParameters>) {
        let (data, size) = (parameters.pointee.extradata, Int(parameters.pointee.extradata_size))
        // The boxes' header states the length of lengths (ISO/IEC 14496-15, 5.3.3.1 and 8.3.3.1).
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
            // Zeros at the very end are filling.
            var end = position + length
            while end > position, data[end - 1] == 0 { end -= 1 }
            // Every second byte is enough to meet two zeros in a row.
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
