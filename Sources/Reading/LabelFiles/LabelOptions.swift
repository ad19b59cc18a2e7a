/// How labels are to be read where their files do not say it themselves.
public struct LabelOptions: Sendable {
    /// What a time in a file counts.
    public enum Unit: String, Sendable, CaseIterable { case seconds, ms, frames }

    /// The unit of times in columns whose name does not tell; nil: seconds, unless they can only be frames.
    public var unit: Unit?
    /// Frames a second, for times in frames.
    public var rate: Double?
    /// Whether the end of a segment counted in frames is its last frame, not the first one after it.
    public var endsAreInclusive = false
    /// Column names by role, such as `label: action_name`, before those that are known.
    public var columns: [ColumnRole: String] = [:]
    /// Names that mean the same: each to the one that stands for it.
    public var synonyms: [String: String] = [:]
    /// How session, view and annotator stand in file names; see `NamePattern`.
    public var names: NamePattern?
    /// Only these tiers; nil: all.
    public var tiers: Set<String>?
    /// Labels that mean that nothing happens, left out of any file, in lower case.
    public var silence: Set<String> = []
    /// The same, of files that must name something for every frame or moment.
    public static let usualSilence: Set<String> = [
        "sil", "silence", "background", "bg", "none", "null", "no_action", "unlabeled", "unlabelled", "action_start",
        "action_end",
    ]
    /// Whether segments of one tier may overlap; nil: yes, and it is not mentioned.
    public var overlapsAllowed: Bool?

    public init() {}
}

/// What a column says.
public enum ColumnRole: String, Sendable, CaseIterable {
    case session, view, annotator, tier, actor, label, start, end, duration, note, rate
}
