import Files
import Foundation

/// A program connected by pipes: one line of JSON per request, one line per answer.
///
/// It is started at the first request. One that exits, takes too long, or answers malformed data is ended and not used
/// again.
final class HelperProgram {
    private let path: String
    private let arguments: [String]
    private var process: Process?
    private var input: FileHandle?
    private var output: FileHandle?
    private var rest = Data()
    private(set) var isBroken = false
    /// Time limit of an answer, in seconds.
    private let patience: Double
    /// The longest answer, in bytes.
    private static let mostBytes = 64 << 20
    /// Polling interval in milliseconds.
    private static let look: Int32 = 500

    init(path: String, arguments: [String], patience: Double = 120) {
        self.path = path
        self.arguments = arguments
        self.patience = patience
    }

    deinit {
        try? input?.close()
        end()
    }

    private func end() {
        if let process, process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// Starts the program now: for a process that later gives up the right to start others.
    func start() {
        guard process == nil, !isBroken else { return }
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            isBroken = true
            return
        }
        self.process = process
        self.input = input.fileHandleForWriting
        self.output = output.fileHandleForReading
    }

    /// The answer to a request; nil if there is none.
    func ask<Question: Encodable, Answer: Decodable>(_ question: Question, _ answer: Answer.Type) -> Answer? {
        start()
        guard !isBroken, let input, let output, var line = try? JSONEncoder().encode(question) else { return nil }
        line.append(UInt8(ascii: "\n"))
        do {
            try input.write(contentsOf: line)
            return try JSONDecoder().decode(Answer.self, from: try nextLine(output))
        } catch {
            isBroken = true
            end()
            return nil
        }
    }

    private struct Ended: Error {}

    private func nextLine(_ output: FileHandle) throws -> Data {
        guard let process else { throw Ended() }
        var time = ProcessPatience(process.processIdentifier)
        while true {
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = rest[rest.startIndex..<end]
                rest = Data(rest[(end + 1)...])
                return Data(line)
            }
            var waiting = pollfd(fd: output.fileDescriptor, events: Int16(POLLIN), revents: 0)
            guard !time.isOver(patience), rest.count < HelperProgram.mostBytes else { throw Ended() }
            guard poll(&waiting, 1, HelperProgram.look) > 0 else { continue }
            // The available bytes: `read(upToCount:)` would wait for all.
            let more = output.availableData
            guard !more.isEmpty else { throw Ended() }
            rest.append(more)
        }
    }
}
