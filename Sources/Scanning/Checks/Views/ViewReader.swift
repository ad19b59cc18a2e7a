import Foundation
import MediaIO
import SyncModel
public import Views

/// Decodes recordings, each stream once, and keeps what views are compared by: values of bounded size an hour.
public struct ViewReader: Sendable {
    /// When frames were taken, where that is known better than from the files.
    public var captureTimes: CaptureTimes?
    /// Pictures of recordings longer than this are looked at 31 times a second at most, in seconds.
    private static let fineUpTo = 300.0

    public init(captureTimes: CaptureTimes? = nil) { self.captureTimes = captureTimes }

    /// - Parameters:
    ///   - sound: whether to listen.
    ///   - picture: whether to look.
    public func read(path: String, sound: Bool = true, picture: Bool = true) throws -> ViewInput {
        let file = try MediaFile(path: path)
        let audio = try file.audioStream(number: nil)
        let video = file.isStillPicture ? nil : file.videoStream
        var recording = ViewInput(clip: path, durationSeconds: file.durationSeconds)
        recording.hasSound = audio != nil
        recording.hasPicture = video != nil
        recording.declared = DeclaredTimeReader.read(file)
        var listener = SoundSignalBuilder()
        let channels = sound && audio?.channels ?? 0 > 1 ? SoundChannels.look(path: path) : nil
        if let channels { recording.notes.append(Doubt("not listened to: \(channels.leftInWords)")) }
        var codes: [LinearTimecode] = []
        func hear(_ block: SoundBlock) {
            if codes.isEmpty { codes = block.channels.map { _ in LinearTimecode(sampleRate: SoundBlock.rate) } }
            for (index, samples) in block.channels.enumerated() where index < codes.count {
                codes[index].append(start: block.start, samples: samples)
            }
            let heard = channels?.of(block) ?? block
            listener.append(start: heard.start, channels: heard.channels)
        }
        if file.audioStreams.count > 1, sound {
            let others = AudioStreams.words(file.audioStreams).filter { $0.index != audio?.index }.map(\.words)
            recording.notes.append(Doubt("not listened to: audio stream \(others.joined(separator: ", "))"))
        }
        var tally = MediaTally()
        if video == nil, audio != nil, sound {
            tally = try SoundFile.decode(path: path) { hear($0) }
        } else if sound && audio != nil || picture && video != nil {
            let times = captureTimes?.times(forFile: path, frames: video?.frameCount)
            if captureTimes != nil, times == nil, video != nil {
                recording.notes.append(
                    Doubt("the table of capture times has no view of its name: its own timestamps are taken"))
            }
            var watcher = PictureSignalBuilder(mostPerSecond: file.durationSeconds ?? 0 > ViewReader.fineUpTo ? 31 : 61)
            var scratch: [Float] = []
            var (frame, missing, last) = (0, 0, -Double.infinity)
            tally = try file.decode(
                MediaSelection(video: picture ? video?.index : nil, audio: sound ? audio?.index : nil),
                onPicture: { shown in
                    defer { frame += 1 }
                    var moment = shown.seconds
                    if let times {
                        guard let taken = times[frame] else {
                            missing += 1
                            return
                        }
                        moment = taken
                    }
                    guard moment > last else { return }
                    last = moment
                    let grey = try shown.luma(side: PictureSignalBuilder.side, scratch: &scratch)
                    watcher.append(
                        LumaImage(width: grey.width, height: grey.height, values: grey.values), seconds: moment)
                },
                onSound: { hear($0) })
            if missing > 0 {
                recording.notes.append(Doubt("\(missing) of its video frames have no capture time and are left out"))
            }
            recording.picture = picture ? watcher.finish() : nil
        }
        if tally.samples == 0, tally.pictures == 0, sound && audio != nil || picture && video != nil {
            throw MediaError(.noFrames, file: path, detail: tally.stoppedBy ?? "")
        }
        recording.sound = sound ? listener.finish() : nil
        let readings = codes.map { $0.reading(videoRate: video?.frameRate) }
        if let channel = readings.firstIndex(where: { $0 != nil }), let reading = readings[channel] {
            recording.take(reading, channel: channel, isAlone: codes.count == 1)
        }
        recording.notes += ViewReader.notes(tally)
        return recording
    }

    private static func notes(_ tally: MediaTally) -> [Doubt] {
        var notes: [Doubt] = []
        let jumps = tally.soundGaps + tally.soundOverlaps
        if jumps > 0 { notes.append(Doubt("the timestamps of its sound jump \(jumps) time\(jumps == 1 ? "" : "s")")) }
        if tally.unorderedPictures > 0 {
            notes.append(
                Doubt(
                    """
                    \(tally.unorderedPictures) of its video frames do not follow the one before in time and are left out
                    """
                ))
        }
        let damaged = tally.damagedAudioPackets + tally.damagedVideoPackets
        if damaged > 0 { notes.append(Doubt("\(damaged) of its packets are damaged")) }
        if let stopped = tally.stoppedBy { notes.append(Doubt("reading stopped before its end: \(stopped)")) }
        return notes
    }
}

extension ViewInput {
    /// The clock that a channel of sound carries. It counts where the file's own words say nothing.
    ///
    /// - Parameter isAlone: there is no other sound, so that nothing else can be heard.
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
                Doubt(
                    """
                    its timecode in sound (channel \(channel), \(reading.text)) and that of the file differ by \
                    \(Int(apart.rounded())) ms: that of the file is taken
                    """))
        }
    }
}
