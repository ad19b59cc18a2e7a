import Foundation
import Masters
import MediaIO
public import SyncModel

/// Compares copies with their master: the skew that each adds. The master is decoded once.
public struct CompareMeasurement: Sendable {
    public static let method: MethodVersion = "compare-2"

    public let tolerance: Tolerance
    public let expectation: Expectation
    private let reader = MasterReader()

    public init(tolerance: Tolerance, expectation: Expectation) {
        self.tolerance = tolerance
        self.expectation = expectation
    }

    /// A master, decoded and prepared for any number of copies.
    public struct Prepared: Sendable {
        let input: MasterInput
        let picture: MasterPicture?
    }

    /// - Parameter sound: of a rendition with separate audio.
    /// - Throws: `MediaError` where the master cannot be read.
    public func prepare(master path: String, sound: String? = nil) throws -> Prepared {
        prepared(try reader.read(path: path, sound: sound))
    }

    /// A master from its stored data; nil: the data is invalid.
    func prepare(master path: String, kept file: String) -> Prepared? {
        guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: file)),
            let input = try? MasterInput(path: path, packed: bytes)
        else { return nil }
        return prepared(input)
    }

    private func prepared(_ input: MasterInput) -> Prepared {
        Prepared(input: input, picture: input.picture.map { MasterPicture($0) })
    }

    /// One copy's report: a finding, or why it could not be read.
    public func report(copy path: String, sound: String? = nil, on master: Prepared) -> ClipReport {
        do {
            let copy = try reader.read(path: path, sound: sound)
            return ClipReport(
                clip: path, durationSeconds: copy.durationSeconds, outcome: .measured([finding(copy: copy, on: master)])
            )
        } catch {
            return ClipReport(
                clip: path, durationSeconds: nil, outcome: .failed(CompareMeasurement.failure(error, path)))
        }
    }

    /// The skew that a copy adds to its master.
    func finding(copy: MasterInput, on master: Prepared) -> Finding {
        let placement = CopyPlacement(copy: copy, master: master.input, prepared: master.picture)
        return CopyJudge(placement: placement, tolerance: tolerance, expectation: expectation).finding
    }

    /// The finding on a copy that cannot be compared with its master, and why.
    func notApplicable(_ reason: String) -> Finding {
        Finding(
            check: .compare, subject: .audio, reference: .video,
            judgement: Judgement(.notApplicable, tolerance: tolerance, expectation: expectation),
            because: [Reason(reason)], method: CompareMeasurement.method)
    }

    public static func failure(_ error: any Error, _ path: String) -> ClipFailure {
        if let error = error as? MediaError { return error.failure }
        return ClipFailure(
            code: "internal", message: "\(path.printable) could not be measured (\(error))",
            remedy: "report this with the recording; the others are not affected")
    }
}
