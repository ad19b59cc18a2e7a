import SyncModel

/// One item that several raters labelled: a session's view (or a session) and tier.
struct AgreementItem {
    let session: String
    /// Raters by their index in the list of all, in that order, with their segments by start.
    var raters: [Int]
    var segments: [[LabelSegment]]

    /// All items of a corpus that two raters or more labelled; raters are annotators where there are two, else views.
    static func items(of corpus: LabelCorpus) -> (items: [AgreementItem], raters: [String], attribute: String) {
        let byAnnotator = corpus.sessions.contains { session in
            Dictionary(grouping: session.tracks, by: \.view).values.contains { Set($0.map(\.annotator)).count > 1 }
        }
        func rater(_ track: LabelTrack) -> String { byAnnotator ? track.annotator : track.view }
        let names = Set(corpus.sessions.flatMap { $0.tracks.map(rater) }).sorted()
        let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        var items: [AgreementItem] = []
        for session in corpus.sessions {
            let groups = Dictionary(grouping: session.tracks) { byAnnotator ? $0.view : $0.annotator }
            for (_, tracks) in groups.sorted(by: { $0.key < $1.key }) where tracks.count > 1 {
                let tracks = tracks.sorted { rater($0) < rater($1) }
                for tier in Set(tracks.flatMap { $0.segments.map(\.tier) }).sorted() {
                    items.append(
                        AgreementItem(
                            session: session.name, raters: tracks.map { places[rater($0)] ?? 0 },
                            segments: tracks.map { $0.segments.filter { $0.tier == tier } }))
                }
            }
        }
        return (items, names, byAnnotator ? "annotator" : "view")
    }
}
