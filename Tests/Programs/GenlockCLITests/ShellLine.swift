/// A line of a page as a shell reads it, cut into simple commands: comments, redirections and operators are gone. What
/// pages write beside that is kept as notation: `[OPTIONAL]`, `this|that`, `REPEATED...`, `<placeholder>`.
struct ShellLine {
    enum Token: Equatable {
        /// Wholly or partly in quotes: means itself.
        case quoted(String)
        /// May hold alternatives, or end in dots.
        case plain(String)
        case opening
        case closing
        /// `|` between brackets.
        case bar
    }

    private(set) var commands: [[Token]] = [[]]
    private let characters: [Character]
    private var position = 0
    private var word = ""
    private var isInWord = false
    private var isQuoted = false
    /// Brackets of notation that are open, and groups of commands.
    private var depth = 0
    private var groups = 0
    /// The next word is where a redirection leads.
    private var isTarget = false

    init(_ line: String) {
        characters = Array(line)
        while position < characters.count {
            let character = characters[position]
            if character == "#", !isInWord { break }
            read(character)
        }
        endCommand()
        commands.removeAll { $0.isEmpty }
    }

    /// What a program of that name is given in each command that calls it.
    static func arguments(of program: String, in line: String) -> [[Token]] {
        ShellLine(line).commands.compactMap { arguments(of: program, in: $0) }
    }

    private static func arguments(of program: String, in command: [Token]) -> [Token]? {
        let place = command.firstIndex { token in
            guard let text = token.text else { return false }
            return text == program || text == "$" + program || text.hasSuffix("/" + program)
        }
        guard let place else { return nil }
        // A prompt may have words of its own: `machine 1$`.
        let prompt = command[..<place].lastIndex { $0.text?.hasSuffix("$") ?? false }
        let before = command[(prompt.map { $0 + 1 } ?? 0)..<place]
        let keywords: Set = ["if", "then", "else", "elif", "do", "while", "until", "!", "time", "exec", "env", "sudo"]
        let isCalled = before.allSatisfy { token in
            guard let text = token.text else { return false }
            return keywords.contains(text) || text.contains("=") && !text.hasPrefix("-")
        }
        return isCalled ? Array(command[(place + 1)...]) : nil
    }

    /// All ways to read arguments in notation: optional parts left out and given, each alternative, what may be
    /// repeated once and twice.
    static func readings(of tokens: [Token]) -> [[String]] {
        var rest = tokens[...]
        return alternatives(&rest)
    }

    /// Readings up to the bracket that closes, which is taken too.
    private static func alternatives(_ rest: inout ArraySlice<Token>) -> [[String]] {
        var done: [[String]] = []
        var readings: [[String]] = [[]]
        while let token = rest.popFirst() {
            switch token {
            case .closing: return done + readings
            case .bar:
                done += readings
                readings = [[]]
            case .opening:
                let inner = alternatives(&rest)
                readings = readings.flatMap { reading in [reading] + inner.map { reading + $0 } }
            case .quoted(let text): readings = readings.map { $0 + [text] }
            case .plain(let text):
                let choices = words(text)
                readings = readings.flatMap { reading in choices.map { reading + $0 } }
            }
        }
        return done + readings
    }

    private static func words(_ text: String) -> [[String]] {
        let isRepeated = text.hasSuffix("...")
        let bare = isRepeated ? String(text.dropLast(3)) : text
        guard !bare.isEmpty else { return [[]] }
        // The shell puts the files in the pattern's place.
        if bare.contains("*") { return [[bare.replacing("*", with: "1"), bare.replacing("*", with: "2")]] }
        return bare.split(separator: "|").map(String.init).flatMap { isRepeated ? [[$0], [$0, $0]] : [[$0]] }
    }
}

extension ShellLine {
    private var next: Character? { position + 1 < characters.count ? characters[position + 1] : nil }

    private mutating func read(_ character: Character) {
        switch character {
        case "'", "\"":
            quote(character)
            return
        case "\\":
            if let next { add(next) }
            position += 1
        case "[" where !isInWord:
            push(.opening)
            depth += 1
        case "]" where depth > 0:
            endWord()
            push(.closing)
            depth -= 1
        case "|": bar()
        case "$" where next == "(": substitute()
        case "(" where !isInWord && commands[commands.count - 1].isEmpty: groups += 1
        case ")" where groups > 0:
            groups -= 1
            endCommand()
        case "&", ";": endCommand()
        case ">": redirect()
        case "<":
            if let placeholder {
                for character in placeholder { add(character) }
                position += placeholder.count - 1
            } else {
                redirect()
            }
        case _ where character.isWhitespace: endWord()
        default: add(character)
        }
        position += 1
    }

    /// `<words>` in angle brackets, where they close before the next space.
    private var placeholder: ArraySlice<Character>? {
        let rest = characters[position...]
        guard let end = rest.firstIndex(of: ">"), end > position + 1 else { return nil }
        return rest[position...end].contains(where: \.isWhitespace) ? nil : rest[position...end]
    }

    private mutating func add(_ character: Character) {
        word.append(character)
        isInWord = true
    }

    private mutating func push(_ token: Token) { commands[commands.count - 1].append(token) }

    /// A quote that does not close ends with the line.
    private mutating func quote(_ mark: Character) {
        isInWord = true
        isQuoted = true
        position += 1
        while position < characters.count, characters[position] != mark {
            if mark == "\"", characters[position] == "$", next == "(" {
                substitute()
            } else {
                if mark == "\"", characters[position] == "\\" { position += 1 }
                if position < characters.count { word.append(characters[position]) }
            }
            position += 1
        }
        position += 1
    }

    /// `$(command)`: a word, and a line of its own.
    private mutating func substitute() {
        var open = 0
        let start = position + 2
        repeat {
            add(characters[position])
            position += 1
            if position < characters.count {
                open += characters[position] == "(" ? 1 : characters[position] == ")" ? -1 : 0
            }
        } while position < characters.count && open > 0
        let end = min(position, characters.count)
        if position < characters.count { add(")") }
        commands.insert(contentsOf: ShellLine(String(characters[min(start, end)..<end])).commands, at: 0)
    }

    private mutating func bar() {
        if depth > 0 {
            endWord()
            push(.bar)
        } else if isInWord, let next, !next.isWhitespace, next != "|" {
            add("|")
        } else {
            endCommand()
        }
    }

    /// `2>` and the like: the digits belong to the operator, and the word after it is where the text goes.
    private mutating func redirect() {
        if isInWord, !isQuoted, word.allSatisfy(\.isNumber) { (word, isInWord) = ("", false) }
        endWord()
        while let next, next == ">" || next == "<" || next == "&" { position += 1 }
        isTarget = true
    }

    private mutating func endWord() {
        defer { (word, isInWord, isQuoted) = ("", false, false) }
        guard isInWord else { return }
        if isTarget {
            isTarget = false
        } else {
            push(isQuoted ? .quoted(word) : .plain(word))
        }
    }

    private mutating func endCommand() {
        endWord()
        isTarget = false
        commands.append([])
    }
}

extension ShellLine.Token {
    /// The text of a word.
    var text: String? {
        switch self {
        case .quoted(let text), .plain(let text): text
        case .opening, .closing, .bar: nil
        }
    }
}
