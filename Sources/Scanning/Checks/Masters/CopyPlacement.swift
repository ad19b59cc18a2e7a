import Foundation
import Masters
import SyncModel
import Views

/// Positions of a copy's video and audio on the master, each separately.
struct CopyPlacement {
    let copy: MasterInput
    let master: MasterInput
    var picture = MasterPlacement()
    var sound = MasterPlacement()
    /// Points of the copy's audio: its time, and the master's.
    var heard: [(seconds: Double, master: Double, height: Double)] = []
    /// Whether the audio plays at a different speed with its pitch kept.
    var keepsPitch = false

    init(copy: MasterInput, master: MasterInput, prepared: MasterPicture?) {
        (self.copy, self.master) = (copy, master)
        if let prepared, let own = copy.picture {
            picture = PicturePlacer().place(own, on: prepared)
        } else {
            picture.isEmpty = true
        }
        if let own = copy.sound, let other = master.sound { listen(own, other) } else { sound.isEmpty = true }
    }

    private mutating func listen(_ own: SoundSignal, _ other: SoundSignal) {
        var speeds = [picture.speed]
        if picture.speed != 1 { speeds.append(1) }
        if picture.pieces.isEmpty { speeds += PlaySpeed.known.map(\.ratio).filter { abs($0 - 1) > 0.01 } }
        var best: (speed: Double, trace: SoundTrace)?
        for speed in speeds {
            let trace = SoundPlacer().trace(
                reference: other, subject: own.stretched(by: speed), hints: hints(speed))
            if trace.points.count > best?.trace.points.count ?? -1 { best = (speed, trace) }
            if trace.isSilent || trace.points.count * 3 > trace.stretches { break }
        }
        // Single segments of stretched audio fit by chance; audio at one speed fits along one line.
        if let plain = best, !plain.trace.isSilent,
            picture.speed != 1 && CopyPlacement.aligned(plain.trace, along: plain.speed == picture.speed) < 0.8
                || plain.trace.points.count * 2 < plain.trace.stretches
        {
            listenForKeptPitch(own, other, &best)
        }
        guard let best else { return }
        sound.speed = best.speed
        sound.because = best.trace.because
        sound.isAmple = best.trace.isAmple
        sound.isEmpty = best.trace.isSilent
        heard = best.trace.points.map { ($0.seconds / best.speed, $0.seconds + $0.offset, $0.height) }
        sound.pieces = CopyPlacement.pieces(best.trace, best.speed, keepsPitch: keepsPitch)
        let share = Double(best.trace.points.count) / Double(max(1, best.trace.stretches))
        sound.evidence = [
            Evidence("stretches", .count(best.trace.stretches)), Evidence("share_fitting", .number(share, decimals: 2)),
        ]
    }

    /// Audio that was stretched with its pitch kept: at the video's speed and position, else wherever it fits at one of
    /// the known speeds.
    private mutating func listenForKeptPitch(
        _ own: SoundSignal, _ other: SoundSignal, _ best: inout (speed: Double, trace: SoundTrace)?
    ) {
        let isPlaced = !picture.pieces.isEmpty
        var known = best.map { CopyPlacement.aligned($0.trace, along: $0.speed == picture.speed) } ?? 0
        let speeds = isPlaced ? [picture.speed] : PlaySpeed.known.map(\.ratio)
        for speed in speeds where abs(speed - 1) > 0.01 {
            let trace = SoundPlacer().pitchKept(
                reference: other, subject: own, speed: speed, hints: isPlaced ? hints(speed) : nil)
            let share = Double(trace.points.count) / Double(max(1, trace.stretches))
            // At a nearly right speed as many fit, on a sloped line.
            let straight = CopyPlacement.aligned(trace, along: true, within: 0.0015)
            guard trace.points.count > 3, share > 0.3, straight > known else { continue }
            known = straight
            best = (speed, trace)
            keepsPitch = true
        }
    }

    /// The share of all segments on one line, or on lines separated by cuts.
    private static func aligned(_ trace: SoundTrace, along isSpeed: Bool, within slack: Double = 0.001) -> Double {
        guard isSpeed else { return 0 }
        let points = trace.points
        let alike = points.indices.dropFirst().count { abs(points[$0].offset - points[$0 - 1].offset) < slack }
        return Double(alike) / Double(max(1, trace.stretches - 1))
    }

    /// The expected position of the audio by the video, on the copy's time stretched by `speed`.
    private func hints(_ speed: Double) -> [SoundPlacer.Hint] {
        picture.pieces.map { piece in
            let middle = (piece.span.start + piece.span.end) / 2
            return SoundPlacer.Hint(
                span: TimeSpan(start: piece.span.start * speed, end: piece.span.end * speed),
                offset: piece.master(at: middle) - middle * speed)
        }
    }

    /// Runs of segments that are on one line.
    static func pieces(_ trace: SoundTrace, _ speed: Double, keepsPitch: Bool = false) -> [MasterPiece] {
        var runs: [[SoundTrace.Point]] = []
        for point in trace.points {
            if let last = runs.last?.last,
                abs(last.offset - point.offset) < (keepsPitch ? 0.012 : 0.004) + 0.0003 * (point.seconds - last.seconds)
            {
                runs[runs.count - 1].append(point)
            } else {
                runs.append([point])
            }
        }
        return runs.filter { $0.count > 2 || runs.count == 1 }.map { run in
            let middle = (run[0].seconds + run[run.count - 1].seconds) / 2 / speed
            let offsets = run.map(\.offset).sorted()
            let reach = run[run.count - 1].seconds - run[0].seconds
            let rise = reach > 20 ? (run[run.count - 1].offset - run[0].offset) / reach : 0
            let offset =
                abs(rise) * reach > 0.002 ? (run[run.count - 1].offset + run[0].offset) / 2 : offsets[offsets.count / 2]
            let slope = abs(rise) * reach > 0.002 ? rise : 0
            return MasterPiece(
                span: TimeSpan(start: (run[0].seconds - 2) / speed, end: (run[run.count - 1].seconds + 2) / speed),
                offset: middle * speed + offset - middle, middle: middle, error: 0.0003, slope: speed * (1 + slope) - 1)
        }
    }

    /// The skew at every point where both audio and video are located on the master.
    var skews: [SkewModel.Point] {
        heard.compactMap { moment in
            guard let piece = picture.piece(at: moment.seconds) else { return nil }
            let skew = (moment.master - piece.master(at: moment.seconds)) / (1 + piece.slope)
            return SkewModel.Point(seconds: moment.seconds, skew: skew, weight: max(0.1, moment.height - 5))
        }
    }
}
