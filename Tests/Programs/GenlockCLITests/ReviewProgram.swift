import Foundation
import Testing

/// `genlock review`, serving a page.
final class ReviewProgram {
    private let process: Process
    let address: String

    init(_ arguments: [String]) throws {
        let (process, scratch) = (Process(), Scratch())
        self.process = process
        process.executableURL = URL(fileURLWithPath: Program.path)
        process.arguments = ["review"] + arguments
        for name in ["out", "err"] { _ = scratch.write(name, Data()) }
        process.standardOutput = FileHandle(forWritingAtPath: scratch.path("out"))
        process.standardError = FileHandle(forWritingAtPath: scratch.path("err"))
        process.standardInput = FileHandle.nullDevice
        try process.run()
        func text(_ name: String) -> String {
            String(decoding: FileManager.default.contents(atPath: scratch.path(name)) ?? Data(), as: UTF8.self)
        }
        let deadline = Date().addingTimeInterval(60)
        while !text("out").hasSuffix("\n"), process.isRunning, Date() < deadline { usleep(10_000) }
        address = text("out").trimmingCharacters(in: .whitespacesAndNewlines)
        try #require(!address.isEmpty, "\(text("err"))")
    }

    func stop(_ signal: Int32 = SIGINT) {
        if process.isRunning { kill(process.processIdentifier, signal) }
        process.waitUntilExit()
    }

    deinit { stop(SIGKILL) }

    /// Mono sound of some seconds with tones, given in ms.
    static func wave(_ seconds: Int, tones: [Range<Int>]) -> Data {
        let rate = 16_000
        var samples = [Int16](repeating: 0, count: seconds * rate)
        for tone in tones where tone.upperBound * 16 <= samples.count {
            for index in (tone.lowerBound * 16)..<tone.upperBound * 16 {
                samples[index] = Int16(8000 * sin(Double(index) * 0.17))
            }
        }
        func little(_ value: Int, _ bytes: Int) -> [UInt8] { (0..<bytes).map { UInt8(value >> (8 * $0) & 0xFF) } }
        var data = Data("RIFF".utf8) + little(36 + samples.count * 2, 4) + Data("WAVEfmt ".utf8)
        data += little(16, 4) + little(1, 2) + little(1, 2) + little(rate, 4) + little(rate * 2, 4) + little(2, 2)
        data += little(16, 2) + Data("data".utf8) + little(samples.count * 2, 4)
        samples.withUnsafeBytes { data.append(contentsOf: $0) }
        return data
    }
}
