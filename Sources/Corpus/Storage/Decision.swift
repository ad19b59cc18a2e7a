import Foundation

/// What a person decided of a clip.
public struct Decision: Sendable, Hashable {
    public enum Choice: String, Sendable, CaseIterable {
        /// The measured offset is right, and so is the verdict.
        case accept
        /// Another offset is right; it is in `offsetMilliseconds`.
        case correct
        case cannotTell = "cannot-tell"
    }

    public var id: Int64
    /// The clip's name in the store: it stays when the clip is measured again.
    public var key: String
    public var choice: Choice
    /// To add to the sound's times; nil: not said.
    public var offsetMilliseconds: Double?
    public var comment: String
    public var by: String
    /// UTC.
    public var at: String
    /// What the program had said when the person decided.
    public var measuredVerdict: String
    public var measuredMilliseconds: Double?
    public var methodVersion: String?

    public init(
        id: Int64 = 0, key: String, choice: Choice, offsetMilliseconds: Double?, comment: String, by: String,
        at: String = "",
        measuredVerdict: String = "", measuredMilliseconds: Double? = nil, methodVersion: String? = nil
    ) {
        self.id = id
        self.key = key
        self.choice = choice
        self.offsetMilliseconds = offsetMilliseconds
        self.comment = comment
        self.by = by
        self.at = at
        self.measuredVerdict = measuredVerdict
        self.measuredMilliseconds = measuredMilliseconds
        self.methodVersion = methodVersion
    }

    /// Whether the person and the program say the same, within so many ms; nil: one of them does not say.
    public func agrees(within milliseconds: Double = 40) -> Bool? {
        switch choice {
        case .accept: true
        case .cannotTell: nil
        case .correct:
            measuredMilliseconds.flatMap { measured in offsetMilliseconds.map { abs($0 - measured) <= milliseconds } }
                ?? false
        }
    }
}
