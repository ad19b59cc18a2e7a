import ArgumentParser
import Checks
import Workers

/// The inside of a worker process of `scan`: not for people.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Measure clips for a scan.", shouldDisplay: false)

    func run() throws {
        throw ExitCode(
            Worker.run { orders in
                let measurer = RequestMeasurer(orders.checks, orders.settings)
                return { measurer.measure($0, opened: $1) }
            })
    }
}
