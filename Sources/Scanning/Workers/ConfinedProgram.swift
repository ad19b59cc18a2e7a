import CConfinement
import Foundation

/// Another program, run with no more rights than to read, and to write to the places that it is given.
public enum ConfinedProgram {
    /// Makes this process that program.
    ///
    /// - Parameter places: files and folders that it may write to, which Landlock sees to: without it, all that the
    ///   user may write to.
    /// - Returns: why it could not be run.
    public static func become(_ command: [String], writing places: [String]) -> Int32 {
        let descriptors = places.map { open($0, ConfinedProgram.place | O_CLOEXEC) }.filter { $0 >= 0 }
        let words = command.map { strdup($0) } + [nil]
        _ = descriptors.withUnsafeBufferPointer { genlock_confine_program(.max, $0.baseAddress, Int32($0.count)) }
        guard let first = words[0] else { return ENOENT }
        execvp(first, words)
        return errno
    }

    /// `O_PATH`: the place alone, whatever it is and whether it may be read.
    private static let place: Int32 = 0o10000000
}
