/// Request authorisation: only this page, opened with its token, under the host name with which it was opened.
public struct ReviewGate: Sendable {
    public let token: String
    /// Such as `127.0.0.1:8123` and `localhost:8123`: any other name indicates DNS rebinding.
    public let hosts: Set<String>
    /// The page's secret path, such as `/5f0c1a2b3c4d5e6f`: cookies are sent to every port of a host, but only for
    /// their own path.
    public let place: String
    private let port: UInt16

    public init(token: String, port: UInt16, place: String = "/" + ReviewGate.newToken().prefix(16)) {
        self.token = token
        self.port = port
        self.place = place
        hosts = ["127.0.0.1:\(port)", "localhost:\(port)"]
    }

    /// The properties of a request that decide.
    public struct Request: Sendable {
        public var method: String
        public var host: String?
        public var origin: String?
        public var fetchSite: String?
        public var cookie: String?
        /// The token in the URL.
        public var query: String?

        public init(
            method: String, host: String?, origin: String? = nil, fetchSite: String? = nil, cookie: String? = nil,
            query: String? = nil
        ) {
            self.method = method
            self.host = host
            self.origin = origin
            self.fetchSite = fetchSite
            self.cookie = cookie
            self.query = query
        }
    }

    /// Why a request is refused; nil: it is accepted.
    public func refusal(_ request: Request) -> String? {
        guard let host = request.host, hosts.contains(host.lowercased()) else {
            return "this page is served at its own address only"
        }
        if let origin = request.origin, !hosts.contains(where: { ReviewGate.isOrigin(origin.lowercased(), of: $0) }) {
            return "requested by a page of another origin"
        }
        if let site = request.fetchSite, site != "same-origin", site != "none" {
            return "requested by a page of another origin"
        }
        if request.method != "GET", request.method != "HEAD", request.method != "POST" {
            return "this page does not support the method"
        }
        let given = request.query ?? request.cookie.flatMap(token(in:))
        guard let given, Self.isSame(given, token) else {
            return "the token is missing or wrong: open the address that 'genlock review' printed"
        }
        return nil
    }

    /// Cookies are not separated by port: each page has a separate name.
    var cookieName: String { ReviewGate.oldCookieName + "_\(port)" }
    /// The name accepted from scripts that know the token.
    private static let oldCookieName = "genlock_review"

    /// The cookie to set.
    ///
    /// - Parameter isAtPlace: whether the page was requested below its own path.
    func cookie(isAtPlace: Bool) -> String {
        "\(cookieName)=\(token); Path=\(isAtPlace ? place : "")/; HttpOnly; SameSite=Strict"
    }

    /// The requested path, relative to the page's own.
    func path(_ path: String) -> String {
        guard path == place || path.hasPrefix(place + "/") else { return path }
        let rest = path.dropFirst(place.count)
        return rest.isEmpty ? "/" : String(rest)
    }

    private static func isOrigin(_ origin: String, of host: String) -> Bool {
        origin == "http://" + host || origin.hasPrefix("http://" + host + "/")
    }

    /// The token in a cookie header.
    private func token(in cookie: String) -> String? {
        let pairs = cookie.split(separator: ";").map { pair in
            pair.split(separator: "=", maxSplits: 1).map { $0.drop { $0 == " " } }
        }
        for name in [cookieName, ReviewGate.oldCookieName] {
            if let found = pairs.first(where: { $0.count == 2 && $0[0] == name }) { return String(found[1]) }
        }
        return nil
    }

    /// Constant-time comparison.
    private static func isSame(_ left: String, _ right: String) -> Bool {
        let (a, b) = (Array(left.utf8), Array(right.utf8))
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// 128 random bits.
    public static func newToken() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let text = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }.joined()
    }
}
