import Foundation
import SignalCore
import SyncModel
import Testing

@testable import LipSync

/// Every step against the Python reference, on the same input and each from the reference's own intermediate results or
/// from the beginning.
@Suite struct ReferenceTests {
    let fixture: Fixture
    let model: LipModel

    init() throws {
        fixture = try Fixture.shared.get()
        model = try Fixture.model.get()
    }

    @Test func theMouthFeaturesAreThoseOfTheReference() throws {
        let segments = try fixture.mouth(model).segments()
        #expect(segments.count == 3)
        for (index, segment) in segments.enumerated() {
            #expect(try [segment.first] == fixture.integers("mouth.\(index).first"))
            #expect(largestDifference(segment.features.values, try fixture.floats("mouth.\(index).features")) < 2e-4)
            #expect(abs(segment.opening - Double(try fixture.floats("mouth.\(index).opening")[0])) < 1e-6)
        }
    }

    @Test func thePixelFeaturesAreThoseOfTheReference() throws {
        let segments = try fixture.pieces(.pixels, model).pixels
        #expect(segments.count == 2)
        for (index, segment) in segments.enumerated() {
            #expect(try [segment.first] == fixture.integers("pixels.\(index).first"))
            #expect(largestDifference(segment.features.values, try fixture.floats("pixels.\(index).features")) < 2e-4)
        }
    }

    @Test func theSoundFeaturesAreThoseOfTheReference() throws {
        let sound = soundFeatures([try fixture.samples()])
        #expect(try [sound.range.lowerBound, sound.range.upperBound] == fixture.integers("sound.range"))
        #expect(try sound.voiced == fixture.flags("sound.voiced"))
        #expect(largestDifference(sound.features.values, try fixture.floats("sound.features")) < 2e-4)
    }

    @Test func theEmbeddingsAreThoseOfTheReference() throws {
        let (mouth, sound) = try embeddings()
        #expect(try mouth.mask == fixture.flags("embedding.mouth_mask"))
        for part in mouth.parts {
            #expect(try part.mask == fixture.flags("embedding.\(part.kind.rawValue)_mask"))
        }
        #expect(try sound.mask == fixture.flags("embedding.sound_mask"))
        #expect(largestDifference(mouth.values.values, try fixture.floats("embedding.mouth")) < 2e-5)
        #expect(largestDifference(sound.values.values, try fixture.floats("embedding.sound")) < 2e-5)
    }

    @Test func theBlockCurvesAreThoseOfTheReference() throws {
        let curves = try referenceCurves()
        // The reference keeps one lag more on either side than is needed here.
        let blocks = try fixture.matrix("curve.blocks")
        #expect(curves.blocks.count == blocks.frames)
        for (index, block) in curves.blocks.enumerated() {
            let row = blocks.values[index * blocks.columns + 1..<(index + 1) * blocks.columns - 1]
            #expect(largestDifference(block.values, Array(row)) < 1e-4)
        }
        #expect(
            largestDifference(curves.total.values, Array(try fixture.floats("curve.total").dropFirst().dropLast()))
                < 3e-4)
    }

    @Test func peakErrorAndShareOfTheReferenceCurvesAreThoseOfTheReference() throws {
        let curves = try referenceCurves()
        let lag = curves.total.peak().samples
        let offset =
            Offset(subjectLateBySeconds: lag * FrameGrid.period).milliseconds
            - model.numbers(.both).biasMilliseconds
        #expect(abs(offset - (try fixture.expected("offset_ms", .both))) < 0.01)
        #expect(abs(curves.standardError(atLag: lag) * 20 - (try fixture.expected("error_ms", .both))) < 0.01)
        #expect(abs(curves.stableShare(lag: lag) - (try fixture.expected("share", .both))) < 1e-6)
    }

    @Test func theResamplesAreDrawnAsTheReferenceDrawsThem() throws {
        var generator = SplitMix64(seed: 0x4745_4E4C_4F43_4B31)
        #expect(try (0..<4).map { _ in generator.next() } == fixture.values("bootstrap.first_outputs", as: UInt64.self))
        generator = SplitMix64(seed: 0x4745_4E4C_4F43_4B31)
        let blocks = fixture.tensors["curve.blocks"]?.shape[0] ?? 0
        var drawn: [Int] = []
        for _ in 0..<3 {
            var times = [Int](repeating: 0, count: blocks)
            for _ in 0..<blocks { times[generator.index(below: blocks)] += 1 }
            drawn += times
        }
        #expect(try drawn == fixture.integers("bootstrap.first_multiplicities"))
    }

    @Test func theForeignExcerptsAreThoseOfTheReference() throws {
        for kind in MouthKind.allCases {
            let name = "cohort.\(kind.rawValue)"
            let sound = Cohort.excerpt(model.tape(kind).sound, 5, try fixture.flags("embedding.sound_mask"))
            #expect(largestDifference(sound.values, try fixture.floats("\(name).excerpt_sound_member5")) < 1e-5)
            let mask = try fixture.flags("embedding.\(kind.rawValue)_mask")
            let mouth = Cohort.excerpt(model.tape(kind).mouth, 31, mask)
            #expect(largestDifference(mouth.values, try fixture.floats("\(name).excerpt_mouth_member31")) < 1e-5)
        }
    }

    @Test(arguments: MouthMode.allCases)
    func theWholeAnswerIsThatOfTheReference(mode: MouthMode) throws {
        let evidence = try #require(
            LipEvidence(
                pieces: fixture.pieces(mode, model),
                view: MouthView(mouths: [fixture.mouth(model)], pixels: [fixture.pixels()]),
                sound: soundFeatures([fixture.samples()]), model: model))
        #expect(evidence.mode == mode)
        func expect(_ value: Double, _ name: String, within limit: Double) throws {
            let expected = try fixture.expected(name, mode)
            #expect(abs(value - expected) <= limit, "\(name): \(value), the reference says \(expected)")
        }
        let numbers = model.numbers(mode)
        try expect(evidence.offset.milliseconds, "offset_ms", within: 0.05)
        try expect(evidence.standardError * 1000, "error_ms", within: 0.02)
        try expect(evidence.share, "share", within: 0.005)
        try expect(evidence.cohort, "cohort", within: 0.01)
        try expect(evidence.height, "height", within: 1e-4)
        try expect(evidence.overlap, "overlap_seconds", within: 1e-6)
        try expect(evidence.voiced, "voiced_seconds", within: 1e-6)
        try expect(evidence.view.definition ?? .nan, "definition", within: 1e-5)
        try expect(evidence.view.turn ?? .nan, "turn", within: 1e-5)
        try expect(evidence.halvesAgree, "halves", within: 2e-3)
        try expect(evidence.kindsAgree, "kinds", within: 2e-3)
        if let opening = evidence.opening { try expect(opening, "opening", within: 1e-6) }
        try expect(evidence.confidence(numbers), "confidence", within: 1e-3)
        try expect(evidence.unpairedProbability(numbers), "unpaired", within: 1e-3)
        try expect(evidence.halfWidth(numbers) * 1000, "half_width_ms", within: 0.1)
    }

    /// Embeddings of the reference's features.
    private func embeddings() throws -> (mouth: Embedding, sound: Embedding) {
        let range = try fixture.integers("sound.range")
        let pieces: [MouthKind: [(first: Int, features: FrameMatrix)]] = [
            .landmarks: try (0..<3).map {
                (try fixture.integers("mouth.\($0).first")[0], try fixture.matrix("mouth.\($0).features"))
            },
            .pixels: try (0..<2).map {
                (try fixture.integers("pixels.\($0).first")[0], try fixture.matrix("pixels.\($0).features"))
            },
        ]
        let heard = [(first: range[0], features: try fixture.matrix("sound.features"))]
        let frames = try fixture.flags("embedding.mouth_mask").count
        let kinds = MouthKind.allCases
        return (
            Embedding(kinds: kinds, model: model, frames: frames, tower: \.mouth) { pieces[$0] ?? [] },
            Embedding(kinds: kinds, model: model, frames: frames, tower: \.sound) { _ in heard }
        )
    }

    /// Curves of the reference's embeddings.
    private func referenceCurves() throws -> BlockCurves {
        var (mouth, sound) = try embeddings()
        mouth.values = try fixture.matrix("embedding.mouth")
        sound.values = try fixture.matrix("embedding.sound")
        return BlockCurves(mouth: mouth, sound: sound, searchedLags: LipEvidence.searchedLags)
    }
}
