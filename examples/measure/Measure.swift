// Measures one clip: the same checks as `genlock check`, from a program of one's own.
//
//   swift run example-measure CLIP
import Assets
import Checks
import Foundation
import Plan
import Reporting
import SyncModel

@main
struct Measure {
    static func main() {
        guard CommandLine.arguments.count == 2 else {
            print("usage: example-measure CLIP")
            exit(64)
        }
        let settings = CheckSettings(assets: AssetFolder(environment: ProcessInfo.processInfo.environment).root)
        let measurer = ClipMeasurer(checks: CheckCatalogue.make([.lips, .impacts, .container], settings))
        // Never throws: what cannot be read is told in the report.
        let report = measurer.measure(ClipRequest(clip: CommandLine.arguments[1]))
        print("verdict: \(report.verdict.rawValue)")
        for finding in report.findings {
            guard let offset = finding.offset else {
                print(
                    """
                    \(finding.check.rawValue): \(finding.verdict.rawValue): \
                    \(finding.because.map(\.description).joined(separator: "; "))
                    """
                )
                continue
            }
            print(
                """
                \(finding.check.rawValue): \
                \(OffsetWords.sentence(offset, subject: finding.subject, reference: finding.reference))
                """
            )
        }
        exit(report.failure == nil ? 0 : 2)
    }
}
