import Foundation
public import SyncModel

/// The faces of a clip and what they had to say, as `genlock check --faces` lists them.
public enum FaceTable {
    /// Lines ending in newlines; empty where the finding lists no faces.
    public static func text(_ report: ClipReport) -> String {
        guard let lips = report.findings.first(where: { $0.check == .lips }), let faces = lips.evidence("faces")?.list
        else { return "" }
        guard !faces.isEmpty else { return "\nno face was seen\n" }
        var lines = [
            "", "faces, in the order in which they appear (box: left, top, width, height in pixels of the picture):",
        ]
        for face in faces {
            guard let members = face.object else { continue }
            func number(_ name: String) -> Double { members.first { $0.name == name }?.value.number ?? 0 }
            let box = members.first { $0.name == "box" }?.value.list?.compactMap(\.number).map { String(Int($0)) } ?? []
            let turns = members.first { $0.name == "turns" }?.value.list?.compactMap(\.list).map { turn in
                turn.compactMap(\.number).map { Clock.words($0) }.joined(separator: "-")
            }
            let speaking = number("speaking_s")
            let said =
                speaking > 0
                ? "speaks for \(String(format: "%.1f", speaking)) s: \(short(turns ?? []))" : "does not speak"
            lines.append(
                """
                  face \(Int(number("face"))), seen \(Clock.words(number("start_s")))-\(Clock.words(number("end_s"))), \
                box \(box.joined(separator: " ")), \(said)
                """
            )
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The first few of many.
    private static func short(_ turns: [String]) -> String {
        turns.count <= 8
            ? turns.joined(separator: ", ") : turns.prefix(8).joined(separator: ", ") + " and \(turns.count - 8) more"
    }
}
