import ArgumentParser
import Scanning

/// The inside of a worker process of `scan`: not for people.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Measure clips for a scan.", shouldDisplay: false)

    func run() throws { throw ExitCode(Worker.run()) }
}
