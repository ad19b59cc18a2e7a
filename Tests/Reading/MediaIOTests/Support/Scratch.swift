import Foundation

/// A temporary folder of this test run, removed when the run ends, and the programs run in it.
enum Scratch {
    static let folder: String = {
        let path = NSTemporaryDirectory() + "genlock-media-\(getpid())"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(atPath: Scratch.folder) }
        return path
    }()

    static func path(_ name: String) -> String { folder + "/" + name }

    static func write(_ bytes: [UInt8], _ name: String) throws -> String {
        let path = path(name)
        // In one piece: tests that run side by side write the same sources.
        try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
        return path
    }

    static func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

    /// Joins files end to end.
    static func join(_ paths: [String], _ name: String) throws -> String {
        try write(paths.flatMap { try bytes($0) }, name)
    }
}

/// A program that failed, with what it said.
struct ProgramFailure: Error, CustomStringConvertible {
    let description: String
}

/// Runs the `ffmpeg` program; the last argument is the file to make, by name in the scratch folder. Returns its path.
@discardableResult
func ffmpeg(_ arguments: String...) throws -> String { try ffmpeg(arguments) }

@discardableResult
func ffmpeg(_ arguments: [String]) throws -> String {
    let output = Scratch.path(arguments.last ?? "")
    // Threads cost more than they bring on pictures this small.
    try run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-threads", "1"] + arguments.dropLast() + [output])
    return output
}

/// Runs a program in the scratch folder and waits for it.
func run(_ arguments: [String]) throws {
    let log = Scratch.path("log-\(UInt64.random(in: 0 ... .max))")
    defer { unlink(log) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 2, log, O_WRONLY | O_CREAT, 0o600)
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var child = pid_t()
    let code = posix_spawnp(&child, arguments[0], &actions, nil, &words, environ)
    guard code == 0 else { throw ProgramFailure(description: "\(arguments[0]): \(String(cString: strerror(code)))") }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    guard status == 0 else {
        let said = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        throw ProgramFailure(description: arguments.joined(separator: " ") + "\n" + said)
    }
}
