import Foundation

extension Finding {
    /// Fills in, from the stored JSON object (`docs/json.md`), what a store has no columns for. Evidence is ordered by
    /// name. JSON that is not a finding changes nothing.
    public mutating func complete(from json: String) {
        guard !json.isEmpty, let kept = try? JSONDecoder().decode(Document.self, from: Data(json.utf8)) else { return }
        let values = (kept.evidence ?? [:]).mapValues(\.value)
        evidence = values.map { Evidence($0, $1) }.sorted { $0.name < $1.name }
        judgement = Judgement(
            kept: verdict, offset: offset, interval: interval, confidence: confidence,
            candidate: values["candidate_ms"]?.number.map(Offset.init(milliseconds:)),
            tolerance: kept.tolerance?.tolerance, expectation: kept.expectation ?? expectation)
        if let interval = kept.driftInterval, interval.count == 2, interval[0] <= interval[1], let ppm = drift?.ppm {
            drift = Drift(ppm: ppm, interval: interval[0]...interval[1])
        }
        segments = kept.segments?.compactMap(\.segment)
        subjectFile = kept.subjectFile
        (clip, against) = (kept.clip, kept.against)
        (subjectStream, referenceStream) = (kept.subjectStream, kept.referenceStream)
        if case .text(let name)? = values["language"] { language = name }
        items = kept.items?.map(\.item)
        gaps = kept.gaps?.compactMap(\.span)
        faults = (values["faults"]?.list ?? []).compactMap { LogFault($0, reasons: because) }
        clock = values["clock"]?.list?.compactMap { entry in
            let members = Dictionary((entry.object ?? []).map { ($0.name, $0.value) }) { first, _ in first }
            guard case .text(let clip)? = members["clip"] else { return nil }
            return ClockPlace(
                clip: clip, group: members["group"]?.number.flatMap { Int(exactly: $0) } ?? 0,
                offset: members["offset_ms"]?.number.map(Offset.init(milliseconds:)))
        }
    }
}

/// The members of a finding's JSON object.
private struct Document: Decodable {
    let driftInterval: [Double]?
    let segments: [Segment]?
    let tolerance: Zones?
    let evidence: [String: Cell]?
    let items: [Item]?
    let gaps: [Span]?
    let clip: String?
    let against: String?
    let subjectFile: String?
    let subjectStream: StreamName?
    let referenceStream: StreamName?
    /// nil: not in the document; the streams were expected in sync.
    let expectation: Expectation?

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        driftInterval = try members.decodeIfPresent([Double].self, forKey: .driftInterval)
        segments = try members.decodeIfPresent([Segment].self, forKey: .segments)
        tolerance = try members.decodeIfPresent(Zones.self, forKey: .tolerance)
        evidence = try members.decodeIfPresent([String: Cell].self, forKey: .evidence)
        items = try members.decodeIfPresent([Item].self, forKey: .items)
        gaps = try members.decodeIfPresent([Span].self, forKey: .gaps)
        clip = try members.decodeIfPresent(String.self, forKey: .clip)
        against = try members.decodeIfPresent(String.self, forKey: .against)
        subjectFile = try members.decodeIfPresent(String.self, forKey: .subjectFile)
        subjectStream = try members.decodeIfPresent(StreamName.self, forKey: .subjectStream)
        referenceStream = try members.decodeIfPresent(StreamName.self, forKey: .referenceStream)
        if members.contains(.expected) {
            expectation =
                try members.decodeIfPresent(Double.self, forKey: .expected)
                .map { .offset(Offset(milliseconds: $0)) } ?? .unknown
        } else {
            expectation = nil
        }
    }

    enum CodingKeys: String, CodingKey {
        case segments, evidence, items, gaps, clip, against
        case subjectStream = "subject_stream"
        case referenceStream = "reference_stream"
        case expected = "expected_ms"
        case driftInterval = "drift_ci95_ppm"
        case tolerance = "tolerance_ms"
        case subjectFile = "subject_file"
    }

    struct Span: Decodable {
        let start: Double
        let end: Double

        enum CodingKeys: String, CodingKey {
            case start = "start_s"
            case end = "end_s"
        }

        var span: TimeSpan? { start <= end ? TimeSpan(start: start, end: end) : nil }
    }

    struct Segment: Decodable {
        let start: Double
        let end: Double
        let offset: Double

        enum CodingKeys: String, CodingKey {
            case start = "start_s"
            case end = "end_s"
            case offset = "offset_ms"
        }

        var segment: OffsetSegment? {
            start <= end
                ? OffsetSegment(span: TimeSpan(start: start, end: end), offset: Offset(milliseconds: offset)) : nil
        }
    }

    struct Item: Decodable {
        let index: Int?
        let kind: FindingItem.Kind
        let text: String
        let start: Double
        let end: Double
        let offset: Double?
        let trust: Double?
        let flags: [FindingItem.Flag]

        enum CodingKeys: String, CodingKey {
            case index, kind, text, trust, flags
            case start = "start_s"
            case end = "end_s"
            case offset = "offset_ms"
        }

        var item: FindingItem {
            FindingItem(
                index: index ?? 0, kind: kind, text: text, startSeconds: start, endSeconds: end,
                offset: offset.map(Offset.init(milliseconds:)), trust: trust, flags: flags)
        }
    }

    struct Zones: Decodable {
        let inner: [Double]
        let outer: [Double]

        var tolerance: Tolerance? {
            guard inner.count == 2, outer.count == 2 else { return nil }
            let (lateInner, lateOuter, earlyInner, earlyOuter) = (-inner[0], -outer[0], inner[1], outer[1])
            guard lateInner >= 0, lateInner <= lateOuter, earlyInner >= 0, earlyInner <= earlyOuter else { return nil }
            return Tolerance(
                early: .init(inner: earlyInner, outer: earlyOuter), late: .init(inner: lateInner, outer: lateOuter))
        }
    }

    /// Any JSON value as evidence.
    struct Cell: Decodable {
        let value: EvidenceValue

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                value = .unknown
            } else if let flag = try? container.decode(Bool.self) {
                value = .flag(flag)
            } else if let count = try? container.decode(Int.self) {
                value = .count(count)
            } else if let number = try? container.decode(Double.self) {
                value = .number(number, decimals: 4)
            } else if let text = try? container.decode(String.self) {
                value = .text(text)
            } else if let cells = try? container.decode([Cell].self) {
                value = .list(cells.map(\.value))
            } else {
                let members = try container.decode([String: Cell].self)
                value = .object(members.map { Evidence($0, $1.value) }.sorted { $0.name < $1.name })
            }
        }
    }
}
