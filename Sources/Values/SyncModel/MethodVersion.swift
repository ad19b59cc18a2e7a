/// Name and version of a measuring method, such as `lips-4`. Answers of one version are comparable; a store re-measures
/// a clip if the version changes.
///
/// Not an enum of the methods: methods with models have the versions of their model files.
public struct MethodVersion: RawRepresentable, Sendable, Hashable, Codable, ExpressibleByStringLiteral {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public init(stringLiteral text: String) { self.init(rawValue: text) }

    /// The combination of two methods.
    public static func + (left: MethodVersion, right: MethodVersion) -> MethodVersion {
        MethodVersion(rawValue: left.rawValue + "+" + right.rawValue)
    }
}

extension MethodVersion: CustomStringConvertible {
    public var description: String { rawValue }
}
