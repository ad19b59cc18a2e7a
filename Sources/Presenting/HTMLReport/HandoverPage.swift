public import Reporting
import SyncModel

/// The hand-over as one self-contained page without a script.
public enum HandoverPage {
    public static func html(_ handover: Handover) -> String {
        let annotators = handover.annotators.map { one in
            "<tr><th scope=\"row\">\(name(one.name))</th><td>\(one.files)</td><td>\(one.faulty)</td><td>\(one.entries)"
                + "</td></tr>"
        }.joined(separator: "\n")
        let parts = Dictionary(grouping: handover.entries) { $0.annotator }.sorted { $0.key < $1.key }
        let lists = parts.map { annotator, entries in
            let files = Dictionary(grouping: entries) { [$0.clip, $0.file] }.sorted {
                $0.key.lexicographicallyPrecedes($1.key)
            }
            return "<section><h2>\(name(annotator))</h2>\n"
                + files.map { key, entries in table(key[1], of: key[0], entries) }.joined(separator: "\n")
                + "</section>"
        }.joined(separator: "\n")
        let sample = handover.sampleSentence.map { "<p>\(Markup.escaped($0)).</p>" } ?? ""
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1"><title>To fix - Genlock</title>
            <style>\(style)</style></head><body><main>
            <h1>To fix</h1>
            <p>\(handover.entries.count) places in \(handover.files.count { $0.entries > 0 }) of \
            \(handover.files.count) files.</p>
            \(sample)
            <table><caption>By annotator</caption><thead><tr><th scope="col">annotator</th><th scope="col">files</th>\
            <th scope="col">to fix</th><th scope="col">places</th></tr></thead><tbody>
            \(annotators)
            </tbody></table>
            \(lists)
            </main></body></html>

            """
    }

    private static func name(_ annotator: String) -> String {
        annotator.isEmpty ? "annotator not named" : Markup.escaped(annotator.printable)
    }

    private static func table(_ file: String, of clip: String, _ entries: [Handover.Entry]) -> String {
        let rows = entries.map { entry in
            let place = entry.start.map(clock) ?? "the whole file"
            let line = entry.line.map { ", line \($0)" } ?? ""
            return "<tr><th scope=\"row\">\(place)\(line)</th><td>\(Markup.escaped(entry.text))</td>"
                + "<td>\(Markup.escaped(entry.what))</td><td>\(Markup.escaped(correct(entry)))</td>"
                + "<td>\(Markup.escaped(entry.by))</td></tr>"
        }.joined(separator: "\n")
        let from = file == clip ? "" : " of \(Markup.escaped(clip.printable))"
        return """
            <table><caption>\(Markup.escaped(file.printable))\(from)</caption><thead><tr><th scope="col">where</th>\
            <th scope="col">text</th><th scope="col">what is wrong</th><th scope="col">correction</th><th scope="col">\
            found by</th></tr></thead><tbody>
            \(rows)
            </tbody></table>
            """
    }

    private static func correct(_ entry: Handover.Entry) -> String {
        let times = [entry.correctStart, entry.correctEnd].compactMap { $0 }.map(clock)
        return [times.joined(separator: " to "), entry.correctText.map { "\"\($0)\"" } ?? ""]
            .filter { !$0.isEmpty }.joined(separator: " ")
    }

    private static func clock(_ seconds: Double) -> String {
        let whole = Int((min(1e7, max(0, seconds)) * 1000).rounded())
        func padded(_ value: Int, _ digits: Int) -> String {
            String(repeating: "0", count: max(0, digits - String(value).count)) + String(value)
        }
        let (hours, rest) = whole.quotientAndRemainder(dividingBy: 3_600_000)
        let minutes = rest / 60_000
        return (hours > 0 ? "\(hours):\(padded(minutes, 2))" : "\(minutes)")
            + ":\(padded(rest / 1000 % 60, 2)).\(padded(rest % 1000, 3))"
    }

    private static let style = """
        :root { color-scheme: light dark; } body { font: 16px/1.5 system-ui, sans-serif; margin: 0; }
        main { max-width: 70rem; margin: 0 auto; padding: 1.5rem; } table { border-collapse: collapse; width: 100%; \
        margin: 1rem 0 2rem; }
        caption { text-align: left; font-weight: 600; padding: .3rem 0; overflow-wrap: anywhere; }
        th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #8885; \
        white-space: pre-line; }
        th[scope=row] { font-weight: 400; white-space: nowrap; font-variant-numeric: tabular-nums; }
        """
}
