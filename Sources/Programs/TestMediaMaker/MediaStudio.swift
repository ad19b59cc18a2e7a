import Foundation
import SignalCore

/// Makes files from recipes.
final class MediaStudio {
    private let portrait: Picture
    private let ffmpeg: FFmpeg
    let synth: SpeechSynth
    /// Folder of finished files.
    let folder: URL
    /// Folder of unfinished ones; on the same file system, so that finishing is a rename.
    private let workshop: URL

    init(portrait: Picture, ffmpeg: FFmpeg, synth: SpeechSynth, folder: URL, workshop: URL) {
        self.portrait = portrait
        self.ffmpeg = ffmpeg
        self.synth = synth
        self.folder = folder
        self.workshop = workshop
    }

    /// Makes a file under a temporary name and renames it when it is complete.
    func make(_ item: MediaItem) throws {
        let draft = workshop.appendingPathComponent(item.file)
        do {
            try make(item, at: draft)
            try put(draft, inPlaceOf: finished(item.file))
        } catch let error as TestMediaError {
            throw error
        } catch {
            throw TestMediaError.unwritable(file: finished(item.file).path, reason: error.localizedDescription)
        }
    }

    private func make(_ item: MediaItem, at draft: URL) throws {
        switch item.recipe {
        case .clip(let clip):
            try make(clip, at: draft)
        case .remuxed(let source):
            try ffmpeg.copy(inputs: [([], finished(source))], options: ["-map", "0"], to: draft)
        case .delayedByEmptyEdit(let source, let milliseconds):
            let delay = ["-itsoffset", "\(Double(milliseconds) / 1000)"]
            try ffmpeg.copy(
                inputs: [([], finished(source)), (delay, finished(source))], options: ["-map", "0:v", "-map", "1:a"],
                to: draft)
        case .cut(let source, let seconds):
            try ffmpeg.copy(inputs: [(["-ss", "\(seconds)"], finished(source))], options: ["-map", "0"], to: draft)
        case .truncated(let source, let share, let indexFirst):
            var whole = finished(source)
            if indexFirst {
                whole = workshop.appendingPathComponent("index-first-\(source)")
                try ffmpeg.copy(inputs: [([], finished(source))], options: ["-movflags", "+faststart"], to: whole)
            }
            let bytes = try Data(contentsOf: whole)
            try bytes.prefix(Int(Double(bytes.count) * share)).write(to: draft)
        case .impacts(let clip):
            try make(clip, at: draft)
        case .faulty(let fault, let source):
            try make(fault, of: finished(source), at: draft)
        case .text(let text):
            try Data(text.utf8).write(to: draft)
        }
    }

    private func finished(_ file: String) -> URL {
        folder.appendingPathComponent(file)
    }

    private func put(_ draft: URL, inPlaceOf file: URL) throws {
        guard rename(draft.path, file.path) == 0 else {
            throw TestMediaError.unwritable(file: file.path, reason: String(cString: strerror(errno)))
        }
    }

    private func make(_ clip: TalkingClip, at draft: URL) throws {
        var generator = SplitMix64(seed: clip.seed)
        let speech = try synth.speak(clip.spoken)
        let performance = Performance(of: speech, using: &generator)
        let track = try soundTrack(of: clip, seconds: performance.seconds, using: &generator)

        if clip.scene == .nothing {
            try track?.waveFile().write(to: draft)
            return
        }
        var sound: URL?
        if let track {
            let file = workshop.appendingPathComponent("track.wav")
            try track.waveFile().write(to: file)
            sound = file
        }
        let draw = drawing(of: clip, performance: performance, using: &generator)
        try ffmpeg.encode(
            frames: clip.clock.frames(before: performance.seconds), size: clip.size, clock: clip.clock,
            filters: clip.storedTurned ? ["transpose=cclock"] : [], sound: sound, to: draft
        ) { index in
            draw(clip.clock.time(ofFrame: index))
        }
        if clip.storedTurned {
            try DisplayMatrix.turnClockwise(draft)
        }
    }

    private func make(_ clip: ImpactClip, at draft: URL) throws {
        var generator = SplitMix64(seed: clip.seed)
        let scene = ImpactScene(clip, using: &generator)
        let sound = workshop.appendingPathComponent("track.wav")
        try scene.track(using: &generator).waveFile().write(to: sound)
        try ffmpeg.encode(
            frames: clip.clock.frames(before: clip.seconds), size: clip.size, clock: clip.clock, filters: [],
            sound: sound, to: draft
        ) { scene.picture(at: clip.clock.time(ofFrame: $0)) }
    }

    private func make(_ fault: ContainerFault, of source: URL, at draft: URL) throws {
        let both = ["-map", "0:v", "-map", "1:a"]
        switch fault {
        case .pictureAtWrongRate(let made, let shown):
            let stretch = ["-itsscale", "\(Double(made) / Double(shown))"]
            try ffmpeg.copy(inputs: [(stretch, source), ([], source)], options: both, to: draft)
        case .soundAtWrongRate(let recorded, let called):
            let raw = workshop.appendingPathComponent("samples.wav")
            try ffmpeg.sound(of: source, sampleRate: recorded).called(called).waveFile().write(to: raw)
            try ffmpeg.copy(inputs: [([], source), ([], raw)], options: both + ["-c:a", "aac"], to: draft)
        case .delayNotSignalled:
            let raw = workshop.appendingPathComponent("raw.aac")
            try ffmpeg.copy(inputs: [([], source)], options: ["-map", "0:a"], to: raw)
            try ffmpeg.copy(inputs: [([], source), ([], raw)], options: both, to: draft)
        case .soundGap(let seconds, let milliseconds):
            let leap = "setts=ts=TS+gte(TS\\,\(seconds)/TB)*\(milliseconds)/1000/TB"
            try ffmpeg.copy(inputs: [([], source)], options: ["-map", "0", "-bsf:a", leap], to: draft)
        }
    }

    /// Draws a clip's image at any time.
    private func drawing(
        of clip: TalkingClip, performance: Performance, using generator: inout SplitMix64
    ) -> (Double) -> Picture {
        if clip.scene == .landscape {
            let landscape = Landscape(frameSize: clip.size, using: &generator)
            return landscape.picture(at:)
        }
        let face = TalkingFace(portrait: portrait, geometry: .astronaut, frameSize: clip.size)
        return { time in
            face.picture(of: performance.pose(at: time), head: performance.head.place(at: time))
        }
    }

    private func soundTrack(
        of clip: TalkingClip, seconds: Double, using generator: inout SplitMix64
    ) throws -> Sound? {
        let speech: Sound
        switch clip.heard {
        case .speech:
            speech = try synth.speak(clip.spoken).sound
        case .otherSpeech(let other):
            speech = try synth.speak(other).sound
        case .digitalSilence:
            let rate = try synth.speak(clip.spoken).sound.sampleRate
            return Sound(sampleRate: rate, samples: Array(repeating: 0, count: Int(seconds * Double(rate))))
        case .nothing:
            return nil
        }
        let track = clip.placement.track(of: speech, seconds: seconds, using: &generator)
        return clip.oppositePhase ? track.inOppositePhase() : track
    }
}
