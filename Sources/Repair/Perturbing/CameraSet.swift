import MediaIO
import Muxing
public import Plan
import SyncModel

/// The recordings of one session, the reference first.
public struct CameraSet: Sendable {
    public let name: String
    public let views: [ClipRequest]

    /// The clips by their group, and those without one by their folder; a clip alone is no set.
    public static func sets(of clips: [ClipRequest]) -> [CameraSet] {
        var order: [String] = []
        var views: [String: [ClipRequest]] = [:]
        for clip in clips {
            let name = clip.group ?? Perturber.absolute(clip.clip).folderOfPath
            if views[name] == nil { order.append(name) }
            views[name, default: []].append(clip)
        }
        return order.compactMap { name in
            guard let views = views[name], views.count > 1 else { return nil }
            return CameraSet(name: name, views: views)
        }
    }
}

extension Perturber {
    /// Makes the copies of one camera set: in each, one view has a fault, and never the first one with video, which is
    /// the reference.
    ///
    /// - Parameter others: sets whose views may replace one of its own.
    public mutating func perturb(_ set: CameraSet, among others: [CameraSet]) -> [Row] {
        let wanted = faults.filter { $0.material == .views }
        guard !wanted.isEmpty, set.views.count > 1 else { return [] }
        let views = set.views.filter { Self.hasVideo($0.clip) } + set.views.filter { !Self.hasVideo($0.clip) }
        let stem = Self.unique(set.name, among: others.map(\.name).filter { $0 != set.name })
        var rows: [Row] = []
        for fault in Fault.allCases where wanted.contains(fault) || fault == .viewNone {
            var draw = FaultDraw(seed: seed, clip: stem, fault: fault)
            let chosen = 1 + draw.index(below: views.count - 1)
            var planted = PlantedFault(fault)
            var made: String?
            if fault != .viewNone {
                do {
                    made = try plant(&planted, views[chosen].clip, stem, &draw, others.filter { $0.name != set.name })
                } catch {
                    note(error, "\(set.name) (\(fault.rawValue))")
                }
                if made == nil { continue }
            }
            for (index, view) in views.enumerated() {
                let isChosen = made != nil && index == chosen
                let part: Fault = index == 0 ? .viewReference : fault == .viewNone ? .viewNone : .viewKept
                rows.append(
                    Row(
                        name: "\(stem).\(fault.rawValue).\(index + 1)", source: view.clip,
                        media: isChosen ? made ?? "" : Self.absolute(view.clip),
                        planted: isChosen ? planted : PlantedFault(part), group: "\(stem).\(fault.rawValue)",
                        durationSeconds: isChosen && planted.changesInside
                            ? (try? MediaFile(path: view.clip))?.durationSeconds : nil))
            }
        }
        return rows
    }

    private static func hasVideo(_ path: String) -> Bool { (try? MediaFile(path: path))?.videoStream != nil }

    /// The view with the fault, by its name in the folder, or another one in its place; nil: it cannot have this one.
    private func plant(
        _ planted: inout PlantedFault, _ clip: String, _ stem: String, _ draw: inout FaultDraw, _ others: [CameraSet]
    ) throws -> String? {
        let file = try MediaFile(path: clip)
        let seconds = file.durationSeconds ?? 0
        switch planted.fault {
        case .viewMoved where seconds >= Self.leastToCut:
            let move = draw.startedLate(seconds: seconds)
            planted.move = move
            let span = TimeSpan(start: -move.offset.seconds, end: seconds)
            return try cut(clip, stem, planted.fault, MediaCutter(span: span))
        case .viewDrifted where seconds >= Self.leastToDrift:
            let move = draw.clockDrifted()
            planted.move = move
            let rate = 1 + (move.drift?.ppm ?? 0) * 1e-6
            return try cut(clip, stem, planted.fault, MediaCutter(span: TimeSpan(start: 0, end: seconds), rate: rate))
        case .viewCut where seconds >= Self.leastToCut && !file.audioStreams.isEmpty:
            let move = draw.cut(seconds: seconds, isText: false)
            planted.move = move
            return try moved(clip, stem, planted.fault, StreamMoves(sound: move))
        case .viewSwapped where !others.isEmpty:
            let views = others[draw.index(below: others.count)].views
            return Self.absolute(views[draw.index(below: views.count)].clip)
        default: return nil
        }
    }

    private func cut(_ clip: String, _ stem: String, _ fault: Fault, _ cutter: MediaCutter) throws -> String {
        let ending = try MediaCutter.ending(for: clip) ?? clip.endingOfPath
        let (name, path) = made(stem, fault, like: "\(clip.withoutEnding).\(ending)")
        let set = OutputSet(sources: [clip], isForced: false)
        _ = try cutter.cut(clip, into: try set.place(path, asLargeAs: clip))
        try set.finish()
        return name
    }
}
