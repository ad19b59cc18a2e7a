import Files
import Foundation
import Storage
public import SyncModel
import Synchronization
import TimedText

/// Texts under review: their current state and the decisions.
public final class TextReview: Sendable {
    /// Measures one text, as `genlock transcript --json` prints it; called on a separate thread.
    public typealias Checker = @Sendable (_ text: TextUnderReview) -> Result<TextDoubts, ClipFailure>

    public let texts: [TextUnderReview]
    let person: String
    private let store: String
    /// nil: the page is read-only.
    private let edits: TextEditStore?
    private let base: [TextState]
    private let checks: Mutex<[Check]>
    private let isReplacing: Bool

    enum Check: Sendable {
        case running
        case done(TextDoubts)
        case failed(ClipFailure)
        case none
    }

    /// - Parameters:
    ///   - store: where edits are kept; created if missing, unless the page is read-only.
    ///   - doubts: known results of the texts, in their order.
    ///   - isReplacing: overwrite files not written by a review.
    public init(
        _ texts: [TextUnderReview], store: String, person: String, isReadOnly: Bool, doubts: [TextDoubts?] = [],
        isReplacing: Bool = false
    ) throws {
        (self.texts, self.store, self.person, self.isReplacing) = (texts, store, person, isReplacing)
        edits = isReadOnly ? nil : try TextEditStore(path: store, isMade: true)
        base = texts.map { TextState($0.document) }
        checks = Mutex(
            texts.indices.map { index in
                let known = doubts.indices.contains(index) ? doubts[index] : nil
                return known.map { .done($0) } ?? .none
            })
    }

    var isReadOnly: Bool { edits == nil }

    /// Measures the texts without a known result, one after another.
    public func check(by checker: @escaping Checker) {
        let open = checks.withLock { checks in
            let open = checks.indices.filter { if case .none = checks[$0] { true } else { false } }
            for index in open { checks[index] = .running }
            return open
        }
        Thread.detachNewThread { [self] in
            for index in open {
                let result = checker(texts[index])
                checks.withLock { checks in
                    switch result {
                    case .success(let doubts): checks[index] = .done(doubts)
                    case .failure(let failure): checks[index] = .failed(failure)
                    }
                }
            }
        }
    }

    func check(of number: Int) -> Check { checks.withLock { $0[number] } }

    /// A text's current state, and its progress.
    func state(of number: Int) throws -> (TextState, TextEditStore.Revision, [TextEdit]) {
        let subject = texts[number].subject
        let (all, revision): ([TextEdit], TextEditStore.Revision)
        if let edits {
            (all, revision) = try edits.edits(of: subject)
        } else if FileManager.default.fileExists(atPath: store) {
            (all, revision) = try StoreReader(path: store).textEdits(of: subject)
        } else {
            (all, revision) = ([], TextEditStore.Revision())
        }
        var state = base[number]
        for edit in all { state.apply(edit) }
        return (state, revision, all)
    }

    /// Edits made on other bytes of the same file, which no longer apply.
    func staleEdits(of number: Int) throws -> Int {
        guard FileManager.default.fileExists(atPath: store) else { return 0 }
        let subject = texts[number].subject
        return try StoreReader(path: store).textEdits().count {
            $0.subject.clip == subject.clip && $0.subject.file == subject.file
                && $0.subject.identity != subject.identity
        }
    }

    enum Answer {
        case kept(TextEditStore.Revision)
        case overtaken
        case refused(String)
    }

    /// Stores an edit, if the text can hold it.
    func keep(_ edit: TextEdit, of number: Int, seen: TextEditStore.Revision) throws -> Answer {
        guard let edits else { return .refused("this page is read-only") }
        var (state, revision, _) = try state(of: number)
        guard revision == seen else { return .overtaken }
        guard state.row(edit.item) != nil else { return .refused("the item no longer exists") }
        state.apply(edit)
        if edit.action != .accept && edit.action != .wrongText {
            do { _ = try texts[number].corrected(state) } catch let failure as ClipFailure {
                return .refused("\(failure.message): \(failure.remedy)")
            }
        }
        switch try edits.keep(edit, seen: seen) {
        case .kept(_, let revision): return .kept(revision)
        case .overtaken: return .overtaken
        }
    }

    /// Withdraws the person's latest edit of a text, or of any text.
    func undo(_ number: Int? = nil) throws -> TextEdit? { try edits?.takeBack(subjects(number), by: person) }

    /// Restores the edit withdrawn last.
    func redo(_ number: Int? = nil) throws -> TextEdit? { try edits?.putBack(subjects(number), by: person) }

    private func subjects(_ number: Int?) -> [TextEdit.Subject] {
        number.map { [texts[$0].subject] } ?? texts.map(\.subject)
    }

    /// Writes the corrected text to its output file.
    ///
    /// - Throws: `ClipFailure`.
    public func write(_ number: Int) throws {
        let text = texts[number]
        guard text.isUnchanged else {
            throw ClipFailure(
                code: "changed", message: "\(text.file.printable) has changed since the page was opened",
                remedy: "open the page again")
        }
        let (state, _, _) = try state(of: number)
        let bytes = try text.corrected(state)
        try refuseForeign(text)
        do { try StagedFile.write(bytes, to: text.output) } catch {
            throw ClipFailure(
                code: "not-written", message: "\(text.output.printable) cannot be written (\(error.reason))",
                remedy: "check that its folder exists and has room, or give another file with --output")
        }
        try edits?.keepDocument(
            kind: TextReview.writtenKind, name: TextReview.whole(text.output), body: TextUnderReview.identity(bytes))
    }

    /// Whether a review wrote the output file before, and it is there.
    public func isWritten(_ number: Int) throws -> Bool {
        let output = texts[number].output
        guard FileManager.default.fileExists(atPath: output), FileManager.default.fileExists(atPath: store) else {
            return false
        }
        return try StoreReader(path: store).documents(kind: TextReview.writtenKind).contains {
            $0.name == TextReview.whole(output)
        }
    }

    private static let writtenKind = "reviewed-text"

    private static func whole(_ path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
    }

    /// An existing file is replaced only if a review wrote it and it is unchanged since.
    private func refuseForeign(_ text: TextUnderReview) throws {
        let whole = TextReview.whole(text.output)
        let sources = texts.flatMap { [$0.file, $0.media] } + [store]
        guard !sources.contains(where: { TextReview.whole($0) == whole }) else {
            throw ClipFailure(
                code: "is-source", message: "\(text.output.printable) is one of the reviewed files",
                remedy: "give another file with --output")
        }
        guard !isReplacing, let data = FileManager.default.contents(atPath: text.output) else { return }
        let written = try StoreReader(path: store).documents(kind: TextReview.writtenKind).first { $0.name == whole }
        guard written?.body == TextUnderReview.identity(Array(data)) else {
            throw ClipFailure(
                code: "file-exists",
                message: "\(text.output.printable) already exists and was not written by a review",
                remedy: "give another file with --output, or replace it with --force")
        }
    }

    /// Number of changed items of a text, by action.
    public func tally(_ number: Int) throws -> (items: Int, decided: Int, changed: Int) {
        let (state, _, _) = try state(of: number)
        return (
            state.rows.count, state.rows.count { $0.mark != nil }, state.rows.count { $0.mark == .changed }
        )
    }
}
