import Foundation
import SyncModel

/// The FFmpeg commands that cut all recordings to their common part, so that all start and end together.
enum CutCommands {
    static func script(_ entries: [ClockEntry]) -> String {
        var lines = [
            "#!/bin/sh", "# Cuts all recordings to their common part. Made by genlock \(Version.tool).",
        ]
        guard entries.count > 1, let common = ClockEntry.common(entries) else {
            lines.append("# The recordings have no common part: nothing to cut.")
            return lines.joined(separator: "\n") + "\n"
        }
        lines.append(
            "# \(number(common.length)) s. Video is re-encoded, so that the cuts are exact.")
        lines.append("set -e")
        if entries.contains(where: { $0.chapterOf != nil }) {
            lines.append("# Chapters of one recording are cut one by one; together they are its common part.")
        }
        for (index, entry) in entries.enumerated() {
            guard let own = entry.own(common) else { continue }
            let stretch = abs(entry.rate - 1) * common.length > ClockEntry.negligibleStretch
            var words = [
                "ffmpeg", "-nostdin", "-ss", number(own.start), "-t", number(own.length), "-i",
                ShellWord.media(entry.clip),
            ]
            if stretch {
                // A slow clock makes a recording too short: it is stretched.
                if !isSoundAlone(entry.clip) { words += ["-filter:v", "setpts=PTS*\(ratio(entry.rate))"] }
                words += ["-filter:a", "atempo=\(ratio(1 / entry.rate))"]
            }
            words +=
                isSoundAlone(entry.clip)
                ? ["-vn", "-c:a", "pcm_s24le"] : ["-c:v", "libx264", "-crf", "18", "-c:a", "aac"]
            words.append(ShellWord.media(output(entry.clip, index)))
            lines.append(words.joined(separator: " "))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func number(_ seconds: Double) -> String { String(format: "%.6f", seconds) }
    private static func ratio(_ value: Double) -> String { String(format: "%.9f", value) }

    private static let soundEndings: Set<String> = [
        "wav", "flac", "mp3", "m4a", "aac", "ogg", "oga", "opus", "aif", "aiff", "caf", "wma", "w64", "rf64", "amr",
    ]

    private static func isSoundAlone(_ clip: String) -> Bool {
        soundEndings.contains(clip.split(separator: ".").last.map { $0.lowercased() } ?? "")
    }

    private static func output(_ clip: String, _ index: Int) -> String {
        let file = clip.split(separator: "/").last.map(String.init) ?? "view"
        let stem = file.split(separator: ".").dropLast().joined(separator: ".")
        return "common-\(index + 1)-\(stem.isEmpty ? file : stem).\(isSoundAlone(clip) ? "wav" : "mp4")"
    }
}
