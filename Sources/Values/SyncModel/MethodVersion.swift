/// Name and version of a measuring method, such as `lips-4`. Answers of one version are comparable; a store measures a
/// clip again when the version changes.
///
/// Not an enumeration of the methods: the versions of those with models are told by the models' own files.
public struct MethodVersion: RawRepresentable, Sendable, Hashable, Codable, ExpressibleByStringLiteral {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public init(stringLiteral text: String) { self.init(rawValue: text) }

    /// What two methods together amount to.
    public static func + (left: MethodVersion, right: MethodVersion) -> MethodVersion {
        MethodVersion(rawValue: left.rawValue + "+" + right.rawValue)
    }
}

extension MethodVersion: CustomStringConvertible {
    public var description: String { rawValue }
}
