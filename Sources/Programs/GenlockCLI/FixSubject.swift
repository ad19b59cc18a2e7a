import ArgumentParser
import Files
import Fixing

/// What one call of `fix` works on. It decides which options have an effect: one without is refused, never ignored.
enum FixSubject: String, CaseIterable {
    case clip = "one clip"
    case text = "a text alone"
    case clips = "several clips"
    case store = "a store"
    case set = "a robot set"
    case views = "views of one event"
    case plan = "an existing plan"

    /// - Parameter areViews: `--views` was given.
    init(_ inputs: [String], output: String, areViews: Bool) {
        let texts = inputs.filter(FixInputs.isText)
        if inputs.isEmpty {
            self = .plan
        } else if inputs.contains(where: FixInputs.isSet) {
            self = .set
        } else if areViews {
            self = .views
        } else if inputs.contains(where: FixInputs.isStore) {
            self = .store
        } else if inputs.count - texts.count > 1 {
            self = .clips
        } else {
            self = texts.first.map { FixNames.isText(output, like: $0) } ?? false ? .text : .clip
        }
    }

    private static let movable: [FixSubject] = [.clip, .clips, .store, .plan]
    private static let ofAllButSets = allCases.filter { $0 != .set }

    private static let takers: KeyValuePairs<String, [FixSubject]> = [
        "--output": allCases.filter { $0 != .plan },
        "--views": [.views],
        "--offset-ms": [.clip, .text, .set],
        "--drift-ppm": [.clip, .text],
        "--audio": [.clip, .text],
        "--master": [.clip],
        "--audio-stream": [.clip, .text, .clips],
        "--labels": [.clip, .views],
        "--plan": [.clips, .store, .views, .plan],
        "--apply": ofAllButSets,
        "--force": ofAllButSets,
        "--leave-out": movable,
        "--rewrite-audio": movable,
        "--least-confidence": ofAllButSets,
    ]

    /// - Throws: `ValidationError` that names the first of the given options that has no effect here.
    func takes(_ given: [String]) throws(ValidationError) {
        for (option, subjects) in FixSubject.takers where given.contains(option) && !subjects.contains(self) {
            throw ValidationError(
                "\(option) has no effect on \(rawValue); it applies to: "
                    + subjects.map(\.rawValue).joined(separator: ", "))
        }
    }
}
