import MediaIO
import Plan
import SyncModel

/// The single decoding pass of a clip, which feeds all listeners. The failure of one listener does not affect the
/// others.
final class SinglePass {
    private let clip: OpenedClip
    private let watchers: [any PassListener]
    private let hearers: [any PassListener]
    private let onlooker: (any PassOnlooker)?
    private var troubles: [ObjectIdentifier: any Error] = [:]

    init(_ clip: OpenedClip, listeners: [any PassListener]) {
        self.clip = clip
        watchers = clip.video == nil ? [] : listeners.filter { $0.wants.contains(.pictures) }
        hearers = clip.hasSound ? listeners.filter { $0.wants.contains(.sound) } : []
        onlooker = listeners.lazy.compactMap { $0 as? any PassOnlooker }.first
    }

    /// The failure of a listener; nil: it was fed to the end.
    func trouble(of listener: any PassListener) -> (any Error)? { troubles[ObjectIdentifier(listener)] }

    /// Decodes once what the listeners want, and nothing else.
    ///
    /// - Returns: decoding statistics of the clip's file; separate audio is not counted.
    /// - Throws: `MediaError` if the file cannot be read, or nothing of it could be decoded.
    func run() throws -> MediaTally {
        if !hearers.isEmpty, let other = clip.files.audio {
            let tally = try SoundFile.decode(
                path: other, region: clip.files.audioRegion, stream: clip.files.audioStream, onSound: hear)
            guard tally.samples > 0 else { throw MediaError(.noFrames, file: other) }
        }
        let video = watchers.isEmpty ? nil : clip.video?.index
        let audio = hearers.isEmpty ? nil : clip.ownAudio?.index
        guard video != nil || audio != nil else { return MediaTally() }
        // A check that read the file beforehand has left it at another position.
        let tally = try decode(clip.file.wasRead ? try reopened() : clip.file, video: video, audio: audio)
        if tally.pictures == 0, tally.samples == 0, clip.files.audio == nil || hearers.isEmpty {
            throw MediaError(.noFrames, file: clip.file.path, detail: tally.stoppedBy ?? "")
        }
        if video != nil, tally.seenPictures * 10 <= tally.pictures { note(clip.noPicture(tally), of: watchers) }
        if audio != nil, tally.samples == 0 { note(clip.noSound(tally), of: hearers) }
        return tally
    }

    /// If a stream has no decoder, the other one is decoded.
    private func decode(_ file: MediaFile, video: Int?, audio: Int?) throws -> MediaTally {
        func run(_ file: MediaFile, _ video: Int?, _ audio: Int?) throws -> MediaTally {
            let tally = try file.decode(
                MediaSelection(video: video, audio: audio),
                survey: onlooker?.passBegins(file, showsPictures: video != nil), onPicture: see, onSound: hear)
            onlooker?.passEnded()
            return tally
        }
        do { return try run(file, video, audio) } catch let error as MediaError where error.kind == .noDecoder {
            guard video != nil, audio != nil else { throw error }
            if let tally = try? run(try reopened(), nil, audio) {
                note(error, of: watchers)
                return tally
            }
            let tally = try run(try reopened(), video, nil)
            note(error, of: hearers)
            return tally
        }
    }

    private func reopened() throws -> MediaFile { try MediaFile(path: clip.file.path, region: clip.file.region) }

    /// The first failure is kept.
    private func note(_ error: (any Error)?, of listeners: [any PassListener]) {
        guard let error else { return }
        for listener in listeners where trouble(of: listener) == nil { troubles[ObjectIdentifier(listener)] = error }
    }

    private func see(_ picture: Picture) {
        feed(watchers) { try $0.picture(picture) }
        onlooker?.lookOn(picture)
    }

    private func hear(_ block: SoundBlock) {
        let heard = clip.channels?.of(block) ?? block
        feed(hearers) { try $0.sound(heard) }
    }

    private func feed(_ listeners: [any PassListener], _ give: (any PassListener) throws -> Void) {
        for listener in listeners where trouble(of: listener) == nil {
            do { try give(listener) } catch { troubles[ObjectIdentifier(listener)] = error }
        }
    }
}

extension OpenedClip {
    /// Why no frame was decoded: an error if there was something to decode, nil if its track is empty.
    func noPicture(_ tally: MediaTally) -> MediaError? {
        tally.damagedVideoPackets > 0 || tally.stoppedBy != nil
            ? MediaError(.noPicture, file: file.path, detail: tally.detail(damaged: tally.damagedVideoPackets)) : nil
    }

    /// Why no audio was decoded, likewise.
    func noSound(_ tally: MediaTally) -> MediaError? {
        tally.damagedAudioPackets > 0 || tally.stoppedBy != nil
            ? MediaError(.noSound, file: file.path, detail: tally.detail(damaged: tally.damagedAudioPackets)) : nil
    }
}

extension MediaTally {
    /// Video frames without concealed ones.
    fileprivate var seenPictures: Int { pictures - concealedPictures }

    fileprivate func detail(damaged: Int) -> String {
        stoppedBy ?? "\(damaged) damaged packet\(damaged == 1 ? "" : "s")"
    }

    /// The same without what a listener did not request, so that its findings do not depend on other listeners.
    func seen(by wants: PassWants) -> MediaTally {
        var result = self
        if !wants.contains(.pictures) {
            (result.pictures, result.damagedVideoPackets, result.unorderedPictures, result.guessedPictureTimes) = (
                0, 0, 0, 0
            )
            result.concealedPictures = 0
            (result.firstPicture, result.lastPicture) = (nil, nil)
        }
        if !wants.contains(.sound) {
            (result.samples, result.damagedAudioPackets, result.soundGaps, result.soundOverlaps) = (0, 0, 0, 0)
            (result.soundStart, result.soundEnd) = (nil, nil)
        }
        return result
    }
}
