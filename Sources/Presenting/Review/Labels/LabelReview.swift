import Actions
public import LabelFiles
import Storage
public import SyncModel
import TimedText

/// The action labels of one session under review: its cameras on one timeline, and its labels in lanes.
public final class LabelReview: Sendable {
    /// A recording and its position on the timeline.
    public struct Camera: Sendable {
        public let name: String
        public let media: String
        let clock: ViewClock
        /// Cameras of other groups are not on its timeline.
        let group: Int

        /// - Parameters:
        ///   - offset: what to add to its times, at its start.
        public init(name: String, media: String, offset: Offset, drift: Drift, group: Int) {
            (self.name, self.media, self.group) = (name, media, group)
            clock = ViewClock(offset: offset, drift: drift)
        }

        func timeline(_ seconds: Double) -> Double { clock.sessionSeconds(seconds) }

        /// A time of the timeline on the camera's own clock.
        func own(_ seconds: Double) -> Double { (seconds - clock.offset.seconds) / (1 + clock.drift.ppm * 1e-6) }
    }

    /// How the cameras were placed.
    public enum Placement: String, Sendable {
        case single
        /// By a file of clocks.
        case given
        /// By `genlock views`, now.
        case measured
        /// Assumed to start together.
        case assumed
    }

    /// One file of labels.
    public struct Sheet: Sendable {
        /// Its number among the texts.
        let text: Int
        /// The camera that it was named with.
        let camera: Int
        let annotator: String
        let lanes: [LabelSheet.Lane]
        let hasSilence: Bool
        let reason: String?

        public init(text: Int, camera: Int, annotator: String, sheet: LabelSheet) {
            (self.text, self.camera, self.annotator) = (text, camera, annotator)
            (lanes, hasSilence, reason) = (sheet.lanes, sheet.hasSilence, sheet.reason)
        }
    }

    /// The labels of one tier of a file.
    struct Lane: Sendable {
        let text: Int
        let tier: Int
        let camera: Int
        let view: String
        let annotator: String
        /// Empty: the file has one.
        let tierName: String
        let hasSilence: Bool

        var name: String {
            let name = annotator.isEmpty ? view : "\(view) by \(annotator)"
            return tierName.isEmpty ? name : "\(name), \(tierName)"
        }
    }

    let texts: TextReview
    let cameras: [Camera]
    let lanes: [Lane]
    let sheets: [Sheet]
    let placement: Placement
    let tolerance: Tolerance

    /// - Parameters:
    ///   - texts: the label files; each sheet names its own.
    ///   - tolerance: of a boundary; nil: that of `genlock actions`.
    /// - Throws: `ClipFailure` if a file has several sessions, and none or several of them may be meant.
    public init(
        cameras: [Camera], sheets: [Sheet], texts: TextReview, placement: Placement, tolerance: Tolerance? = nil
    ) throws(ClipFailure) {
        (self.cameras, self.sheets, self.texts) = (cameras, sheets, texts)
        (self.placement, self.tolerance) = (placement, tolerance ?? ActionsOptions().tolerance)
        var lanes: [Lane] = []
        for sheet in sheets {
            let session = try LabelReview.session(of: sheet, cameras, texts.texts[sheet.text].file)
            for (tier, lane) in sheet.lanes.enumerated() where session == nil || lane.session == session {
                let named = LabelReview.camera(named: lane.view, cameras)
                // A tier may have the name of a camera.
                let tiered = lane.view.isEmpty ? LabelReview.camera(named: lane.tier, cameras) : nil
                let camera = named ?? tiered ?? sheet.camera
                lanes.append(
                    Lane(
                        text: sheet.text, tier: tier, camera: camera,
                        view: named == nil && !lane.view.isEmpty ? lane.view : cameras[camera].name,
                        annotator: lane.annotator.isEmpty ? sheet.annotator : lane.annotator,
                        tierName: tiered == nil ? lane.tier : "", hasSilence: sheet.hasSilence))
            }
        }
        self.lanes = LabelReview.told(lanes, texts)
    }

    /// The session of a file that is meant: the only one, or the one that a recording is named like; nil: all.
    private static func session(of sheet: Sheet, _ cameras: [Camera], _ file: String) throws(ClipFailure) -> String? {
        let sessions = Set(sheet.lanes.map(\.session))
        guard sessions.count > 1 else { return nil }
        let fitting = sessions.filter { session in
            !session.isEmpty && cameras.contains { $0.media.lowercased().contains(session.lowercased()) }
        }
        // "P03_cereals" also contains "P03".
        let longest = fitting.map(\.count).max()
        let best = fitting.filter { $0.count == longest }
        guard best.count == 1, let session = best.first else {
            throw ClipFailure(
                code: "many-sessions",
                message: "\(file.printable) has labels of \(sessions.count) sessions, and the recordings name "
                    + (best.isEmpty ? "none of them" : "several of them"),
                remedy: "name the recordings like their session, or give a file of that session only")
        }
        return session
    }

    /// The only camera that has a view's name, or contains it.
    private static func camera(named view: String, _ cameras: [Camera]) -> Int? {
        guard !view.isEmpty else { return nil }
        let wanted = view.lowercased()
        if let same = cameras.firstIndex(where: { $0.name.lowercased() == wanted }) { return same }
        let found = cameras.indices.filter { cameras[$0].name.lowercased().contains(wanted) }
        return found.count == 1 ? found[0] : nil
    }

    /// Lanes with names that tell their files apart.
    private static func told(_ lanes: [Lane], _ texts: TextReview) -> [Lane] {
        lanes.map { lane in
            let alike = lanes.contains {
                $0.text != lane.text && $0.view == lane.view && $0.annotator == lane.annotator
                    && $0.tierName == lane.tierName
            }
            guard alike else { return lane }
            let stem = texts.texts[lane.text].file.nameOfPath.split(separator: ".").first.map(String.init) ?? ""
            return Lane(
                text: lane.text, tier: lane.tier, camera: lane.camera, view: lane.view,
                annotator: lane.annotator.isEmpty ? stem : "\(lane.annotator) \(stem)", tierName: lane.tierName,
                hasSilence: lane.hasSilence)
        }
    }

    /// All labels as decided so far.
    func state() throws -> LabelState {
        var states: [Int: TextState] = [:]
        var revisions: [Int: TextEditStore.Revision] = [:]
        for text in Set(lanes.map(\.text)) {
            let (state, revision, _) = try texts.state(of: text)
            (states[text], revisions[text]) = (state, revision)
        }
        return LabelState(self, states, revisions)
    }

    /// Writes each file with decisions, and those written before; the only file in any case.
    ///
    /// - Returns: the written files.
    /// - Throws: `ClipFailure`.
    public func write() throws -> [(path: String, items: Int, decided: Int, changed: Int)] {
        var written: [(path: String, items: Int, decided: Int, changed: Int)] = []
        for number in texts.texts.indices {
            let tally = try texts.tally(number)
            guard try tally.decided > 0 || texts.texts.count == 1 || texts.isWritten(number) else { continue }
            try texts.write(number)
            written.append((texts.texts[number].output, tally.items, tally.decided, tally.changed))
        }
        return written
    }
}
