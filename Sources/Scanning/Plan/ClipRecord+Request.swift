public import SyncModel

extension ClipRecord {
    /// What a file says of itself begins with this, and stands behind what the plan knows.
    private static let measured = "file."

    /// The record with what the plan knows of the clip: its files, its group, its language and its attributes. What was
    /// measured stays, and so do the attributes that the file itself gave.
    public func described(by request: ClipRequest) -> ClipRecord {
        var result = self
        result.audioFile = request.files?.audio
        result.transcriptFile = request.files?.transcripts.first
        result.labelsFile = request.files?.labels
        result.group = request.group
        result.language = request.language
        // The manifest's own stand first.
        result.attributes = request.attributes + ownFacts(beside: request.attributes)
        if request.episode != nil || request.recording != nil { result.nameFaults() }
        return result
    }

    /// Names in the attribute of an episode what its pictures showed beside what the plan knew of its table.
    private mutating func nameFaults() {
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

    /// The attributes at the end that the clip's file gave, each name once.
    private func ownFacts(beside planned: [Attribute]) -> ArraySlice<Attribute> {
        var names: Set<String> = []
        var start = attributes.endIndex
        while start > attributes.startIndex, attributes[start - 1].name.hasPrefix(Self.measured),
            names.insert(attributes[start - 1].name).inserted
        {
            start -= 1
        }
        // A manifest may have a column of such a name.
        return attributes[start...].drop { planned.contains($0) }
    }

    /// Whether the record is of the same files as the request: a result that names others does not stand for it.
    public func hasFiles(of request: ClipRequest) -> Bool {
        audioFile == request.files?.audio && transcriptFile == request.files?.transcripts.first
            && labelsFile == request.files?.labels
    }
}
