import FaceTracking

/// The lower half of one face, picture by picture of a clip: of its tracks those that follow one another, the larger
/// and longer ones first.
struct LowerFaces {
    /// `LowerFaceCrop.size` squared values a picture, 0 where the face is not seen.
    private(set) var pixels: [UInt8]
    private(set) var seen: [Bool]
    /// Side of the face's box in displayed pixels, 0 where it is not seen.
    private(set) var sides: [Float]

    init(_ crops: [LowerFaceCrop], times: [Double]) {
        let area = LowerFaceCrop.size * LowerFaceCrop.size
        pixels = [UInt8](repeating: 0, count: times.count * area)
        seen = [Bool](repeating: false, count: times.count)
        sides = [Float](repeating: 0, count: times.count)
        let places = Dictionary(times.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let tracks = Dictionary(grouping: crops, by: \.identity)
        let weights = tracks.mapValues { $0.reduce(0) { $0 + $1.box.side } }
        for identity in tracks.keys.sorted(by: { (weights[$0] ?? 0, $1) > (weights[$1] ?? 0, $0) }) {
            for crop in tracks[identity] ?? [] {
                guard let place = places[crop.seconds], !seen[place] else { continue }
                pixels.replaceSubrange(place * area..<(place + 1) * area, with: crop.pixels)
                seen[place] = true
                sides[place] = Float(crop.box.side)
            }
        }
    }
}
