import Foundation
import Reporting
import SyncModel

/// Actions of each view on one axis, with the boundaries beyond tolerance marked.
enum LabelDrawing {
    private static let (width, left, right, row) = (720.0, 120.0, 12.0, 34.0)
    private static let hues = 8

    static func section(_ charts: [LabelChart]) -> String {
        guard !charts.isEmpty else { return "" }
        let figures = charts.enumerated().map { figure($0.element, number: $0.offset) }
        return
            """
            <section aria-labelledby=\"actions\"><h2 id=\"actions\">Actions on one \
            axis</h2>\n\(figures.joined(separator: "\n"))\n</section>\n
            """
    }

    private static func figure(_ chart: LabelChart, number: Int) -> String {
        let lines = chart.marks.prefix(40).map {
            """
            <li>\(Markup.escaped($0.track.printable)), \(Clock.words($0.seconds)): \
            \(Markup.escaped($0.words.printable))</li>
            """
        }
        let more = chart.marks.count > 40 ? "<li>and \(chart.marks.count - 40) more</li>" : ""
        return
            """
            <figure><figcaption \
            id=\"labels-\(number)\"><strong>\(Markup.escaped(chart.session.printable))</strong></figcaption>\
            \(drawing(chart, number))<ul \
            \
            \
            class=\"lines\">\(lines.joined())\(more)</ul></figure>
            """
    }

    private static func drawing(_ chart: LabelChart, _ number: Int) -> String {
        let segments = chart.tracks.flatMap(\.segments)
        let low = min(0, segments.map(\.start).min() ?? 0)
        let high = max(low + 1e-3, segments.map(\.end).max() ?? 1)
        func x(_ seconds: Double) -> Double { left + (seconds - low) / (high - low) * (width - left - right) }
        let names = Set(segments.map(\.label)).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element, $0.offset % hues) })
        let floor = row * Double(chart.tracks.count)
        var parts = [
            "<svg viewBox=\"0 0 \(Int(width)) \(Int(floor + 24))\" role=\"img\" aria-labelledby=\"labels-\(number)\">"
        ]
        for (index, track) in chart.tracks.enumerated() {
            let y = row * Double(index)
            parts.append(
                """
                <text x=\"\(Markup.place(left - 8))\" y=\"\(Markup.place(y + 20))\" \
                text-anchor=\"end\">\(Markup.escaped(TimelineDrawing.short(track.name)))</text>
                """
            )
            for segment in track.segments.prefix(400) {
                let (from, to) = (x(segment.start), x(segment.end))
                parts.append(
                    """
                    <rect class=\"action hue-\(numbers[segment.label] ?? 0)\" x=\"\(Markup.place(from))\" \
                    y=\"\(Markup.place(y + 5))\" width=\"\(Markup.place(max(1, to - from)))\" \
                    height=\"22\"><title>\(Markup.escaped(segment.label.printable)), \(Clock.words(segment.start)) to \
                    \(Clock.words(segment.end))</title></rect>
                    """
                )
                let room = Int((to - from) / 6.2)
                if room >= 3 {
                    parts.append(
                        """
                        <text class=\"inside\" x=\"\(Markup.place(from + 3))\" \
                        y=\"\(Markup.place(y + 20))\">\(Markup.escaped(cut(segment.label.printable, room)))</text>
                        """
                    )
                }
            }
            for mark in chart.marks where mark.track == track.name {
                parts.append(
                    """
                    <line class=\"fault\" x1=\"\(Markup.place(x(mark.seconds)))\" y1=\"\(Markup.place(y + 1))\" \
                    x2=\"\(Markup.place(x(mark.seconds)))\" \
                    y2=\"\(Markup.place(y + 31))\"><title>\(Markup.escaped(mark.words.printable))</title></line>
                    """
                )
            }
        }
        parts.append(
            """
            <line class=\"axis\" x1=\"\(Markup.place(left))\" y1=\"\(Markup.place(floor))\" \
            x2=\"\(Markup.place(width - right))\" y2=\"\(Markup.place(floor))\"/>
            """
        )
        parts.append(
            """
            <text class=\"quiet\" x=\"\(Markup.place(left))\" \
            y=\"\(Markup.place(floor + 16))\">\(Clock.words(low))</text>
            """
        )
        parts.append(
            """
            <text class=\"quiet\" x=\"\(Markup.place(width - right))\" y=\"\(Markup.place(floor + 16))\" \
            text-anchor=\"end\">\(Clock.words(high))</text></svg>
            """
        )
        return parts.joined()
    }

    private static func cut(_ text: String, _ room: Int) -> String {
        text.count <= room ? text : text.prefix(max(1, room - 1)) + "…"
    }
}
