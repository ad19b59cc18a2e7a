public import Plan
public import SyncModel

/// All checks that a scan can run, in the order of findings.
public enum CheckCatalogue {
    /// One line per check: its name and its constructor.
    private static let entries: [(check: Check, make: @Sendable (CheckSettings) -> any ClipCheck)] = [
        (.lips, { LipCheck($0) }),
        (.impacts, { ImpactCheck($0) }),
        (.container, { ContainerCheck($0) }),
        (.compare, { CompareCheck($0) }),
        (.transcript, { TranscriptCheck($0) }),
        (.speakers, { SoundLabelCheck(.turns, $0) }),
        (.events, { SoundLabelCheck(.events, $0) }),
    ]

    /// The checks that measure a clip's audio against its video, besides `container`.
    public static let soundAgainstPicture: [Check] = [.lips, .impacts]

    /// Checks of groups of views, not of one clip: see `GroupMeasurer`.
    public static let ofGroups: [Check] = [.views, .actions]

    /// Checks of episodes of robot sets: see `EpisodeMeasurer`.
    public static let ofEpisodes: [Check] = [.sensor]

    public static var names: [String] { all.map(\.rawValue) }

    /// The checks of a list such as `lips,container`, in the catalogue's order.
    ///
    /// - Throws: `UnknownCheck` with a sentence for the user.
    public static func parse(_ text: String) throws(UnknownCheck) -> [Check] {
        var asked: Set<Check> = []
        for name in text.split(separator: ",").map({ $0.filter { !$0.isWhitespace } }) {
            guard let check = all.first(where: { $0.rawValue == name }) else { throw UnknownCheck(name: name) }
            asked.insert(check)
        }
        guard !asked.isEmpty else { throw UnknownCheck(name: text) }
        return all.filter(asked.contains)
    }

    /// All checks: one that does not apply to a clip gives no finding or `not-applicable`.
    public static var all: [Check] { entries.map(\.check) + ofGroups + ofEpisodes }

    /// Creates the named checks of clips, for one worker.
    public static func make(_ checks: [Check], _ settings: CheckSettings) -> [any ClipCheck] {
        entries.filter { checks.contains($0.check) }.map { $0.make(settings) }
    }
}

/// An unknown name in `--checks`.
public struct UnknownCheck: Error, CustomStringConvertible {
    public let name: String
    public var description: String {
        """
        '\(name.printable)' is not a check: give one or more of \(CheckCatalogue.names.joined(separator: ",")), \
        separated by commas
        """
    }
}
