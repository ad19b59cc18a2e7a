public import SyncModel

/// What all checks are told.
public struct CheckSettings: Sendable, Hashable, Codable {
    public var tolerance: Tolerance
    public var expectation: Expectation
    /// Look at everything; otherwise long clips are sampled.
    public var thorough: Bool
    /// How far offsets are searched for either way, in seconds.
    public var reachSeconds: Double
    /// Of speech and text, as a BCP 47 tag; nil: not said.
    public var language: String?
    /// Words and cues are looked at one by one where that can be done.
    public var words: Bool
    /// Weights for lips that were trained further; nil: those of the package.
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

/// A file with weights, and which.
public struct LipModelFile: Sendable, Hashable, Codable {
    public var path: String
    /// The method that its content amounts to.
    public var method: MethodVersion

    public init(path: String, method: MethodVersion) {
        self.path = path
        self.method = method
    }
}
