/// How well annotators (or views) agree, by the field's measures.
public struct AgreementReport: Sendable {
    public init() {}
}
