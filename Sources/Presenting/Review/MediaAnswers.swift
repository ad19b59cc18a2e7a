import FlyingFox
import Foundation

/// Audio and video of a recording, in pieces.
struct MediaAnswers: Sendable {
    let transcoder: Transcoder
    let clients: ReviewClients

    /// Start and length that a request asks for, in seconds.
    static func span(_ query: [String: String]) -> (from: Double, length: Double) {
        func number(_ key: String) -> Double? { query[key].flatMap(Double.init).flatMap { $0.isFinite ? $0 : nil } }
        return (max(0, number("from") ?? 0), min(120, max(1, number("length") ?? 30)))
    }

    /// Answers `/sound` and `/play`, and else serves the file itself.
    func answer(
        _ path: String, _ file: String, _ request: HTTPRequest, _ query: [String: String]
    ) async throws -> HTTPResponse {
        let (from, length) = MediaAnswers.span(query)
        let range = request.headers[.range]
        let clients = clients
        let client = request.headers[HTTPHeader(ReviewFront.clientHeader)].flatMap(Int.init)
        let isWaiting: @Sendable () -> Bool = { client.map(clients.isThere) ?? true }
        switch path {
        case "/sound":
            return try ReviewAnswer.file(
                await transcoder.sound(file, from: from, length: length, while: isWaiting), "audio/wav", range: range)
        case "/play":
            return try ReviewAnswer.file(
                await transcoder.pictures(file, from: from, length: min(30, length), while: isWaiting), "video/mp4",
                range: range)
        default: return try ReviewAnswer.file(file, ReviewAnswer.type(of: file), range: range)
        }
    }
}
