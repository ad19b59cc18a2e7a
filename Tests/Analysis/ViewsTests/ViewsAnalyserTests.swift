import Foundation
import SyncModel
import Testing

@testable import Views

@Suite("Views judged against the reference")
struct ViewsAnalyserTests {
    private func camera(_ name: String, ownSound: Double? = nil) -> ViewInput {
        var view = ViewInput(clip: name, durationSeconds: 60)
        view.hasSound = true
        view.hasPicture = true
        view.ownSound = ownSound.map { Offset(seconds: $0) }
        return view
    }

    private func row(_ a: Int, _ b: Int, _ method: PairMeasurement.Method, _ offset: Double, answered: Bool = true)
        -> PairTable.Row
    {
        var measurement = PairMeasurement(
            method: method,
            fit: PairMeasurement.Fit(offset: offset, middle: 30, error: method == .sound ? 0.0002 : 0.015),
            confidence: answered ? 0.99 : 0.1, isAnswered: answered,
            because: answered ? [] : [Reason("nothing in the audio fits clearly")])
        measurement.isAmple = true
        return PairTable.Row(reference: a, subject: b, measurement: measurement)
    }

    @Test("a camera whose own sound is late does not move the picture clock, as the others' pictures say")
    func lateSound() throws {
        // The sound of camera 2 is 120 ms late in its file: its sound seems to start 120 ms earlier than its picture
        // does.
        let views = ["a.mp4", "b.mp4", "c.mp4"].map { camera($0) }
        let pairs = PairTable(rows: [
            row(0, 1, .sound, 1), row(0, 2, .sound, 2 - 0.12), row(1, 2, .sound, 1 - 0.12),
            row(0, 1, .picture, 1.003), row(0, 2, .picture, 1.997), row(1, 2, .picture, 1.002),
        ])
        let report = ViewsAnalyser(expectation: .unknown).report(views, pairs: pairs)
        #expect(abs((report.findings[0].offset?.seconds ?? 0) - 1) < 0.005)
        #expect(abs((report.findings[1].offset?.seconds ?? 0) - 2) < 0.02)
        #expect(
            report.notes.contains {
                $0.clip == "c.mp4" && $0.note.description.contains("late by 11")
                    || $0.note.description.contains("late by 12")
            })
        #expect(!report.notes.contains { $0.clip != "c.mp4" })
    }

    @Test("the lips of one camera bring its sound to its place")
    func lips() throws {
        let views = [camera("a.mp4"), camera("b.mp4", ownSound: -0.12)]
        let report = ViewsAnalyser(expectation: .unknown).report(
            views, pairs: PairTable(rows: [row(0, 1, .sound, 2 - 0.12)]))
        #expect(abs((report.findings[0].offset?.seconds ?? 0) - 2) < 1e-6)
        #expect(report.notes.contains { $0.clip == "b.mp4" && $0.note.description.contains("late by 120 ms") })
    }

    @Test("sound travels: a recorder further away is not late")
    func distance() {
        var (near, far) = (camera("near.wav"), camera("far.wav"))
        near.distanceMetres = 0
        far.distanceMetres = 34.32
        let sound = MadeSound.speech(seconds: 20, seed: 6)
        near.sound = MadeSound.signal(sound)
        // Heard 100 ms later: the same event lies 100 ms further on in its file.
        far.sound = MadeSound.signal([Float](repeating: 0, count: 1600) + sound)
        let measured = PairTable.measure([near, far], 0, 1, .sound).measurement
        #expect(abs(measured.fit?.offset(at: 0) ?? 9) < 1e-3)
    }

    @Test("ample sound that nothing fits is unpaired, little of it inconclusive, and the candidate stays evidence")
    func unconnected() throws {
        let views = [camera("a.mp4"), camera("b.mp4")]
        let unpaired = ViewsAnalyser().report(views, pairs: PairTable(rows: [row(0, 1, .sound, 2, answered: false)]))
        #expect(unpaired.findings[0].verdict == .unpaired && unpaired.findings[0].offset == nil)
        #expect(unpaired.clock.map(\.group) == [0, 1])
        var short = row(0, 1, .sound, 2, answered: false)
        short.measurement.isAmple = false
        let unsure = ViewsAnalyser().report(views, pairs: PairTable(rows: [short]))
        #expect(unsure.findings[0].verdict == .inconclusive)
        #expect(unsure.findings[0].evidence.contains { $0.name == "candidate_ms" })
    }

    @Test("nothing in common to compare is not applicable; what could not be read fails and the rest goes on")
    func nothingInCommon() {
        var (seen, heard) = (camera("a.mp4"), camera("b.wav"))
        seen.hasSound = false
        heard.hasPicture = false
        let failure = ClipFailure(
            code: "no-such-file", message: "c.mp4 does not exist", remedy: "check the path")
        let report = ViewsAnalyser().report([seen, heard], pairs: PairTable(), failures: [("c.mp4", failure)])
        #expect(report.findings.map(\.verdict) == [.notApplicable, .failed])
    }

    @Test("drift moves the worst moment, which is judged")
    func drift() throws {
        var drifting = row(0, 1, .sound, 0.03)
        drifting.measurement.fit?.slope = 5e-3
        drifting.measurement.fit?.slopeError = 1e-6
        let report = ViewsAnalyser().report([camera("a.mp4"), camera("b.mp4")], pairs: PairTable(rows: [drifting]))
        let finding = report.findings[0]
        #expect(abs((finding.offset?.milliseconds ?? 0) + 120) < 1)
        #expect(abs((finding.worst?.milliseconds ?? 0)) > 115)
        #expect(abs((finding.drift?.ppm ?? 0) - 5000) < 1)
    }
}
