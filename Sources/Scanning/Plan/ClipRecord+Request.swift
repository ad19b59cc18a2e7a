public import SyncModel

extension ClipRecord {
    /// How a finding's document names faults.
    private static let faulty = "\"faults\":[{"

    /// The record with the plan's data on the clip: files, group, language and attributes. Measurements and the file's
    /// attributes are unchanged.
    public func described(by request: ClipRequest) -> ClipRecord {
        var result = self
        result.audioFile = request.files?.audio
        result.transcriptFile = request.files?.transcripts.first
        result.labelsFile = request.files?.labels
        result.group = request.group
        result.language = request.language
        // Those of the manifest come first.
        result.attributes = request.attributes + ownFacts(beside: request.attributes)
        if request.episode != nil || request.recording != nil { result.nameFaults() }
        return result
    }

    /// Adds the faults of an episode's video to those of its table in its attribute.
    private mutating func nameFaults() {
        // Of a set most episodes have none: their documents need not be read.
        guard
            findings.contains(where: { !$0.faults.isEmpty }) || documents.contains(where: { $0.contains(Self.faulty) })
        else { return }
        guard let faults = completed.findings.first(where: { $0.check == .sensor })?.faults, !faults.isEmpty else {
            return
        }
        let named = Attribute("faults", faults.map(\.kind.rawValue).joined(separator: " "))
        if let place = attributes.firstIndex(where: { $0.name == "faults" }) {
            attributes[place] = named
        } else {
            attributes.append(named)
        }
    }

    /// The final attributes from the clip's file, each name once.
    private func ownFacts(beside planned: [Attribute]) -> ArraySlice<Attribute> {
        var names: Set<String> = []
        var start = attributes.endIndex
        while start > attributes.startIndex, attributes[start - 1].name.hasPrefix(ClipRecord.fromFile),
            names.insert(attributes[start - 1].name).inserted
        {
            start -= 1
        }
        // A manifest may have a column of such a name.
        return attributes[start...].drop { planned.contains($0) }
    }

    /// Whether the record is of the same files as the request: a result of others is not reused.
    public func hasFiles(of request: ClipRequest) -> Bool {
        audioFile == request.files?.audio && transcriptFile == request.files?.transcripts.first
            && labelsFile == request.files?.labels
    }
}
