import Foundation

/// Web clips, whose true offset nobody knows: what is known is that moved sound moves the answer, and that two halves
/// of a clip agree.
struct WildTable {
    private let trials: [Trial]

    init(_ trials: [Trial]) { self.trials = trials }

    func show() {
        let wild = trials.filter { $0.kind.hasPrefix("wild") }
        guard !wild.isEmpty else { return }
        print(
            """
            \n| web clips, whole | clips answered as they are | all moved sounds answered | differences right within \
            15 ms | largest error of a difference | halves both answered | halves agree within 40 ms | called \
            unpaired, wrongly |
            """
        )
        print("|---|---|---|---|---|---|---|---|")
        line("as the program does (packaged model)", wild.filter { $0.fold == WildCommand.packaged })
        line("models that left the clip out", wild.filter { $0.fold != WildCommand.packaged })
        perClip(wild)
        let silent = trials.filter { $0.kind == "no speech" }
        guard !silent.isEmpty else { return }
        let verdicts = Dictionary(grouping: silent, by: \.verdict).map { "\($0.key) \($0.value.count)" }.sorted()
            .joined(separator: ", ")
        print(
            """
            \nFaces without speech (\(Set(silent.map(\.clip)).count) clips, their sound moved as well): \
            \(silent.count { $0.offset != nil }) of \(silent.count) got an offset (\(verdicts)).
            """
        )
        let voiced = trials.filter { $0.kind == "voice-over" }
        print(
            """
            The same faces under the voices of others: \(voiced.count { $0.offset != nil }) of \(voiced.count) got an \
            offset, \(voiced.count { $0.verdict == "unpaired" }) are unpaired.
            """
        )
    }

    private func line(_ name: String, _ trials: [Trial]) {
        let clips = Set(trials.map(\.clip)).sorted()
        let whole = trials.filter { $0.kind == "wild" }
        var (differences, pairs, agreeing, answered) = ([Double](), 0, 0, 0)
        for clip in clips {
            let own = offset(whole, clip, 0)
            if own != nil { answered += 1 }
            for move in WildCommand.moves where move != 0 {
                if let own, let moved = offset(whole, clip, move) { differences.append(abs(moved - own + move)) }
            }
            let halves = [1, 2].compactMap { half in offset(trials.filter { $0.kind == "wild half \(half)" }, clip, 0) }
            guard halves.count == 2 else { continue }
            pairs += 1
            if abs(halves[0] - halves[1]) <= 40 { agreeing += 1 }
        }
        let right = differences.count { $0 <= 15 }
        let largest = differences.max().map { String(format: "%.1f ms", $0) } ?? ""
        print(
            """
            | \(name) | \(answered) of \(clips.count) | \(whole.count { $0.offset != nil }) of \(whole.count) | \
            \(right) of \(differences.count) | \(largest) 
            """
                + """
                | \(pairs) of \(clips.count) | \(agreeing) of \(pairs) | \(trials.count { $0.verdict == "unpaired" }) \
                of \(trials.count) |
                """
        )
    }

    private func perClip(_ wild: [Trial]) {
        print(
            """
            \n| clip | s | program: as it is | first half | second half | left out: as it is | first half | second \
            half |\n|---|---|---|---|---|---|---|---|
            """
        )
        for clip in Set(wild.map(\.clip)).sorted() {
            let own = wild.filter { $0.clip == clip && $0.movedMilliseconds == 0 }
            let cells = [true, false].flatMap { isPackaged in
                ["wild", "wild half 1", "wild half 2"].map { kind in
                    own.first { $0.kind == kind && ($0.fold == WildCommand.packaged) == isPackaged }.map(cell) ?? ""
                }
            }
            print("| \(clip) | \(own.map(\.seconds).max() ?? 0) | \(cells.joined(separator: " | ")) |")
        }
    }

    private func cell(_ trial: Trial) -> String {
        if let offset = trial.offset, let lower = trial.lower {
            return String(format: "%+.0f ± %.0f ms", offset, offset - lower)
        }
        let guess = trial.candidate.map { String(format: ", guess %+.0f ms at %.2f", $0, trial.confidence ?? 0) } ?? ""
        return trial.verdict + guess
    }

    private func offset(_ trials: [Trial], _ clip: String, _ moved: Double) -> Double? {
        trials.first { $0.clip == clip && $0.movedMilliseconds == moved }?.offset
    }
}
