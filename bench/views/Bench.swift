import ArgumentParser

@main
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "genlock-views-bench", abstract: "Measures pairs of recordings whose truth is known.",
        subcommands: [PairsCommand.self, PicturesCommand.self, SignalCommand.self, ClosureCommand.self])
}
