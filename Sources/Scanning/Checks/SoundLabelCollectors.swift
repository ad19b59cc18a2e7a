public import Plan
public import SyncModel

/// The analyses that a list of files needs, each kind once: nil for a text.
public final class SoundLabelCollectors {
    /// In the order of the files.
    public let collectors: [(any SoundLabelCollector)?]
    private let distinct: [any SoundLabelCollector]
    private var troubles: [ObjectIdentifier: any Error] = [:]

    /// - Parameter kind: the kind of all files; nil: by the format and columns of each.
    public init(files: [String], kind: SoundLabels.Kind?, settings: CheckSettings) {
        var (turns, events): (TurnCollector?, EventCollector?)
        collectors = files.map { file -> (any SoundLabelCollector)? in
            switch kind ?? SoundLabels.kind(of: file) ?? .text {
            case .text: return nil
            case .turns:
                if turns == nil { turns = TurnCollector(SpeakerModels(assets: settings.assets), settings) }
                return turns
            case .events:
                if events == nil { events = EventCollector(settings) }
                return events
            }
        }
        let both: [(any SoundLabelCollector)?] = [turns, events]
        distinct = both.compactMap { $0 }
    }

    /// The failure of one analysis is reported with its findings: the others continue.
    func append(start: Int, channels: [[Float]]) {
        for collector in distinct where troubles[ObjectIdentifier(collector)] == nil {
            do { try collector.append(start: start, channels: channels) } catch {
                troubles[ObjectIdentifier(collector)] = error
            }
        }
    }

    /// The findings on label files of one kind.
    ///
    /// - Throws: the failure of the analysis.
    public func findings(_ collector: any SoundLabelCollector, _ labels: [SoundLabels]) throws -> [Finding] {
        if let trouble = troubles[ObjectIdentifier(collector)] { throw trouble }
        return try collector.findings(labels)
    }
}
