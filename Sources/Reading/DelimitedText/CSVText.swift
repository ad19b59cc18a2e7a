import Foundation

/// Writes fields of a table by RFC 4180.
public enum CSVText {
    /// Quoted if it contains a comma, a quote or a line end.
    public static func field(_ text: String) -> String {
        guard text.utf8.contains(where: { [44, 34, 10, 13].contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    /// One row, ended by a newline.
    public static func row(_ fields: [String]) -> String { fields.map(field).joined(separator: ",") + "\n" }
}
