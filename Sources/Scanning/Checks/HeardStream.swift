import MediaIO
public import SyncModel

/// The audio stream and channels of a clip that were analysed, and those that were not.
public struct HeardStream: Sendable {
    /// The stream and the channel, if there are others; nil: there are none.
    let name: StreamName?
    /// What was not analysed, in words: other audio streams, and channels without audio of the event.
    let leftOut: [String]

    init(_ clip: OpenedClip) {
        let channels = clip.channels
        let channel = channels.flatMap { $0.used.count == 1 ? $0.used[0] : nil }
        let streams = clip.file.audioStreams
        name = clip.ownAudio.flatMap { own in
            streams.count > 1 || channel != nil
                ? StreamName(index: own.index, language: own.language, channel: channel) : nil
        }
        var left: [String] = []
        if let own = clip.ownAudio {
            left = AudioStreams.words(streams).filter { $0.index != own.index }.map { "audio stream \($0.words)" }
        }
        if let channels { left.append(channels.leftInWords) }
        leftOut = left
    }
}

extension Finding {
    /// The same finding with the analysed audio stream and the others, if there are several.
    public func naming(_ heard: @autoclosure () -> HeardStream) -> Finding {
        let isSubject = subject == .audio
        guard isSubject || reference == .audio, check != .container else { return self }
        let heard = heard()
        guard !heard.leftOut.isEmpty else { return self }
        var finding = adding([Evidence("left_out", .list(heard.leftOut.map { .text($0) }))])
        if isSubject { finding.subjectStream = heard.name } else { finding.referenceStream = heard.name }
        return finding
    }
}

/// Audio streams in words.
enum AudioStreams {
    /// Each by its number among the audio streams, counted from 0 as `--audio-stream` does, and its language.
    static func words(_ streams: [StreamDescription]) -> [(index: Int, words: String)] {
        streams.enumerated().map { number, stream in
            (stream.index, "\(number)\(stream.language.map { " (\($0))" } ?? "")")
        }
    }
}
