public import SyncModel

/// Settings of all checks.
public struct CheckSettings: Sendable, Hashable, Codable {
    public var tolerance: Tolerance
    public var expectation: Expectation
    /// Whether to examine everything; otherwise long clips are sampled.
    public var thorough: Bool
    /// Search range of offsets either way, in seconds.
    public var reachSeconds: Double
    /// Of speech and text, as a BCP 47 tag; nil: not given.
    public var language: String?
    /// Whether words and cues are examined singly where possible.
    public var words: Bool
    /// Weights of an adapted lip model; nil: the packaged ones.
    public var lipModel: LipModelFile?
    /// The folder with the inference library and the models in it.
    public var assets: String

    public init(
        tolerance: Tolerance = .standard, expectation: Expectation = .together, thorough: Bool = false,
        reachSeconds: Double = 1.5,
        language: String? = nil, words: Bool = false,
        lipModel: LipModelFile? = nil, assets: String
    ) {
        self.tolerance = tolerance
        self.expectation = expectation
        self.thorough = thorough
        self.reachSeconds = reachSeconds
        self.language = language
        self.words = words
        self.lipModel = lipModel
        self.assets = assets
    }
}

/// A file with weights, and its method.
public struct LipModelFile: Sendable, Hashable, Codable {
    public var path: String
    /// The method of its content.
    public var method: MethodVersion

    public init(path: String, method: MethodVersion) {
        self.path = path
        self.method = method
    }
}
