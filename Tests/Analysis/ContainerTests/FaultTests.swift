import Container
import Foundation
import SignalCore
import SyncModel
import Testing

@Suite("What a file says of itself")
struct FaultTests {
    private let analyser = ContainerAnalyser()

    @Test("two streams that agree are in sync, and nothing is told", arguments: [23.976, 24, 25, 29.97, 30, 50, 60])
    func healthy(rate: Double) {
        let finding = analyser.finding(Made.file(Made.picture(rate: rate), Made.sound()))
        #expect(finding.verdict == .inSync)
        #expect(finding.offset == Offset(seconds: 0))
        #expect(finding.because.isEmpty)
    }

    @Test(
        "sound that starts later than the picture may be late by that much: only the content tells",
        arguments: [0.15, 0.3, 0.84])
    func soundStartsLate(late: Double) {
        let facts = Made.file(Made.picture(), Made.sound(start: late))
        let finding = analyser.finding(facts)
        #expect(finding.verdict == .inconclusive)
        #expect(
            finding.evidence.contains(Evidence("candidate_ms", .number(-late * 1000, decimals: 1)))
                || finding.offset == nil)
        // Who ignores start times has the sound early.
        #expect(abs(analyser.cost(.startsApart, facts) - late * 1000) < 1)
    }

    @Test("a small start difference is told, and no alarm")
    func smallStart() {
        let facts = Made.file(Made.picture(), Made.sound(start: 0.07))
        #expect(analyser.finding(facts).verdict == .inSync)
        #expect(analyser.kinds(facts) == [.startsApart])
        #expect(analyser.kinds(Made.file(Made.picture(), Made.sound(start: 0.03))) == [])
    }

    @Test("an encoder's delay before the picture is no start difference")
    func lead() {
        #expect(analyser.kinds(Made.file(Made.picture(), Made.sound(start: -0.0213))) == [])
        #expect(analyser.kinds(Made.file(Made.picture(), Made.sound(rate: 8000, start: -0.128))) == [])
    }

    @Test("a hole in the sound costs its length to whoever does not fill it")
    func soundGap() {
        var sound = Made.sound()
        sound.stamps = sound.stamps.map { $0 > 10 ? $0 + 0.4 : $0 }
        let facts = Made.file(Made.picture(seconds: 20.4), sound)
        #expect(abs(analyser.cost(.gap, facts) - 400) < 2)
        #expect(analyser.finding(facts).verdict == .inconclusive)
    }

    @Test("one bad timestamp is no step, and neither is jitter")
    func oneBadStamp() {
        var sound = Made.sound()
        sound.stamps[300] += 0.5
        #expect(analyser.kinds(Made.file(Made.picture(), sound)) == [])
        var jitter = SplitMix64(seed: 5)
        sound = Made.sound()
        sound.stamps = sound.stamps.map { $0 + 0.02 * (jitter.uniform() - 0.5) }
        #expect(analyser.kinds(Made.file(Made.picture(), sound)) == [])
    }

    @Test("timestamps that jump back are told with their size")
    func jumpBack() {
        var sound = Made.sound()
        sound.stamps = sound.stamps.map { $0 > 10 ? $0 - 0.3 : $0 }
        let facts = Made.file(Made.picture(seconds: 19.7), sound)
        #expect(abs(analyser.cost(.jumpBack, facts) + 300) < 2)
    }

    @Test("a pause of both streams costs nothing")
    func pause() {
        var sound = Made.sound()
        var picture = Made.picture()
        sound.stamps = sound.stamps.map { $0 > 10 ? $0 + 3 : $0 }
        picture.stamps = picture.stamps.map { $0 > 10 ? $0 + 3 : $0 }
        let finding = analyser.finding(Made.file(picture, sound))
        #expect(finding.verdict == .inSync)
        #expect(analyser.cost(.gap, Made.file(picture, sound)) == 0)
    }

    @Test("pictures that miss for a while make the sound late for who counts pictures")
    func pictureGap() {
        var picture = Made.picture()
        picture.stamps = picture.stamps.map { $0 > 10 ? $0 + 0.8 : $0 }
        let facts = Made.file(picture, Made.sound(seconds: 20.8))
        #expect(abs(analyser.cost(.gap, facts) + 800) < 2)
        #expect(analyser.finding(facts).verdict == .inSync)
    }

    @Test("a variable frame rate is told with what counting pictures costs at worst")
    func variableRate() {
        // 30 a second for 10 s, then 15 a second for 10 s: on average 22.5, so that the picture at 10 s is the 300th,
        // due at 13.33 s.
        var picture = Made.picture(rate: 30, seconds: 10)
        picture.stamps += (0..<150).map { 10 + Double($0) / 15 }
        let facts = Made.file(picture, Made.sound())
        #expect(abs(analyser.cost(.variableRate, facts) - 3333) < 20)
        #expect(analyser.finding(facts).verdict == .inSync)
    }

    @Test("an encoder's delay that nothing signals makes the sound late by one AAC packet at least")
    func encoderDelay() {
        let facts = Made.file(Made.picture(), Made.sound(signalled: false))
        let finding = analyser.finding(facts)
        #expect(finding.verdict == .inSync)
        #expect(abs((finding.offset?.milliseconds ?? 0) + 1024.0 / 48) < 0.01)
        // A transport stream cannot signal it otherwise than by its timestamps.
        #expect(analyser.kinds(Made.file(Made.picture(), Made.sound(signalled: false), format: "mpegts")) == [])
    }

    @Test("sound of 44.1 kHz called 48 kHz runs fast: early by more and more", arguments: [8.0, 20, 600])
    func sampleRate(seconds: Double) {
        let facts = Made.file(Made.picture(seconds: seconds), Made.sound(seconds: seconds * 44_100 / 48_000))
        let finding = analyser.finding(facts)
        #expect(finding.verdict == .misaligned)
        #expect(abs((finding.drift?.ppm ?? 0) - 88_435) < 1)
        #expect(finding.rate == "48000/44100")
        #expect(abs((finding.worst?.seconds ?? 0) - seconds * (1 - 44.1 / 48)) < 0.05)
        #expect(analyser.kinds(facts) == [.sampleRate])
    }

    @Test("a sample rate that contradicts the timestamps is told whichever way")
    func sampleRateAgainstStamps() {
        var sound = Made.sound()
        sound.sampleRate = 44_100
        let facts = Made.file(Made.picture(), sound)
        #expect(analyser.finding(facts).verdict == .misaligned)
        #expect(analyser.finding(facts).rate == "44100/48000")
        #expect(analyser.kinds(facts) == [.sampleRate])
        // Twice the rate is spectral band replication.
        sound.sampleRate = 24_000
        #expect(analyser.kinds(Made.file(Made.picture(), sound)) == [])
    }

    @Test("a tag of 25 on timestamps of 24 is harmless where the sound is as long as the timestamps say")
    func harmlessTag() {
        let facts = Made.file(Made.picture(rate: 24, tag: (25, 1)), Made.sound())
        #expect(analyser.finding(facts).verdict == .inSync)
        #expect(analyser.kinds(facts) == [.rateTag])
        // Counted at 25, 480 pictures take 19.2 s: the sound ends 800 ms late.
        #expect(abs(analyser.cost(.rateTag, facts) + 800) < 2)
    }

    @Test(
        "a picture made for one rate and shown at another drifts by their ratio",
        arguments: [
            (25.0, 24000.0 / 1001, 42_708.3), (25, 24, 41_666.7), (24, 25, -40_000.0), (24000.0 / 1001, 25, -40_959),
        ])
    func wrongRate(made: Double, shown: Double, ppm: Double) {
        // 24 and 23.976 are told apart from about two minutes on.
        let picture = Made.picture(rate: shown, seconds: (200 * made).rounded() / shown)
        let facts = Made.file(picture, Made.sound(seconds: 200))
        let finding = analyser.finding(facts)
        #expect(finding.verdict == .misaligned)
        #expect(abs((finding.drift?.ppm ?? 0) - ppm) < 5)
        #expect(analyser.kinds(facts) == [.frameRate])
    }

    @Test("pulldown and fields are no contradiction", arguments: [(50, 1), (30000, 1001), (100, 1)])
    func pulldown(tag: (Int, Int)) {
        let rate = tag.1 == 1001 ? 24000.0 / 1001 : 25.0
        #expect(analyser.kinds(Made.file(Made.picture(rate: rate, tag: tag), Made.sound())) == [])
    }

    @Test("ends that lie apart are told; a header that promises more than there is, too")
    func ends() {
        let apart = Made.file(Made.picture(), Made.sound(seconds: 17))
        #expect(abs(analyser.cost(.durationsDiffer, apart) - 3000) < 25)
        #expect(analyser.finding(apart).verdict == .inSync)
        #expect(analyser.kinds(Made.file(Made.picture(), Made.sound(), seconds: 40)) == [.cutShort])
    }

    @Test("an edit list that hides more of the sound than of the picture costs whoever ignores it the difference")
    func editList() {
        var sound = Made.sound()
        sound.edits = [EditPiece(seconds: 20, mediaSeconds: 0.5)]
        var picture = Made.picture()
        picture.edits = [EditPiece(seconds: 20, mediaSeconds: 0.08)]
        #expect(abs(analyser.cost(.editList, Made.file(picture, sound)) + 500) < 1)
        // What an encoder needs is ordinary.
        sound.edits = [EditPiece(seconds: 20, mediaSeconds: 0.0213)]
        #expect(analyser.kinds(Made.file(picture, sound)) == [])
    }

    @Test("one stream alone cannot lie apart from anything")
    func alone() {
        #expect(analyser.finding(Made.file(Made.picture(), nil)).verdict == .notApplicable)
        #expect(analyser.finding(Made.file(nil, Made.sound())).verdict == .notApplicable)
        #expect(analyser.finding(Made.file(nil, nil)).verdict == .notApplicable)
        #expect(analyser.finding(Made.file(Made.picture(seconds: 0), Made.sound())).verdict == .notApplicable)
    }

    @Test("numbers without sense are survived")
    func nonsense() {
        var picture = Made.picture()
        var sound = Made.sound()
        picture.stamps = [.nan, .infinity, -.infinity, 1e300, 0, 0, 0, 1]
        sound.stamps = [5, 5, 5, 4, 3, 2, 1, 0, 1e300]
        sound.sampleRate = Int.max
        sound.lastSeconds = .infinity
        picture.rateTags = [
            RateTag(source: "x", numerator: 0, denominator: -1), RateTag(source: "y", numerator: .max, denominator: 1),
        ]
        _ = analyser.finding(Made.file(picture, sound, seconds: .infinity))
        _ = analyser.finding(Made.file(sound, picture, seconds: -1))
    }
}
