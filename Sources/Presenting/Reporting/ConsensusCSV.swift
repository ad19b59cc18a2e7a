public import Actions
import DelimitedText
import Foundation

/// Merged labels as a table: one row per action, with each boundary's spread.
public enum ConsensusCSV {
    public static let header =
        "session,start_s,end_s,label,actor,tier,start_spread_ms,end_spread_ms,votes,tracks,look_again\n"

    public static func text(_ consensus: ConsensusLabels) -> String {
        consensus.segments.reduce(into: header) { text, segment in
            let times = String(format: "%.6f,%.6f", segment.start, segment.end)
            let spread = String(format: "%.1f,%.1f", segment.startSpreadMilliseconds, segment.endSpreadMilliseconds)
            text +=
                """
                \(CSVText.field(segment.session)),\(times),\(CSVText.field(segment.label)),\
                \(CSVText.field(segment.actor)),\(CSVText.field(segment.tier)),\(spread),\(segment.votes),\
                \(segment.tracks),\(segment.needsALook ? 1 : 0)\n
                """
        }
    }
}
