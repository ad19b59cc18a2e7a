import ArgumentParser
import Checks
import Foundation
import Views

/// Writes what the analyser sees of a picture, for other programs: a line of times and values a frame.
struct SignalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signal", abstract: "The picture signal of a recording as CSV.")

    @Argument(help: "The recording.")
    var recording: String

    @Option(help: "Capture times.")
    var captureTimes: String?

    func run() throws {
        let table = try captureTimes.map {
            try CaptureTimes(text: String(contentsOfFile: $0, encoding: .utf8), file: $0)
        }
        guard let signal = try ViewReader(captureTimes: table).read(path: recording, sound: false).picture else {
            return
        }
        for row in signal.table { print(row.map { String($0) }.joined(separator: ",")) }
    }
}
