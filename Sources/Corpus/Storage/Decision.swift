import Foundation
public import SyncModel

/// What a person decided of a clip.
public struct Decision: Sendable, Hashable {
    public enum Choice: String, Sendable, CaseIterable {
        /// The measured offset is right, and so is the verdict.
        case accept
        /// Another offset is right; it is in `offsetMilliseconds`.
        case correct
        case cannotTell = "cannot-tell"
    }

    /// In its store; 0: not kept yet.
    public var id: Int64 = 0
    /// The clip's name in the store: it stays when the clip is measured again.
    public var key: String
    public var choice: Choice
    /// The finding that is meant; nil in decisions of version 0.1.0, and where it cannot be told.
    public var finding: FindingName?
    /// To add to the times of the finding's subject; nil: not said.
    public var offsetMilliseconds: Double?
    public var comment: String
    public var by: String
    /// UTC.
    public var at = ""
    /// What the program had said when the person decided.
    public var measuredVerdict = ""
    public var measuredMilliseconds: Double?
    public var methodVersion: MethodVersion?

    public init(key: String, choice: Choice, offsetMilliseconds: Double?, comment: String, by: String) {
        self.key = key
        self.choice = choice
        self.offsetMilliseconds = offsetMilliseconds
        self.comment = comment
        self.by = by
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
