import Foundation
import MadeFiles
import MediaIO
import SyncModel
import Testing

@testable import Checks
@testable import Plan

/// A check that counts what it is handed.
private final class Counter: ClipCheck {
    let check: Check
    let wants: PassWants
    /// Reads the file before the pass, as a check may.
    let looksAhead: Bool
    var method: MethodVersion { "count-1" }

    init(_ check: Check, _ wants: PassWants, looksAhead: Bool = false) {
        self.check = check
        self.wants = wants
        self.looksAhead = looksAhead
    }

    func plan(_ clip: OpenedClip) throws -> CheckPlan {
        if looksAhead, let video = clip.video {
            _ = try clip.file.decode(MediaSelection(video: video.index, audio: nil))
        }
        return .listen(Listener(self))
    }

    private final class Listener: PassListener {
        let wants: PassWants
        private let check: Check
        private var pictures = 0
        private var samples = 0

        init(_ counter: Counter) {
            wants = counter.wants
            check = counter.check
        }

        func picture(_ picture: Picture) { pictures += 1 }
        func sound(_ block: SoundBlock) { samples += block.count }
        func finish(_ tally: MediaTally) -> [Finding] {
            let evidence = [
                ("pictures", pictures), ("samples", samples), ("tally_pictures", tally.pictures),
                ("tally_samples", tally.samples),
            ]
            return [
                Finding(
                    check: check, subject: .audio, reference: .video,
                    judgement: Judgement(.notApplicable, tolerance: .standard),
                    evidence: evidence.map { Evidence($0.0, .count($0.1)) }, method: "count-1")
            ]
        }
    }
}

@Suite("One pass feeds every check")
struct SinglePassTests {
    private static let clip = Repository.root.appending(path: "TestMedia/no-face.mp4").path

    private func counts(_ checks: Counter...) -> [[Int]] {
        ClipMeasurer(checks: checks).measure(ClipRequest(clip: Self.clip)).findings.map { finding in
            finding.evidence.map { if case .count(let number) = $0.value { number } else { -1 } }
        }
    }

    @Test("each check is handed what it wants and nothing else, however many listen, and counts as if it were alone")
    func wants() throws {
        let both = try #require(counts(Counter(.lips, [.pictures, .sound])).first)
        #expect(both[0] > 100 && both[1] > 16_000)
        #expect(both[2...] == both[0...1])
        #expect(counts(Counter(.lips, .pictures)) == [[both[0], 0, both[0], 0]])
        #expect(counts(Counter(.lips, .sound)) == [[0, both[1], 0, both[1]]])
        let three = counts(
            Counter(.lips, [.pictures, .sound]), Counter(.impacts, .sound), Counter(.container, .pictures))
        #expect(three == [both, [0, both[1], 0, both[1]], [both[0], 0, both[0], 0]])
    }

    @Test("a check that looked into the file beforehand takes nothing from the pass")
    func lookingAhead() throws {
        let plain = counts(Counter(.lips, [.pictures, .sound]))
        #expect(counts(Counter(.lips, [.pictures, .sound], looksAhead: true)) == plain)
    }

    /// A check that fails, when it is planned or when it hears something.
    private final class Broken: ClipCheck {
        let check = Check.speakers
        let failsAtOnce: Bool
        var method: MethodVersion { "broken-1" }

        init(atOnce: Bool) { failsAtOnce = atOnce }

        static let failure = ClipFailure(code: "broken", message: "it is broken", remedy: "mend it")

        func plan(_ clip: OpenedClip) throws -> CheckPlan {
            if failsAtOnce { throw Broken.failure }
            return .listen(Listener())
        }

        private final class Listener: PassListener {
            let wants: PassWants = .sound
            func sound(_ block: SoundBlock) throws { throw Broken.failure }
            func finish(_ tally: MediaTally) -> [Finding] { [] }
        }
    }

    @Test(
        "trouble of one check is its own failed finding, and the others answer as if it were not there",
        arguments: [true, false])
    func trouble(atOnce: Bool) throws {
        let plain = counts(Counter(.lips, [.pictures, .sound]))
        let findings = ClipMeasurer(checks: [Broken(atOnce: atOnce), Counter(.lips, [.pictures, .sound])])
            .measure(ClipRequest(clip: Self.clip)).findings
        #expect(findings.map(\.check) == [.speakers, .lips])
        #expect(
            findings[0].verdict == .failed && findings[0].because.first?.description.contains("it is broken") == true)
        #expect(findings[1].evidence.map { if case .count(let number) = $0.value { number } else { -1 } } == plain[0])
    }

    @Test("names of checks: in the catalogue's order, unknown ones are refused with the list")
    func names() throws {
        #expect(try CheckCatalogue.parse(" lips ,lips") == [.lips])
        #expect(throws: UnknownCheck.self) { try CheckCatalogue.parse("lip") }
        #expect(throws: UnknownCheck.self) { try CheckCatalogue.parse(",") }
    }
}
