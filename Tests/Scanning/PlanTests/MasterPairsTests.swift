import Foundation
import Plan
import Testing

@Suite("Copies and their masters by name")
struct MasterPairsTests {
    private func masters(of clips: [String], in folder: [String]) -> [String?] {
        var plan = ScanPlan()
        for clip in clips { plan.add(ClipRequest(clip: clip)) }
        plan.pair(masters: folder)
        return plan.clips.map { $0.request.files?.master }
    }

    @Test("a copy's name is its master's, alone or up to where something is set off; the longest one counts")
    func names() {
        let folder = ["m/Show.mov", "m/show_2.mov", "m/film.mxf"]
        #expect(
            masters(of: ["c/show.mp4", "c/show_720p.mp4", "c/show_2-web.mp4", "c/film.720p.h264.mp4"], in: folder)
                == ["m/Show.mov", "m/Show.mov", "m/show_2.mov", "m/film.mxf"])
    }

    @Test("a name that only begins likewise has none, and a master is not held against itself")
    func none() {
        #expect(masters(of: ["c/showing.mp4", "m/show.mov", "c/_show.mp4"], in: ["m/show.mov"]) == [nil, nil, nil])
    }

    @Test("what the plan names stays")
    func named() {
        var plan = ScanPlan()
        var files = ClipFiles()
        files.master = "elsewhere.mov"
        plan.add(ClipRequest(clip: "c/show.mp4", files: files))
        plan.pair(masters: ["m/show.mov"])
        #expect(plan.clips[0].request.files?.master == "elsewhere.mov")
    }
}
