/// One side of a comparison: a finding's subject or reference.
public enum Track: Sendable, Hashable, RawRepresentable, CustomStringConvertible {
    case audio, video, text, labels, sensor
    /// A recording or an annotator, by name, if both sides are of one kind.
    case named(String)

    /// Any string is a track: unknown kinds are names.
    public init(rawValue: String) {
        switch rawValue {
        case "audio": self = .audio
        case "video": self = .video
        case "text": self = .text
        case "labels": self = .labels
        case "sensor": self = .sensor
        default: self = .named(rawValue)
        }
    }

    /// The value in JSON and stores.
    public var rawValue: String {
        switch self {
        case .audio: "audio"
        case .video: "video"
        case .text: "text"
        case .labels: "labels"
        case .sensor: "sensor"
        case .named(let name): name
        }
    }

    public var description: String { rawValue }
}

extension Track: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(rawValue: try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
