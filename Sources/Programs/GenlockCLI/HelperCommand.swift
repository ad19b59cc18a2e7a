import ArgumentParser
import Foundation
import Workers

/// Runs another program that handles media or tables, after dropping the rights that it does not need: internal.
struct HelperCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "helper", abstract: "Run a program confined.", shouldDisplay: false)

    @Option(help: "File or folder that it may write to.")
    var write: [String] = []

    @Argument(parsing: .postTerminator, help: "The program and its arguments.")
    var command: [String]

    func validate() throws {
        if command.isEmpty { throw ValidationError("name a program") }
    }

    func run() throws {
        let code = ConfinedProgram.become(command, writing: write)
        throw Unreadable.ended("\(command[0]) cannot be run (\(String(cString: strerror(code))))")
    }
}
