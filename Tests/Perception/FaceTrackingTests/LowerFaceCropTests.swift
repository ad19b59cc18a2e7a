import SyncModel
import Testing

@testable import FaceTracking

@Suite("The lower face, cut out as gray pixels")
struct LowerFaceCropTests {
    private static let size = LowerFaceCrop.size

    /// Dark to the left of and above an edge, bright beyond it.
    private func picture(x: Int = 0, y: Int = 0, width: Int = 400, height: Int = 300) -> MadePicture {
        MadePicture(width: width, height: height) { column, row in column >= x && row >= y ? 200 : 40 }
    }

    private func box(x: Double, y: Double, side: Double) -> FaceBox {
        FaceBox(centre: PicturePoint(x: x, y: y), side: side)
    }

    private func pixels(_ picture: MadePicture, _ box: FaceBox, about patch: FaceBox? = nil) throws -> [UInt8] {
        try LowerFacePatch(picture, about: patch ?? box, seconds: 0).crop(of: box)
    }

    /// Where the edge lies, in crop pixels from the left (or the top): what is dark in the middle row (or column).
    private func edge(_ crop: [UInt8], isRow: Bool = false) -> Double {
        let size = LowerFaceCropTests.size
        return (0..<size).reduce(0) { sum, index in
            let value = isRow ? crop[index * size + size / 2] : crop[size / 2 * size + index]
            return sum + Double(200 - Int(value)) / 160
        }
    }

    @Test("it is 0.8 boxes wide and lies 0.24 boxes below the box's middle", arguments: [40, 47, 100, 240])
    func place(side: Double) throws {
        let face = box(x: 200, y: 120, side: side)
        let unit = 0.8 * side / 56
        let (left, top) = (200 - 0.4 * side, 120 + (0.24 - 0.4) * side)
        for share in [0.3, 0.5, 0.62] {
            let (x, y) = (Int(left + share * 0.8 * side), Int(top + share * 0.8 * side))
            let across = edge(try pixels(picture(x: x), face))
            let down = edge(try pixels(picture(y: y), face), isRow: true)
            #expect(abs(across - (Double(x) - left) / unit) < 0.1, "\(across) across")
            #expect(abs(down - (Double(y) - top) / unit) < 0.1, "\(down) down")
        }
    }

    @Test("an even picture stays even, whatever its size; what lies outside is gray")
    func even() throws {
        let white = MadePicture(width: 300, height: 200) { _, _ in 211 }
        #expect(try pixels(white, box(x: 150, y: 80, side: 90)).allSatisfy { $0 == 211 })
        #expect(try pixels(white, box(x: 150, y: 80, side: 30)).allSatisfy { $0 == 211 })
        // The lowest rows of the crop lie below the picture.
        let low = try pixels(white, box(x: 150, y: 150, side: 100))
        #expect(low[20 * 56 + 28] == 211 && low[55 * 56 + 28] == 110)
    }

    @Test("fine patterns are averaged, not picked from")
    func averaged() throws {
        // Stripes of one pixel and a contrast of 100, of which a crop's pixel covers four.
        let stripes = MadePicture(width: 640, height: 480) { column, _ in column % 2 == 0 ? 20 : 220 }
        let crop = try pixels(stripes, box(x: 320, y: 200, side: 280))
        #expect(crop.allSatisfy { abs(Int($0) - 120) <= 12 })
    }

    @Test("a patch that was taken about another box gives the same crop", arguments: [-0.15, 0.1])
    func moved(by share: Double) throws {
        let face = box(x: 200, y: 120, side: 100)
        let other = box(x: 200 + share * 100, y: 120 - share * 100, side: 100 * (1 + share / 2))
        let made = picture(x: 195, y: 150)
        let (plain, moved) = (try pixels(made, face), try pixels(made, face, about: other))
        #expect(abs(edge(plain) - edge(moved)) < 0.3)
        #expect(abs(edge(plain, isRow: true) - edge(moved, isRow: true)) < 0.3)
    }
}

@Suite("The lower face, followed over time")
struct LowerFaceCropperTests {
    private func box(_ x: Double) -> FaceBox { FaceBox(centre: PicturePoint(x: x, y: 120), side: 100) }
    private let picture = MadePicture(width: 400, height: 300) { column, _ in column >= 200 ? 200 : 40 }

    /// Crops of pictures at 25 a second; `places` says where the detector saw the face, by picture.
    private func crops(of count: Int, _ places: [Int: Double]) throws -> [LowerFaceCrop] {
        var cropper = LowerFaceCropper(identity: 7)
        var result: [LowerFaceCrop] = []
        for index in 0..<count {
            let seconds = Double(index) / 25
            if let place = places[index] { cropper.note(box(place), seconds: seconds) }
            result += try cropper.add(picture, seconds: seconds)
            // None comes before the median has all that it is of.
            #expect(result.allSatisfy { $0.seconds <= seconds - 0.2 })
        }
        return result + cropper.finish()
    }

    @Test("every picture gets its crop, in order, also those between two looks of the detector and the last ones")
    func all() throws {
        let made = try crops(of: 30, Dictionary(uniqueKeysWithValues: stride(from: 0, to: 30, by: 3).map { ($0, 200) }))
        #expect(made.map(\.seconds) == (0..<30).map { Double($0) / 25 })
        #expect(made.allSatisfy { $0.identity == 7 && $0.box == box(200) })
    }

    @Test("a face that moves evenly is cut out where it is, not where it was")
    func moving() throws {
        let places = Dictionary(
            uniqueKeysWithValues: stride(from: 0, to: 60, by: 3).map { ($0, 150 + Double($0)) })
        let made = try crops(of: 58, places)
        for (index, crop) in made.enumerated() where index >= 7 && index < 50 {
            #expect(abs(crop.box.centre.x - 150 - Double(index)) < 1e-6)
        }
    }

    @Test("a single wild box moves nothing")
    func wild() throws {
        var places = Dictionary(uniqueKeysWithValues: stride(from: 0, to: 60, by: 3).map { ($0, 200.0) })
        places[30] = 220
        let made = try crops(of: 60, places)
        #expect(made.count == 60 && made.allSatisfy { $0.box == box(200) })
    }

    @Test("pictures long after the face was last seen have none")
    func gone() throws {
        let made = try crops(of: 30, [0: 200, 3: 200, 6: 200, 9: 200])
        #expect(made.map(\.seconds).max() == 14.0 / 25)
    }
}
