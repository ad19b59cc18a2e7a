import ArgumentParser
import Foundation
import MediaIO
import Reporting
import SyncModel
import Workers

/// A command that opens media or other untrusted files: it runs in a cell, and calls `Cell.confine()` as soon as it
/// only needs to read, before it reads any of them.
protocol ConfinedCommand: ParsableCommand {
    /// Paths that it may have written.
    var grants: CellGrants { get throws }
    /// Its input, for messages.
    var subject: String { get }
    /// Limit of private memory, in bytes.
    var memory: Int { get }
    /// The files that it reads: those at `https://` are fetched first.
    var inputs: [String] { get }
    /// Reports why it was terminated: called in the warden.
    func tell(_ failure: ClipFailure)
}

extension ConfinedCommand {
    var grants: CellGrants { CellGrants() }
    var inputs: [String] { [] }
    /// Nine tenths of the machine's memory: such a command reads several recordings at once.
    var memory: Int { Int(clamping: ProcessInfo.processInfo.physicalMemory) / 10 * 9 }

    func tell(_ failure: ClipFailure) { Console.note("genlock: \(failure.message): \(failure.remedy)\n") }

    /// Runs it in a cell.
    func runInCell() throws -> Never {
        nonisolated(unsafe) var command = self
        do {
            try FetchedNames.use(inputs)
        } catch let failure as ClipFailure {
            tell(failure)
            throw ExitCode(ExitStatus.unreadable.rawValue)
        }
        let grants = try grants
        do throws(Cell.CannotStart) {
            try Cell.run(grants, memory: memory) { end in
                if end == .interrupted {
                    Console.note("\ngenlock: interrupted; the clips printed so far are done\n")
                    return ExitStatus.interrupted.rawValue
                }
                tell(failure(of: end, subject))
                return ExitStatus.unreadable.rawValue
            } work: {
                MediaWatch.opened = { Cell.opened(seconds: $0) }
                do { try command.run() } catch { Genlock.exit(withError: error) }
                Genlock.exit()
            }
        } catch {
            throw Unreadable.ended("cannot start a process to read media in (\(error.description)): try again later")
        }
    }

    /// - Parameter subject: the input.
    func failure(of end: Cell.End, _ subject: String) -> ClipFailure {
        let remedy = "the file is damaged or malicious: check it with \(subject.inspection), or convert it"
        switch end {
        case .signal(let number):
            let name = strsignal(number).map { String(cString: $0) } ?? "unknown"
            return ClipFailure(
                code: "worker-died",
                message: "\(subject.printable) ended the process that read it, by signal \(number) (\(name))",
                remedy: remedy)
        case .tooSlow(let seconds):
            return ClipFailure(
                code: "timed-out", message: "\(subject.printable) was not finished after \(seconds) s", remedy: remedy)
        case .interrupted:
            return ClipFailure(code: "interrupted", message: "interrupted", remedy: "run it again")
        }
    }
}
