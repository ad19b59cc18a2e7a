import Testing

@testable import MediaIO

@Suite("Closed captions in a track of their own")
struct ClosedCaptionTests {
    @Test("CEA-608 in QuickTime is read with the times at which it is shown")
    func track() throws {
        let codes =
            "Scenarist_SCC V1.0\n\n00:00:01;00\t9420 9420 94ae 94ae 9470 9470 c845 4c4c 4f80 942f 942f\n\n"
            + "00:00:03;00\t9420 9420 94ae 94ae 9470 9470 54f7 ef80 942f 942f\n\n"
            + "00:00:05;15\t942c 942c\n\n00:00:07;00\t942c 942c\n"
        let script = try Scratch.write(Array(codes.utf8), "captions.scc")
        let path = try ffmpeg(
            "-f", "lavfi", "-i", "color=s=64x64:r=30000/1001:d=8", "-i", script, "-map", "0", "-map", "1", "-c:v",
            "mpeg4",
            "-c:s", "copy", "captions.mov")
        let file = try MediaFile(path: path)
        let track = try file.subtitles(stream: try #require(file.subtitleStreams.first))
        #expect(track.codec == "eia_608" && track.damaged == 0)
        #expect(track.cues.map { $0.text.filter { !$0.isWhitespace } } == ["HELLO", "Two"])
        for (cue, (start, end)) in zip(track.cues, [(1.0, 3.0), (3.0, 5.5)]) {
            #expect(abs(cue.start - start) < 0.04 && abs(cue.end - end) < 0.04, "\(cue)")
        }
    }
}
