import Foundation

/// A drawing of curves and dots over two axes, as SVG.
struct Diagram {
    struct Series {
        var name: String
        var colour: String
        var points: [(x: Double, y: Double)]
        /// Sizes of dots in pixels; none: a line.
        var radii: [Double] = []
        var isDashed = false
    }

    var title: String
    var xLabel: String
    var yLabel: String
    var xRange: ClosedRange<Double> = 0...1
    var yRange: ClosedRange<Double> = 0...1
    var series: [Series]
    /// Ticks as percentages, so many on either axis.
    var steps = 5

    private let width = 520.0, height = 440.0, left = 70.0, right = 20.0, top = 40.0, bottom = 60.0

    private func x(_ value: Double) -> Double {
        left + (value - xRange.lowerBound) / (xRange.upperBound - xRange.lowerBound) * (width - left - right)
    }

    private func y(_ value: Double) -> Double {
        height - bottom - (value - yRange.lowerBound) / (yRange.upperBound - yRange.lowerBound)
            * (height - top - bottom)
    }

    func svg() -> String {
        var lines = [
            """
            <svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Int(width)) \(Int(height))\" role=\"img\" \
            aria-label=\"\(title)\" 
            """
                + "font-family=\"sans-serif\" font-size=\"12\" fill=\"#222\">",
            "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>",
            text(title, x: width / 2, y: 22, anchor: "middle", more: " font-size=\"14\" font-weight=\"bold\""),
            text(xLabel, x: (left + width - right) / 2, y: height - 16, anchor: "middle"),
            text(
                yLabel, x: 18, y: (top + height - bottom) / 2, anchor: "middle",
                more: " transform=\"rotate(-90 18 \(number((top + height - bottom) / 2)))\""),
        ]
        for step in 0...steps {
            let share = Double(step) / Double(steps)
            let (xv, yv) = (
                xRange.lowerBound + share * (xRange.upperBound - xRange.lowerBound),
                yRange.lowerBound + share * (yRange.upperBound - yRange.lowerBound)
            )
            lines.append(line((x(xv), y(yRange.lowerBound)), (x(xv), y(yRange.upperBound)), "#ddd"))
            lines.append(line((x(xRange.lowerBound), y(yv)), (x(xRange.upperBound), y(yv)), "#ddd"))
            lines.append(text(tick(xv), x: x(xv), y: height - bottom + 18, anchor: "middle"))
            lines.append(text(tick(yv), x: left - 8, y: y(yv) + 4, anchor: "end"))
        }
        for one in series { lines += draw(one) }
        for (index, one) in series.enumerated() {
            let row = top + 16 + 18 * Double(index)
            lines.append(
                """
                <rect x=\"\(number(left + 12))\" y=\"\(number(row - 9))\" width=\"14\" height=\"10\" \
                fill=\"\(one.colour)\"/>
                """
            )
            lines.append(text(one.name, x: left + 32, y: row, anchor: "start"))
        }
        return (lines + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    private func draw(_ series: Series) -> [String] {
        let inside = series.points.enumerated().filter {
            xRange.contains($0.element.x) && yRange.contains($0.element.y)
        }
        if series.radii.isEmpty {
            let path = inside.map { "\(number(x($0.element.x))),\(number(y($0.element.y)))" }.joined(separator: " ")
            let dashes = series.isDashed ? " stroke-dasharray=\"5 4\"" : ""
            return [
                "<polyline points=\"\(path)\" fill=\"none\" stroke=\"\(series.colour)\" stroke-width=\"2\"\(dashes)/>"
            ]
        }
        return inside.map { index, point in
            """
            <circle cx=\"\(number(x(point.x)))\" cy=\"\(number(y(point.y)))\" r=\"\(number(series.radii[index]))\" \
            fill=\"\(series.colour)\" fill-opacity=\"0.75\"/>
            """
        }
    }

    private func line(_ a: (Double, Double), _ b: (Double, Double), _ colour: String) -> String {
        """
        <line x1=\"\(number(a.0))\" y1=\"\(number(a.1))\" x2=\"\(number(b.0))\" y2=\"\(number(b.1))\" \
        stroke=\"\(colour)\"/>
        """
    }

    private func text(_ words: String, x: Double, y: Double, anchor: String, more: String = "") -> String {
        "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\"\(more)>\(words)</text>"
    }

    private func tick(_ value: Double) -> String { "\(number(value * 100)) %" }

    private func number(_ value: Double) -> String {
        let text = String(format: "%.1f", value)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
