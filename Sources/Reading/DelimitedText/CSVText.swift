import Foundation

/// Fields of a table as RFC 4180 writes them.
public enum CSVText {
    /// In quotes where it holds a comma, a quote or an end of line.
    public static func field(_ text: String) -> String {
        guard text.utf8.contains(where: { [44, 34, 10, 13].contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    /// One row, ended by a newline.
    public static func row(_ fields: [String]) -> String { fields.map(field).joined(separator: ",") + "\n" }
}
