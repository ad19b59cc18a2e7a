import Assets
import FaceTracking
import Foundation
import Inference
import LipSync
import MediaIO
import SyncModel
import Testing

@testable import Checks

@Suite("Clips without a face")
struct FaceGlanceTests {
    private static let assets = AssetFolder(environment: ProcessInfo.processInfo.environment)

    private func ffmpeg(_ arguments: [String]) throws {
        let program = Process()
        program.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        program.arguments = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-threads", "1"] + arguments
        try program.run()
        program.waitUntilExit()
        try #require(program.terminationStatus == 0)
    }

    /// An hour without a face: sixty times a minute of a gradient that moves, 5 pictures a second and a key picture
    /// every ten seconds, under a hum.
    private func hour(_ folder: URL) throws -> String {
        let (minute, path) = (folder.appending(path: "minute.mp4").path, folder.appending(path: "hour.mp4").path)
        try ffmpeg(
            ["-f", "lavfi", "-i", "gradients=s=96x64:r=5:d=60:seed=3:speed=0.02"]
                + ["-f", "lavfi", "-i", "sine=f=200:r=16000:d=60", "-c:v", "libx264", "-preset", "ultrafast"]
                + ["-g", "50", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "16k", minute])
        try ffmpeg(["-stream_loop", "59", "-i", minute, "-c", "copy", path])
        return path
    }

    @Test(
        "an hour without a face is given up after a small part of its pictures",
        .enabled(if: assets.missing.isEmpty, "run scripts/setup: models are missing"))
    func faceless() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "genlock-glance-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try MediaFile(path: hour(folder))
        let seconds = try #require(file.durationSeconds)
        #expect(abs(seconds - 3600) < 10)
        let tracker = try FaceTracker(
            assets: Self.assets, library: InferenceLibrary(path: try #require(Self.assets.library)))
        let measurement = LipMeasurement(
            file: file, video: try #require(file.videoStream), audio: try file.audioStream(number: nil), channels: nil,
            analyser: LipAnalyser(model: try .packaged()), tracker: tracker)
        let (finding, tally) = try #require(try measurement.probed(durationSeconds: seconds))
        #expect(finding.verdict == .notApplicable)
        #expect(finding.because.first?.description.contains("no face is visible") == true)
        // Of 18,000.
        #expect(tally.pictures < 500, "\(tally.pictures) pictures were decoded")
    }

    @Test("single pictures are spread over the whole, at key pictures where the file tells of them")
    func times() {
        let plain = FaceGlance.times(durationSeconds: 3600, keys: [])
        #expect(plain.count == 30 && plain[0] == 60 && plain[29] == 3540)
        let keys = stride(from: 0.0, to: 3600, by: 7).map { $0 }
        let near = FaceGlance.times(durationSeconds: 3600, keys: keys)
        #expect(near.count == 30 && near.allSatisfy(keys.contains))
        #expect(zip(near, plain).allSatisfy { abs($0 - $1) <= 3.5 })
        #expect(FaceGlance.times(durationSeconds: 3600, keys: [0, 1800]) == [0, 1800])
    }

    @Test("where faces are rare, stretches lie where they were seen; else they stay as planned")
    func worthwhile() {
        func glance(_ faced: Set<Int>) -> FaceGlance {
            var glance = FaceGlance()
            for index in 0..<30 { glance.note(Double(index) * 100, hasFace: faced.contains(index)) }
            return glance
        }
        let planned = stride(from: 0.0, to: 2900, by: 290).map { $0 }
        func starts(_ faced: Set<Int>) -> [Double] {
            glance(faced).worthwhile(planned, length: 5, latest: 2890)
        }
        #expect(starts(Set(0..<20)) == planned)
        #expect(starts([]) == planned)
        // 870 lies near 900, and nothing near 2100.
        #expect(starts([9, 21]) == [900, 2100, 870])
    }
}
