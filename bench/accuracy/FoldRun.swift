import LipSync
import SyncModel

/// The trials of one fold: clips that its model has not seen.
struct FoldRun {
    let fold: String
    let analyser: LipAnalyser
    let clips: [RecordedClip]

    /// Each clip with its sound moved by each amount.
    func moved(_ moves: [Double], kind: String = "moved") -> [Trial] {
        clips.flatMap { clip in
            let scenes = clip.scenes(analyser.model)
            return moves.map { trial(kind, clip, scenes, clip.sound, moved: $0) }
        }
    }

    /// Each clip with its sound where it is: `moved` says where that is.
    func asTheyAre(kind: String, moved: Double) -> [Trial] {
        clips.map { clip in
            let finding = finding(clip.scenes(analyser.model), RecordedClip.features(clip.sound, movedMilliseconds: 0))
            return Trial(
                kind: kind, clip: clip.name, speaker: clip.speaker, fold: fold, seconds: Int(clip.seconds.rounded()),
                movedMilliseconds: moved,
                finding: finding)
        }
    }

    /// Clips of the fold joined to 6, 9 and 15 s, with the sound moved.
    func joined() -> [Trial] {
        [2, 3, 5].flatMap { count in
            groups(of: count).flatMap { group -> [Trial] in
                let clip = RecordedClip(joining: group)
                let scenes = clip.scenes(analyser.model)
                return [-240.0, -80, 0, 40, 130, 400].map { trial("joined", clip, scenes, clip.sound, moved: $0) }
            }
        }
    }

    /// Pictures with the sound of another sentence: of the same speaker, and of another.
    func foreign() -> [Trial] {
        [1, 2, 3, 5].flatMap { count -> [Trial] in
            let made = groups(of: count).map { RecordedClip(joining: $0) }
            return made.enumerated().flatMap { index, clip -> [Trial] in
                let scenes = clip.scenes(analyser.model)
                return (1..<made.count).compactMap { step -> Trial? in
                    let other = made[(index + step) % made.count]
                    guard step <= 4, Set(other.parts).isDisjoint(with: clip.parts) else { return nil }
                    let kind = other.speaker == clip.speaker ? "foreign-same" : "foreign-other"
                    return trial(kind, clip, scenes, other.sound, moved: 0)
                }
            }
        }
    }

    /// Pictures under the voices of other clips.
    func voicedOver(by voices: [RecordedClip]) -> [Trial] {
        clips.flatMap { clip in
            let scenes = clip.scenes(analyser.model)
            return voices.map { trial("voice-over", clip, scenes, $0.sound, moved: 0) }
        }
    }

    /// Sound made worse.
    func degraded() -> [Trial] {
        clips.enumerated().flatMap { index, clip -> [Trial] in
            let scenes = clip.scenes(analyser.model)
            return Degradation.allCases.flatMap { degradation -> [Trial] in
                let sound = [degradation.apply(clip.mono, seed: UInt64(index + 1))]
                return [-130.0, 0, 240].map { trial(degradation.rawValue, clip, scenes, sound, moved: $0) }
            }
        }
    }

    /// Runs of `count` clips, a new one starting at every clip; speakers mix where one has too few.
    private func groups(of count: Int) -> [[RecordedClip]] {
        guard clips.count >= count else { return [] }
        return clips.indices.map { start in (0..<count).map { clips[(start + $0) % clips.count] } }
    }

    private func trial(_ kind: String, _ clip: RecordedClip, _ scenes: [LipScene], _ sound: [[Float]], moved: Double)
        -> Trial
    {
        let finding = finding(scenes, RecordedClip.features(sound, movedMilliseconds: moved))
        return Trial(
            kind: kind, clip: clip.name, speaker: clip.speaker, fold: fold, seconds: Int(clip.seconds.rounded()),
            movedMilliseconds: moved,
            finding: finding)
    }

    /// As the program does: by pixels, and with meshes where these leave a doubt.
    private func finding(_ scenes: [LipScene], _ sound: SoundFeatures) -> Finding {
        let first = analyser.finding(scene: scenes[0], sound: sound)
        return analyser.isEnough(first) ? first : analyser.finding(scene: scenes[1], sound: sound)
    }
}
