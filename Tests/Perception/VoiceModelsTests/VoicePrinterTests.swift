import Assets
import Foundation
import Inference
import SignalCore
import Testing

@testable import VoiceModels

@Suite("Voices as numbers", .models)
struct VoicePrinterTests {
    private static let sentence =
        "We bake bread by half past five, and the whole family wants a warm piece with apple butter before it is cold."
    private static let man = Result { try MadeSpeech(sentence, voice: "en-us") }
    private static let woman = Result { try MadeSpeech(sentence, voice: "en-us+f4") }

    private let printer: VoicePrinter

    init() throws { printer = try VoicePrinter(assets: Installed.assets, library: Installed.library.get()) }

    private func print(_ sound: [Float]) throws -> [Float] { try #require(try printer.print(of: sound)) }

    private func product(_ one: [Float], _ other: [Float]) -> Double {
        zip(one, other).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    @Test("two stretches of one voice lie closer than any of two voices")
    func apart() throws {
        let starts = [0.1, 1.6, 3.1]
        let (one, other) = (try Self.man.get().samples, try Self.woman.get().samples)
        let men = try starts.map { try print(one.seconds($0, $0 + 1.5)) }
        let women = try starts.map { try print(other.seconds($0, $0 + 1.5)) }
        var (same, different): ([Double], [Double]) = ([], [])
        for first in starts.indices {
            for second in starts.indices {
                if first < second { same += [product(men[first], men[second]), product(women[first], women[second])] }
                different.append(product(men[first], women[second]))
            }
        }
        let (least, most) = (try #require(same.min()), try #require(different.max()))
        #expect(least > most + 0.1, "one voice \(same), two \(different)")
    }

    @Test("a print is 192 numbers of length 1, the same for the same sound, whatever came between")
    func shape() throws {
        let sound = try Self.man.get().samples.seconds(0.1, 1.6)
        let first = try print(sound)
        #expect(first.count == 192)
        #expect(abs(product(first, first) - 1) < 1e-5)
        _ = try print(Self.woman.get().samples.seconds(0.1, 1.6))
        #expect(try print(sound) == first)
    }

    @Test(
        "neither gain, polarity nor a constant added matters",
        arguments: [(Float(0.05), Float(0)), (0.25, 0), (-1, 0), (2, 0.1)])
    func gain(factor: Float, added: Float) throws {
        // A room's noise: espeak's pauses are digital silence, whose level no gain changes.
        var generator = SplitMix64(seed: 4)
        let sound = try Self.man.get().samples.seconds(0.1, 1.6).map {
            $0 + 0.002 * (Float(generator.index(below: 20_001)) / 10_000 - 1)
        }
        let same = product(try print(sound), try print(sound.map { $0 * factor + added }))
        #expect(same > 0.999, "\(same)")
    }

    @Test("only the first 1.5 s count; what is shorter is repeated; less than a quarter of a second says nothing")
    func lengths() throws {
        let sound = try Self.man.get().samples
        let whole = try print(Array(sound.prefix(VoicePrinter.samples)))
        #expect(try print(Array(sound.prefix(VoicePrinter.samples + 30_000))) == whole)
        // 75 rows of 10 ms, and the same 75 rows again.
        let half = Array(sound.prefix(400 + 74 * 160))
        #expect(try print(half).count == 192)
        #expect(try printer.print(of: Array(sound.prefix(400 + 23 * 160))) == nil)
        #expect(try printer.print(of: Array(sound.prefix(400 + 24 * 160))) != nil)
        #expect(try printer.print(of: []) == nil)
    }

    @Test("silence has a print of finite numbers, or none, and is no voice")
    func silence() throws {
        guard let silent = try printer.print(of: .silence(1.6)) else { return }
        #expect(silent.allSatisfy { $0.isFinite })
        #expect(product(silent, try print(Self.man.get().samples.seconds(0.1, 1.6))) < 0.5)
    }
}

@Suite("Speaker models that are missing", .models)
struct MissingVoiceModelTests {
    @Test("a missing model is named, and so is what brings it")
    func missing() throws {
        let assets = VoiceAssets(root: "/nonexistent")
        let library = try Installed.library.get()
        let print = #expect(throws: InferenceError.self) { try VoicePrinter(assets: assets, library: library) }
        let turns = #expect(throws: InferenceError.self) { try SpeakerTurnNetwork(assets: assets, library: library) }
        #expect(print?.description.contains(assets.voicePrint) == true)
        #expect(turns?.description.contains(assets.speakerTurns) == true)
        for error in [print, turns] {
            #expect(error?.kind == .modelMissing)
            #expect(error?.remedy.contains("scripts/setup") == true)
        }
        #expect(assets.missing.count == 3)
    }
}
