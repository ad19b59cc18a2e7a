import Files
public import Foundation

/// By how much the stamps of a set were moved against its videos, so that they do not begin at 0.
public struct StampMoves: Sendable, Hashable, Codable {
    /// Of all episodes, in seconds; nil: each its own.
    private var all: Double?
    private var episodes: [String: Double]?

    /// Below the set's folder.
    public static let file = "meta/genlock.json"
    private static let largest = 64 << 20

    private enum CodingKeys: String, CodingKey {
        case all = "stamps_moved_s"
        case episodes = "stamps_moved_by_episode_s"
    }

    /// - Parameter count: number of all episodes.
    public init(_ moves: [Int: Double], of count: Int) {
        let values = Set(moves.values)
        if moves.count == count, values.count == 1 {
            all = values.first
        } else {
            episodes = Dictionary(uniqueKeysWithValues: moves.map { (String($0.key), $0.value) })
        }
    }

    /// Those that a set states; nil: none.
    init?(root: String) {
        guard let data = BoundedFile.bytes(root + "/" + StampMoves.file, most: StampMoves.largest),
            let own = try? JSONDecoder().decode(StampMoves.self, from: data)
        else { return nil }
        self = own
    }

    public var document: Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return (try? encoder.encode(self)) ?? Data()
    }

    /// In seconds.
    package func move(of episode: Int) -> Double {
        let own = episodes?[String(episode)] ?? all ?? 0
        return own.isFinite ? own : 0
    }
}
