import ArgumentParser
import Storage
import SyncModel

/// Ends a verb because something could not be read or written.
enum Unreadable {
    /// Reports what could not be read or written, and what to do; to be thrown.
    static func ended(_ words: String) -> ExitCode {
        Console.note("genlock: \(words.printable)\n")
        return ExitCode(ExitStatus.unreadable.rawValue)
    }

    /// Runs what may throw; reports the error on stderr, and ends with its status.
    static func told<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as StoreError {
            Console.note("genlock: \(error.description)\n")
        } catch let failure as ClipFailure {
            Console.note("genlock: \(failure.message): \(failure.remedy)\n")
        }
        throw ExitCode(ExitStatus.unreadable.rawValue)
    }
}
