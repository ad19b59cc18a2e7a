public import Plan
public import SyncModel

/// The hearings that a list of files needs, each kind once: nil for a file of text.
public final class LabelHearings {
    /// In the order of the files.
    public let hearings: [(any LabelHearing)?]
    private let distinct: [any LabelHearing]
    private var troubles: [ObjectIdentifier: any Error] = [:]

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

    /// What one hearing cannot cope with is told when its findings are asked for: the others go on.
    func append(start: Int, channels: [[Float]]) {
        for hearing in distinct where troubles[ObjectIdentifier(hearing)] == nil {
            do { try hearing.append(start: start, channels: channels) } catch {
                troubles[ObjectIdentifier(hearing)] = error
            }
        }
    }

    /// The findings on label files of one kind.
    ///
    /// - Throws: what the hearing could not cope with.
    public func findings(_ hearing: any LabelHearing, _ labels: [SoundLabels]) throws -> [Finding] {
        if let trouble = troubles[ObjectIdentifier(hearing)] { throw trouble }
        return try hearing.findings(labels)
    }
}
