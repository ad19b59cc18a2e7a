public import Foundation
import SignalCore
public import SyncModel

/// A model that was trained further on a corpus (`genlock adapt`): one that learnt from all of its confident clips, and
/// one for each fold of its speakers that learnt from all but these. A clip of that corpus is only judged by one that
/// has not learnt from it or from its speaker.
public struct AdaptedLipModel: Sendable {
    private let file: Safetensors
    /// Which part of the corpus a clip belongs to, by its content.
    private let folds: [String: Int]
    /// The packaged method and a hash of this file.
    public let method: MethodVersion

    /// - Parameter expected: the expected method; nil: any.
    /// - Throws: `LipModelError` if the file is damaged, changed since it was named, or failed its checks.
    public init(data: Data, expecting expected: MethodVersion? = nil) throws {
        file = try Safetensors(data)
        guard let text = file.metadata["adapted"],
            let said = try? JSONDecoder().decode(Said.self, from: Data(text.utf8))
        else { throw LipModelError("it was not written by 'genlock adapt'") }
        if let reason = said.refused.first {
            throw LipModelError("it failed its checks (\(reason)): adapt to a larger corpus, or do without it")
        }
        folds = said.folds
        method = AdaptedLipModel.method(of: data, base: file.metadata["method"] ?? "lips-3")
        guard expected == nil || expected == method else {
            throw LipModelError("the file changed during the run: run the command again")
        }
        // Damage is reported now, not at the first clip.
        _ = try model(for: nil)
        for fold in Set(folds.values) { _ = try LipModel(file: file, fold: fold, method: method) }
    }

    /// The file's metadata besides its tensors.
    private struct Said: Decodable {
        let folds: [String: Int]
        let refused: [String]
    }

    /// The weights for a clip: of the fold that omitted it, if it is in the corpus.
    ///
    /// - Parameter content: the value of `ContentIdentity.content`; nil: unknown.
    public func model(for content: String?) throws -> LipModel {
        try LipModel(file: file, fold: content.flatMap { folds[$0] }, method: method)
    }

    /// The number of the fold that a clip belongs to; nil: it was not in the training corpus.
    public func fold(of content: String) -> Int? { folds[content] }

    /// `lips-3+0123456789abcdef`: the packaged method and a hash of the file.
    private static func method(of data: Data, base: String) -> MethodVersion {
        let digits = String(FNV1a(joining: [ArraySlice(data)]).value, radix: 16)
        return MethodVersion(rawValue: base + "+" + String(repeating: "0", count: 16 - digits.count) + digits)
    }
}
