import MediaIO
import Plan
import SyncModel

/// The one time that a clip is decoded: everybody who listens is fed from it.
struct SinglePass {
    private let clip: OpenedClip
    private let watchers: [any PassListener]
    private let hearers: [any PassListener]

    init(_ clip: OpenedClip, listeners: [any PassListener]) {
        self.clip = clip
        watchers = clip.video == nil ? [] : listeners.filter { $0.wants.contains(.pictures) }
        hearers = clip.hasSound ? listeners.filter { $0.wants.contains(.sound) } : []
    }

    /// Decodes what somebody wants, once, and nothing else.
    ///
    /// - Returns: what was met, of the clip's own file; sound that lies elsewhere is not counted.
    func run() throws -> MediaTally {
        if !hearers.isEmpty, let other = clip.files.audio {
            let tally = try SoundFile.decode(
                path: other, region: clip.files.audioRegion, stream: clip.files.audioStream, onSound: hear)
            guard tally.samples > 0 else { throw MediaError(.noFrames, file: other) }
        }
        let video = watchers.isEmpty ? nil : clip.video?.index
        let audio = hearers.isEmpty ? nil : clip.ownAudio?.index
        guard video != nil || audio != nil else { return MediaTally() }
        // A check that looked into the file beforehand has left it somewhere in its midst.
        let file = clip.file.wasRead ? try MediaFile(path: clip.file.path, region: clip.file.region) : clip.file
        return try file.decode(
            MediaSelection(video: video, audio: audio),
            onPicture: { picture in for watcher in watchers { try watcher.picture(picture) } },
            onSound: hear)
    }

    private func hear(_ block: SoundBlock) throws {
        for hearer in hearers { try hearer.sound(block) }
    }
}

extension MediaTally {
    /// The same without what a listener did not ask for, so that its findings do not depend on who else listens.
    func seen(by wants: PassWants) -> MediaTally {
        var result = self
        if !wants.contains(.pictures) {
            (result.pictures, result.damagedVideoPackets, result.unorderedPictures, result.guessedPictureTimes) = (
                0, 0, 0, 0
            )
            (result.firstPicture, result.lastPicture) = (nil, nil)
        }
        if !wants.contains(.sound) {
            (result.samples, result.damagedAudioPackets, result.soundGaps, result.soundOverlaps) = (0, 0, 0, 0)
            (result.soundStart, result.soundEnd) = (nil, nil)
        }
        return result
    }
}
