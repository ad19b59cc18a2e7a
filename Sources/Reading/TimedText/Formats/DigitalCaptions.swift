/// Decodes digital captions (CEA-708): packets from frames, and the services in them.
struct DigitalCaptions {
    private(set) var services: [Int: CaptionService] = [:]
    private var packet: [UInt8] = []
    private var length = 0

    /// Takes two bytes.
    ///
    /// - Parameter isStart: whether a packet starts with them.
    mutating func take(isStart: Bool, _ first: UInt8, _ second: UInt8, at seconds: Double) {
        if isStart {
            packet.removeAll(keepingCapacity: true)
            // The length in its header, in pairs; 0 is the maximum.
            length = first & 0x3F == 0 ? 128 : 2 * Int(first & 0x3F)
        }
        guard packet.count < length else { return }
        packet += [first, second]
        if packet.count >= length { read(at: seconds) }
    }

    private mutating func read(at seconds: Double) {
        var index = 1
        while index < packet.count {
            var number = Int(packet[index] >> 5)
            let size = Int(packet[index] & 0x1F)
            index += 1
            if number == 7, size > 0, index < packet.count {
                number = Int(packet[index] & 0x3F)
                index += 1
            }
            // Nothing follows a block of no service.
            guard number > 0, index + size <= packet.count else { return }
            services[number, default: CaptionService()].take(packet[index..<index + size], at: seconds)
            index += size
        }
    }
}

/// One service of digital captions: eight windows, and the text written to them.
///
/// A cue is the content of a window from when it is visible until it is cleared, hidden or deleted. If rows are written
/// one by one into a visible window, each that starts later is a separate cue.
struct CaptionService {
    struct Caption {
        let start: Double
        /// nil: never cleared.
        var end: Double?
        var text: String
        /// Vertical position of its window, from the top.
        let height: Int
    }

    private struct Window {
        var isSeen = false
        var rowCount = 1
        var height = 0
        var rows: [Int: [Character]] = [:]
        var (row, column) = (0, 0)
        /// The caption in the window.
        var caption: Int?

        var text: String {
            rows.keys.sorted().map { row in
                String(rows[row] ?? []).split { $0.isWhitespace }.joined(separator: " ")
            }.filter { !$0.isEmpty }.joined(separator: "\n")
        }
    }

    private(set) var captions: [Caption] = []
    private var windows: [Int: Window] = [:]
    private var current = 0
    /// Bytes held during a delay, and its end.
    private var held: [UInt8] = []
    private var until: Double?

    /// Text written within this time, in seconds, is one caption.
    private static let burst = 0.25
    private static let mostColumns = 64
    /// Maximum number of held bytes, as in decoders.
    private static let mostHeld = 128

    // MARK: Commands

    /// Takes the bytes of a block.
    mutating func take(_ block: ArraySlice<UInt8>, at seconds: Double) {
        if let until {
            let isCut = CaptionService.endsDelay(Array(block)) || held.count > CaptionService.mostHeld
            guard isCut || seconds >= until else {
                held += block
                return
            }
            let waited = held
            (self.until, held) = (nil, [])
            take(waited[...], at: min(until, seconds))
            return take(block, at: seconds)
        }
        var rest = block
        while let code = rest.first {
            let size = CaptionService.size(rest)
            guard size <= rest.count else { return }
            let command = Array(rest.prefix(size))
            rest = rest.dropFirst(size)
            if code == 0x8D {
                (until, held) = (seconds + Double(command[1]) / 10, Array(rest))
                return
            }
            run(command, at: seconds)
        }
    }

    /// Bytes of the first code (CTA-708, 7.1).
    private static func size(_ bytes: ArraySlice<UInt8>) -> Int {
        guard let first = bytes.first else { return 0 }
        switch first {
        case 0x10:
            guard let second = bytes.dropFirst().first else { return 2 }
            switch second {
            case 0x08...0x0F: return 3
            case 0x10...0x17: return 4
            case 0x18...0x1F: return 5
            case 0x80...0x87: return 6
            case 0x88...0x8F: return 7
            case 0x90...0x9F: return 3 + Int((bytes.dropFirst(2).first ?? 0) & 0x1F)
            default: return 2
            }
        case 0x11...0x17: return 2
        case 0x18...0x1F: return 3
        case 0x88...0x8D: return 2
        case 0x90, 0x92: return 3
        case 0x91: return 4
        case 0x97: return 5
        case 0x98...0x9F: return 7
        default: return 1
        }
    }

    private static func endsDelay(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while let code = rest.first {
            if code == 0x8E || code == 0x8F { return true }
            rest = rest.dropFirst(max(1, size(rest)))
        }
        return false
    }

    private mutating func run(_ command: [UInt8], at seconds: Double) {
        func each(_ body: (Int) -> Void) { for window in 0..<8 where command[1] & 1 << window != 0 { body(window) } }
        switch command[0] {
        case 0x08: change(at: seconds) { CaptionService.back(&$0) }
        case 0x0C: clear(current, at: seconds, movesPen: true)
        case 0x0D: nextRow(at: seconds)
        case 0x0E:
            change(at: seconds) {
                $0.rows[$0.row] = nil
                $0.column = 0
            }
        case 0x10: CaptionService.further[command[1]].map { write($0, at: seconds) }
        case 0x18:
            if let scalar = Unicode.Scalar(UInt16(command[1]) << 8 | UInt16(command[2])), scalar.value >= 0x20 {
                write(Character(scalar), at: seconds)
            }
        case 0x7F: write("♪", at: seconds)
        case 0x20...0x7E, 0xA0...0xFF: write(Character(Unicode.Scalar(command[0])), at: seconds)
        case 0x80...0x87: current = Int(command[0] & 7)
        case 0x88: each { clear($0, at: seconds) }
        case 0x89: each { see($0, true, at: seconds) }
        case 0x8A: each { see($0, false, at: seconds) }
        case 0x8B: each { see($0, !(windows[$0]?.isSeen ?? true), at: seconds) }
        case 0x8C: each { remove($0, at: seconds) }
        case 0x8F: for window in 0..<8 { remove(window, at: seconds) }
        case 0x92: move(to: Int(command[1] & 0x0F), Int(command[2] & 0x3F), at: seconds)
        case 0x98...0x9F: define(Int(command[0] & 7), command, at: seconds)
        default: break
        }
    }

    // MARK: Windows

    private mutating func define(_ window: Int, _ command: [UInt8], at seconds: Double) {
        if windows[window] == nil { windows[window] = Window() }
        windows[window]?.height = Int(command[2] & 0x7F)
        windows[window]?.rowCount = Int(command[4] & 0x0F) + 1
        current = window
        see(window, command[1] & 0x20 != 0, at: seconds)
    }

    private mutating func see(_ window: Int, _ isSeen: Bool, at seconds: Double) {
        guard windows[window] != nil else { return }
        windows[window]?.isSeen = isSeen
        if isSeen { show(window, at: seconds) } else { close(window, at: seconds) }
    }

    private mutating func clear(_ window: Int, at seconds: Double, movesPen: Bool = false) {
        close(window, at: seconds)
        windows[window]?.rows = [:]
        guard movesPen else { return }
        windows[window]?.row = 0
        windows[window]?.column = 0
    }

    private mutating func remove(_ window: Int, at seconds: Double) {
        close(window, at: seconds)
        windows[window] = nil
    }

    /// Opens the window's caption, or updates its text.
    private mutating func show(_ number: Int, at seconds: Double) {
        guard let window = windows[number], window.isSeen else { return }
        let text = window.text
        if let caption = window.caption {
            captions[caption].text = text
        } else if !text.isEmpty {
            windows[number]?.caption = captions.count
            captions.append(Caption(start: seconds, end: nil, text: text, height: window.height))
        }
    }

    private mutating func close(_ window: Int, at seconds: Double) {
        guard let caption = windows[window]?.caption else { return }
        captions[caption].end = seconds
        windows[window]?.caption = nil
    }

    // MARK: Text

    private mutating func change(at seconds: Double, _ body: (inout Window) -> Void) {
        guard var window = windows[current] else { return }
        body(&window)
        windows[current] = window
        show(current, at: seconds)
    }

    private mutating func write(_ letter: Character, at seconds: Double) {
        change(at: seconds) { window in
            guard window.column < CaptionService.mostColumns else { return }
            var row = window.rows[window.row] ?? []
            while row.count < window.column { row.append(" ") }
            if window.column < row.count { row[window.column] = letter } else { row.append(letter) }
            window.rows[window.row] = row
            window.column += 1
        }
    }

    private static func back(_ window: inout Window) {
        guard window.column > 0 else { return }
        window.column -= 1
        guard let row = window.rows[window.row], window.column < row.count else { return }
        window.rows[window.row] = Array(row[..<window.column])
    }

    private mutating func nextRow(at seconds: Double) {
        endCaption(at: seconds)
        change(at: seconds) { window in
            window.column = 0
            guard window.row + 1 >= window.rowCount else {
                window.row += 1
                return
            }
            // The rows roll up.
            window.rows = Dictionary(
                uniqueKeysWithValues: window.rows.filter { $0.key > 0 }.map { ($0.key - 1, $0.value) })
        }
    }

    private mutating func move(to row: Int, _ column: Int, at seconds: Double) {
        if windows[current]?.row != row { endCaption(at: seconds) }
        windows[current]?.row = row
        windows[current]?.column = column
    }

    /// If the window has been visible for a while, the next text is another caption.
    private mutating func endCaption(at seconds: Double) {
        guard let caption = windows[current]?.caption, seconds - captions[caption].start > CaptionService.burst else {
            return
        }
        close(current, at: seconds)
        windows[current]?.rows = [:]
    }

    /// The additional characters (CTA-708, 7.1.8).
    private static let further: [UInt8: Character] = [
        0x20: " ", 0x21: "\u{A0}", 0x25: "…", 0x2A: "Š", 0x2C: "Œ", 0x30: "█", 0x31: "‘", 0x32: "’", 0x33: "“",
        0x34: "”", 0x35: "•", 0x39: "™", 0x3A: "š", 0x3C: "œ", 0x3D: "℠", 0x3F: "Ÿ", 0x76: "⅛", 0x77: "⅜", 0x78: "⅝",
        0x79: "⅞", 0x7A: "│", 0x7B: "┐", 0x7C: "└", 0x7D: "─", 0x7E: "┘", 0x7F: "┌",
    ]
}
