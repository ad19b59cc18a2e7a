/// A text and its voice.
struct SpokenText: Codable, Hashable, Sendable {
    var text: String
    /// An espeak voice: `en-us`, `de`, with a variant `en-us+f3`.
    var voice = "en-us+f3"
    var wordsPerMinute = 150
    /// 0...100 on espeak's scale.
    var pitch = 50
}
