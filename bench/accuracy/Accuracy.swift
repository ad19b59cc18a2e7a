import ArgumentParser

/// Accuracy of the lip estimator on clips whose truth is known: their sound is moved by known amounts.
@main
struct Accuracy: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "genlock-accuracy", abstract: "Measure the lip estimator against constructed truth.",
        subcommands: [
            MeasureCommand.self, EncodedCommand.self, ContainersCommand.self, WildCommand.self, MadeCommand.self,
            SummaryCommand.self, DiagramsCommand.self,
        ])
}
