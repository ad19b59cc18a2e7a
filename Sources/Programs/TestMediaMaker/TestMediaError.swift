/// Errors of making test media, with remedies.
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
            return "\(name): program not found. \(remedy)"
        case .programFailed(let name, let task, let status, let message):
            let detail = message.isEmpty ? "no message" : message
            return "\(name) failed with status \(status) while \(task): \(detail). Check that \(name) works on its own."
        case .portraitMissing(let file):
            return "\(file): image not found. "
                + """
                Extract skimage/data/astronaut.png from the scikit-image wheel and name it with --portrait.
                """
        case .portraitUnfit(let file, let reason):
            return "\(file): this is not the portrait that the face was measured on (\(reason)). "
                + "Name skimage/data/astronaut.png from the scikit-image wheel with --portrait."
        case .unreadableAnswer(let program, let reason):
            return "\(program): its answer is malformed (\(reason)). Rebuild it from the same sources."
        case .unreadableList(let file, let reason):
            return "\(file): not a list of clips (\(reason)). "
                + "Give a JSON list of objects with file, text, voice and seed, such as bench/languages/clips.json."
        case .unwritable(let file, let reason):
            return "\(file): could not be written (\(reason)). Name a writable folder with --output."
        case .damaged(let file, let reason):
            return "\(file): \(reason). Delete it and run the command again."
        }
    }
}
