/// Why inference is impossible: what is missing or broken, and a remedy.
public struct InferenceError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: String, Sendable {
        case runtimeMissing = "inference-missing"
        case modelMissing = "face-model-missing"
        case runtime = "inference-error"
    }

    public let kind: Kind
    public let description: String

    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    /// What to do next.
    public var remedy: String {
        switch kind {
        case .runtimeMissing, .modelMissing:
            "run scripts/setup (in a package: pip); 'genlock doctor' shows what is missing"
        case .runtime:
            "run 'genlock doctor'; if it finds nothing, reinstall the inference library: scripts/setup --again, or pip"
        }
    }
}
