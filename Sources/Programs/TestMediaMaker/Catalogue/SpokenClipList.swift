import Foundation

/// Talking faces from a file: a JSON list of texts, voices and times.
enum SpokenClipList {
    private struct Entry: Decodable {
        var file: String
        var text: String
        var voice: String
        var wordsPerMinute: Int?
        var pitch: Int?
        /// How much later the audio is than the mouth; 0 if omitted.
        var soundMovedMilliseconds: Double?
        var seed: UInt64

        enum CodingKeys: String, CodingKey {
            case file, text, voice, pitch, seed
            case wordsPerMinute = "words_per_minute"
            case soundMovedMilliseconds = "sound_moved_ms"
        }
    }

    /// Reads a list.
    static func items(from file: String) throws -> [MediaItem] {
        let entries: [Entry]
        do {
            entries = try JSONDecoder().decode([Entry].self, from: Data(contentsOf: URL(fileURLWithPath: file)))
        } catch {
            throw TestMediaError.unreadableList(file: file, reason: "\(error)")
        }
        return entries.map { entry in
            let spoken = SpokenText(
                text: entry.text, voice: entry.voice, wordsPerMinute: entry.wordsPerMinute ?? 150,
                pitch: entry.pitch ?? 50)
            return Catalogue.talking(
                entry.file, spoken, moved: entry.soundMovedMilliseconds ?? 0, seed: entry.seed,
                note: "voice \(entry.voice)")
        }
    }
}
