/// An interned name: its index in a `SymbolTable`. 0 is the empty name.
public struct Symbol: Sendable, Hashable, Comparable {
    public let index: Int32

    public init(index: Int32) { self.index = index }

    /// No name.
    public static let none = Symbol(index: 0)

    public static func < (left: Symbol, right: Symbol) -> Bool { left.index < right.index }
}

/// Interned names: a million segments store each name once.
public struct SymbolTable: Sendable {
    public private(set) var names = [""]
    private var places: [String: Int32] = ["": 0]

    public init() {}

    public subscript(symbol: Symbol) -> String { names[Int(symbol.index)] }

    /// The symbol of a name, added if new.
    public mutating func symbol(_ name: String) -> Symbol {
        if let place = places[name] { return Symbol(index: place) }
        let place = Int32(names.count)
        names.append(name)
        places[name] = place
        return Symbol(index: place)
    }
}

/// One labelled interval of a recording: seconds on its view's clock, names as symbols of its corpus.
public struct LabelSegment: Sendable, Hashable {
    public var start: Double
    public var end: Double
    /// The action's name, after synonyms are applied.
    public var label: Symbol
    /// The actor, the tier, and a free comment; `none` if absent.
    public var actor: Symbol
    public var tier: Symbol
    public var note: Symbol
    /// Its source: the index in `LabelCorpus.files`, and the line or element in that file, from 1.
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
    /// Empty if unnamed.
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

/// One recorded event with the labels of its views and annotators, sorted by view, then annotator.
public struct LabelSession: Sendable {
    public let name: String
    public var tracks: [LabelTrack]

    public init(name: String, tracks: [LabelTrack]) {
        self.name = name
        self.tracks = tracks
    }
}

/// A problem found while reading labels: which file and row, and what to do.
public struct LabelProblem: Sendable, Hashable {
    /// Whether something was skipped; else it was read, and is reported.
    public let isLoss: Bool
    /// A short name for programs, such as `end-before-start`.
    public let code: String
    public let file: String
    /// The line or element, from 1; nil: the whole file.
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
