import ArgumentParser
import Checks
import Workers

/// A worker process of `scan`: internal.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Measure clips for a scan.", shouldDisplay: false)

    @Flag(help: "Answer queries about media instead.")
    var errands = false

    func run() throws {
        if errands {
            let runner = ErrandRunner()
            throw ExitCode(Worker.answer(memory: WorkerLimits.defaultMemory(jobs: 1)) { runner.answer($0) })
        }
        throw ExitCode(
            Worker.run { orders in
                let measurer = RequestMeasurer(orders.checks, orders.settings)
                return ({ measurer.measure($0, opened: $1) }, { measurer.takeMaster() })
            })
    }
}
