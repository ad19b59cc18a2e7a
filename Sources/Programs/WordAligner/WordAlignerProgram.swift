import CConfinement
import Foundation

/// Aligns words with PocketSphinx for a program connected by a pipe: one request per line in, one document per line
/// out.
///
/// PocketSphinx exits its process on unexpected input, so it has a separate one.
@main
struct WordAlignerProgram {
    private struct Request: Decodable {
        var words: [String]
        /// 16 kHz, 16-bit, mono, little-endian.
        var sound: Data
    }

    private struct Refusal: Encodable {
        var error: String
    }

    private var aligner: ForcedAligner?

    static func main() throws {
        var program = WordAlignerProgram()
        // Models are read before confinement: PocketSphinx opens a log file. Its input comes from untrusted files. A
        // failure is reported with the first answer.
        program.aligner = try? ForcedAligner(models: Self.chosenModels)
        _ = genlock_confine(.max, -1)
        while let line = readLine(strippingNewline: true) {
            var document: Data
            do { document = try program.answer(line) } catch {
                document = try JSONEncoder().encode(Refusal(error: "\(error)"))
            }
            document.append(UInt8(ascii: "\n"))
            try FileHandle.standardOutput.write(contentsOf: document)
        }
    }

    /// Next to the program, as in packages; else the system's.
    private static var models: String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let beside = (own as NSString).deletingLastPathComponent + "/pocketsphinx-en-us"
        return FileManager.default.fileExists(atPath: beside) ? beside : "/usr/share/pocketsphinx/model/en-us"
    }

    private static var chosenModels: String { ProcessInfo.processInfo.environment["GENLOCK_SPHINX_MODELS"] ?? models }

    private mutating func answer(_ line: String) throws -> Data {
        let request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
        let ready = try aligner ?? ForcedAligner(models: Self.chosenModels)
        aligner = ready
        // No words: a test that everything is installed.
        guard !request.words.isEmpty else { return Data("{}".utf8) }
        let samples = request.sound.withUnsafeBytes { bytes in
            (0..<bytes.count / 2).map {
                Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * $0, as: Int16.self))
            }
        }
        guard let result = try ready.align(request.words, on: samples) else {
            return try JSONEncoder().encode(Refusal(error: "the words were not found in the audio"))
        }
        return try JSONEncoder().encode(result)
    }
}
