/// The files, in the order of creation.
enum Catalogue {
    static let items = moved + containers + sounds + withoutAnswer + impacts + faults + broken

    /// Faces whose audio is in sync or moved by a known time.
    private static let moved: [MediaItem] = [
        talking("in-sync.mp4", Sentences.boat, seed: 1, note: "25 frames a second"),
        talking("sound-late-120ms.mp4", Sentences.farm, moved: 120, seed: 2, note: "25 frames a second"),
        talking("sound-early-180ms.mp4", Sentences.parade, moved: -180, seed: 3, note: "25 frames a second"),
        talking(
            "sound-late-62ms-29.97fps.mp4", Sentences.bees, moved: 62, clock: .ntsc, seed: 4,
            note: "30000/1001 frames a second"),
        talking("in-sync-60fps.mp4", Sentences.lamp, clock: .sixty, seed: 5, note: "60 frames a second"),
        talking(
            "sound-early-150ms-variable-frame-rate.mp4", Sentences.map, moved: -150,
            clock: .pattern(intervalsMilliseconds: [20, 40, 30, 70, 33]), seed: 6,
            note: "frame intervals of 20, 40, 30, 70 and 33 ms in turn: counting frames gives wrong times"),
        talking("in-sync, name with spaces and ünïcode 口型.mp4", Sentences.bread, seed: 7, note: "an awkward name"),
    ]

    /// The same streams, or similar ones, in other containers and with other declarations of time and geometry.
    private static let containers: [MediaItem] =
        ["mkv", "mov", "ts"].map { suffix in
            MediaItem(
                file: "sound-late-120ms.\(suffix)", recipe: .remuxed(of: "sound-late-120ms.mp4"),
                soundMovedMilliseconds: 120, expected: .misaligned, note: "the streams of sound-late-120ms.mp4")
        } + [
            MediaItem(
                file: "sound-late-150ms-empty-edit.mp4",
                recipe: .delayedByEmptyEdit(of: "in-sync.mp4", milliseconds: 150),
                soundMovedMilliseconds: 150, expected: .misaligned,
                note: "the streams of in-sync.mp4, the audio delayed by its edit list alone"),
            MediaItem(
                file: "in-sync-cut-by-edit-list.mp4", recipe: .cut(of: "in-sync.mp4", fromSeconds: 1),
                soundMovedMilliseconds: 0, expected: .inSync,
                note: "the streams of in-sync.mp4 from 1 s on: edit lists hide what is before"),
            MediaItem(
                file: "sound-late-120ms-rotated.mp4",
                recipe: .clip(
                    TalkingClip(
                        spoken: Sentences.farm, placement: SoundPlacement(soundMovedMilliseconds: 120),
                        storedTurned: true, seed: 8)),
                soundMovedMilliseconds: 120, expected: .misaligned,
                note: "stored rotated by 90 degrees, upright by its display matrix"),
        ]

    /// Unusual audio.
    private static let sounds: [MediaItem] = [
        MediaItem(
            file: "sound-early-180ms-opposite-phase.mp4",
            recipe: .clip(
                TalkingClip(
                    spoken: Sentences.parade, placement: SoundPlacement(soundMovedMilliseconds: -180),
                    oppositePhase: true, seed: 9)),
            soundMovedMilliseconds: -180, expected: .misaligned, note: "left and right cancel when added")
    ]

    /// Clips of which no offset should be reported.
    private static let withoutAnswer: [MediaItem] = [
        anotherSentence,
        without("no-face.mp4", scene: .landscape, seed: 11, note: "speech over a moving landscape"),
        without("silent.mp4", heard: .digitalSilence, seed: 12, note: "a talking face, the audio track all zeros"),
        without("no-audio.mp4", heard: .nothing, seed: 13, note: "a talking face without an audio track"),
        without("audio-only.wav", scene: .nothing, seed: 14, note: "speech without video"),
    ]

    /// Impacts instead of a face.
    private static let impacts: [MediaItem] = [
        impact(
            "flash-and-beep-late-120ms.mp4", .flashAndBeep, moved: 120, seed: 21,
            note: "a test pattern: white frames and beeps, at irregular times"),
        impact(
            "ball-early-150ms.mp4", .bouncingBall, moved: -150, clock: .ntsc, seed: 22,
            note: "a bouncing ball, 30000/1001 frames a second"),
        impact("claps-in-sync.mp4", .claps, moved: 0, seed: 23, note: "two clapping hands"),
    ]

    /// Files with contradictory declarations, or without ones that players need; nothing else in them shows the offset.
    private static let faults: [MediaItem] = [
        MediaItem(
            file: "no-face-25-shown-as-24.mp4",
            recipe: .faulty(.pictureAtWrongRate(made: 25, shown: 24), of: "no-face.mp4"),
            expected: .misaligned,
            note: "the video was made for 25 frames a second and is shown at 24: the audio runs early by 4 %"),
        MediaItem(
            file: "no-face-44100-called-48000.mp4",
            recipe: .faulty(.soundAtWrongRate(recorded: 44_100, called: 48_000), of: "no-face.mp4"),
            expected: .misaligned,
            note: "the audio was recorded at 44.1 kHz and is declared as 48 kHz: it runs early by 9 %"),
        MediaItem(
            file: "no-face-sound-gap.mp4",
            recipe: .faulty(.soundGap(atSeconds: 3, milliseconds: 400), of: "no-face.mp4"),
            expected: .inconclusive, note: "the audio timestamps jump by 400 ms at 3 s"),
        MediaItem(
            file: "no-face-delay-not-signalled.mp4", recipe: .faulty(.delayNotSignalled, of: "no-face.mp4"),
            expected: .notApplicable, note: "the AAC encoder delay is not signalled: the audio is late by 21 ms"),
    ]

    /// Files that cannot be read, or only in part.
    private static let broken: [MediaItem] = [
        MediaItem(
            file: "truncated.mp4", recipe: .truncated(of: "in-sync.mp4", share: 0.6, indexFirst: false),
            expected: .failed, note: "the end is missing, including the index"),
        MediaItem(
            file: "truncated-index-first.mp4", recipe: .truncated(of: "in-sync.mp4", share: 0.7, indexFirst: true),
            soundMovedMilliseconds: 0, expected: .inSync, alsoAccepted: [.inconclusive],
            note: "the end is missing, the index is present: the rest can be read"),
        MediaItem(
            file: "text.mp4", recipe: .text("This is not a film.\n"), expected: .failed, note: "a text named .mp4"),
        MediaItem(file: "empty.mp4", recipe: .text(""), expected: .failed, note: "0 bytes"),
    ]

    /// A face that talks, judged with the default tolerance: 40 ms inner, 100 ms outer.
    static func talking(
        _ file: String, _ spoken: SpokenText, moved: Double = 0, clock: FrameClock = .pal, seed: UInt64, note: String
    ) -> MediaItem {
        let expected: MediaItem.Expectation =
            switch abs(moved) {
            case ...40: .inSync
            case ...100: .marginal
            default: .misaligned
            }
        let clip = TalkingClip(
            spoken: spoken, placement: SoundPlacement(soundMovedMilliseconds: moved), clock: clock, seed: seed)
        return MediaItem(
            file: file, recipe: .clip(clip), soundMovedMilliseconds: moved, expected: expected,
            alsoAccepted: expected == .marginal ? [.inconclusive] : [], note: note)
    }

    /// Judged with the default tolerance.
    private static func impact(
        _ file: String, _ scene: ImpactClip.Scene, moved: Double, clock: FrameClock = .pal, seed: UInt64, note: String
    ) -> MediaItem {
        let clip = ImpactClip(scene: scene, soundMovedMilliseconds: moved, clock: clock, seed: seed)
        return MediaItem(
            file: file, recipe: .impacts(clip), soundMovedMilliseconds: moved,
            expected: abs(moved) <= 40 ? .inSync : .misaligned, note: note)
    }

    /// The other sentence fills the clip from 0.1 s on. Two sentences that both start and end with the clip have their
    /// pauses in common, and then silence and rest match, whatever is said between.
    private static let anotherSentence = MediaItem(
        file: "another-sentence.mp4",
        recipe: .clip(
            TalkingClip(
                spoken: Sentences.bees, heard: .otherSpeech(Sentences.other),
                placement: SoundPlacement(soundMovedMilliseconds: -500), seed: 10)),
        expected: .unpaired, alsoAccepted: [.inconclusive], note: "the mouth says one thing, the audio another")

    private static func without(
        _ file: String, scene: TalkingClip.Scene = .talkingFace, heard: TalkingClip.Heard = .speech, seed: UInt64,
        note: String
    ) -> MediaItem {
        let clip = TalkingClip(spoken: Sentences.bees, scene: scene, heard: heard, seed: seed)
        return MediaItem(file: file, recipe: .clip(clip), expected: .notApplicable, note: note)
    }
}
