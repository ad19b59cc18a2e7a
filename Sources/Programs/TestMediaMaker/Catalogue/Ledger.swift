import Files
import Foundation

/// The files made in a folder, so that they are not made again: a recipe's fingerprint and a size for each.
struct Ledger: Codable {
    private struct Entry: Codable, Equatable {
        var fingerprint: String
        var bytes: Int
    }

    private var entries: [String: Entry] = [:]

    /// Incremented when the same recipe gives other bytes: changed drawing or encoder settings.
    private static let makerVersion = 1
    private static let fileName = ".made.json"

    /// Reads the ledger of a folder; an empty one if there is none or it cannot be read.
    init(folder: URL) {
        let file = folder.appendingPathComponent(Self.fileName)
        guard let data = try? Data(contentsOf: file),
            let ledger = try? JSONDecoder().decode(Ledger.self, from: data)
        else { return }
        self = ledger
    }

    /// Whether an item's file is in the folder and up to date.
    func holds(_ item: MediaItem, folder: URL) throws -> Bool {
        guard let entry = entries[item.file] else { return false }
        let bytes = Self.size(of: folder.appendingPathComponent(item.file))
        return try entry == Entry(fingerprint: Self.fingerprint(of: item.recipe), bytes: bytes ?? -1)
    }

    /// Records that an item's file is complete, and writes the ledger.
    mutating func note(_ item: MediaItem, folder: URL) throws {
        let bytes = Self.size(of: folder.appendingPathComponent(item.file)) ?? 0
        entries[item.file] = Entry(fingerprint: try Self.fingerprint(of: item.recipe), bytes: bytes)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try StagedFile.write(try encoder.encode(self), to: folder.appendingPathComponent(Self.fileName).path)
    }

    private static func size(of file: URL) -> Int? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
        return (attributes?[.size] as? NSNumber)?.intValue
    }

    /// Of the recipe as JSON with sorted keys, and of the maker's version.
    private static func fingerprint(of recipe: MediaRecipe) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return Fingerprint(of: try encoder.encode(recipe) + Data("\(makerVersion)".utf8)).text
    }
}
