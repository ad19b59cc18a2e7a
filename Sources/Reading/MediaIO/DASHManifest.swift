/// A parsed DASH manifest (ISO/IEC 23009-1): the representations of its only period, and their segments.
struct DASHManifest {
    enum Kind { case video, audio, other }

    struct Representation {
        let name: String
        let kind: Kind
        fileprivate let bandwidth: String
        fileprivate let base: String
        fileprivate let template: Template?
        fileprivate let list: [String]
    }

    fileprivate struct Template {
        var attributes: [String: String] = [:]
        var timeline: [(start: Int?, duration: Int, again: Int)] = []
    }

    private(set) var representations: [Representation] = []
    private let file: String
    private var seconds: Double?

    /// - Throws: `MediaError` if it has several periods, or describes a live stream.
    init(_ text: String, file: String) throws(MediaError) {
        self.file = file
        var (periods, bases): (Int, [String]) = (0, ["", "", "", ""])
        var set: [String: String] = [:]
        var own: [String: String]?
        var (setTemplate, template): (Template?, Template?)
        var (setList, list): ([String], [String]) = ([], [])
        for tag in MarkupTags(text) {
            let depth = own != nil ? 3 : !set.isEmpty ? 2 : periods > 0 ? 1 : 0
            switch (tag.name, tag.isEnd) {
            case ("MPD", false):
                if tag["type"] == "dynamic" {
                    throw MediaError(.badPlaylist, file: file, detail: "it describes a live stream")
                }
                seconds = tag["mediaPresentationDuration"].flatMap(Self.duration)
            case ("Period", false): periods += 1
            case ("BaseURL", false): bases[depth] = tag.text
            case ("AdaptationSet", false):
                set = tag.attributes.merging(["": ""]) { first, _ in first }
                (setTemplate, setList, bases[2]) = (nil, [], "")
            case ("AdaptationSet", true): set = [:]
            case ("Representation", false):
                (own, template, list, bases[3]) = (tag.attributes, setTemplate, [], "")
                if tag.isEmpty { fallthrough }
            case ("Representation", true):
                guard let known = own else { continue }
                let type =
                    known["mimeType"] ?? set["mimeType"] ?? set["contentType"] ?? (known["width"] != nil ? "video" : "")
                representations.append(
                    Representation(
                        name: known["id"] ?? "\(representations.count)",
                        kind: type.hasPrefix("video") ? .video : type.hasPrefix("audio") ? .audio : .other,
                        bandwidth: known["bandwidth"] ?? "", base: bases.joined(), template: template,
                        list: list.isEmpty ? setList : list))
                own = nil
            case ("SegmentTemplate", false):
                var made = (own == nil ? setTemplate : template) ?? Template()
                made.attributes.merge(tag.attributes) { $1 }
                if own == nil { setTemplate = made } else { template = made }
            case ("SegmentTimeline", false):
                if own == nil { setTemplate?.timeline = [] } else { template?.timeline = [] }
            case ("S", false):
                let entry = (
                    start: tag["t"].flatMap { Int($0) }, duration: Int(tag["d"] ?? "") ?? 0,
                    again: Int(tag["r"] ?? "") ?? 0
                )
                if own == nil { setTemplate?.timeline.append(entry) } else { template?.timeline.append(entry) }
            case ("Initialization", false), ("SegmentURL", false):
                if tag["mediaRange"] != nil || tag["range"] != nil && tag["sourceURL"] == nil { continue }
                guard let name = tag["sourceURL"] ?? tag["media"] else { continue }
                if own == nil { setList.append(name) } else { list.append(name) }
            case ("ContentProtection", false):
                throw MediaError(.badPlaylist, file: file, detail: "its segments are encrypted")
            default: continue
            }
        }
        guard periods == 1 else {
            throw MediaError(.badPlaylist, file: file, detail: "it has \(periods) periods; only one is supported")
        }
    }

    /// The files of a representation; by default those of the first with video.
    func segments(of name: String?) throws(MediaError) -> [Playlist.Segment] {
        let wanted =
            name.map { name in representations.first { $0.name == name } }
            ?? representations.first { $0.kind == .video } ?? representations.first
        guard let wanted else {
            throw MediaError(.badPlaylist, file: file, detail: "it has no representation '\(name ?? "")'")
        }
        let door = PlaylistDoor(playlist: file)
        var result: [Playlist.Segment] = []
        for part in try names(of: wanted) {
            result.append(Playlist.Segment(path: try door.path(of: wanted.base + part), start: 0, length: nil))
        }
        return result
    }

    private func names(of one: Representation) throws(MediaError) -> [String] {
        // A single file, given by its BaseURL.
        guard let template = one.template else { return one.list.isEmpty ? [""] : one.list }
        guard let media = template.attributes["media"] else {
            throw MediaError(.badPlaylist, file: file, detail: "a template has no media")
        }
        var names = template.attributes["initialization"].map { [filled($0, one, number: 0, time: 0)] } ?? []
        let first = Int(template.attributes["startNumber"] ?? "1") ?? 1
        let scale = max(1, Double(template.attributes["timescale"] ?? "1") ?? 1)
        func add(_ number: Int, _ time: Int) throws(MediaError) {
            guard names.count <= Playlist.mostSegments else {
                throw MediaError(.badPlaylist, file: file, detail: "more than \(Playlist.mostSegments) segments")
            }
            names.append(filled(media, one, number: first &+ number, time: time))
        }
        if template.timeline.isEmpty {
            guard let length = template.attributes["duration"].flatMap({ Double($0) }), length > 0, let seconds else {
                throw MediaError(.badPlaylist, file: file, detail: "a template has neither times nor a count")
            }
            let count = (seconds * scale / length - 1e-6).rounded(.up)
            guard count.isFinite, count < Double(Playlist.mostSegments) else {
                throw MediaError(.badPlaylist, file: file, detail: "more than \(Playlist.mostSegments) segments")
            }
            for index in 0..<max(0, Int(count)) { try add(index, index &* Int(length)) }
            return names
        }
        var (index, time) = (0, 0)
        for (place, entry) in template.timeline.enumerated() {
            if let start = entry.start { time = start }
            var again = entry.again
            if again < 0 {
                // To the start of the next one, or to the end.
                let next = place + 1 < template.timeline.count ? template.timeline[place + 1].start : nil
                let end = next.map { Double($0) } ?? (seconds ?? 0) * scale
                again =
                    entry.duration > 0
                    ? Int(max(0, min(1e6, ((end - Double(time)) / Double(entry.duration)).rounded(.up) - 1))) : 0
            }
            for _ in 0...max(0, min(again, Playlist.mostSegments)) {
                try add(index, time)
                index += 1
                time = time &+ entry.duration
            }
        }
        return names
    }

    /// Fills in a template's identifiers: `$Number%05d$` and the like.
    private func filled(_ text: String, _ one: Representation, number: Int, time: Int) -> String {
        var result = ""
        for (index, part) in text.split(separator: "$", omittingEmptySubsequences: false).enumerated() {
            guard index % 2 == 1 else {
                result += part
                continue
            }
            let pieces = part.split(separator: "%", maxSplits: 1)
            let width = pieces.count > 1 ? Int(pieces[1].filter(\.isNumber)) ?? 0 : 0
            func padded(_ value: Int) -> String {
                let digits = String(value)
                return String(repeating: "0", count: max(0, min(width, 20) - digits.count)) + digits
            }
            switch pieces.first ?? "" {
            case "": result += "$"
            case "RepresentationID": result += one.name
            case "Bandwidth": result += one.bandwidth
            case "Number": result += padded(number)
            case "Time": result += padded(time)
            default: result += part
            }
        }
        return result
    }

    /// "PT1H2M3.5S".
    private static func duration(_ text: String) -> Double? {
        guard text.hasPrefix("PT") else { return nil }
        var (total, number): (Double, String) = (0, "")
        for character in text.dropFirst(2) {
            switch character {
            case "H": total += 3600 * (Double(number) ?? 0)
            case "M": total += 60 * (Double(number) ?? 0)
            case "S": total += Double(number) ?? 0
            default:
                number.append(character)
                continue
            }
            number = ""
        }
        return total
    }
}
