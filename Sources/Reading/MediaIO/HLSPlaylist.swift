/// A parsed HLS playlist (RFC 8216): renditions or segments, with names as written.
struct HLSPlaylist {
    struct Variant {
        let uri: String
        let audioGroup: String?
    }

    struct Part {
        let uri: String
        let start: Int
        let length: Int?
    }

    private(set) var variants: [Variant] = []
    /// The first separate audio playlist of each group.
    private(set) var audio: [String: String] = [:]
    private(set) var segments: [Part] = []
    /// Why it cannot be read.
    private(set) var trouble: String?

    init(_ text: String) {
        var stream: [String: String]?
        var range: (length: Int, start: Int?)?
        var ends: [String: Int] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            var line = line.drop { $0 == " " || $0 == "\t" || $0 == "\u{FEFF}" }
            while line.last == " " || line.last == "\t" { line.removeLast() }
            if line.isEmpty { continue }
            if let list = Self.value("#EXT-X-STREAM-INF:", line) {
                stream = Self.attributes(list)
            } else if let list = Self.value("#EXT-X-MEDIA:", line) {
                let media = Self.attributes(list)
                if media["TYPE"] == "AUDIO", let group = media["GROUP-ID"], let uri = media["URI"], audio[group] == nil
                {
                    audio[group] = uri
                }
            } else if let list = Self.value("#EXT-X-KEY:", line) {
                if Self.attributes(list)["METHOD"] != "NONE" { trouble = "its segments are encrypted" }
            } else if let list = Self.value("#EXT-X-MAP:", line) {
                let map = Self.attributes(list)
                if let uri = map["URI"] {
                    let part = map["BYTERANGE"].flatMap(Self.range)
                    segments.append(Part(uri: uri, start: part?.start ?? 0, length: part?.length))
                }
            } else if let text = Self.value("#EXT-X-BYTERANGE:", line) {
                range = Self.range(String(text))
            } else if line.hasPrefix("#") {
                continue
            } else if let known = stream {
                variants.append(Variant(uri: String(line), audioGroup: known["AUDIO"]))
                stream = nil
            } else {
                let uri = String(line)
                // A range without an offset follows the previous one in the same file.
                let start = range.map { $0.start ?? ends[uri] ?? 0 } ?? 0
                if let range { ends[uri] = start &+ range.length }
                segments.append(Part(uri: uri, start: start, length: range?.length))
                range = nil
            }
        }
    }

    private static func value(_ tag: String, _ line: Substring) -> Substring? {
        line.hasPrefix(tag) ? line.dropFirst(tag.count) : nil
    }

    /// "LENGTH@START" or "LENGTH".
    private static func range(_ text: String) -> (length: Int, start: Int?)? {
        let parts = text.split(separator: "@")
        guard let first = parts.first, let length = Int(first), length >= 0, length < 1 << 40 else { return nil }
        guard parts.count > 1 else { return (length, nil) }
        guard let start = Int(parts[1]), start >= 0, start < 1 << 50 else { return nil }
        return (length, start)
    }

    /// NAME=VALUE,NAME="VALUE".
    private static func attributes(_ list: Substring) -> [String: String] {
        var result: [String: String] = [:]
        var rest = list
        while let equals = rest.firstIndex(of: "=") {
            let name = String(rest[..<equals].filter { $0 != " " })
            rest = rest[rest.index(after: equals)...]
            if rest.first == "\"" {
                rest = rest.dropFirst()
                let end = rest.firstIndex(of: "\"") ?? rest.endIndex
                result[name] = String(rest[..<end])
                rest = rest[end...].dropFirst()
            } else {
                let end = rest.firstIndex(of: ",") ?? rest.endIndex
                result[name] = String(rest[..<end])
                rest = rest[end...]
            }
            if rest.first == "," { rest = rest.dropFirst() }
        }
        return result
    }
}
