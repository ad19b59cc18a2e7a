public import Plan
public import SyncModel

/// The analyses that a list of files needs, each kind once: nil for a text.
public final class LabelHearings {
    /// In the order of the files.
    public let hearings: [(any LabelHearing)?]
    private let distinct: [any LabelHearing]
    private var troubles: [ObjectIdentifier: any Error] = [:]

    /// - Parameter kind: the kind of all files; nil: by the format and columns of each.
    public init(files: [String], kind: SoundLabels.Kind?, settings: CheckSettings) {
        var (turns, events): (TurnHearing?, EventHearing?)
        hearings = files.map { file -> (any LabelHearing)? in
            switch kind ?? SoundLabels.kind(of: file) ?? .text {
            case .text: return nil
            case .turns:
                if turns == nil { turns = TurnHearing(SpeakerModels(assets: settings.assets), settings) }
                return turns
            case .events:
                if events == nil { events = EventHearing(settings) }
                return events
            }
        }
        let both: [(any LabelHearing)?] = [turns, events]
        distinct = both.compactMap { $0 }
    }

    /// The failure of one analysis is reported with its findings: the others continue.
    func append(start: Int, channels: [[Float]]) {
        for hearing in distinct where troubles[ObjectIdentifier(hearing)] == nil {
            do { try hearing.append(start: start, channels: channels) } catch {
                troubles[ObjectIdentifier(hearing)] = error
            }
        }
    }

    /// The findings on label files of one kind.
    ///
    /// - Throws: the failure of the analysis.
    public func findings(_ hearing: any LabelHearing, _ labels: [SoundLabels]) throws -> [Finding] {
        if let trouble = troubles[ObjectIdentifier(hearing)] { throw trouble }
        return try hearing.findings(labels)
    }
}
