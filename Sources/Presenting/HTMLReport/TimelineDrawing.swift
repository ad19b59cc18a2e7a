import Foundation
import Reporting
import SyncModel

/// Recordings of one event as bars on their common clock.
enum TimelineDrawing {
    private static let (width, left, right, row) = (720.0, 180.0, 12.0, 26.0)

    static func section(_ timelines: [ViewTimeline]) -> String {
        guard !timelines.isEmpty else { return "" }
        let figures = timelines.enumerated().map { figure($0.element, number: $0.offset) }
        return
            """
            <section aria-labelledby=\"views\"><h2 id=\"views\">Views on one \
            clock</h2>\n\(figures.joined(separator: "\n"))\n</section>\n
            """
    }

    private static func figure(_ timeline: ViewTimeline, number: Int) -> String {
        let groups = Set(timeline.bars.map(\.group)).sorted()
        let drawings = groups.map { group in
            drawing(timeline.bars.filter { $0.group == group }, label: "views-\(number)")
        }
        let lines = timeline.bars.filter { !$0.words.isEmpty }.map { bar in
            let verdict = bar.verdict.map { "<span class=\"verdict \($0.rawValue)\">\($0.rawValue)</span> " } ?? ""
            let name = bar.words.hasPrefix(bar.clip) ? "" : bar.clip.printable + ": "
            return "<li>\(verdict)\(Markup.escaped(name + bar.words.printable))</li>"
        }
        let apart =
            groups.count > 1
            ? """
            <p class=\"note\">No evidence connects the \(groups.count) groups: each is drawn on its own clock.</p>
            """
            : ""
        return
            """
            <figure><figcaption \
            id=\"views-\(number)\"><strong>\(Markup.escaped(timeline.name.printable))</strong></figcaption>\
            \(drawings.joined())\(apart)<ul \
            \
            \
            class=\"lines\">\(lines.joined())</ul></figure>
            """
    }

    private static func drawing(_ bars: [ViewTimeline.Bar], label: String) -> String {
        let low = bars.map(\.start).min() ?? 0
        let high = max(low + 1e-3, bars.map { $0.start + ($0.duration ?? 0) }.max() ?? low)
        func x(_ seconds: Double) -> Double { left + (seconds - low) / (high - low) * (width - left - right) }
        let height = row * Double(bars.count) + 28
        var parts = ["<svg viewBox=\"0 0 \(Int(width)) \(Int(height))\" role=\"img\" aria-labelledby=\"\(label)\">"]
        let common = (bars.map(\.start).max() ?? 0, bars.map { $0.start + ($0.duration ?? 0) }.min() ?? 0)
        if bars.count > 1, common.0 < common.1 {
            parts.append(
                """
                <rect class=\"zone-inner\" x=\"\(Markup.place(x(common.0)))\" y=\"0\" \
                width=\"\(Markup.place(x(common.1) - x(common.0)))\" \
                height=\"\(Markup.place(row * Double(bars.count)))\"/>
                """
            )
        }
        for (index, bar) in bars.enumerated() {
            let y = row * Double(index)
            let to = x(bar.start + (bar.duration ?? 0))
            parts.append(
                """
                <text x=\"\(Markup.place(left - 8))\" y=\"\(Markup.place(y + 17))\" \
                text-anchor=\"end\">\(Markup.escaped(short(bar.clip)))</text>
                """
            )
            parts.append(
                """
                <rect class=\"view \(bar.verdict?.rawValue ?? "reference")\" x=\"\(Markup.place(x(bar.start)))\" \
                y=\"\(Markup.place(y + 5))\" width=\"\(Markup.place(max(2, to - x(bar.start))))\" height=\"16\" \
                rx=\"3\"><title>\(Markup.escaped(bar.clip.printable)): \
                \(Markup.escaped(bar.words.printable))</title></rect>
                """
            )
        }
        let floor = row * Double(bars.count) + 4
        parts.append(
            """
            <line class=\"axis\" x1=\"\(Markup.place(left))\" y1=\"\(Markup.place(floor))\" \
            x2=\"\(Markup.place(width - right))\" y2=\"\(Markup.place(floor))\"/>
            """
        )
        parts.append(
            "<text class=\"quiet\" x=\"\(Markup.place(left))\" y=\"\(Markup.place(floor + 16))\">\(clock(low))</text>")
        parts.append(
            """
            <text class=\"quiet\" x=\"\(Markup.place(width - right))\" y=\"\(Markup.place(floor + 16))\" \
            text-anchor=\"end\">\(clock(high))</text></svg>
            """
        )
        return parts.joined()
    }

    private static func clock(_ seconds: Double) -> String {
        seconds < -0.05 ? "\(Clock.words(-seconds)) before" : Clock.words(seconds)
    }

    /// The last path component, shortened in the middle.
    static func short(_ path: String) -> String {
        let name = (path.split(separator: "/").last.map(String.init) ?? path).printable
        return name.count <= 26 ? name : name.prefix(10) + "…" + name.suffix(15)
    }
}
