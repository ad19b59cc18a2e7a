import FlyingFox
import Foundation
import Storage
import SyncModel

/// A page of the local server: a request that the gate refuses is not answered, and what fails in an answer is said.
protocol GatedPage: HTTPHandler {
    var gate: ReviewGate { get }

    /// The response to a request that the gate let through.
    ///
    /// - Parameters:
    ///   - path: of the request, without the page's own place.
    ///   - query: the first value of each name.
    func answer(_ request: HTTPRequest, _ path: String, _ query: [String: String]) async throws -> HTTPResponse
}

extension GatedPage {
    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        let path = gate.path(request.path)
        let query = Dictionary(request.query.map { ($0.name, $0.value) }) { first, _ in first }
        if let refusal = gate.refusal(ReviewGate.Request(request, path, query)) {
            return ReviewAnswer.text(403, refusal)
        }
        do {
            return try await answer(request, path, query)
        } catch let error as StoreError {
            return ReviewAnswer.text(500, error.description)
        } catch let failure as Transcoder.Failure {
            return ReviewAnswer.text(502, failure.message)
        } catch let failure as ClipFailure {
            return ReviewAnswer.text(400, "\(failure.message): \(failure.remedy)")
        }
    }
}
