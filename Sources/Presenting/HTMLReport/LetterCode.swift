import SyncModel

/// Sequences of small numbers encoded as letters, one per value: drawings need no more than 64 levels.
enum LetterCode {
    /// The alphabet of base64url (RFC 4648, section 5): value by index.
    static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// Values between `low` and `high` in 64 levels; nil becomes a dot.
    static func letters(_ values: [Double?], low: Double, high: Double) -> String {
        let span = max(high - low, 1e-9)
        return String(
            decoding: values.map { value -> UInt8 in
                guard let value, value.isFinite else { return UInt8(ascii: ".") }
                return alphabet[Int((min(1, max(0, (value - low) / span)) * 63).rounded())]
            }, as: UTF8.self)
    }
}
