import Foundation
import Reporting
import SyncModel

/// A histogram of offsets as a figure: SVG, a caption, and a table for accessibility.
enum HistogramDrawing {
    private static let (height, left, right, top, bottom) = (230.0, 36.0, 16.0, 24.0, 34.0)

    static func figure(_ histogram: OffsetHistogram, number: Int) -> String {
        let title = "\(OffsetWords.name(histogram.subject)) against \(OffsetWords.name(histogram.reference))"
        return """
            <figure class="histogram">
            <figcaption id="histogram-\(number)"><strong>\(Markup.escaped(title))</strong>: \
            \(Markup.escaped(sentence(histogram)))</figcaption>
            \(drawing(histogram, number, width: 720))\(drawing(histogram, number, width: 350))
            <details class="numbers"><summary>As a table</summary>\(table(histogram, title))</details>
            </figure>

            """
    }

    /// How many findings the drawing shows, and how many it does not.
    static func sentence(_ histogram: OffsetHistogram) -> String {
        var text = "\(histogram.answered) with an offset"
        let silent = histogram.silent.reduce(0) { $0 + $1.count }
        if silent > 0 {
            text +=
                ", \(silent) without: "
                + histogram.silent.map { "\($0.count) \($0.verdict.rawValue)" }.joined(separator: ", ")
        }
        if histogram.below > 0 { text += "; \(histogram.below) later than shown" }
        if histogram.above > 0 { text += "; \(histogram.above) earlier than shown" }
        return text
    }

    /// Drawn twice, for wide and for narrow screens, so that labels keep their size.
    private static func drawing(_ histogram: OffsetHistogram, _ number: Int, width: Double) -> String {
        let low = histogram.first
        let high = low + histogram.width * Double(histogram.counts.count)
        let tallest = Double(max(1, histogram.counts.max() ?? 1))
        func x(_ milliseconds: Double) -> Double {
            left + (min(high, max(low, milliseconds)) - low) / (high - low) * (width - left - right)
        }
        func y(_ count: Double) -> Double { height - bottom - count / tallest * (height - top - bottom) }
        let floor = y(0)
        var parts = [
            """
            <svg class=\"\(width < 500 ? "narrow" : "wide")\" viewBox=\"0 0 \(Int(width)) \(Int(height))\" \
            role=\"img\" aria-labelledby=\"histogram-\(number)\">
            """
        ]
        if let tolerance = histogram.tolerance {
            for (name, zone) in [("outer", tolerance.outerMilliseconds), ("inner", tolerance.innerMilliseconds)] {
                let (from, to) = (x(zone.lowerBound), x(zone.upperBound))
                parts.append(
                    """
                    <rect class=\"zone-\(name)\" x=\"\(Markup.place(from))\" y=\"\(Markup.place(top))\" \
                    width=\"\(Markup.place(to - from))\" height=\"\(Markup.place(floor - top))\"/>
                    """
                )
            }
            let outer = tolerance.outerMilliseconds
            for edge in [outer.lowerBound, outer.upperBound] {
                parts.append(line(x(edge), top, x(edge), floor, "edge"))
            }
            let inner = tolerance.innerMilliseconds
            if x(inner.upperBound) - x(inner.lowerBound) > 90 {
                parts.append(
                    label((x(inner.lowerBound) + x(inner.upperBound)) / 2, top - 8, "nobody notices", "middle", "quiet")
                )
            }
            if x(outer.lowerBound) - left > 105 {
                parts.append(label(x(outer.lowerBound) - 4, top - 8, "people notice: late", "end", "quiet"))
            }
            if width - right - x(outer.upperBound) > 105 {
                parts.append(label(x(outer.upperBound) + 4, top - 8, "people notice: early", "start", "quiet"))
            }
        }
        for level in levels(tallest) {
            parts.append(line(left, y(level), width - right, y(level), "grid"))
            parts.append(label(left - 6, y(level) + 4, String(Int(level)), "end", "quiet"))
        }
        for (index, count) in histogram.counts.enumerated() where count > 0 {
            let from = low + Double(index) * histogram.width
            let to = from + histogram.width
            let (x0, x1, y0) = (x(from), x(to), min(y(Double(count)), floor - 1))
            parts.append(
                """
                <rect class=\"bar \(kind(middle: (from + to) / 2, histogram.tolerance))\" \
                x=\"\(Markup.place(x0 + 0.5))\" y=\"\(Markup.place(y0))\" \
                width=\"\(Markup.place(max(1, x1 - x0 - 1)))\" \
                height=\"\(Markup.place(floor - y0))\"><title>\(range(from, to)): \(count)</title></rect>
                """
            )
        }
        parts.append(line(left, floor, width - right, floor, "axis"))
        let marks = ticks(low, high, most: width / 88)
        let spacing = marks.count > 1 ? x(marks[1]) - x(marks[0]) : width
        for tick in marks {
            parts.append(line(x(tick), floor, x(tick), floor + 4, "axis"))
            // A label at the very end would overlap its neighbour.
            let isCramped = x(tick) > width - right - 30 && spacing < 115
            if !isCramped {
                parts.append(
                    label(
                        x(tick), floor + 18, OffsetWords.place(Offset(milliseconds: tick)),
                        x(tick) < left + 30 ? "start" : x(tick) > width - right - 30 ? "end" : "middle", ""))
            }
        }
        parts.append("</svg>")
        return parts.joined()
    }

    private static func kind(middle: Double, _ tolerance: Tolerance?) -> String {
        guard let tolerance else { return "measured" }
        if tolerance.innerMilliseconds.contains(middle) { return "in-sync" }
        return tolerance.outerMilliseconds.contains(middle) ? "marginal" : "misaligned"
    }

    private static func line(_ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double, _ name: String) -> String {
        """
        <line class=\"\(name)\" x1=\"\(Markup.place(x0))\" y1=\"\(Markup.place(y0))\" x2=\"\(Markup.place(x1))\" \
        y2=\"\(Markup.place(y1))\"/>
        """
    }

    private static func label(_ x: Double, _ y: Double, _ text: String, _ anchor: String, _ name: String) -> String {
        """
        <text class=\"\(name)\" x=\"\(Markup.place(x))\" y=\"\(Markup.place(y))\" \
        text-anchor=\"\(anchor)\">\(Markup.escaped(text))</text>
        """
    }

    /// Two or three counts as grid lines.
    private static func levels(_ tallest: Double) -> [Double] {
        let step = max(1, OffsetHistogram.round(atLeast: tallest / 3))
        return Array(stride(from: step, through: tallest, by: step))
    }

    /// About seven round offsets, including 0.
    private static func ticks(_ low: Double, _ high: Double, most: Double) -> [Double] {
        let step = OffsetHistogram.round(atLeast: (high - low) / most)
        return Array(stride(from: (low / step).rounded(.up) * step, through: high, by: step))
    }

    private static func range(_ from: Double, _ to: Double) -> String {
        OffsetWords.interval(OffsetInterval(Offset(milliseconds: from), Offset(milliseconds: to)))
    }

    private static func table(_ histogram: OffsetHistogram, _ title: String) -> String {
        var rows: [(String, Int)] = histogram.below > 0 ? [("later", histogram.below)] : []
        for (index, count) in histogram.counts.enumerated() where count > 0 {
            let from = histogram.first + Double(index) * histogram.width
            rows.append((range(from, from + histogram.width), count))
        }
        if histogram.above > 0 { rows.append(("earlier", histogram.above)) }
        rows += histogram.silent.map { ("no offset: \($0.verdict.rawValue)", $0.count) }
        let cells = rows.map {
            "<tr><th scope=\"row\">\(Markup.escaped($0.0))</th><td class=\"number\">\($0.1)</td></tr>"
        }
        return
            """
            <table class=\"plain\"><caption class=\"unseen\">\(Markup.escaped(title))</caption><thead><tr><th \
            scope=\"col\">offset</th><th scope=\"col\" \
            class=\"number\">clips</th></tr></thead><tbody>\(cells.joined())</tbody></table>
            """
    }
}
