import ArgumentParser
import Foundation
import Transcripts

struct DiagramsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diagrams",
        abstract: "Draw the reliability diagram and the coverage-against-error curve of the confidence from rows.")

    @Argument(help: "The rows.")
    var rows: String

    @Option(help: "Folder for lips-reliability.svg and lips-coverage.svg.")
    var output: String

    func run() throws {
        let told = Calibration.told(try RowFile.read(rows))
        let calibration = Calibration(told)
        try write(reliability(calibration), "lips-reliability.svg")
        try write(coverage(told), "lips-coverage.svg")
        print("| confidence | trials | weight | mean confidence | share right |\n|---|---|---|---|---|")
        for (index, bin) in calibration.bins.enumerated() where bin.trials > 0 {
            print(
                """
                | \(index * 10)-\(index * 10 + 10) % | \(bin.trials) | \(Clustered.percent(bin.weight)) | \
                \(Clustered.percent(bin.confidence)) 
                """
                    + "| \(Clustered.percent(bin.right)) |")
        }
        print("\nExpected calibration error: \(String(format: "%.3f", calibration.expectedError))")
    }

    private func reliability(_ calibration: Calibration) -> Diagram {
        let bins = calibration.bins.filter { $0.trials > 0 }
        let error = String(format: "%.3f", calibration.expectedError)
        return Diagram(
            title: "Reliability of the confidence (expected calibration error \(error))", xLabel: "confidence",
            yLabel: "share right within 40 ms",
            series: [
                Diagram.Series(
                    name: "what a perfect one would say", colour: "#999", points: [(0, 0), (1, 1)], isDashed: true),
                Diagram.Series(
                    name: "measured; area: share of the trials", colour: "#1565c0",
                    points: bins.map { ($0.confidence, $0.right) },
                    radii: bins.map { 4 + 26 * $0.weight.squareRoot() }),
            ])
    }

    /// For each least confidence: the share of true pairs that reach it, and the share of wrong ones among all that do,
    /// as many true as mismatched.
    private func coverage(_ told: [Trial]) -> Diagram {
        let lengths: [(String, String, (Int) -> Bool)] = [
            ("3 s", "#c62828", { $0 == 3 }), ("6 s", "#1565c0", { $0 == 6 }), ("9 and 15 s", "#2e7d32", { $0 >= 9 }),
        ]
        return Diagram(
            title: "Coverage against error, for every least confidence",
            xLabel: "coverage: true pairs that reach the confidence",
            yLabel: "wrong among all that reach it, half of them mismatched", yRange: 0...0.2,
            series: lengths.map { name, colour, fits in
                let some = told.filter { fits($0.seconds) }
                let paired = Double(some.count(where: \.isPaired))
                let mismatched = Double(some.count) - paired
                let points = stride(from: 0.99, through: 0.0, by: -0.01).compactMap { least -> (Double, Double)? in
                    let reach = some.filter { ($0.confidence ?? 0) >= least }
                    let weight = { (trial: Trial) in trial.isPaired ? 1 / paired : 1 / mismatched }
                    let all = reach.reduce(0) { $0 + weight($1) }
                    guard all > 0 else { return nil }
                    let wrong = reach.reduce(0) { $0 + ($1.isRight ? 0 : weight($1)) }
                    return (Double(reach.count(where: \.isPaired)) / paired, wrong / all)
                }
                return Diagram.Series(name: name, colour: colour, points: points)
            })
    }

    private func write(_ diagram: Diagram, _ name: String) throws {
        try Data(diagram.svg().utf8).write(to: URL(fileURLWithPath: "\(output)/\(name)"))
    }
}
