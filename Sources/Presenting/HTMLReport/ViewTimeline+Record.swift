import Reporting
public import SyncModel

extension ViewTimeline {
    /// The views of one group as a scan found them; nil if it is not a group.
    ///
    /// - Parameters:
    ///   - findings: with their documents.
    ///   - length: of a recording in seconds; nil: unknown.
    public init?(_ record: ClipRecord, findings: [Finding], length: (String) -> Double?) {
        let views = findings.filter { $0.check == .views || $0.check == .sensor }.compactMap { finding in
            finding.clip.map { (finding, $0) }
        }
        guard let reference = views.first?.0.against else { return nil }
        var bars = [
            Bar(
                clip: reference, start: 0, duration: length(reference) ?? record.durationSeconds, group: 0, words: "",
                verdict: nil)
        ]
        for (number, (finding, clip)) in views.enumerated() {
            // An unconnected view has no position on the reference's clock.
            bars.append(
                Bar(
                    clip: clip, start: finding.offset?.seconds ?? 0, duration: length(clip),
                    group: finding.offset == nil ? number + 1 : 0,
                    words: ClipText.summary(finding), verdict: finding.verdict))
        }
        self.init(name: record.clip, bars: bars)
    }
}
