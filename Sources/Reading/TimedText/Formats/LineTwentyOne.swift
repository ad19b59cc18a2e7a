/// Decodes line 21 captions (CEA-608) of one channel of a field.
struct LineTwentyOne {
    /// A position in a file: the line, and the code in it, each of which takes one frame.
    struct Moment: Hashable {
        let line: Int
        let code: Int
    }

    struct Caption {
        let start: Moment
        /// nil: never cleared.
        var end: Moment?
        var text: String
    }

    private enum Mode { case popOn, paintOn, rollUp, text }

    private(set) var captions: [Caption] = []
    private var mode = Mode.popOn
    private var shown: [Int: String] = [:]
    private var loaded: [Int: String] = [:]
    private var row = 15
    /// Whether the last caption is still visible.
    private var isOpen = false

    /// Rows of a frame, and more characters than fit in one.
    private static let mostRows = 15
    private static let mostLetters = 200

    // MARK: Codes

    /// Takes a pair of bytes without parity that starts with a character.
    mutating func letters(_ first: UInt8, _ second: UInt8, at moment: Moment) {
        for byte in [first, second] where byte >= 0x20 { write(LineTwentyOne.letter(byte), at: moment) }
    }

    /// Takes a control code of this channel: its first byte without the channel bit.
    mutating func control(_ first: UInt8, _ second: UInt8, at moment: Moment) {
        switch (first, second) {
        case (_, 0x40...): preamble(first, second)
        case (0x11, 0x30...0x3F): write(LineTwentyOne.special[Int(second - 0x30)], at: moment)
        case (0x12, 0x20...0x3F): replace(LineTwentyOne.western[Int(second - 0x20)], at: moment)
        case (0x13, 0x20...0x3F): replace(LineTwentyOne.northern[Int(second - 0x20)], at: moment)
        // A style change takes a position, like a blank.
        case (0x11, 0x20...0x2F): write(" ", at: moment)
        case (0x17, 0x21...0x23): write(" ", at: moment)
        case (0x14, 0x20...0x2F), (0x15, 0x20...0x2F): command(second, at: moment)
        default: break
        }
    }

    private mutating func command(_ code: UInt8, at moment: Moment) {
        switch code {
        case 0x20: mode = .popOn
        case 0x21: change { if !$0.isEmpty { $0.removeLast() } }
        case 0x25...0x27:
            if mode != .rollUp { erase(at: moment) }
            mode = .rollUp
            row = LineTwentyOne.mostRows
        case 0x29:
            close(at: moment)
            shown = [:]
            mode = .paintOn
        case 0x2A, 0x2B: mode = .text
        case 0x2C: erase(at: moment)
        case 0x2D:
            guard mode == .rollUp else { return }
            erase(at: moment)
        case 0x2E: loaded = [:]
        case 0x2F:
            erase(at: moment)
            (shown, loaded, mode) = (loaded, [:], .popOn)
            open(at: moment)
        default: break
        }
    }

    /// The position of the next characters: row and indent.
    private mutating func preamble(_ first: UInt8, _ second: UInt8) {
        let low = second & 0x20 == 0 ? 0 : 1
        let rows: [UInt8: Int] = [0x11: 1, 0x12: 3, 0x15: 5, 0x16: 7, 0x17: 9, 0x10: 11, 0x13: 12, 0x14: 14]
        guard let base = rows[first] else { return }
        // Roll-up captions are one row, wherever they are.
        if mode != .rollUp { row = first == 0x10 ? base : base + low }
        change { if !$0.isEmpty { $0 += " " } }
    }

    // MARK: Letters

    private mutating func write(_ letter: Character, at moment: Moment) {
        switch mode {
        case .text: return
        case .popOn: change { $0.append(letter) }
        case .paintOn, .rollUp:
            change { $0.append(letter) }
            if !isOpen {
                open(at: moment)
            } else {
                captions[captions.count - 1].text = LineTwentyOne.text(shown)
            }
        }
    }

    /// A character of the extended sets replaces the plain one before it.
    private mutating func replace(_ letter: Character, at moment: Moment) {
        change { if !$0.isEmpty { $0.removeLast() } }
        write(letter, at: moment)
    }

    private mutating func change(_ body: (inout String) -> Void) {
        if mode == .popOn {
            body(&loaded[row, default: ""])
            if loaded[row, default: ""].utf8.count > LineTwentyOne.mostLetters { loaded[row]?.removeLast() }
        } else {
            body(&shown[row, default: ""])
            if shown[row, default: ""].utf8.count > LineTwentyOne.mostLetters { shown[row]?.removeLast() }
        }
    }

    private mutating func open(at moment: Moment) {
        let text = LineTwentyOne.text(shown)
        guard !text.isEmpty else { return }
        captions.append(Caption(start: moment, end: nil, text: text))
        isOpen = true
    }

    private mutating func close(at moment: Moment) {
        if isOpen { captions[captions.count - 1].end = moment }
        isOpen = false
    }

    private mutating func erase(at moment: Moment) {
        close(at: moment)
        shown = [:]
    }

    private static func text(_ rows: [Int: String]) -> String {
        rows.keys.sorted().map { row in
            rows[row, default: ""].split { $0.isWhitespace }.joined(separator: " ")
        }.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    // MARK: Sets of letters (CEA-608, tables 50 and 51; 47 CFR 15.119)

    static func letter(_ byte: UInt8) -> Character {
        switch byte {
        case 0x2A: "á"
        case 0x5C: "é"
        case 0x5E: "í"
        case 0x5F: "ó"
        case 0x60: "ú"
        case 0x7B: "ç"
        case 0x7C: "÷"
        case 0x7D: "Ñ"
        case 0x7E: "ñ"
        case 0x7F: "█"
        default: Character(Unicode.Scalar(byte))
        }
    }

    static let special = Array("®°½¿™¢£♪à èâêîôû")
    static let western = Array("ÁÉÓÚÜü‘¡*'—©℠•“”ÀÂÇÈÊËëÎÏïÔÙùÛ«»")
    static let northern = Array("ÃãÍÌìÒòÕõ{}\\^_|~ÄäÖöß¥¤│ÅåØø┌┐└┘")
}
