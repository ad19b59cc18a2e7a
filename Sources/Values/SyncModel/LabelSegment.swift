/// A name kept once: its place in a `SymbolTable`. 0 is the empty name.
public struct Symbol: Sendable, Hashable, Comparable {
    public let index: Int32

    public init(index: Int32) { self.index = index }

    /// No name.
    public static let none = Symbol(index: 0)

    public static func < (left: Symbol, right: Symbol) -> Bool { left.index < right.index }
}

/// Names by number, so that a million segments hold each name once.
public struct SymbolTable: Sendable {
    public private(set) var names = [""]
    private var places: [String: Int32] = ["": 0]

    public init() {}

    public subscript(symbol: Symbol) -> String { names[Int(symbol.index)] }

    /// The symbol of a name, new or known.
    public mutating func symbol(_ name: String) -> Symbol {
        if let place = places[name] { return Symbol(index: place) }
        let place = Int32(names.count)
        names.append(name)
        places[name] = place
        return Symbol(index: place)
    }
}

/// One labelled stretch of a recording: seconds on its view's clock, names as symbols of its corpus.
public struct LabelSegment: Sendable, Hashable {
    public var start: Double
    public var end: Double
    /// What happens; by the table of synonyms, where there is one.
    public var label: Symbol
    /// Who does it, which layer of labels it belongs to, and what is said of it in free words; `none` where nothing is.
    public var actor: Symbol
    public var tier: Symbol
    public var note: Symbol
    /// The file that it was read from, by its place in `LabelCorpus.files`, and the line or element in it, counted from
    /// 1.
    public var file: Int32
    public var row: Int32

    public init(
        start: Double, end: Double, label: Symbol, actor: Symbol = .none, tier: Symbol = .none, note: Symbol = .none,
        file: Int32 = 0,
        row: Int32 = 0
    ) {
        self.start = start
        self.end = end
        self.label = label
        self.actor = actor
        self.tier = tier
        self.note = note
        self.file = file
        self.row = row
    }

    /// Its length in seconds.
    public var length: Double { end - start }
}

/// All labels that one annotator gave one view of a session, by tier, then start, then end.
public struct LabelTrack: Sendable {
    public let view: String
    /// Empty where nobody is named.
    public let annotator: String
    public var segments: [LabelSegment]

    public init(view: String, annotator: String = "", segments: [LabelSegment]) {
        self.view = view
        self.annotator = annotator
        self.segments = segments
    }

    /// "cam01", "cam01 by anna", or "anna".
    public var name: String { annotator.isEmpty ? view : view.isEmpty ? annotator : "\(view) by \(annotator)" }
}

/// One recorded event with the labels of each of its views and annotators, by name of view, then annotator.
public struct LabelSession: Sendable {
    public let name: String
    public var tracks: [LabelTrack]

    public init(name: String, tracks: [LabelTrack]) {
        self.name = name
        self.tracks = tracks
    }
}

/// What was noticed while labels were read: which file and row, and what to do.
public struct LabelProblem: Sendable, Hashable {
    /// Whether something was left out; else it was read, and is said.
    public let isLoss: Bool
    /// A short name for programs, such as `end-before-start`.
    public let code: String
    public let file: String
    /// The line or element, counted from 1; nil: the file as a whole.
    public let row: Int?
    public let message: String
    public let remedy: String

    public init(isLoss: Bool, code: String, file: String, row: Int?, message: String, remedy: String) {
        self.isLoss = isLoss
        self.code = code
        self.file = file
        self.row = row
        self.message = message
        self.remedy = remedy
    }
}

/// Labels of many sessions, with their names.
public struct LabelCorpus: Sendable {
    public var sessions: [LabelSession]
    public var symbols: SymbolTable
    public var files: [String]
    public var problems: [LabelProblem]

    public init(sessions: [LabelSession], symbols: SymbolTable, files: [String] = [], problems: [LabelProblem] = []) {
        self.sessions = sessions
        self.symbols = symbols
        self.files = files
        self.problems = problems
    }
}
