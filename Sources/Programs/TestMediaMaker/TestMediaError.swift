/// What can go wrong while test media are made, with its remedy.
enum TestMediaError: Error, CustomStringConvertible {
    case programMissing(name: String, remedy: String)
    case programFailed(name: String, task: String, status: Int32, message: String)
    case portraitMissing(file: String)
    case portraitUnfit(file: String, reason: String)
    case unreadableAnswer(program: String, reason: String)
    case unreadableList(file: String, reason: String)
    case unwritable(file: String, reason: String)
    case damaged(file: String, reason: String)

    var description: String {
        switch self {
        case .programMissing(let name, let remedy):
            return "\(name): there is no such program. \(remedy)"
        case .programFailed(let name, let task, let status, let message):
            let detail = message.isEmpty ? "it said nothing" : message
            return "\(name) failed with status \(status) while \(task): \(detail). Check that \(name) works by itself."
        case .portraitMissing(let file):
            return "\(file): there is no such picture. "
                + """
                Take astronaut.png out of the scikit-image wheel (skimage/data/astronaut.png) and name it with \
                --portrait.
                """
        case .portraitUnfit(let file, let reason):
            return "\(file): this is not the portrait that the face was measured on (\(reason)). "
                + "Name skimage/data/astronaut.png of the scikit-image wheel with --portrait."
        case .unreadableAnswer(let program, let reason):
            return "\(program): its answer could not be understood (\(reason)). Build it again from the same sources."
        case .unreadableList(let file, let reason):
            return "\(file): no list of clips could be read from it (\(reason)). "
                + "It is a JSON list of objects with file, text, voice and seed; bench/languages/clips.json is one."
        case .unwritable(let file, let reason):
            return "\(file): could not be written (\(reason)). Name a folder that can be written with --output."
        case .damaged(let file, let reason):
            return "\(file): \(reason). Delete it and run the command again."
        }
    }
}
