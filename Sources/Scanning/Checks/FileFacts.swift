import MediaIO
import SyncModel

/// A file's metadata as attributes for comparing a corpus: from its header, without decoding.
///
/// All names begin with "file."; missing values are omitted. It may be wrong: an encoder's tag survives copying.
enum FileFacts {
    /// Longer tags are truncated.
    private static let mostCharacters = 80

    static func of(_ clip: OpenedClip) -> [ClipRecord.Attribute] {
        let file = clip.file
        var facts: [ClipRecord.Attribute] = []
        func put(_ name: String, _ value: String?) {
            guard let value else { return }
            let text = String(value.filter { !$0.isNewline }.prefix(mostCharacters)).trimmed
            if !text.isEmpty { facts.append(ClipRecord.Attribute(ClipRecord.fromFile + name, text)) }
        }
        put("container", file.format.split(separator: ",").first.map(String.init))
        put("video_codec", clip.video?.codec)
        if let video = clip.video {
            if video.width > 0, video.height > 0 { put("resolution", "\(video.width)x\(video.height)") }
            put("frame_rate", video.frameRate.map(rate))
            put("profile", video.profile)
            put("rung", rung(video))
        }
        if let audio = clip.ownAudio {
            put("audio_codec", audio.codec)
            if audio.sampleRate > 0 { put("sample_rate", String(audio.sampleRate)) }
            if audio.channels > 0 { put("channels", String(audio.channels)) }
            put("language", audio.language.flatMap { $0 == "und" ? nil : $0 })
        }
        put(
            "encoder",
            file.tag("encoder") ?? file.tag("com.apple.quicktime.software")
                ?? file.tag("com.android.version").map { "Android " + $0 })
        put("camera", camera(file))
        put(
            "recorded",
            (file.tag("com.apple.quicktime.creationdate") ?? file.tag("creation_time")).map { String($0.prefix(10)) })
        return facts
    }

    /// The rung of a ladder of renditions, named by lines: a rotated frame has the lines of its width.
    private static func rung(_ video: StreamDescription) -> String? {
        let lines = min(video.width, video.height)
        return lines > 0 ? "\(lines)p" : nil
    }

    /// Maker and model, once each.
    private static func camera(_ file: MediaFile) -> String? {
        let maker = file.tag("com.apple.quicktime.make") ?? file.tag("com.android.manufacturer") ?? file.tag("make")
        let model = file.tag("com.apple.quicktime.model") ?? file.tag("com.android.model") ?? file.tag("model")
        guard let maker, let model else { return model ?? maker }
        return model.hasPrefix(maker) ? model : maker + " " + model
    }

    /// "25", "29.97", "23.976".
    private static func rate(_ perSecond: Double) -> String {
        let thousandths = Int(min(perSecond, 1e6) * 1000 + 0.5)
        var text = "\(thousandths / 1000)"
        let rest = thousandths % 1000
        if rest > 0 {
            var digits = String(1000 + rest).dropFirst()
            while digits.last == "0" { digits.removeLast() }
            text += "." + digits
        }
        return text
    }
}

extension String {
    fileprivate var trimmed: String {
        var part = self[...]
        while part.first?.isWhitespace == true { part.removeFirst() }
        while part.last?.isWhitespace == true { part.removeLast() }
        return String(part)
    }
}
