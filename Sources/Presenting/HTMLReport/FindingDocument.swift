import Foundation
import SyncModel

/// What a finding's own JSON holds beyond the columns of a store.
struct FindingDocument: Decodable {
    struct Zones: Decodable {
        let inner: [Double]
        let outer: [Double]
    }
    struct Segment: Decodable {
        let start_s: Double
        let end_s: Double
        let offset_ms: Double
    }
    struct Item: Decodable {
        let text: String
        let kind: String
        let start_s: Double
        let end_s: Double
        let offset_ms: Double?
        let trust: Double?
        let flags: [String]
    }
    struct Gap: Decodable {
        let start_s: Double
        let end_s: Double
    }

    /// Of views: the recording that is judged, and the one it is held against.
    let clip: String?
    let against: String?
    let tolerance_ms: Zones?
    let drift_ppm: Double?
    let drift_ci95_ppm: [Double]?
    let rate: String?
    let worst_ms: Double?
    let segments: [Segment]?
    let subject_file: String?
    let items: [Item]?
    let gaps: [Gap]?
    let evidence: [String: EvidenceCell]?

    /// nil for what is no JSON of a finding.
    init?(_ json: String) {
        guard !json.isEmpty, let made = try? JSONDecoder().decode(FindingDocument.self, from: Data(json.utf8)) else {
            return nil
        }
        self = made
    }

    /// The edges that the finding was judged by.
    var tolerance: Tolerance? {
        guard let zones = tolerance_ms, zones.inner.count == 2, zones.outer.count == 2 else { return nil }
        let (lateInner, lateOuter, earlyInner, earlyOuter) = (
            -zones.inner[0], -zones.outer[0], zones.inner[1], zones.outer[1]
        )
        guard lateInner >= 0, lateInner <= lateOuter, earlyInner >= 0, earlyInner <= earlyOuter else { return nil }
        return Tolerance(
            early: .init(inner: earlyInner, outer: earlyOuter), late: .init(inner: lateInner, outer: lateOuter))
    }
}

/// One value of the evidence as it is shown; lists and objects are told by their length.
struct EvidenceCell: Decodable {
    let words: String?

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            words = nil
        } else if let value = try? container.decode(Bool.self) {
            words = value ? "yes" : "no"
        } else if let value = try? container.decode(Double.self) {
            words = EvidenceCell.number(value)
        } else if let value = try? container.decode(String.self) {
            words = value
        } else if let values = try? container.decode([Double].self) {
            words = values.map(EvidenceCell.number).joined(separator: ", ")
        } else {
            words = nil
        }
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String((value * 10_000).rounded() / 10_000)
    }
}
