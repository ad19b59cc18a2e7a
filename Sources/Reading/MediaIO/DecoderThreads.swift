import Foundation

/// The number of threads that decode a clip's video. One costs the least processor time; more finish a clip sooner
/// where cores are idle.
public enum DecoderThreads {
    /// The environment variable that sets the number; a scan passes it to its workers.
    public static let variable = "GENLOCK_DECODER_THREADS"
    /// The allowed numbers.
    public static let range = 1...16

    /// The number in this process.
    public static let count = number(ProcessInfo.processInfo.environment[variable])

    /// The number that a value of the variable means; 1 if it is not one.
    static func number(_ value: String?) -> Int {
        guard let value, let number = Int(value), range.contains(number) else { return 1 }
        return number
    }
}
