import Foundation

/// Generated talking faces in many languages: does the offset depend on what is spoken?
struct LanguageTable {
    private let languages: [(name: String, trials: [Trial])]

    init(_ trials: [Trial]) {
        languages = Dictionary(grouping: trials.filter { $0.kind == "language" }, by: \.talker)
            .map { (name: $0.key, trials: $0.value) }.sorted { $0.name < $1.name }
    }

    func show() {
        guard !languages.isEmpty else { return }
        print("\n| language (family) | clips | answered | mean error | least to most | less the mean of all |\n|---|---|---|---|---|---|")
        let means = languages.map { mean($0.trials.compactMap(\.error)) }
        let all = mean(means.filter(\.isFinite))
        for (language, own) in zip(languages, means) {
            let errors = language.trials.compactMap(\.error)
            let range = errors.isEmpty ? "" : String(format: "%+.1f to %+.1f ms", errors.min() ?? 0, errors.max() ?? 0)
            print(
                "| \(language.name) | \(language.trials.count) | \(errors.count) | \(String(format: "%+.1f ms", own)) | \(range) "
                    + "| \(String(format: "%+.1f ms", own - all)) |")
        }
        // Of the scatter between the means, what the scatter within a language would make by itself is taken off.
        let errors = languages.map { $0.trials.compactMap(\.error) }.filter { $0.count >= 2 }
        let within = mean(errors.map(variance))
        let between = variance(errors.map(mean))
        let share = within / mean(errors.map { Double($0.count) })
        let finite = means.filter(\.isFinite)
        print(
            String(
                format: "\nMean error %+.1f ms; the languages' means lie %+.1f to %+.1f ms from it. Deviation between clips of one language %.1f ms, "
                    + "between the languages' means %.1f ms, of which %.1f ms are left when the clips' own scatter is taken off.",
                all, (finite.min() ?? 0) - all, (finite.max() ?? 0) - all, within.squareRoot(), between.squareRoot(),
                max(0, between - share).squareRoot()))
    }

    private func mean(_ values: [Double]) -> Double { values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count) }

    /// Divided by n - 1.
    private func variance(_ values: [Double]) -> Double {
        guard values.count >= 2 else { return 0 }
        let centre = mean(values)
        return values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(values.count - 1)
    }
}
