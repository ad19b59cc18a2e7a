import Foundation
import SyncModel

/// The common timeline as XML of Final Cut Pro 7 (xmeml 5), which Premiere Pro, Resolve and others read: one track per
/// recording's video, and one per audio channel. Starts within a frame are also given in Premiere's ticks. The format
/// cannot express so small a drift: it is left out.
enum PremiereTimeline {
    /// Premiere's ticks per second.
    private static let ticks = 254_016_000_000.0

    static func document(_ timeline: EditedTimeline) -> String {
        var pictures: [XMLElement] = []
        var sounds: [XMLElement] = []
        for (index, item) in timeline.items.enumerated() {
            let number = index + 1
            // The clip's parts: its video, and each channel of its audio. They are linked, and move together.
            var links: [XMLElement] = []
            if item.media.frameRate != nil {
                links.append(link("video-\(number)", "video", track: pictures.count + 1))
            }
            for channel in 0..<channels(item) {
                links.append(link("audio-\(number)-\(channel + 1)", "audio", track: sounds.count + channel + 1))
            }
            var isFileTold = false
            func part(_ id: String, _ source: [XMLElement]) -> XMLElement {
                defer { isFileTold = true }
                return XMLElement(
                    "track", [:],
                    [clip(item, id: id, file: file(item, number, whole: !isFileTold), more: source + links, timeline)])
            }
            if item.media.frameRate != nil { pictures.append(part("video-\(number)", [])) }
            for channel in 0..<channels(item) {
                let source = XMLElement(
                    "sourcetrack", [:], [XMLElement("mediatype", "audio"), XMLElement("trackindex", channel + 1)])
                sounds.append(part("audio-\(number)-\(channel + 1)", [source]))
            }
        }
        let look = XMLElement(
            "format", [:],
            [
                XMLElement(
                    "samplecharacteristics", [:],
                    [
                        rate(timeline.rate), XMLElement("width", timeline.size.width),
                        XMLElement("height", timeline.size.height), XMLElement("pixelaspectratio", "square"),
                    ])
            ])
        let timecode = XMLElement(
            "timecode", [:],
            [
                rate(timeline.rate), XMLElement("string", "00:00:00:00"), XMLElement("frame", 0),
                XMLElement("displayformat", "NDF"),
            ])
        return XMLElement(
            "xmeml", ["version": "5"],
            [
                XMLElement(
                    "sequence", ["id": "sequence-1"],
                    [
                        XMLElement("name", timeline.name), XMLElement("duration", timeline.length),
                        rate(timeline.rate), timecode,
                        XMLElement(
                            "media", [:],
                            [XMLElement("video", [:], [look] + pictures), XMLElement("audio", [:], sounds)]),
                    ])
            ]
        ).document(type: "xmeml")
    }

    private static func channels(_ item: EditedTimeline.Item) -> Int {
        item.media.sampleRate == nil ? 0 : max(1, item.media.channels)
    }

    /// In the recording's own frames; for audio alone, the sequence's.
    private static func ownRate(_ item: EditedTimeline.Item, _ timeline: EditedTimeline) -> EditingRate {
        item.media.frameRate.map(EditingRate.init) ?? timeline.rate
    }

    private static func clip(
        _ item: EditedTimeline.Item, id: String, file: XMLElement, more: [XMLElement], _ timeline: EditedTimeline
    ) -> XMLElement {
        let own = ownRate(item, timeline)
        func frame(_ seconds: Double) -> Int { Int((seconds * own.framesPerSecond).rounded()) }
        func inTicks(_ seconds: Double) -> String { String(Int((seconds * ticks).rounded())) }
        return XMLElement(
            "clipitem", ["id": id],
            [
                XMLElement("name", item.name), XMLElement("enabled", "TRUE"),
                XMLElement("duration", frame(item.entry.duration ?? 0)), rate(own),
                XMLElement("start", item.start), XMLElement("end", item.end),
                XMLElement("in", frame(item.inSeconds)), XMLElement("out", frame(item.outSeconds)),
                XMLElement("pproTicksIn", inTicks(item.inSeconds)),
                XMLElement("pproTicksOut", inTicks(item.outSeconds)),
                file,
            ] + more)
    }

    private static func link(_ id: String, _ kind: String, track: Int) -> XMLElement {
        XMLElement(
            "link", [:],
            [
                XMLElement("linkclipref", id), XMLElement("mediatype", kind), XMLElement("trackindex", track),
                XMLElement("clipindex", 1),
            ])
    }

    /// - Parameter whole: with all its properties; once per document, afterwards by reference.
    private static func file(_ item: EditedTimeline.Item, _ number: Int, whole: Bool) -> XMLElement {
        var element = XMLElement("file", ["id": "file-\(number)"])
        guard whole else { return element }
        var media: [XMLElement] = []
        let own = item.media.frameRate.map(EditingRate.init)
        if let own {
            media.append(
                XMLElement(
                    "video", [:],
                    [
                        XMLElement(
                            "samplecharacteristics", [:],
                            [
                                rate(own), XMLElement("width", item.media.width),
                                XMLElement("height", item.media.height),
                            ])
                    ]))
        }
        if let samples = item.media.sampleRate {
            media.append(
                XMLElement(
                    "audio", [:],
                    [
                        XMLElement("samplecharacteristics", [:], [XMLElement("samplerate", samples)]),
                        XMLElement("channelcount", max(1, item.media.channels)),
                    ]))
        }
        let counted = own ?? EditingRate(base: 25)
        element.children = [
            XMLElement("name", item.name), XMLElement("pathurl", item.media.url), rate(counted),
            XMLElement("duration", Int(((item.entry.duration ?? 0) * counted.framesPerSecond).rounded())),
            XMLElement("media", [:], media),
        ]
        return element
    }

    private static func rate(_ rate: EditingRate) -> XMLElement {
        XMLElement(
            "rate", [:], [XMLElement("timebase", rate.base), XMLElement("ntsc", rate.isNTSC ? "TRUE" : "FALSE")])
    }
}
