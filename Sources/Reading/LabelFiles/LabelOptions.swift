/// How to read labels if the files do not define it.
public struct LabelOptions: Sendable {
    /// The unit of a time.
    public enum Unit: String, Sendable, CaseIterable { case seconds, ms, frames }

    /// The unit of times in columns without one in their name; nil: seconds, unless they can only be frames.
    public var unit: Unit?
    /// Frame rate, for times in frames.
    public var rate: Double?
    /// Whether the end of a segment in frames is its last frame, instead of the one after it.
    public var endsAreInclusive = false
    /// Column names by role, such as `label: action_name`; they take precedence over known ones.
    public var columns: [ColumnRole: String] = [:]
    /// Synonyms: each name to its replacement.
    public var synonyms: [String: String] = [:]
    /// The pattern of session, view and annotator in file names; see `NamePattern`.
    public var names: NamePattern?
    /// Only these tiers; nil: all.
    public var tiers: Set<String>?
    /// Labels that mean no action, ignored in any file, in lower case.
    public var silence: Set<String> = []
    /// The same, for files that must have a label for every frame or moment.
    public static let usualSilence: Set<String> = [
        "sil", "silence", "background", "bg", "none", "null", "no_action", "unlabeled", "unlabelled", "action_start",
        "action_end",
    ]
    /// Whether segments of one tier may overlap; nil: yes, without a report.
    public var overlapsAllowed: Bool?

    public init() {}
}

/// The role of a column.
public enum ColumnRole: String, Sendable, CaseIterable {
    case session, view, annotator, tier, actor, label, start, end, duration, note, rate
}
