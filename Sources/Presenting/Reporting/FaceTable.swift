import Foundation
public import SyncModel

/// The faces of a clip and when they speak, as `genlock check --faces` lists them.
public enum FaceTable {
    /// Lines ending in newlines; empty if the finding lists no faces.
    public static func text(_ report: ClipReport) -> String {
        guard let faces = report.findings.first(where: { $0.check == .lips })?.faces else { return "" }
        guard !faces.isEmpty else { return "\nno face was seen\n" }
        var lines = [
            "", "faces, in order of appearance (box: left, top, width, height in pixels of the frame):",
        ]
        for face in faces {
            let turns = face.turns.map { "\(Clock.words($0.start))-\(Clock.words($0.end))" }
            let said =
                face.speakingSeconds > 0
                ? "speaks for \(String(format: "%.1f", face.speakingSeconds)) s: \(short(turns))" : "does not speak"
            lines.append(
                """
                  face \(face.number), seen \(Clock.words(face.seen.start))-\(Clock.words(face.seen.end)), \
                box \(face.box.map(String.init).joined(separator: " ")), \(said)
                """
            )
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// At most the first eight.
    private static func short(_ turns: [String]) -> String {
        turns.count <= 8
            ? turns.joined(separator: ", ") : turns.prefix(8).joined(separator: ", ") + " and \(turns.count - 8) more"
    }
}
