import Assets
import Foundation
import Inference
import MediaIO
import SyncModel
import Testing

@testable import FaceTracking
@testable import genlock_testmedia

/// What is installed, and what is not.
enum Installed {
    static let assets = AssetFolder(environment: ProcessInfo.processInfo.environment)
    static let portrait = assets.root + "/wheels/portrait/skimage/data/astronaut.png"
    static let missing =
        assets.missing + (FileManager.default.isReadableFile(atPath: portrait) ? [] : ["the portrait (\(portrait))"])

    static let library = Result { try InferenceLibrary(path: assets.library ?? "") }

    static func tracker() throws -> FaceTracker { try FaceTracker(assets: assets, library: library.get()) }
}

extension Trait where Self == ConditionTrait {
    /// The models and the portrait that `scripts/setup` installs.
    static var models: Self {
        .enabled(
            if: Installed.missing.isEmpty,
            "run scripts/setup: \(Installed.missing.joined(separator: ", ")) missing")
    }
}

/// The talking portrait of the test media: where its parts lie is known from the portrait's geometry, and how far its
/// mouth is open is what it is asked for.
enum MadeFace {
    static let (width, height) = (320, 240)
    private static let geometry = PortraitGeometry.astronaut
    /// Pixels of the made picture for one of the portrait.
    private static let scale = Double(height) / Double(geometry.frameHeight)

    /// A point of the portrait on the made picture.
    private static func point(_ x: Float, _ y: Float) -> PicturePoint {
        PicturePoint(
            x: Double(x - geometry.headX) * scale + Double(width) / 2,
            y: Double(y - geometry.headY) * scale + Double(height) / 2)
    }

    /// From the hairline to the chin and from cheek to cheek.
    static let box: PictureBox = {
        let chin = geometry.mouthY + geometry.chin
        let top = point(geometry.mouthX - geometry.cheek, chin - geometry.faceHeight)
        let end = point(geometry.mouthX + geometry.cheek, chin)
        return PictureBox(x: top.x, y: top.y, width: end.x - top.x, height: end.y - top.y)
    }()

    static let mouth = point(geometry.mouthX, geometry.mouthY + (geometry.upperLip + geometry.lowerLip) / 2)

    private static let talking: Result<TalkingFace, any Error> = Result {
        let file = try MediaFile(path: Installed.portrait)
        var pixels: [Float] = []
        _ = try file.decode(MediaSelection(video: file.videoStream?.index, audio: nil)) { picture in
            let whole = OrientedSquare(centre: PicturePoint(x: 256, y: 256), side: 512, angle: 0)
            try picture.sample(whole, size: 512, into: &pixels)
        }
        // The macro cannot take a name with its module's.
        let portrait = genlock_testmedia.Picture(width: 512, height: 512, rgb: pixels.map { UInt8($0.rounded()) })
        let known = try #require(portrait)
        return TalkingFace(
            portrait: known, geometry: geometry, frameSize: FrameSize(width: width, height: height))
    }

    /// - Parameter opening: 0 closed, 1 as in "father".
    static func picture(opening: Double = 0) throws -> MadePicture {
        let drawn = try talking.get().picture(
            of: MouthPose(opening: opening, spread: 0), head: HeadMotion.Place(x: 0, y: 0, turn: 0))
        return MadePicture(width: width, height: height, pixels: drawn.pixels.flatMap { [$0.x, $0.y, $0.z] })
    }

    static let resting = Result { try picture() }
}

extension PictureBox {
    /// What both boxes cover, as a share of what either does.
    func overlap(with other: PictureBox) -> Double {
        let across = min(x + width, other.x + other.width) - max(x, other.x)
        let down = min(y + height, other.y + other.height) - max(y, other.y)
        let common = max(0, across) * max(0, down)
        return common / (width * height + other.width * other.height - common)
    }
}
