import Foundation
import RobotSets
import SyncModel

/// What a scan found in a whole set, so that the next one need not count an unchanged set again.
struct KeptSurvey: Codable {
    /// Of the survey: another version counts again.
    private let method: String
    private let files: String
    private let cases: [SetSurvey.Case]
    private let faults: [LogFault]
    private let lags: [JointLag]
    /// What cameras show, by clip and camera.
    var sights: [String: [String: CameraSight]]

    private static let method = "survey-1 of \(Version.tool)"

    init(_ survey: SetSurvey, files: String) {
        method = KeptSurvey.method
        self.files = files
        (cases, faults, lags, sights) = (survey.cases, survey.faults, survey.lags, [:])
    }

    /// nil: another set, or of another version.
    init?(_ document: Data, files: String) {
        guard let kept = try? JSONDecoder().decode(KeptSurvey.self, from: document),
            kept.method == KeptSurvey.method, kept.files == files
        else { return nil }
        self = kept
    }

    func survey(of set: RobotSet) -> SetSurvey { SetSurvey(set: set, cases: cases, faults: faults, lags: lags) }

    var document: Data? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try? encoder.encode(self)
    }
}
