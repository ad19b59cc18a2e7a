/// How a file of the test media is made. `of` names an earlier file of the catalogue.
enum MediaRecipe: Codable, Equatable, Sendable {
    case clip(TalkingClip)
    /// The same streams in the container of the name's extension.
    case remuxed(of: String)
    /// The same streams, the audio later, by an empty entry in the audio's edit list.
    case delayedByEmptyEdit(of: String, milliseconds: Int)
    /// The same streams from a time on: the start is between keyframes and is cut by the edit list.
    case cut(of: String, fromSeconds: Double)
    /// The first part of a file's bytes, its index in front or, by default of the format, lost with the end.
    case truncated(of: String, share: Double, indexFirst: Bool)
    /// Impacts that are seen and heard.
    case impacts(ImpactClip)
    /// A file with faulty declarations.
    case faulty(ContainerFault, of: String)
    /// A text.
    case text(String)
}
