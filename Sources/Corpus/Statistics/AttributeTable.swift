import SyncModel

/// Attributes of the clips: one column per attribute, values as numbers.
///
/// From the manifest, from the path ("folder", "ending"), from the file's metadata (names that begin with "file."), and
/// the clip's length. Numbers with many values are divided into quarters.
struct AttributeTable {
    struct Column {
        let name: String
        /// The value of each number in `codes`.
        var values: [String]
        /// One per clip; -1: the clip has none.
        var codes: [Int32]
        /// Whether the values are quarters of a number.
        var isQuarters = false
    }

    private(set) var columns: [Column] = []
    /// The date of each clip, as text; from the first attribute with dates.
    private(set) var dates: (name: String, days: [Double?], texts: [String])?

    /// Names whose values identify speakers.
    private static let speakerNames = [
        "speaker", "speaker_id", "talker", "talker_id", "person", "person_id", "subject_id", "actor", "actor_id",
        "participant",
        "participant_id", "spk", "spk_id", "uploader", "uploader_id", "channel", "channel_id", "creator", "author",
    ]
    /// Attributes whose values often correspond to one speaker each.
    static let nests: Set<String> = Set(
        speakerNames + ["folder", "group", "session", "take", "show", "video_id", "subject"])

    init(_ records: [ClipRecord]) {
        var builders: [String: Builder] = [:]
        var order: [String] = []
        func put(_ name: String, _ value: String, _ clip: Int) {
            if builders[name] == nil {
                builders[name] = Builder(clips: records.count)
                order.append(name)
            }
            builders[name]?.put(value, clip)
        }
        for (clip, record) in records.enumerated() {
            for attribute in record.attributes where !attribute.value.isEmpty {
                put(attribute.name, attribute.value, clip)
            }
            if let group = record.group { put("group", group, clip) }
            if let language = record.language { put("language", language, clip) }
            put("folder", AttributeTable.folder(record.clip), clip)
            put("ending", AttributeTable.ending(record.clip), clip)
        }
        for name in order {
            guard let builder = builders.removeValue(forKey: name) else { continue }
            let column = Column(name: name, values: builder.values, codes: builder.codes)
            if let days = AttributeTable.days(column) {
                if dates == nil {
                    dates = (
                        name, column.codes.map { $0 < 0 ? nil : days[Int($0)] },
                        column.codes.map { $0 < 0 ? "" : column.values[Int($0)] }
                    )
                }
                continue
            }
            columns.append(AttributeTable.quarters(column) ?? column)
        }
        let lengths = Column(
            name: "length_s", values: records.map { String($0.durationSeconds ?? .nan) },
            codes: records.indices.map { records[$0].durationSeconds == nil ? -1 : Int32($0) })
        if let quarters = AttributeTable.quarters(lengths) { columns.append(quarters) }
    }

    /// The attribute that identifies speakers, the most reliable first: one with such a name; else groups or folders,
    /// if there are at least five with several clips each.
    ///
    /// - Returns: a number per clip; `isKnown`: by its name the attribute is of speakers.
    func speakers(clips: Int) -> (name: String, codes: [Int32], isKnown: Bool)? {
        for name in AttributeTable.speakerNames {
            if let column = columns.first(where: { $0.name.lowercased() == name }) {
                let said = column.codes.count { $0 >= 0 }
                if said * 10 >= clips * 9, !column.isQuarters { return (column.name, column.codes, true) }
            }
        }
        for name in ["group", "folder"] {
            if let column = columns.first(where: { $0.name == name }), column.values.count >= 5,
                column.values.count * 2 <= clips
            {
                return (name, column.codes, false)
            }
        }
        return nil
    }

    private struct Builder {
        var values: [String] = []
        var codes: [Int32]
        private var known: [String: Int32] = [:]

        init(clips: Int) { codes = [Int32](repeating: -1, count: clips) }

        mutating func put(_ value: String, _ clip: Int) {
            guard codes[clip] < 0 else { return }
            if let code = known[value] {
                codes[clip] = code
            } else {
                let code = Int32(values.count)
                known[value] = code
                values.append(value)
                codes[clip] = code
            }
        }
    }

    private static func folder(_ clip: String) -> String {
        clip.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(clip[..<$0]) } ?? "."
    }

    private static func ending(_ clip: String) -> String {
        let name = clip.utf8.lastIndex(of: UInt8(ascii: "/")).map { clip[clip.utf8.index(after: $0)...] } ?? clip[...]
        return name.utf8.lastIndex(of: UInt8(ascii: ".")).map { name[name.utf8.index(after: $0)...].lowercased() } ?? ""
    }

    /// The column with its numbers in quarters, where nearly all of its many values are numbers; nil: unchanged.
    private static func quarters(_ column: Column) -> Column? {
        guard column.values.count > 12 else { return nil }
        let numbers = column.values.map { Double($0).flatMap { $0.isFinite ? $0 : nil } }
        guard numbers.count(where: { $0 != nil }) * 20 >= numbers.count * 19 else { return nil }
        let told = column.codes.compactMap { $0 < 0 ? nil : numbers[Int($0)] }.sorted()
        guard told.count >= 40 else { return nil }
        let edges = (1...3).map { told[$0 * told.count / 4] }
        guard told[0] < edges[0], edges[0] < edges[1], edges[1] < edges[2] else { return nil }
        func text(_ number: Double) -> String {
            let rounded = (number * 100).rounded() / 100
            return rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int(rounded)) : String(rounded)
        }
        let ends = [told[0]] + edges + [told[told.count - 1]]
        var result = Column(
            name: column.name, values: (0..<4).map { "\(text(ends[$0])) to \(text(ends[$0 + 1]))" }, codes: column.codes
        )
        result.isQuarters = true
        result.codes = column.codes.map { code in
            guard code >= 0, let number = numbers[Int(code)] else { return -1 }
            return Int32(edges.count { number >= $0 })
        }
        return result
    }

    /// Days since 1970 of each value, if nearly all of several are ISO 8601 dates; nil: they are not.
    private static func days(_ column: Column) -> [Double?]? {
        guard column.values.count >= 3 else { return nil }
        // The first few decide whether all are read.
        guard
            column.values.prefix(20).count(where: { CalendarDay.days($0) != nil }) * 10 >= min(20, column.values.count)
                * 9
        else { return nil }
        let days = column.values.map(CalendarDay.days)
        return days.count(where: { $0 != nil }) * 20 >= days.count * 19 ? days : nil
    }
}

/// ISO 8601 dates.
enum CalendarDay {
    /// Days since 1970-01-01, with the hours as a fraction; nil: the text is not a date. Time zones are ignored.
    static func days(_ text: String) -> Double? {
        let bytes = Array(text.utf8)
        func digits(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= bytes.count else { return nil }
            var value = 0
            for byte in bytes[range] {
                guard byte >= 48, byte <= 57 else { return nil }
                value = value * 10 + Int(byte) - 48
            }
            return value
        }
        guard bytes.count >= 7, let year = digits(0..<4), bytes[4] == UInt8(ascii: "-"), let month = digits(5..<7),
            (1...12).contains(month),
            (1900...2200).contains(year)
        else { return nil }
        if bytes.count == 7 { return number(year, month, 1) }
        guard bytes[7] == UInt8(ascii: "-"), let day = digits(8..<10), (1...31).contains(day) else { return nil }
        var days = number(year, month, day)
        if bytes.count > 10 {
            guard bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " ") else { return nil }
            if let hour = digits(11..<13) { days += Double(hour) / 24 }
            if bytes.count > 13, bytes[13] == UInt8(ascii: ":"), let minute = digits(14..<16) {
                days += Double(minute) / 1440
            }
        }
        return days
    }

    /// Of a day of the Gregorian calendar (Hinnant, days_from_civil).
    private static func number(_ year: Int, _ month: Int, _ day: Int) -> Double {
        let y = month <= 2 ? year - 1 : year
        let era = y / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return Double(era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468)
    }

    /// "2024-03-01".
    static func text(_ days: Double) -> String {
        let z = Int(days.rounded(.down)) + 719_468
        let era = z / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let m = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * m + 2) / 5 + 1
        let month = m < 10 ? m + 3 : m - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func pad(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(year)-\(pad(month))-\(pad(day))"
    }
}
