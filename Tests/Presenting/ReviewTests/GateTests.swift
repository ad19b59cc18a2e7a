import Foundation
import Storage
import Testing

@testable import Review

@Suite("Who is let in")
struct GateTests {
    private let gate = ReviewGate(token: "0123456789abcdef", port: 8000)

    private func request(
        method: String = "GET", host: String? = "127.0.0.1:8000", origin: String? = nil, site: String? = nil,
        cookie: String? = "genlock_review=0123456789abcdef", query: String? = nil
    ) -> ReviewGate.Request {
        ReviewGate.Request(method: method, host: host, origin: origin, fetchSite: site, cookie: cookie, query: query)
    }

    @Test("the page itself, by cookie or by the token in its address")
    func own() {
        #expect(gate.refusal(request()) == nil)
        #expect(gate.refusal(request(method: "POST", origin: "http://127.0.0.1:8000", site: "same-origin")) == nil)
        #expect(gate.refusal(request(cookie: nil, query: "0123456789abcdef")) == nil)
        #expect(gate.refusal(request(cookie: "a=b; genlock_review=0123456789abcdef; c=d")) == nil)
    }

    @Test("two pages in one browser do not take each other's place, and other servers of the host learn nothing")
    func several() {
        let other = ReviewGate(token: "fedcba9876543210", port: 9000)
        let cookies = "\(other.cookieName)=fedcba9876543210; \(gate.cookieName)=0123456789abcdef"
        #expect(gate.refusal(request(cookie: cookies)) == nil)
        #expect(gate.refusal(request(cookie: "\(other.cookieName)=0123456789abcdef")) != nil)
        #expect(gate.place != other.place && gate.place.count == 17)
        #expect(gate.path(gate.place + "/api/clips") == "/api/clips" && gate.path(gate.place) == "/")
        #expect(gate.path(gate.place + "x/api") == gate.place + "x/api")
        let cookie = gate.cookie(isAtPlace: true)
        #expect(cookie.contains("Path=\(gate.place)/;") && cookie.contains("HttpOnly; SameSite=Strict"), "\(cookie)")
        #expect(!gate.place.contains(gate.token.prefix(8)))
    }

    @Test("nobody else")
    func others() {
        #expect(gate.refusal(request(cookie: nil)) != nil)
        #expect(gate.refusal(request(cookie: "genlock_review=0123456789abcdee")) != nil)
        #expect(gate.refusal(request(cookie: "genlock_review=")) != nil)
        #expect(gate.refusal(request(query: "wrong")) != nil)
        #expect(gate.refusal(request(host: "evil.example")) != nil)
        #expect(gate.refusal(request(host: "evil.example:8000")) != nil)
        #expect(gate.refusal(request(host: nil)) != nil)
        #expect(gate.refusal(request(origin: "http://evil.example")) != nil)
        #expect(gate.refusal(request(origin: "null")) != nil)
        #expect(gate.refusal(request(site: "cross-site")) != nil)
        #expect(gate.refusal(request(method: "DELETE")) != nil)
    }

    @Test("tokens are long and never the same")
    func tokens() {
        let tokens = Set((0..<100).map { _ in ReviewGate.newToken() })
        #expect(tokens.count == 100 && tokens.allSatisfy { $0.count == 32 })
    }

    @Test("byte ranges as RFC 9110 has them")
    func ranges() {
        #expect(ByteRange(nil, size: 100) == .whole)
        #expect(ByteRange("bytes=0-9", size: 100) == .part(0..<10))
        #expect(ByteRange("bytes=90-", size: 100) == .part(90..<100))
        #expect(ByteRange("bytes=-5", size: 100) == .part(95..<100))
        #expect(ByteRange("bytes=50-999", size: 100) == .part(50..<100))
        #expect(ByteRange("bytes=0-\(Int.max)", size: 100) == .part(0..<100))
        #expect(ByteRange("bytes=100-", size: 100) == .unsatisfiable)
        #expect(ByteRange("bytes=9-3", size: 100) == .whole)
        #expect(ByteRange("bytes=0-1,5-6", size: 100) == .whole)
        #expect(ByteRange("lines=1", size: 100) == .whole)
    }
}
