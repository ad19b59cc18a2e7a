import Foundation
import Muxing
public import SyncModel

/// Makes a plan out of kept results, without looking at the media again.
public struct MendPlanner {
    public let folder: String
    public let leastConfidence: Double

    public init(folder: String, leastConfidence: Double = MendDecision.leastConfidence) {
        self.folder = folder
        self.leastConfidence = leastConfidence
    }

    /// What people decided of a clip.
    public struct Word: Sendable, Hashable {
        public let by: String
        /// The offset to mend by; nil: they cannot tell, or nothing is wrong.
        public let offset: Offset?
        /// Whether it is the measured one that they accepted: drift and steps go with it.
        public let isMeasured: Bool

        public init(by: String, offset: Offset?, isMeasured: Bool) {
            self.by = by
            self.offset = offset
            self.isMeasured = isMeasured
        }
    }

    /// The rows of clips that are not in sync, and what is to be done with each; clips of equal names get numbers.
    public func plan(_ records: [ClipRecord], words: [String: Word] = [:]) -> MendPlan {
        var taken: Set<String> = []
        return MendPlan(
            rows: records.compactMap { record in
                let name = record.audioFile ?? record.clip
                var output = MendNames.inside(folder, clip: name)
                var number = 2
                while !taken.insert(output).inserted {
                    let file = name as NSString
                    output = MendNames.inside(
                        folder,
                        clip: (file.deletingPathExtension as NSString).lastPathComponent + "-\(number)."
                            + file.pathExtension)
                    number += 1
                }
                return row(record.completed, output, words[record.key])
            })
    }

    private func row(_ record: ClipRecord, _ output: String, _ word: Word?) -> MendPlan.Row? {
        func skip(_ why: String) -> MendPlan.Row {
            MendPlan.Row(
                isMoved: false, clip: record.clip, audioFile: record.audioFile, move: nil, output: output,
                by: word?.by ?? "measured", why: why)
        }
        let about = record.findings.filter {
            $0.subject == .audio && $0.reference == .video && $0.check != .container
        }
        let best = about.filter { $0.offset != nil }.max { ($0.confidence ?? 0) < ($1.confidence ?? 0) }
        if about.isEmpty, record.findings.contains(where: { $0.check == .views }) {
            return record.verdict == .misaligned || record.verdict == .marginal
                ? skip("a group of views: 'genlock fix --views' cuts them to what they share") : nil
        }
        if let word {
            guard let offset = word.offset else { return skip("a person could not tell") }
            if word.isMeasured, let best, let move = move(best) {
                return MendPlan.Row(
                    isMoved: true, clip: record.clip, audioFile: record.audioFile, move: move, output: output,
                    by: word.by, why: words(best))
            }
            if abs(offset.seconds) < 0.0005 { return nil }
            return MendPlan.Row(
                isMoved: true, clip: record.clip, audioFile: record.audioFile, move: SoundMove(offset: offset),
                output: output, by: word.by,
                why: OffsetWords.sentence(offset, subject: .audio, reference: .video))
        }
        switch record.verdict {
        case .inSync, .notApplicable, .measured: return nil
        case .failed: return skip(record.failure?.message ?? "could not be read")
        case .unpaired: return skip("sound and picture do not belong together")
        case .inconclusive: return skip("cannot tell: decide it with 'genlock review'")
        case .misaligned, .marginal: break
        }
        guard let best, best.verdict != .inSync, let move = move(best) else {
            return skip("it is not the sound against the picture that is off")
        }
        let answered = about.compactMap(\.offset?.seconds)
        if let low = answered.min(), let high = answered.max(), high - low > MendDecision.contradiction {
            return skip("its checks disagree: decide it with 'genlock review'")
        }
        guard let confidence = best.confidence, confidence >= leastConfidence else {
            return skip(
                """
                right within 40 ms only with a probability of \(String(format: "%.2f", best.confidence ?? 0)): decide \
                it with 'genlock review'
                """
            )
        }
        return MendPlan.Row(
            isMoved: true, clip: record.clip, audioFile: record.audioFile, move: move, output: output, by: "measured",
            why: words(best))
    }

    private func words(_ finding: Finding) -> String {
        finding.offset.map {
            OffsetWords.sentence($0, subject: finding.subject, reference: finding.reference)
                + " (\(finding.check.rawValue))"
        } ?? ""
    }

    private func move(_ finding: Finding) -> SoundMove? {
        guard let offset = finding.offset else { return nil }
        return SoundMove(offset: offset, drift: finding.drift, segments: finding.segments ?? [])
    }
}
