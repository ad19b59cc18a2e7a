import Reporting
import SyncModel

/// Faults of the files themselves: clips whose verdict is good may have them too.
enum FileFaultSection {
    static func html(_ found: FileFaults) -> String {
        guard found.clips > 0 else { return "" }
        let rows = found.kinds.map { kind in
            """
            <tr><td>\(Markup.escaped(kind.sentence.printable))</td><td class="number">\(kind.clips)</td>\
            <td>\(Markup.escaped(kind.clip.printable))</td></tr>
            """
        }
        return """
            <section aria-labelledby="files"><h2 id="files">Faults of the files themselves</h2>
            <p>\(found.clips) clip\(found.clips == 1 ? " has" : "s have") faults that the verdict does not show.</p>
            <div class="scrolls" tabindex="0" role="region" aria-label="faults of the files themselves"><table \
            class="plain wide"><thead><tr><th scope="col">fault</th><th scope="col" \
            class="number">clips</th><th scope="col">first in</th></tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody></table></div></section>

            """
    }
}
