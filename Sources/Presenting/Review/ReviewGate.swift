/// Who is let in: only this page, opened with its token, by the name under which it was opened.
public struct ReviewGate: Sendable {
    public let token: String
    /// Such as `127.0.0.1:8123` and `localhost:8123`: any other name is a foreign page's trick to be taken for this
    /// one.
    public let hosts: Set<String>

    public init(token: String, port: UInt16) {
        self.token = token
        hosts = ["127.0.0.1:\(port)", "localhost:\(port)"]
    }

    /// What a request says of itself.
    public struct Request: Sendable {
        public var method: String
        public var host: String?
        public var origin: String?
        public var fetchSite: String?
        public var cookie: String?
        /// The token in the address.
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

    /// Why a request is refused; nil: it is let in.
    public func refusal(_ request: Request) -> String? {
        guard let host = request.host, hosts.contains(host.lowercased()) else {
            return "this page answers under its own address only"
        }
        if let origin = request.origin, !hosts.contains(where: { origin.lowercased() == "http://" + $0 }) {
            return "asked by a page of another origin"
        }
        if let site = request.fetchSite, site != "same-origin", site != "none" {
            return "asked by a page of another origin"
        }
        if request.method != "GET", request.method != "HEAD", request.method != "POST" {
            return "not a method of this page"
        }
        let given = request.query ?? request.cookie.flatMap(Self.token)
        guard let given, Self.isSame(given, token) else {
            return "the token is missing or wrong: open the address that 'genlock review' printed"
        }
        return nil
    }

    static let cookieName = "genlock_review"

    /// The token in a cookie header.
    private static func token(_ cookie: String) -> String? {
        for pair in cookie.split(separator: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1).map { $0.drop { $0 == " " } }
            if parts.count == 2, parts[0] == cookieName { return String(parts[1]) }
        }
        return nil
    }

    /// Compares in a time that does not tell how much of it is right.
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
