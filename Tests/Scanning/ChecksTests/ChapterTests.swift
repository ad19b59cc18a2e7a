import Foundation
import Testing

@testable import Checks

@Suite("Chapters of one recording")
struct ChapterTests {
    /// Every file is 700 s long; of DJI's without a date in the name, each begins as the one before ends.
    private func joined(_ paths: [String], apart: Double = 700) -> [[String]] {
        Chapters.joined(paths) { path in
            let number = path.split(separator: "_").last.flatMap { Int($0.prefix(4)) } ?? 0
            return Chapters.Facts(seconds: 700, began: 1_700_000_000 + Double(number) * apart)
        }
    }

    @Test("GoPro's are told by their names, in whatever order they are given")
    func goPro() {
        #expect(
            joined(["GX020123.MP4", "rec.wav", "GX010123.MP4", "GX010124.MP4", "GX030123.MP4"])
                == [["rec.wav"], ["GX010123.MP4", "GX020123.MP4", "GX030123.MP4"], ["GX010124.MP4"]])
        #expect(
            joined(["c/GOPR0007.MP4", "c/GP010007.MP4", "c/GP020007.MP4", "d/GOPR0007.MP4"])
                == [["c/GOPR0007.MP4", "c/GP010007.MP4", "c/GP020007.MP4"], ["d/GOPR0007.MP4"]])
        #expect(joined(["GH010001.MP4", "GH020001.mp4"]) == [["GH010001.MP4", "GH020001.mp4"]])
    }

    @Test("with a chapter missing, what follows is a recording of its own: nobody knows where it lies")
    func missing() {
        #expect(joined(["GX010123.MP4", "GX030123.MP4"]) == [["GX010123.MP4"], ["GX030123.MP4"]])
        #expect(joined(["GX010123.MP4", "a/GX020123.MP4"]).count == 2)
    }

    @Test("DJI's next number is the next chapter only where it begins as the one before ends")
    func dji() {
        let dated = ["DJI_20240131120000_0001_D.MP4", "DJI_20240131121141_0002_D.MP4", "DJI_20240131130000_0003_D.MP4"]
        #expect(joined(dated) == [[dated[0], dated[1]], [dated[2]]])
        #expect(joined(["DJI_0004.MP4", "DJI_0005.MP4"]) == [["DJI_0004.MP4", "DJI_0005.MP4"]])
        #expect(joined(["DJI_0004.MP4", "DJI_0005.MP4"], apart: 760).count == 2)
    }

    @Test(
        "other names are recordings of their own",
        arguments: ["GX01012.MP4", "GXX10123.MP4", "GX010123", "cam_0001.mp4"])
    func others(name: String) { #expect(joined([name, "GX020123.MP4"]).count == 2) }
}
