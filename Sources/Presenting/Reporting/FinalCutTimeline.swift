import Foundation
import SyncModel

/// The common timeline as FCPXML 1.8 (Apple, "FCPXML Reference"): a gap with each recording connected to it in a
/// separate lane; drift is a time map.
enum FinalCutTimeline {
    static func document(_ timeline: EditedTimeline) -> String {
        let rate = timeline.rate
        var formats = [rate: "r1"]
        var resources = [
            format("r1", rate, width: timeline.size.width, height: timeline.size.height)
        ]
        var clips: [XMLElement] = []
        for (index, item) in timeline.items.enumerated() {
            let own = item.media.frameRate.map(EditingRate.init) ?? rate
            if formats[own] == nil {
                formats[own] = "f\(index + 1)"
                resources.append(
                    format("f\(index + 1)", own, width: item.media.width, height: item.media.height))
            }
            resources.append(asset(item, id: "a\(index + 1)", format: formats[own, default: "r1"]))
            clips.append(clip(item, ref: "a\(index + 1)", lane: index + 1, rate))
        }
        let length = frames(timeline.length, rate)
        return XMLElement(
            "fcpxml", ["version": "1.8"],
            [
                XMLElement("resources", [:], resources),
                XMLElement(
                    "event", ["name": "genlock"],
                    [
                        XMLElement(
                            "project", ["name": timeline.name],
                            [
                                XMLElement(
                                    "sequence",
                                    ["format": "r1", "duration": length, "tcStart": "0s", "tcFormat": "NDF"],
                                    [
                                        XMLElement(
                                            "spine", [:],
                                            [
                                                XMLElement(
                                                    "gap",
                                                    [
                                                        "name": "common clock", "offset": "0s", "start": "0s",
                                                        "duration": length,
                                                    ], clips)
                                            ])
                                    ])
                            ])
                    ]),
            ]
        ).document(type: "fcpxml")
    }

    private static func format(_ id: String, _ rate: EditingRate, width: Int, height: Int) -> XMLElement {
        XMLElement(
            "format",
            [
                "id": id, "frameDuration": frames(1, rate), "width": width > 0 ? "\(width)" : nil,
                "height": height > 0 ? "\(height)" : nil,
            ])
    }

    private static func asset(_ item: EditedTimeline.Item, id: String, format: String) -> XMLElement {
        let media = item.media
        let hasSound = media.sampleRate != nil
        return XMLElement(
            "asset",
            [
                "id": id, "name": item.name, "src": media.url, "start": "0s",
                "duration": seconds(item.entry.duration ?? 0),
                "hasVideo": media.frameRate == nil ? nil : "1",
                "format": format,
                "hasAudio": hasSound ? "1" : nil, "audioSources": hasSound ? "1" : nil,
                "audioChannels": hasSound ? "\(media.channels)" : nil, "audioRate": media.sampleRate.map(String.init),
            ])
    }

    private static func clip(_ item: EditedTimeline.Item, ref: String, lane: Int, _ rate: EditingRate) -> XMLElement {
        let stretch = item.entry.rate
        let isStretched = abs(stretch - 1) * (item.outSeconds - item.inSeconds) > ClockEntry.negligibleStretch
        var element = XMLElement(
            "asset-clip",
            [
                "ref": ref, "name": item.name, "lane": "\(lane)", "offset": frames(item.start, rate),
                // For a clip with a time map this is in the map's time.
                "start": seconds(item.inSeconds * (isStretched ? stretch : 1)),
                "duration": frames(item.end - item.start, rate), "tcFormat": "NDF",
            ])
        if isStretched {
            let length = item.entry.duration ?? 0
            let points = [(0, 0), (length * stretch, length)]
            element.children = [
                XMLElement(
                    "timeMap", [:],
                    points.map {
                        XMLElement(
                            "timept", ["time": seconds($0.0), "value": seconds($0.1), "interp": "linear"])
                    })
            ]
        }
        return element
    }

    /// A time in whole frames.
    private static func frames(_ count: Int, _ rate: EditingRate) -> String {
        fraction(count * (rate.isNTSC ? 1001 : 1), rate.base * (rate.isNTSC ? 1000 : 1))
    }

    /// Rounded to 1/720000 s, in which the frames of all common rates are whole.
    private static func seconds(_ value: Double) -> String { fraction(Int((value * 720_000).rounded()), 720_000) }

    private static func fraction(_ numerator: Int, _ denominator: Int) -> String {
        if numerator == 0 { return "0s" }
        var (a, b) = (abs(numerator), denominator)
        while b != 0 { (a, b) = (b, a % b) }
        return denominator == a ? "\(numerator / a)s" : "\(numerator / a)/\(denominator / a)s"
    }
}
