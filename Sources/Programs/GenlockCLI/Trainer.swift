import Assets
import Foundation
import SyncModel

/// The training program: Python with PyTorch, installed by `scripts/setup --adapt` or the extra `genlock[adapt]`.
struct Trainer {
    let path: String

    /// The one that `GENLOCK_TRAINER` names, else that beside the models; nil: not found.
    init?(environment: [String: String] = ProcessInfo.processInfo.environment) {
        let named = environment["GENLOCK_TRAINER"] ?? ""
        path = named.isEmpty ? AssetFolder(environment: environment).root + "/training/adapt" : named
        guard FileManager.default.isExecutableFile(atPath: path) else { return nil }
    }

    /// How to install it.
    static var remedy: String {
        switch Installation.kind {
        case .build: "scripts/setup --adapt installs it"
        case .wheel, .system: "pip install 'genlock[adapt]'"
        }
    }

    /// Its library and version, such as `PyTorch 2.13.0`; nil: it does not run.
    var version: String? {
        var lines: [String] = []
        let status = try? run(["--version"], onLine: { _ in }, onAnswer: { lines.append($0) })
        return status == 0 ? lines.first : nil
    }

    /// Runs it to completion.
    ///
    /// - Parameters:
    ///   - onLine: receives its messages, line by line.
    ///   - onAnswer: receives its output.
    /// - Returns: its exit status.
    func run(_ arguments: [String], onLine: @escaping @Sendable (String) -> Void, onAnswer: (String) -> Void) throws
        -> Int32
    {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        let (answers, words) = (Pipe(), Pipe())
        process.standardOutput = answers
        process.standardError = words
        try process.run()
        let telling = Thread {
            for line in LineReader(words.fileHandleForReading) { onLine(line) }
        }
        telling.start()
        for line in LineReader(answers.fileHandleForReading) { onAnswer(line) }
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    }

    /// Lines of a pipe as they arrive.
    private struct LineReader: Sequence, IteratorProtocol {
        private let handle: FileHandle
        private var rest = Data()
        private var isAtEnd = false

        init(_ handle: FileHandle) { self.handle = handle }

        mutating func next() -> String? {
            while true {
                if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    let line = String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
                    rest = Data(rest[(end + 1)...])
                    return line
                }
                if isAtEnd {
                    defer { rest = Data() }
                    return rest.isEmpty ? nil : String(decoding: rest, as: UTF8.self)
                }
                let more = handle.availableData
                if more.isEmpty { isAtEnd = true } else { rest.append(more) }
            }
        }
    }
}
