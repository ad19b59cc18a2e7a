import SyncModel

/// The commands that measure what a scan of `truth.csv` does not: camera sets, logs and labels.
public enum MeasuringScript {
    public static let name = "measure.sh"
    /// The folder of the answers, one document for each row, and the store of the camera sets.
    public static let answers = "answers"
    public static let store = "sets.sqlite"

    /// A script for POSIX shells; it works in its own folder.
    public static func text(_ rows: [Perturber.Row]) -> String {
        var lines = [
            "#!/bin/sh",
            "# Measures the logs, camera sets and labels of \(TruthTable.setsName).",
            "name=${GENLOCK:-genlock}",
            "genlock=$(command -v \"$name\") || { echo \"$name is not on the PATH\" >&2; exit 127; }",
            "case $genlock in /*) ;; *) genlock=$PWD/$genlock ;; esac",
            "cd \"$(dirname \"$0\")\" && mkdir -p \(answers) || exit 1",
            "failed=0",
            "# The program's status is about the planted faults; no answer at all is a failure.",
            "answer() {",
            "    place=$1; shift",
            "    \"$genlock\" \"$@\" --json --quiet > \"$place\" || true",
            "    [ -s \"$place\" ] || { echo \"no answer: $place\" >&2; failed=1; }",
            "}",
        ]
        if rows.contains(where: { $0.group != nil }) {
            lines += [
                "\"$genlock\" scan \(TruthTable.setsName) --checks views --store \(store) --quiet > /dev/null || true",
                "[ -s \(store) ] || { echo \"no answer: \(store)\" >&2; failed=1; }",
            ]
        }
        for row in rows {
            let answer = ShellWord.path("\(answers)/\(row.name).json")
            if let log = row.log {
                lines.append("answer \(answer) views \(ShellWord.path(row.media)) \(ShellWord.path(log))")
            } else if row.planted.fault.material == .labels, let labels = row.labels {
                let own = ShellWord.path(LabelPlanter.reference(of: labels))
                lines.append("answer \(answer) actions \(own) \(ShellWord.path(labels))")
            }
        }
        return (lines + ["exit $failed"]).joined(separator: "\n") + "\n"
    }
}
