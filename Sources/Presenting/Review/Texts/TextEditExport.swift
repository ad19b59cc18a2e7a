import DelimitedText
public import Storage
import SyncModel

/// Export of text edits as tables.
public enum TextEditExport {
    private static let columns = [
        "clip", "file", "line", "item", "action", "was_start_s", "was_end_s", "was_text", "start_s", "end_s", "text",
        "second_text", "by", "at", "comment",
    ]

    private static func values(_ edit: TextEdit) -> [JSONValue] {
        func seconds(_ value: Double?) -> JSONValue { value.map { .number($0, decimals: 4) } ?? .null }
        func words(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
        return [
            .string(edit.subject.clip), .string(edit.subject.file), .integer(edit.before.line), .string(edit.item),
            .string(edit.action.rawValue), seconds(edit.before.start), seconds(edit.before.end),
            .string(edit.before.text), seconds(edit.start), seconds(edit.end), words(edit.text), words(edit.second),
            .string(edit.by), .string(edit.at), .string(edit.comment),
        ]
    }

    public static func csv(_ edits: [TextEdit]) -> String {
        let rows = edits.map { edit in
            values(edit).map { value -> String in
                switch value {
                case .null: ""
                case .string(let text): text
                default: value.compact
                }
            }
        }
        return ([columns] + rows).map(CSVText.row).joined()
    }

    public static func lines(_ edits: [TextEdit]) -> String {
        edits.map { edit in
            JSONValue.object(zip(columns, values(edit)).map { (name: $0.0, value: $0.1) }).compact + "\n"
        }.joined()
    }
}
