/// Demultiplexes one field of line 21, pair by pair: its two channels, and other data.
struct LineTwentyOneField {
    private(set) var channels = [LineTwentyOne(), LineTwentyOne()]
    private var channel = 0
    private var before: UInt16?
    private var isText = true

    /// The next pair has no predecessor.
    mutating func begin() { (channel, before, isText) = (0, nil, true) }

    /// Takes a pair of bytes without parity.
    mutating func take(_ first: UInt8, _ second: UInt8, at moment: LineTwentyOne.Moment) {
        guard first >= 0x10, first < 0x20 else {
            before = nil
            // Lower codes are services other than captions.
            if first >= 0x20 || first == 0 {
                if isText { channels[channel].letters(first, second, at: moment) }
            } else {
                isText = false
            }
            return
        }
        isText = true
        // Each control code is sent twice.
        let pair = UInt16(first) << 8 | UInt16(second)
        if before == pair {
            before = nil
            return
        }
        before = pair
        channel = first & 0x08 == 0 ? 0 : 1
        channels[channel].control(first & 0x17, second, at: moment)
    }
}
