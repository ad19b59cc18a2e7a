import Foundation
import Storage
import SyncModel
import TimedText

/// An edit that a page asked for, checked against the text's state and stored.
struct TextDecision {
    let review: TextReview

    enum Outcome {
        case kept(TextEdit, before: TextState)
        /// HTTP status and reason.
        case refused(Int, String)
    }

    /// Maximum length of one item's text.
    private static let mostText = 10_000
    /// Edges closer than this are the same boundary, in seconds.
    static let sameBoundary = 1e-3

    /// - Parameter object: `action`, `item`, `revision`, and as the action needs them `start_s`, `end_s`, `time_s`,
    ///   `text`, `second`, `comment`; `with` is the item whose touching edge moves along with a changed start or end.
    func keep(_ object: [String: Any], of number: Int) throws -> Outcome {
        func seconds(_ key: String) -> Double? {
            (object[key] as? NSNumber).map { ($0.doubleValue * 1e4).rounded() / 1e4 }
        }
        func words(_ key: String) -> String? {
            (object[key] as? String)?.replacingOccurrences(of: "\r\n", with: "\n").trimmingCharacters(
                in: .whitespacesAndNewlines)
        }
        func refused(_ why: String) -> Outcome { .refused(400, why) }
        let text = review.texts[number]
        let (state, _, _) = try review.state(of: number)
        guard let action = (object["action"] as? String).flatMap(TextEdit.Action.init(rawValue:)),
            let item = object["item"] as? String, let row = state.row(item),
            let seen = object["revision"] as? [NSNumber], seen.count == 2
        else { return refused("a decision must name an existing item and an action") }
        var edit = TextEdit(
            name: ReviewGate.newToken(), subject: text.subject, action: action, item: item,
            before: TextEdit.State(
                start: row.start, end: row.end, text: row.text, line: text.document.items[row.origin].line),
            by: review.person)
        edit.comment = String((object["comment"] as? String ?? "").prefix(4000))
        /// A time as the file can hold it, so that the page shows what will be written.
        func held(_ time: Double?, _ old: Double, isEnd: Bool = false) -> Double? {
            time.map { text.document.held($0, insteadOf: old, of: row.origin, isEnd: isEnd) }
        }
        switch action {
        case .accept, .wrongText: break
        case .change:
            (edit.start, edit.end) = (held(seconds("start_s"), row.start), held(seconds("end_s"), row.end, isEnd: true))
            edit.text = words("text")
            if edit.text == row.text { edit.text = nil }
            guard edit.start != nil || edit.end != nil || edit.text != nil else {
                return refused("a change must name a start, an end or a text")
            }
            if let name = object["with"] as? String {
                guard let other = state.row(name), TextDecision.touches(row, other, edit) else {
                    return refused("the item beside it does not share that boundary, or would be empty")
                }
                edit.other = name
            }
        case .split:
            (edit.start, edit.text, edit.second) = (held(seconds("time_s"), row.start), words("text"), words("second"))
            guard let time = edit.start, time > row.start, time < row.end, edit.text != nil, edit.second != nil else {
                return refused("a split must be within its item and give both texts")
            }
        case .insert:
            (edit.start, edit.end) = (held(seconds("start_s"), -1), held(seconds("end_s"), -1, isEnd: true))
            edit.text = words("text")
            guard let start = edit.start, edit.end != nil, edit.text?.isEmpty == false,
                let beside = state.before(start, like: item)
            else { return refused("a new item needs a start, an end and a text") }
            edit.item = beside.id
            let line = text.document.items[beside.origin].line
            edit.before = TextEdit.State(start: beside.start, end: beside.end, text: beside.text, line: line)
        case .merge:
            guard let next = state.next(after: item) else { return refused("there is no next item to join it with") }
            edit.other = next.id
            edit.text = words("text") ?? TextDecision.joined(row.text, next.text)
        }
        let isAssumed = text.document.isEndAssumed(of: row.origin) && edit.end == nil
        let times = [edit.start ?? row.start, isAssumed ? .greatestFiniteMagnitude : edit.end ?? row.end]
        guard times.allSatisfy({ $0.isFinite && $0 >= 0 && ($0 < 1e6 || isAssumed) }),
            action != .change && action != .insert || times[0] < times[1]
        else { return refused("it would end before it starts, or start before 0 s") }
        guard [edit.text, edit.second].allSatisfy({ ($0 ?? "").count <= TextDecision.mostText }) else {
            return refused("the text is longer than \(TextDecision.mostText) characters")
        }
        let revision = TextEditStore.Revision(last: seen[0].int64Value, takenBack: seen[1].intValue)
        switch try review.keep(edit, of: number, seen: revision) {
        case .overtaken:
            return .refused(409, "the text was changed elsewhere meanwhile: its current state is shown")
        case .refused(let why): return refused(why)
        case .kept: return .kept(edit, before: state)
        }
    }

    /// Whether another item touches the single edge that an edit moves, and is not empty afterwards.
    private static func touches(_ row: TextState.Row, _ other: TextState.Row, _ edit: TextEdit) -> Bool {
        guard row.id != other.id else { return false }
        switch (edit.start, edit.end) {
        case (let start?, nil): return abs(other.end - row.start) < sameBoundary && other.start < start
        case (nil, let end?): return abs(other.start - row.end) < sameBoundary && end < other.end
        default: return false
        }
    }

    private static func joined(_ one: String, _ other: String) -> String {
        one.isEmpty ? other : other.isEmpty ? one : one + " " + other
    }
}
