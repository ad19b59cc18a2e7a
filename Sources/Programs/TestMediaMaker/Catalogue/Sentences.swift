/// The sentences of the test media: 5 to 8 seconds each, rich in sounds visible on the lips.
enum Sentences {
    static let boat = SpokenText(
        text: "Maybe Bob will bring the paper boat back before evening, and we may all move to a warm place by the bay."
    )
    static let farm = SpokenText(
        text: "My father bought five apple pies at the farm, but Mama was happy with a bowl of plum jam.")
    static let parade = SpokenText(
        text: "Above the market people wave at a famous band, while a baby bear jumps over a purple box.",
        voice: "en-us+f2", wordsPerMinute: 145)
    static let bees = SpokenText(
        text: "Five bumble bees hum above my window, so we move the big lamp far away from the open door and wait.")
    static let map = SpokenText(
        text: "Put the map on top of the box, and ask Pam what time the boat may leave from the pier tomorrow.",
        wordsPerMinute: 155)
    static let bread = SpokenText(
        text: "We bake bread by half past five, and the whole family wants a warm piece with apple butter.",
        voice: "en-us+f4")
    /// Long enough to fill a clip from end to end.
    static let other = SpokenText(
        text: "Yesterday the teacher gave us sixteen letters to read, nothing in the garden has grown since the cold, "
            + "and our street is still dark.")
    static let lamp = SpokenText(
        text: "A small lamp by the bed makes the room warm, but my favourite part of the farm is the path by the pond.")
}
