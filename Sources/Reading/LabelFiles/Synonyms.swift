/// Reads a table of synonyms: on each line the name to use, then the others, delimited like any table.
public enum Synonyms {
    /// Maps each other name to the one to use.
    public static func table(_ bytes: [UInt8]) -> [String: String] {
        var result: [String: String] = [:]
        LabelTable(bytes: TextBytes(bytes).bytes).forEachRow { _, row in
            let first = row.text(0)
            guard !first.isEmpty, !first.hasPrefix("#") else { return }
            for column in 1..<max(1, row.count) where !row.text(column).isEmpty { result[row.text(column)] = first }
        }
        return result
    }
}
