/// How a file of the test media comes about. `of` names another file of the catalogue that comes before it.
enum MediaRecipe: Codable, Equatable, Sendable {
    case clip(TalkingClip)
    /// The same streams in the container that the name asks for.
    case remuxed(of: String)
    /// The same streams, the sound later, by an empty entry in the sound's edit list.
    case delayedByEmptyEdit(of: String, milliseconds: Int)
    /// The same streams from a time on: the start lies between keyframes and is cut by the edit list.
    case cut(of: String, fromSeconds: Double)
    /// The first part of a file's bytes, its index in front or, by default of the format, lost with the end.
    case truncated(of: String, share: Double, indexFirst: Bool)
    /// Impacts that are seen and heard.
    case impacts(ImpactClip)
    /// A file made faulty in what it says of itself.
    case faulty(ContainerFault, of: String)
    /// A text.
    case text(String)
}
