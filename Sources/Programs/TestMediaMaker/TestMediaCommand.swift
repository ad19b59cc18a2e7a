import ArgumentParser
import Files
import Foundation

/// Makes talking faces with known audio offsets, and files with known irregularities.
@main
struct TestMediaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "genlock-testmedia",
        abstract: "Make test media with exact ground truth: talking faces, moved audio, awkward files.",
        discussion: """
            Files that exist and are complete are kept, so the command is idempotent. truth.json in the output \
            folder states for each file how much later the audio is than the video, and the expected result of a \
            check.
            """)

    @Option(
        help: ArgumentHelp("Portrait: skimage/data/astronaut.png of the scikit-image wheel.", valueName: "file"))
    var portrait: String

    @Option(help: ArgumentHelp("The genlock-speech-synth program.", valueName: "program"))
    var synth = "genlock-speech-synth"

    @Option(help: ArgumentHelp("The ffmpeg program.", valueName: "program"))
    var ffmpeg = "ffmpeg"

    @Option(name: .shortAndLong, help: ArgumentHelp("Output folder.", valueName: "folder"))
    var output: String

    @Option(
        help: ArgumentHelp("Make the talking faces of this JSON list instead of the built-in files.", valueName: "file")
    )
    var list: String?

    @Flag(help: "Also write the mouth motion beside each talking clip, frame by frame, as CSV.")
    var curves = false

    @Flag(name: .shortAndLong, help: "Print only errors.")
    var quiet = false

    func run() throws {
        // A program that exits early must not kill this one: the write to its pipe fails instead.
        signal(SIGPIPE, SIG_IGN)
        let folder = URL(fileURLWithPath: output, isDirectory: true)
        let workshop = folder.appendingPathComponent(".making", isDirectory: true)
        let ffmpeg = try FFmpeg(ffmpeg)
        let synth = try SpeechSynth(synth, ffmpeg: ffmpeg, folder: workshop)
        let picture = try loadPortrait(with: ffmpeg)
        do {
            try FileManager.default.createDirectory(at: workshop, withIntermediateDirectories: true)
        } catch {
            throw TestMediaError.unwritable(file: folder.path, reason: error.localizedDescription)
        }
        defer { try? FileManager.default.removeItem(at: workshop) }

        let studio = MediaStudio(portrait: picture, ffmpeg: ffmpeg, synth: synth, folder: folder, workshop: workshop)
        let items = try list.map { try SpokenClipList.items(from: $0) } ?? Catalogue.items
        try make(items, by: studio, in: folder)
        try writeTruth(of: items, to: folder)
        if curves {
            for item in items {
                try studio.writeCurve(of: item)
            }
        }
    }

    private func make(_ items: [MediaItem], by studio: MediaStudio, in folder: URL) throws {
        var ledger = Ledger(folder: folder)
        var made = 0
        for (index, item) in items.enumerated() where try !ledger.holds(item, folder: folder) {
            say("[\(index + 1)/\(items.count)] making \(item.file)")
            try studio.make(item)
            try ledger.note(item, folder: folder)
            made += 1
        }
        say("\(items.count) files in \(folder.path): \(made) made, \(items.count - made) up to date")
    }

    private func loadPortrait(with ffmpeg: FFmpeg) throws -> Picture {
        guard FileManager.default.fileExists(atPath: portrait) else {
            throw TestMediaError.portraitMissing(file: portrait)
        }
        let geometry = PortraitGeometry.astronaut
        let rgb: [UInt8]
        do {
            rgb = try ffmpeg.rgb(of: URL(fileURLWithPath: portrait))
        } catch TestMediaError.programFailed(_, _, _, let message) {
            throw TestMediaError.portraitUnfit(file: portrait, reason: "ffmpeg reads no image from it: \(message)")
        }
        guard let picture = Picture(width: geometry.width, height: geometry.height, rgb: rgb),
            Fingerprint(of: rgb).text == geometry.fingerprint
        else {
            throw TestMediaError.portraitUnfit(file: portrait, reason: "its size or its pixels differ")
        }
        return picture
    }

    private func writeTruth(of items: [MediaItem], to folder: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let file = folder.appendingPathComponent("truth.json")
        do {
            try StagedFile.write(try encoder.encode(items.map(\.truth)), to: file.path)
        } catch let error as StagedFileError {
            throw TestMediaError.unwritable(file: file.path, reason: error.reason)
        } catch {
            throw TestMediaError.unwritable(file: file.path, reason: error.localizedDescription)
        }
    }

    private func say(_ line: String) {
        guard !quiet else { return }
        try? FileHandle.standardError.write(contentsOf: Data("\(line)\n".utf8))
    }
}
