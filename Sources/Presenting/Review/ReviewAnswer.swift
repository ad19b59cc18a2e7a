import FlyingFox
import Foundation
import Reporting
import Storage
import SyncModel

/// Responses of the local page.
enum ReviewAnswer {
    /// Headers of every response: no caching, no framing, no mixing with other origins.
    private static func headers(_ type: String) -> HTTPHeaders {
        var headers = HTTPHeaders()
        headers[.contentType] = type
        headers[.cacheControl] = "no-store"
        headers[HTTPHeader("X-Content-Type-Options")] = "nosniff"
        headers[HTTPHeader("X-Frame-Options")] = "DENY"
        headers[HTTPHeader("Referrer-Policy")] = "no-referrer"
        headers[HTTPHeader("Cross-Origin-Resource-Policy")] = "same-origin"
        headers[HTTPHeader("Content-Security-Policy")] =
            """
            default-src 'none'; script-src 'self'; style-src 'self'; media-src 'self'; connect-src 'self'; img-src \
            'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
            """
        return headers
    }

    static func text(_ code: Int, _ words: String) -> HTTPResponse {
        HTTPResponse(
            statusCode: HTTPStatusCode(code, phrase: phrase(code)), headers: headers("text/plain; charset=utf-8"),
            body: Data((words + "\n").utf8))
    }

    static func json(_ code: Int, _ value: SyncModel.JSONValue) -> HTTPResponse {
        HTTPResponse(
            statusCode: HTTPStatusCode(code, phrase: phrase(code)), headers: headers("application/json"),
            body: Data(value.compact.utf8))
    }

    static func download(_ text: String, _ type: String, _ name: String) -> HTTPResponse {
        var headers = headers(type)
        headers[.contentDisposition] = "attachment; filename=\"\(name)\""
        return HTTPResponse(statusCode: .ok, headers: headers, body: Data(text.utf8))
    }

    static func resource(_ name: String, _ type: String) -> HTTPResponse {
        guard let url = Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Page"),
            let data = try? Data(contentsOf: url)
        else {
            return text(500, "\(name) is missing: rebuild genlock")
        }
        return HTTPResponse(statusCode: .ok, headers: headers(type), body: data)
    }

    /// - Parameter isAtPlace: whether it was requested below the page's own path.
    static func page(_ gate: ReviewGate, _ name: String, isAtPlace: Bool) -> HTTPResponse {
        var answer = resource(name, "text/html; charset=utf-8")
        answer.headers[.setCookie] =
            gate.cookie(isAtPlace: isAtPlace)
        return answer
    }

    /// Maximum size of a request body, in bytes.
    private static let mostBody = 1 << 16

    /// The body of a request; nil: too large.
    static func body(of request: HTTPRequest) async throws -> Data? {
        var data = Data()
        if let count = request.bodySequence.count, count > mostBody { return nil }
        for try await piece in request.bodySequence {
            data.append(piece)
            if data.count > mostBody { return nil }
        }
        return data
    }

    /// A file, or the requested part of it.
    static func file(_ path: String, _ type: String, range: String?) throws -> HTTPResponse {
        guard FileManager.default.isReadableFile(atPath: path),
            let size = (try FileManager.default.attributesOfItem(atPath: path))[.size] as? Int
        else {
            return text(404, "the file is no longer there")
        }
        var headers = headers(type)
        headers[.acceptRanges] = "bytes"
        let url = URL(fileURLWithPath: path)
        switch ByteRange(range, size: size) {
        case .whole:
            return HTTPResponse(
                statusCode: .ok, headers: headers, body: try HTTPBodySequence(file: url, suggestedBufferSize: 1 << 17))
        case .part(let part):
            headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(size)"
            return HTTPResponse(
                statusCode: HTTPStatusCode(206, phrase: phrase(206)), headers: headers,
                body: try HTTPBodySequence(file: url, range: part, suggestedBufferSize: 1 << 17))
        case .unsatisfiable:
            headers[.contentRange] = "bytes */\(size)"
            return HTTPResponse(statusCode: HTTPStatusCode(416, phrase: phrase(416)), headers: headers)
        }
    }

    static func type(of path: String) -> String {
        switch path.endingOfPath.lowercased() {
        case "mp4", "m4v", "mov": "video/mp4"
        case "webm": "video/webm"
        case "wav": "audio/wav"
        default: "application/octet-stream"
        }
    }

    private static func phrase(_ code: Int) -> String {
        switch code {
        case 200: "OK"
        case 206: "Partial Content"
        case 400: "Bad Request"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 409: "Conflict"
        case 413: "Content Too Large"
        case 416: "Range Not Satisfiable"
        case 502: "Bad Gateway"
        default: "Internal Server Error"
        }
    }
}
