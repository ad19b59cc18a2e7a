import Foundation

/// A pattern for session, view and annotator in file names: `{session}_{view}`, or `{annotator}/{session}` with
/// folders.
public struct NamePattern: Sendable, Hashable {
    private enum Piece: Hashable {
        case text(String)
        case hole(String)
    }
    private let pieces: [Piece]
    private let folders: Int
    public let source: String

    private static let holes: Set<String> = ["session", "view", "annotator", "tier", ""]

    /// nil if a placeholder is not session, view, annotator, tier or empty (`{}`: anything).
    public init?(_ text: String) {
        source = text
        folders = text.filter { $0 == "/" }.count
        var pieces: [Piece] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else { return nil }
            if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
            let hole = String(rest[rest.index(after: open)..<close])
            guard NamePattern.holes.contains(hole) else { return nil }
            pieces.append(.hole(hole))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        guard pieces.contains(where: { if case .hole = $0 { true } else { false } }) else { return nil }
        self.pieces = pieces
    }

    /// The values in a path; nil if it does not match. The extension is ignored.
    public func match(_ path: String) -> [String: String]? {
        let url = URL(fileURLWithPath: path)
        let parts = url.deletingPathExtension().pathComponents.filter { $0 != "/" }
        let name = parts.suffix(folders + 1).joined(separator: "/")
        var found: [String: String] = [:]
        return fit(pieces[...], name[...], &found) ? found : nil
    }

    /// Each placeholder matches as little as possible.
    private func fit(_ pieces: ArraySlice<Piece>, _ text: Substring, _ found: inout [String: String]) -> Bool {
        guard let piece = pieces.first else { return text.isEmpty }
        switch piece {
        case .text(let expected):
            return text.hasPrefix(expected) && fit(pieces.dropFirst(), text.dropFirst(expected.count), &found)
        case .hole(let name):
            var end = text.startIndex
            while end < text.endIndex {
                end = text.index(after: end)
                let taken = text[..<end]
                if taken.hasSuffix("/") { break }
                if let known = found[name], known != taken { continue }
                let before = found
                if !name.isEmpty { found[name] = String(taken) }
                if fit(pieces.dropFirst(), text[end...], &found) { return true }
                found = before
            }
            return false
        }
    }
}
