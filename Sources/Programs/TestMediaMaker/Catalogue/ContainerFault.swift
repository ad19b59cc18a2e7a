/// A fault in what a file says of itself, made of a sound file without touching what is seen and heard more than it
/// must.
enum ContainerFault: Codable, Equatable, Sendable {
    /// The pictures' times stretched, as if made for another rate: 25 shown at 24.
    case pictureAtWrongRate(made: Int, shown: Int)
    /// The sound's samples called by another rate.
    case soundAtWrongRate(recorded: Int, called: Int)
    /// The sound as raw AAC, whose delay nobody signals any more.
    case delayNotSignalled
    /// The sound's timestamps leap from a time on.
    case soundGap(atSeconds: Int, milliseconds: Int)
}
