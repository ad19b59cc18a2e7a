import Foundation

/// Camera clocks from `genlock views --json`: one document, several, or one per line.
public struct SyncFile: Sendable {
    public struct Entry: Sendable {
        public let clip: String
        public let offsetMilliseconds: Double
        public let driftPartsPerMillion: Double
        public let group: Int
    }

    public private(set) var entries: [Entry] = []

    /// nil if it has no clock.
    public init?(_ bytes: [UInt8]) {
        if let document = try? JSONSerialization.jsonObject(with: Data(bytes)) {
            gather(document)
        } else {
            for line in bytes.split(separator: UInt8(ascii: "\n")) {
                if let document = try? JSONSerialization.jsonObject(with: Data(line)) { gather(document) }
            }
        }
        if entries.isEmpty { return nil }
    }

    private mutating func gather(_ value: Any) {
        if let list = value as? [Any] { for item in list { gather(item) } }
        guard let object = value as? [String: Any] else { return }
        if let clock = object["clock"] as? [[String: Any]] {
            for row in clock {
                guard let clip = row["clip"] as? String, let offset = JSONWalker.number(row["offset_ms"]) else {
                    continue
                }
                entries.append(
                    Entry(
                        clip: clip, offsetMilliseconds: offset,
                        driftPartsPerMillion: JSONWalker.number(row["drift_ppm"]) ?? 0,
                        group: (row["group"] as? NSNumber)?.intValue ?? 0))
            }
        }
        for key in object.keys.sorted() where key != "clock" { if let child = object[key] { gather(child) } }
    }

    /// The clock of a recording's file: of that path, else of that name.
    public func entry(of path: String) -> Entry? {
        func name(_ path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }
        return entries.first { $0.clip == path } ?? entries.first { name($0.clip) == name(path) }
    }

    /// The clock of a view: of the recording whose path contains both session and view, else of the one named like the
    /// view.
    public func entry(session: String, view: String) -> Entry? {
        let words = { (path: String) in path.lowercased() }
        let (wantedSession, wantedView) = (session.lowercased(), view.lowercased())
        func stem(_ path: String) -> String {
            URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent.lowercased()
        }
        return entries.first {
            stem($0.clip) == "\(wantedSession)_\(wantedView)" || stem($0.clip) == "\(wantedView)_\(wantedSession)"
        }
            ?? entries.first {
                words($0.clip).contains(wantedSession) && stem($0.clip).contains(wantedView) && !wantedView.isEmpty
            }
            ?? entries.first { stem($0.clip) == wantedView }
            ?? (view.isEmpty ? entries.first { stem($0.clip) == wantedSession } : nil)
    }
}
