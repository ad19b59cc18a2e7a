import Foundation
import SyncModel

/// Reads logs of one JSON object per line: nested members are named `a.b`, arrays of numbers are vectors.
enum JSONLinesLog {
    static func read(_ data: Data, file: String) throws(ClipFailure) -> LogTable {
        var builder = LogTableBuilder()
        var (bad, firstBad, rows) = (0, 0, 0)
        for (index, line) in data.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            guard line.contains(where: { $0 > 0x20 }) else { continue }
            guard let object = (try? JSONSerialization.jsonObject(with: Data(line))) as? [String: Any] else {
                bad += 1
                if firstBad == 0 { firstBad = index + 1 }
                continue
            }
            put(object, prefix: "", row: index + 1, depth: 0, into: &builder)
            builder.endRow()
            rows += 1
        }
        if rows == 0, bad > 0 {
            throw ClipFailure(
                code: "not-json-lines", message: "\(file.printable): line \(firstBad) is not one JSON object",
                remedy: "write one object per line, such as {\"t\": 0.01, \"speed\": 0.3}")
        }
        var table = LogTable(file: file, columns: builder.finish())
        if bad > 0 {
            table.notes.append(
                Reason(
                    """
                    \(bad) line\(bad == 1 ? " is" : "s are") not one JSON object and \(bad == 1 ? "is" : "are") \
                    skipped, the first is line \(firstBad)
                    """
                ))
        }
        return table
    }

    private static func put(
        _ object: [String: Any], prefix: String, row: Int, depth: Int, into builder: inout LogTableBuilder
    ) {
        for (key, value) in object.sorted(by: { $0.key < $1.key }) {
            let name = prefix + key
            switch value {
            case let number as NSNumber: builder.put(number.doubleValue, at: builder.place(name))
            case let members as [String: Any]:
                if depth < 8 { put(members, prefix: name + ".", row: row, depth: depth + 1, into: &builder) }
            case let values as [Any]:
                let numbers = values.map { ($0 as? NSNumber)?.doubleValue ?? .nan }
                if values.count <= 4096 { builder.put(vector: numbers, name: name) }
            case is NSNull: builder.put(.nan, at: builder.place(name))
            case let text as String:
                switch LogNumber.cell(ArraySlice(text.utf8)) {
                case .number(let value): builder.put(value, at: builder.place(name))
                case .empty: builder.put(.nan, at: builder.place(name))
                default: builder.refuse(at: builder.place(name), row: row)
                }
            default: builder.refuse(at: builder.place(name), row: row)
            }
        }
    }
}
