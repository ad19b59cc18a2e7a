import Foundation
import MediaIO
import SyncModel

/// What a pass over a file delivered: times of pictures, which of them flash, and the sound on one line.
struct Observation {
    var tally = MediaTally()
    var times: [Double] = []
    var flashes: [Double] = []
    /// Every channel's samples at `SoundBlock.rate`; holes are silent. `start` is the index of the first.
    var sound: [[Float]] = []
    var start = 0
    /// Index ranges of the blocks as they came.
    var blocks: [Range<Int>] = []

    init() {}

    /// Decodes a whole file, default streams unless said otherwise.
    init(_ path: String, audioStream: Int? = nil, threads: Int = 1) throws {
        let file = try MediaFile(path: path)
        try self.init(file, audio: try file.audioStream(number: audioStream)?.index, threads: threads)
    }

    init(_ file: MediaFile, audio: Int?, threads: Int = 1) throws {
        var seen = Observation()
        var pixels: [Float] = []
        let tally = try file.decode(
            MediaSelection(video: file.videoStream?.index, audio: audio, threads: threads),
            onPicture: { picture in
                seen.times.append(picture.seconds)
                if try picture.brightness(&pixels) > 128 { seen.flashes.append(picture.seconds) }
            },
            onSound: { seen.add($0) })
        self = seen
        self.tally = tally
    }

    /// The sound of a file by the door for sound files.
    init(soundFile path: String) throws {
        var seen = Observation()
        let tally = try SoundFile.decode(path: path) { seen.add($0) }
        self = seen
        self.tally = tally
    }

    mutating func add(_ block: SoundBlock) {
        blocks.append(block.start..<block.start + block.count)
        if sound.isEmpty {
            start = block.start
            sound = block.channels
            return
        }
        for channel in sound.indices {
            let hole = block.start - start - sound[channel].count
            if hole > 0 { sound[channel] += [Float](repeating: 0, count: hole) }
            sound[channel] += block.channels[min(channel, block.channels.count - 1)]
        }
    }

    /// Middles of the bursts in seconds, by the centre of their energy.
    var bursts: [Double] {
        guard let samples = sound.first else { return [] }
        let rate = Double(SoundBlock.rate)
        let reach = Int(0.03 * rate)
        var found: [Double] = []
        var index = 0
        while index < samples.count {
            guard abs(samples[index]) > 0.1 else {
                index += 1
                continue
            }
            let window = max(0, index - reach)..<min(samples.count, index + 2 * reach)
            var weight = 0.0
            var moment = 0.0
            for position in window {
                let energy = Double(samples[position] * samples[position])
                weight += energy
                moment += energy * Double(position)
            }
            found.append((moment / weight + Double(start)) / rate)
            index = window.upperBound
        }
        return found
    }

    /// How much later than the first flash the first burst is heard, in seconds.
    var soundLate: Double {
        guard let burst = bursts.first, let flash = flashes.first else { return .nan }
        return burst - flash
    }
}

extension Picture {
    /// Mean of the picture's middle, 0...255.
    func brightness(_ pixels: inout [Float]) throws -> Float {
        let side = min(displayWidth, displayHeight) / 2
        let square = OrientedSquare(
            centre: PicturePoint(x: displayWidth / 2, y: displayHeight / 2), side: side, angle: 0)
        try sample(square, size: 8, into: &pixels)
        return pixels.reduce(0, +) / Float(pixels.count)
    }
}
