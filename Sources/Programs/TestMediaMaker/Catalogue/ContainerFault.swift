/// A fault in a file's declarations, made from a correct file with minimal changes to its content.
enum ContainerFault: Codable, Equatable, Sendable {
    /// Frame times stretched, as if made for another rate: 25 shown at 24.
    case pictureAtWrongRate(made: Int, shown: Int)
    /// Audio samples declared with another rate.
    case soundAtWrongRate(recorded: Int, called: Int)
    /// The audio as raw AAC, whose delay is no longer signalled.
    case delayNotSignalled
    /// The audio timestamps jump at a time.
    case soundGap(atSeconds: Int, milliseconds: Int)
}
