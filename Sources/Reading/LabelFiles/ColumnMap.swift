import Foundation

/// The roles and time units of a table's columns.
struct ColumnMap {
    private(set) var places: [ColumnRole: Int] = [:]
    /// Units of start, end and duration, if given by the column's name.
    private(set) var units: [ColumnRole: LabelOptions.Unit] = [:]
    /// Columns without a role, for the message.
    private(set) var unknown: [String] = []

    /// Names by role, best first; compared in lower case without blanks, dots, dashes and underscores.
    private static let known: [(ColumnRole, [String])] = [
        (
            .session,
            [
                "session", "sequence", "videoid", "video", "videouid", "recording", "clip", "clipid", "observationid",
                "file", "filename", "mediafile", "mediafilename",
            ]
        ),
        (.view, ["view", "camera", "cam", "viewpoint", "angle"]),
        (
            .annotator,
            ["annotator", "rater", "coder", "observer", "annotatorid", "labeler", "labeller", "worker", "workerid"]
        ),
        (.tier, ["tier", "layer", "track", "behavioralcategory", "hand"]),
        (.actor, ["actor", "subject", "person", "personid", "actorid", "participant", "participantid", "who"]),
        (
            .label,
            [
                "label", "action", "actionlabel", "behavior", "behaviour", "activity", "class", "category",
                "annotation", "value", "narration", "name", "event", "eventlabel", "trialtype", "verb", "text",
            ]
        ),
        (
            .start,
            ["start", "begin", "onset", "from", "starttime", "begintime", "starttimestamp", "t0", "tmin", "xmin"]
        ),
        (
            .end,
            [
                "end", "stop", "offset", "to", "endtime", "stoptime", "stoptimestamp", "endtimestamp", "t1", "tmax",
                "xmax",
            ]
        ),
        (.duration, ["duration", "length", "dur"]),
        (.note, ["description", "comment", "comments", "note", "notes", "narrationtext", "commentstart", "caption"]),
        (.rate, ["fps", "framerate", "rate"]),
    ]

    /// Suffixes of column names that indicate the unit.
    private static let endings: [(String, LabelOptions.Unit)] = [
        ("milliseconds", .ms), ("msec", .ms), ("ms", .ms), ("seconds", .seconds), ("sec", .seconds), ("s", .seconds),
        ("frames", .frames),
        ("frame", .frames),
    ]

    init(header: [String], options: LabelOptions) {
        var names = header.map(ColumnMap.plain)
        for (role, wanted) in options.columns {
            if let place = names.firstIndex(of: ColumnMap.plain(wanted)) ?? Int(wanted).map({ $0 - 1 }), place >= 0,
                place < header.count
            {
                places[role] = place
                names[place] = "\u{0}"
            }
        }
        for (role, candidates) in ColumnMap.known where places[role] == nil {
            take(role, candidates.lazy.compactMap { names.firstIndex(of: $0) }.first, nil, &names)
        }
        // If a table has both times and frames, as EPIC-KITCHENS does, the times take precedence.
        for (role, candidates) in ColumnMap.known where places[role] == nil && [.start, .end, .duration].contains(role)
        {
            for (ending, unit) in ColumnMap.endings where places[role] == nil {
                let place = candidates.lazy.compactMap { candidate in
                    names.firstIndex { $0 == candidate + ending || $0 == ending + candidate }
                }.first
                take(role, place, unit, &names)
            }
        }
        unknown = zip(header, names).filter { $0.1 != "\u{0}" && !$0.1.isEmpty }.map(\.0)
    }

    private mutating func take(_ role: ColumnRole, _ place: Int?, _ unit: LabelOptions.Unit?, _ names: inout [String]) {
        guard let place else { return }
        places[role] = place
        names[place] = "\u{0}"
        if let unit { units[role] = unit }
    }

    private static func plain(_ name: String) -> String {
        String(name.lowercased().unicodeScalars.filter { !" ._-()[]\u{FEFF}".unicodeScalars.contains($0) })
    }

    /// Time columns that are not read, such as frames in addition to seconds.
    func furtherTimes(in header: [String]) -> [(place: Int, isFrames: Bool)] {
        let taken = Set(places.values)
        let edges = ColumnMap.known.filter { [.start, .end].contains($0.0) }.flatMap(\.1)
        return header.enumerated().compactMap { place, name in
            guard !taken.contains(place) else { return nil }
            let name = ColumnMap.plain(name)
            let isEdge = edges.contains { edge in
                name == edge || ColumnMap.endings.contains { name == edge + $0.0 || name == $0.0 + edge }
            }
            guard isEdge || name.hasSuffix("timestamp") || name.hasSuffix("frame") else { return nil }
            return (place, name.contains("frame"))
        }
    }

    func place(_ role: ColumnRole) -> Int { places[role] ?? -1 }
    func has(_ role: ColumnRole) -> Bool { places[role] != nil }

    /// Whether the header has enough columns for labels.
    var isUsable: Bool { has(.start) && (has(.end) || has(.duration)) }
}
