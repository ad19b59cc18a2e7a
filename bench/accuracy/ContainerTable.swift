import Foundation

/// The same streams in several containers: do they say the same, and does moved sound move the answer?
struct ContainerTable {
    private let trials: [Trial]

    init(_ trials: [Trial]) { self.trials = trials.filter { $0.kind.hasPrefix("in ") } }

    func show() {
        guard !trials.isEmpty else { return }
        let clips = Set(trials.map(\.clip)).sorted()
        print(
            """
            \n| the same H.264 and AAC streams | clips answered | differs from MP4 by at most | sound moved by d moves \
            the answer by -d within |
            """
        )
        print("|---|---|---|---|")
        for container in ContainersCommand.containers {
            var (differences, moves): ([Double], [Double]) = ([], [])
            for clip in clips {
                guard let own = offset(clip, container, 0) else { continue }
                if let reference = offset(clip, "mp4", 0) { differences.append(abs(own - reference)) }
                for move in ContainersCommand.moves where move != 0 {
                    if let moved = offset(clip, container, move) { moves.append(abs(moved - own + move)) }
                }
            }
            print(
                """
                | \(container) | \(differences.count) of \(clips.count) | \(text(differences.max())) | \
                \(text(moves.max())), \(moves.count) pairs |
                """
            )
        }
    }

    private func offset(_ clip: String, _ container: String, _ moved: Double) -> Double? {
        trials.first { $0.clip == clip && $0.kind == "in \(container)" && $0.movedMilliseconds == moved }?.offset
    }

    private func text(_ value: Double?) -> String { value.map { String(format: "%.1f ms", $0) } ?? "" }
}
