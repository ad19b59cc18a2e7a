public import SyncModel

/// Labelled turns against the speaking face: who is seen to speak during a name's turn.
///
/// A name belongs to the face that speaks in most of its turns. A turn in which the face of another name speaks is
/// doubtful, whatever its voice sounds like. Nothing is reported where a name has no separate face, or where fewer than
/// two names have one.
public enum TurnFaces {
    /// A face must speak for at least this many seconds of a turn, and for this share of all speech of faces in it.
    private static let leastSeconds = 0.5
    private static let leastShare = 0.6
    /// A name belongs to a face from this many turns and this share of them on.
    private static let leastTurns = 2
    private static let leastOwnShare = 0.7
    private static let sureVoice = 0.9

    /// The findings; those on speakers with the evidence of the faces added.
    public static func added(to findings: [Finding]) -> [Finding] {
        guard let lips = findings.first(where: { $0.check == .lips }),
            let faces = lips.faces?.map({ Face(number: $0.number, turns: $0.turns.filter { $0.start < $0.end }) }),
            faces.count > 1
        else {
            return findings
        }
        let soundLater = lips.offset?.seconds ?? 0
        return findings.map { finding in
            guard finding.check == .speakers, let items = finding.items else { return finding }
            return judged(finding, items, faces, later: soundLater + (finding.offset?.seconds ?? 0))
        }
    }

    private struct Face {
        let number: Int
        let turns: [TimeSpan]

        func seconds(in span: TimeSpan) -> Double {
            turns.reduce(0) { $0 + max(0, min($1.end, span.end) - max($1.start, span.start)) }
        }
    }

    /// The face that speaks in a segment of the video; nil where that is not clear.
    private static func speaking(_ faces: [Face], in span: TimeSpan) -> Int? {
        let seconds = faces.map { $0.seconds(in: span) }
        guard let place = seconds.indices.max(by: { seconds[$0] < seconds[$1] }) else { return nil }
        return seconds[place] >= leastSeconds && seconds[place] >= leastShare * seconds.reduce(0, +)
            ? faces[place].number : nil
    }

    private static func judged(_ finding: Finding, _ items: [FindingItem], _ faces: [Face], later: Double) -> Finding {
        let seen = items.map { item in
            item.kind == .turn && item.startSeconds < item.endSeconds
                ? speaking(faces, in: TimeSpan(start: item.startSeconds + later, end: item.endSeconds + later)) : nil
        }
        let owners = owners(zip(items, seen).compactMap { item, face in face.map { (item.text, $0) } })
        guard owners.count > 1 else { return finding }
        let names = Dictionary(owners.map { ($0.value, $0.key) }) { first, _ in first }
        var others: [EvidenceValue] = []
        var result = finding
        result.items = zip(items, seen).map { item, face in
            guard let face, let own = owners[item.text], own != face, let name = names[face] else { return item }
            others.append(
                .object([
                    Evidence("start_s", .number(item.startSeconds, decimals: 2)),
                    Evidence("end_s", .number(item.endSeconds, decimals: 2)),
                    Evidence("labelled", .text(item.text)), Evidence("seen", .text(name)),
                ]))
            // A voice that is certainly the labelled one outweighs a mouth.
            if let trust = item.trust, trust >= sureVoice { return item }
            let flags =
                item.flags.contains(.wrongText) || item.flags.contains(.doubtful)
                ? item.flags : item.flags + [.doubtful]
            return FindingItem(
                index: item.index, kind: item.kind, text: item.text, startSeconds: item.startSeconds,
                endSeconds: item.endSeconds, offset: item.offset,
                trust: min(item.trust ?? 0.5, 0.3), flags: flags)
        }
        var evidence = [
            Evidence(
                "faces_of_names",
                .list(
                    owners.sorted { $0.key < $1.key }.map {
                        .object([Evidence("name", .text($0.key)), Evidence("face", .count($0.value))])
                    })),
            Evidence("turns_seen", .count(seen.compactMap { $0 }.count)),
        ]
        if !others.isEmpty { evidence.append(Evidence("other_face", .list(others))) }
        return result.adding(evidence)
    }

    /// The face of each name that does not share it.
    private static func owners(_ turns: [(name: String, face: Int)]) -> [String: Int] {
        var result: [String: Int] = [:]
        for name in Set(turns.map(\.name)) {
            let own = turns.filter { $0.name == name }
            let counts = Dictionary(grouping: own, by: \.face).mapValues(\.count)
            guard let best = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), best.value >= leastTurns,
                Double(best.value) >= leastOwnShare * Double(own.count)
            else { continue }
            result[name] = best.key
        }
        let shared = Dictionary(grouping: result.values) { $0 }.filter { $0.value.count > 1 }.keys
        return result.filter { !shared.contains($0.value) }
    }
}
