package import Foundation

/// Rows of a small CSV text with a header: quoted fields, empty ones are nil.
package struct AnswerTable {
    package let names: [String]
    package let rows: [[String?]]

    package init(_ data: Data) {
        var rows: [[String?]] = []
        var row: [String?] = []
        var field: [UInt8] = []
        var (isQuoted, wasQuoted) = (false, false)
        func endField() {
            row.append(field.isEmpty && !wasQuoted ? nil : String(decoding: field, as: UTF8.self))
            field.removeAll(keepingCapacity: true)
            wasQuoted = false
        }
        data.withUnsafeBytes { bytes in
            var at = 0
            while at < bytes.count {
                let byte = bytes[at]
                at += 1
                if isQuoted {
                    if byte != UInt8(ascii: "\"") {
                        field.append(byte)
                    } else if at < bytes.count, bytes[at] == byte {
                        field.append(byte)
                        at += 1
                    } else {
                        isQuoted = false
                    }
                    continue
                }
                switch byte {
                case UInt8(ascii: "\""): (isQuoted, wasQuoted) = (true, true)
                case UInt8(ascii: ","): endField()
                case UInt8(ascii: "\n"):
                    endField()
                    rows.append(row)
                    row.removeAll(keepingCapacity: true)
                case UInt8(ascii: "\r"): break
                default: field.append(byte)
                }
            }
        }
        if !row.isEmpty || !field.isEmpty {
            endField()
            rows.append(row)
        }
        names = rows.first?.map { $0 ?? "" } ?? []
        self.rows = Array(rows.dropFirst())
    }

    package func place(_ name: String) -> Int? { names.firstIndex(of: name) }
}
