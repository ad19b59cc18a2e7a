import SyncModel

/// A corpus as JUnit XML, for build servers: misaligned and unpaired clips fail, failed ones are errors, inconclusive
/// and not-applicable ones are skipped.
public enum CorpusJUnit {
    public static func document(_ report: CorpusReport, _ write: (String) -> Void) {
        let listed = report.listed
        func count(_ verdicts: Verdict...) -> Int { listed.count { verdicts.contains($0.verdict) } }
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
        text += "  <testsuite name=\"genlock\" tests=\"\(listed.count)\" failures=\"\(count(.misaligned, .unpaired))\""
        text += " errors=\"\(count(.failed))\" skipped=\"\(count(.inconclusive, .notApplicable))\">\n"
        write(text)
        for record in listed { write(testcase(record)) }
        write("  </testsuite>\n</testsuites>\n")
    }

    private static func testcase(_ record: ClipRecord) -> String {
        let check = record.decisive?.check.rawValue ?? "genlock"
        let head = "    <testcase classname=\"genlock.\(check)\" name=\"\(XMLElement.escaped(record.clip.printable))\""
        let words = XMLElement.escaped("\(record.verdict.rawValue): \(ClipText.summary(record))")
        let element: String
        switch record.verdict {
        case .misaligned, .unpaired: element = "failure"
        case .failed: element = "error"
        case .inconclusive, .notApplicable: element = "skipped"
        case .inSync, .marginal, .measured: return head + "/>\n"
        }
        let type = element == "skipped" ? "" : " type=\"\(record.verdict.rawValue)\""
        return head + ">\n      <\(element)\(type) message=\"\(words)\"/>\n    </testcase>\n"
    }
}
