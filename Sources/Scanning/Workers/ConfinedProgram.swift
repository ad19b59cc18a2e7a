import CConfinement
import Foundation

/// Another program, run with the right to read, and to write only to given paths.
public enum ConfinedProgram {
    /// Replaces this process by the program.
    ///
    /// - Parameter places: files and folders that it may write to, enforced by Landlock: without it, all that the user
    ///   may write to.
    /// - Returns: why it could not be run.
    public static func become(_ command: [String], writing places: [String]) -> Int32 {
        let descriptors = places.map { open($0, ConfinedProgram.place | O_CLOEXEC) }.filter { $0 >= 0 }
        let words = command.map { strdup($0) } + [nil]
        _ = descriptors.withUnsafeBufferPointer { genlock_confine_program(.max, $0.baseAddress, Int32($0.count)) }
        guard let first = words[0] else { return ENOENT }
        execvp(first, words)
        return errno
    }

    /// `O_PATH`: only the path, for any kind of file, readable or not.
    private static let place: Int32 = 0o10000000
}
