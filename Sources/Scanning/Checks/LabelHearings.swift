public import Plan
import SyncModel

/// The hearings that a list of files needs, each kind once: nil for a file of text.
public final class LabelHearings {
    /// In the order of the files.
    public let hearings: [(any LabelHearing)?]
    private let distinct: [any LabelHearing]

    /// - Parameter kind: what all files are; nil: each is told by its format and columns.
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

    func append(start: Int, channels: [[Float]]) throws {
        for hearing in distinct { try hearing.append(start: start, channels: channels) }
    }
}
