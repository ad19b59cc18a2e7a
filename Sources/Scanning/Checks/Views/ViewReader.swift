import Foundation
import MediaIO
import SyncModel
public import Views

/// Decodes recordings, each stream once, and keeps the features that views are compared by, of bounded size per hour.
public struct ViewReader: Sendable {
    /// Capture times of frames, if known better than from the files.
    public var captureTimes: CaptureTimes?
    /// Frames of recordings longer than this are examined 31 times a second at most, in seconds.
    private static let fineUpTo = 300.0

    public init(captureTimes: CaptureTimes? = nil) { self.captureTimes = captureTimes }

    /// - Parameters:
    ///   - sound: whether to analyse audio.
    ///   - picture: whether to analyse video.
    public func read(path: String, sound: Bool = true, picture: Bool = true) throws -> ViewInput {
        try read([path], sound: sound, picture: picture)
    }

    /// One recording that is in several files, in order of time.
    func read(_ chapters: [String], sound: Bool, picture: Bool) throws -> ViewInput {
        var reading = Reading(ViewInput(clip: chapters[0], durationSeconds: nil))
        for chapter in chapters {
            do {
                try read(chapter, sound: sound, picture: picture, into: &reading)
            } catch  where chapter != chapters[0] {
                // Without it the position of the rest is unknown.
                reading.recording.notes.append(
                    Reason("its chapter \(chapter.printable) could not be read: the recording ends before it"))
                break
            }
        }
        return reading.finish(sound: sound, picture: picture, chapters: chapters)
    }

    /// A recording being read.
    private struct Reading {
        var recording: ViewInput
        var listener = SoundSignalBuilder()
        var watcher: PictureSignalBuilder?
        var codes: [LinearTimecode] = []
        var frameRate: Double?
        /// Start of the next file in the recording, in seconds.
        var start = 0.0
        var last = -Double.infinity
        var scratch: [Float] = []

        init(_ recording: ViewInput) { self.recording = recording }

        mutating func hear(_ block: SoundBlock, _ channels: SoundChannels?) {
            let moved = SoundBlock(
                start: block.start + Int((start * Double(SoundBlock.rate)).rounded()), channels: block.channels)
            if codes.isEmpty { codes = block.channels.map { _ in LinearTimecode(sampleRate: SoundBlock.rate) } }
            for (index, samples) in moved.channels.enumerated() where index < codes.count {
                codes[index].append(start: moved.start, samples: samples)
            }
            let heard = channels?.of(moved) ?? moved
            listener.append(start: heard.start, channels: heard.channels)
        }

        mutating func see(_ shown: Picture, at seconds: Double) throws {
            let moment = start + seconds
            guard moment > last else { return }
            last = moment
            let grey = try shown.luma(side: PictureSignalBuilder.side, scratch: &scratch)
            watcher?.append(LumaImage(width: grey.width, height: grey.height, values: grey.values), seconds: moment)
        }

        mutating func finish(sound: Bool, picture: Bool, chapters: [String]) -> ViewInput {
            recording.picture = picture ? watcher?.finish() : nil
            recording.sound = sound ? listener.finish() : nil
            let readings = codes.map { $0.reading(videoRate: frameRate) }
            if let channel = readings.firstIndex(where: { $0 != nil }), let reading = readings[channel] {
                recording.take(reading, channel: channel, isAlone: codes.count == 1)
            }
            if chapters.count > 1 {
                recording.durationSeconds = start
                let names = chapters.dropFirst().map { $0.nameOfPath.printable }.joined(separator: ", ")
                recording.notes.append(Reason("chapters of one recording: it continues in \(names)"))
            }
            return recording
        }
    }

    private func read(_ path: String, sound: Bool, picture: Bool, into reading: inout Reading) throws {
        let file = try MediaFile(path: path)
        let audio = try file.audioStream(number: nil)
        let video = file.isStillPicture ? nil : file.videoStream
        let isFirst = reading.recording.chapters.isEmpty
        if isFirst {
            reading.recording.durationSeconds = file.durationSeconds
            reading.recording.hasSound = audio != nil
            reading.recording.hasPicture = video != nil
            reading.recording.declared = DeclaredTimeReader.read(file)
            reading.frameRate = video?.frameRate
            if video != nil {
                reading.watcher = PictureSignalBuilder(
                    mostPerSecond: file.durationSeconds ?? 0 > ViewReader.fineUpTo ? 31 : 61)
            }
        }
        let channels = sound && audio?.channels ?? 0 > 1 ? SoundChannels.look(path: path) : nil
        if let channels, isFirst {
            reading.recording.notes.append(Reason("not analysed: \(channels.leftInWords)"))
        }
        if file.audioStreams.count > 1, sound, isFirst {
            let others = AudioStreams.words(file.audioStreams).filter { $0.index != audio?.index }.map(\.words)
            reading.recording.notes.append(Reason("not analysed: audio stream \(others.joined(separator: ", "))"))
        }
        var tally = MediaTally()
        if video == nil, audio != nil, sound {
            tally = try SoundFile.decode(path: path) { reading.hear($0, channels) }
        } else if sound && audio != nil || picture && video != nil {
            let times = captureTimes?.times(forFile: path, frames: video?.frameCount)
            if captureTimes != nil, times == nil, video != nil {
                reading.recording.notes.append(
                    Reason("the table of capture times has no view of its name: its own timestamps are used"))
            }
            var (frame, missing) = (0, 0)
            tally = try file.decode(
                MediaSelection(video: picture ? video?.index : nil, audio: sound ? audio?.index : nil),
                onPicture: { shown in
                    defer { frame += 1 }
                    guard let times else { return try reading.see(shown, at: shown.seconds) }
                    if let taken = times[frame] { try reading.see(shown, at: taken) } else { missing += 1 }
                },
                onSound: { reading.hear($0, channels) })
            if missing > 0 {
                reading.recording.notes.append(
                    Reason("\(missing) of its video frames have no capture time and are omitted"))
            }
        }
        if tally.samples == 0, tally.pictures == 0, sound && audio != nil || picture && video != nil {
            throw MediaError(.noFrames, file: path, detail: tally.stoppedBy ?? "")
        }
        reading.recording.notes += ViewReader.notes(tally)
        let length = Chapters.Facts.length(file)
        reading.recording.chapters.append((path, reading.start, length ?? file.durationSeconds))
        reading.start += length ?? 0
    }

    private static func notes(_ tally: MediaTally) -> [Reason] {
        var notes: [Reason] = []
        let jumps = tally.soundGaps + tally.soundOverlaps
        if jumps > 0 { notes.append(Reason("its audio timestamps jump \(jumps) time\(jumps == 1 ? "" : "s")")) }
        if tally.unorderedPictures > 0 {
            notes.append(
                Reason(
                    """
                    \(tally.unorderedPictures) of its video frames are out of order in time and are omitted
                    """
                ))
        }
        let damaged = tally.damagedAudioPackets + tally.damagedVideoPackets
        if damaged > 0 { notes.append(Reason("\(damaged) of its packets are damaged")) }
        if let stopped = tally.stoppedBy { notes.append(Reason("reading stopped before its end: \(stopped)")) }
        return notes
    }
}

extension ViewInput {
    /// The timecode in an audio channel. It is used if the file declares none.
    ///
    /// - Parameter isAlone: there is no other audio channel.
    fileprivate mutating func take(_ reading: LinearTimecode.Reading, channel: Int, isAlone: Bool) {
        if isAlone { sound = nil }
        guard let known = declared?.timecodeSeconds else {
            var declared = declared ?? DeclaredTime()
            declared.timecodeSeconds = reading.secondsAtOrigin
            declared.timecode = reading.text
            declared.frameRate = reading.rate
            declared.source = "ltc"
            self.declared = declared
            return
        }
        let apart = (reading.secondsAtOrigin - known) * 1000
        if abs(apart) > 1000 / reading.rate {
            notes.append(
                Reason(
                    """
                    its timecode in audio (channel \(channel), \(reading.text)) and that of the file differ by \
                    \(Int(apart.rounded())) ms: that of the file is used
                    """))
        }
    }
}
