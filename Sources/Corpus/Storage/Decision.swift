import Foundation
public import SyncModel

/// A person's decision on a clip.
public struct Decision: Sendable, Hashable {
    public enum Choice: String, Sendable, CaseIterable {
        /// The measured offset is right, and so is the verdict.
        case accept
        /// Another offset is right; it is in `offsetMilliseconds`.
        case correct
        case cannotTell = "cannot-tell"
    }

    /// Its id in the store; 0: not stored yet.
    public var id: Int64 = 0
    /// The clip's name in the store: it stays when the clip is measured again.
    public var key: String
    public var choice: Choice
    /// The finding that is meant; nil in decisions of version 0.1.0, and where it cannot be determined.
    public var finding: FindingName?
    /// To add to the times of the finding's subject; nil: not given.
    public var offsetMilliseconds: Double?
    public var comment: String
    public var by: String
    /// UTC.
    public var at = ""
    /// The program's result when the person decided.
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

    /// Whether person and program agree, within a number of ms; nil: one of them gives no offset.
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
