import Foundation

/// Generated talking faces in many languages: does the offset depend on what is spoken?
struct LanguageTable {
    private let languages: [(name: String, trials: [Trial])]

    init(_ trials: [Trial]) {
        languages = Dictionary(grouping: trials.filter { $0.kind == "language" }, by: \.speaker)
            .map { (name: $0.key, trials: $0.value) }.sorted { $0.name < $1.name }
    }

    func show() {
        guard !languages.isEmpty else { return }
        print(
            """
            \n| language (family) | single sentences answered | errors | all sentences, two voices: errors | mean | \
            less the mean of all |
            """
        )
        print("|---|---|---|---|---|---|")
        let means = languages.map { mean(whole($0.trials).compactMap(\.error)) }
        let all = mean(means.filter(\.isFinite))
        for (language, own) in zip(languages, means) {
            let sentences = language.trials.filter { !LanguageTable.isWhole($0) }
            print(
                """
                | \(language.name) | \(sentences.count { $0.offset != nil }) of \(sentences.count) | \
                \(words(sentences.compactMap(\.error))) 
                """
                    + """
                    | \(words(whole(language.trials).compactMap(\.error))) | \(words([own])) | \(words([own - all])) |
                    """
            )
        }
        let finite = means.filter(\.isFinite)
        let voices = languages.map { whole($0.trials).compactMap(\.error) }.filter { $0.count >= 2 }
        let sentences = languages.map { $0.trials.filter { !LanguageTable.isWhole($0) }.compactMap(\.error) }
        print(
            String(
                format:
                    """
                    \nAll sentences: %d of %d answered, mean error %+.1f ms; the languages' means lie %+.1f to %+.1f \
                    ms from it, with a deviation of %.1f ms. 
                    """
                        + """
                        Two voices of one language and text deviate by %.1f ms, single sentences of one language by \
                        %.1f ms.
                        """,
                languages.reduce(0) { $0 + whole($1.trials).count { $0.offset != nil } },
                languages.reduce(0) { $0 + whole($1.trials).count },
                all, (finite.min() ?? 0) - all, (finite.max() ?? 0) - all, variance(finite).squareRoot(),
                mean(voices.map(variance)).squareRoot(),
                mean(sentences.filter { $0.count >= 2 }.map(variance)).squareRoot()))
        let unpaired = languages.reduce(0) { $0 + $1.trials.count { $0.verdict == "unpaired" } }
        print("Called unpaired, wrongly: \(unpaired) of \(languages.reduce(0) { $0 + $1.trials.count }).")
    }

    private static func isWhole(_ trial: Trial) -> Bool { trial.clip.contains("-all-") }

    private func whole(_ trials: [Trial]) -> [Trial] { trials.filter(LanguageTable.isWhole) }

    private func words(_ errors: [Double]) -> String {
        errors.filter(\.isFinite).map { String(format: "%+.0f", $0) }.joined(separator: " ")
            + (errors.contains(where: \.isFinite) ? " ms" : "")
    }

    private func mean(_ values: [Double]) -> Double {
        values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
    }

    /// Divided by n - 1.
    private func variance(_ values: [Double]) -> Double {
        guard values.count >= 2 else { return 0 }
        let centre = mean(values)
        return values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(values.count - 1)
    }
}
