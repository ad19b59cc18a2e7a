import Foundation

extension Float {
    /// The sine of so many turns.
    static func sine(_ turns: Float) -> Float { sin(2 * .pi * (turns - turns.rounded(.down))) }
}
