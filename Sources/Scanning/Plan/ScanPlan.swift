import Files
import Foundation
import SignalCore
public import SyncModel

/// Everything that a scan is to do, in order, and what it cannot do.
public struct ScanPlan: Sendable {
    /// The clips; no two have the same key.
    public private(set) var clips: [PlannedClip] = []
    /// What was named and is not there or cannot be read, as reports of that.
    public private(set) var problems: [ClipReport] = []
    /// Transcripts and labels in the folders that no clip goes with.
    public var unpaired: [String] = []
    /// Clips that were named twice, with nothing between them to tell them apart: measured once.
    public private(set) var repeated = 0
    /// What was named, with the problems of each.
    public private(set) var sources: [Source] = []
    private var uses: [String: [Int]] = [:]
    /// By key: the clip's place.
    private var keys: [String: Int] = [:]

    /// A name on the command line.
    public struct Source: Sendable, Hashable {
        public let name: String
        /// Indices among the plan's problems.
        public let problems: Range<Int>
    }

    /// One clip of a plan.
    public struct PlannedClip: Sendable, Hashable {
        /// Its name within a store: the clip's path, numbered where a manifest names it again with other companions.
        public internal(set) var key: String
        public internal(set) var request: ClipRequest

        public init(key: String, request: ClipRequest) {
            self.key = key
            self.request = request
        }
    }

    public init() {}

    public mutating func add(_ request: ClipRequest) {
        let before = uses[request.clip, default: []]
        guard !before.contains(where: { clips[$0].request == request }) else {
            repeated += 1
            return
        }
        uses[request.clip, default: []].append(clips.count)
        let key = before.isEmpty ? request.clip : free("\(request.clip)#", before.count + 1)
        // A clip of this very name has it before one that is numbered so.
        if let numbered = keys[key] {
            let clip = clips[numbered].request.clip
            clips[numbered].key = free("\(clip)##", (uses[clip]?.firstIndex(of: numbered) ?? 0) + 1)
            keys[clips[numbered].key] = numbered
        }
        keys[key] = clips.count
        clips.append(PlannedClip(key: key, request: request))
    }

    /// The first of `NAME#2`, `NAME##2` and so on that is no other clip's name.
    private func free(_ name: String, _ number: Int) -> String {
        var stem = name
        while keys["\(stem)\(number)"] != nil || FileManager.default.fileExists(atPath: "\(stem)\(number)") {
            stem += "#"
        }
        return "\(stem)\(number)"
    }

    /// Says under which name the problems from an index on were found.
    mutating func name(_ name: String, from first: Int) {
        sources.append(Source(name: name, problems: first..<problems.count))
    }

    /// Adds what is under a name.
    public mutating func named(_ name: String, _ add: (inout ScanPlan) -> Void) {
        let before = problems.count
        add(&self)
        self.name(name, from: before)
    }

    public mutating func add(problem: ClipReport) { problems.append(problem) }

    /// Adds what cannot be used, with the file (and row) and what to do.
    public mutating func add(problem name: String, code: String, message: String, remedy: String) {
        let failure = ClipFailure(code: code, message: message, remedy: remedy)
        problems.append(ClipReport(clip: name, durationSeconds: nil, outcome: .failed(failure)))
    }

    /// Adds, after the clips, one request for the common clock of each group of two recordings and more: those with
    /// pictures, in the order of the plan, and recorders of sound alone. Bytes inside another file cannot be views.
    public mutating func addGroups() {
        var views: [String: [ClipRequest]] = [:]
        var order: [String] = []
        for clip in clips {
            guard let files = clip.request.files, files.region == nil, let group = clip.request.group else { continue }
            if views[group] == nil { order.append(group) }
            if views[group]?.contains(where: { $0.clip == clip.request.clip }) != true {
                views[group, default: []].append(clip.request)
            }
        }
        for group in order {
            guard let views = views[group], views.count > 1 else { continue }
            var request = ClipRequest(
                clip: "views of \(group)",
                subject: .views(views.map { ClipRequest.View(path: $0.clip, labels: $0.files?.labels) }))
            request.group = group
            add(request)
        }
    }

    /// Leaves out all but the groups of views, for a scan that is asked for nothing else.
    public mutating func keepGroupsOnly() {
        let groups = Set(clips.indices.filter { clips[$0].request.views != nil })
        keep(groups.contains)
    }

    /// Leaves out all but recordings that lie in files of their own on this machine.
    public mutating func keepFilesOnly() {
        let places = clips.indices.filter { place in
            let request = clips[place].request
            return request.files.map { $0.region == nil && request.addresses.isEmpty } ?? false
        }
        keep(Set(places).contains)
    }

    /// Leaves out all clips but some, by their place.
    private mutating func keep(_ isKept: (Int) -> Bool) {
        clips = clips.indices.filter(isKept).map { clips[$0] }
        uses = Dictionary(grouping: clips.indices) { clips[$0].request.clip }
        keys = Dictionary(uniqueKeysWithValues: clips.indices.map { (clips[$0].key, $0) })
    }

    /// Gives every clip without a master the one of a folder that has its name: `show.mov` is the master of `show.mp4`,
    /// `show_720p.mp4` and `show-web.mp4`; of several the longest name. Masters that are clips as well stay clips.
    public mutating func pair(masters: [String]) {
        let byName = Dictionary(masters.map { (MasterName.stem($0), $0) }) { first, _ in first }
        for index in clips.indices {
            guard var files = clips[index].request.files, files.master == nil, files.region == nil,
                let master = MasterName.parts(of: clips[index].request.clip).lazy.compactMap({ byName[$0] }).first,
                master != clips[index].request.clip
            else { continue }
            files.master = master
            clips[index].request.files = files
        }
    }

    /// Gives the clips from an index on their transcripts, where they have none of their own and lie in no other file.
    mutating func completeTranscripts(from first: Int, _ beside: (String) -> [String]) {
        for index in clips.indices[first...] {
            guard var files = clips[index].request.files, files.transcripts.isEmpty, files.region == nil,
                !FetchedFiles.isAddress(clips[index].request.clip)
            else {
                continue
            }
            files.transcripts = beside(clips[index].request.clip)
            clips[index].request.files = files
        }
    }

    /// The share of the work that falls to one of several machines, none of which needs to know of the others: every
    /// `count`th clip. Problems fall to the first.
    public func shard(_ shard: Shard) -> ScanPlan {
        var result = self
        result.keep { $0 % shard.count == shard.index - 1 }
        if shard.index > 1 {
            (result.problems, result.unpaired, result.repeated) = ([], [], 0)
            result.sources = []
        }
        return result
    }

    /// A fair sample of the clips by a seed, in the plan's order: each clip's turn comes from seed and name alone. So
    /// the same seed takes the same clips on every machine and in whatever order they are named, and a larger sample
    /// holds every smaller one.
    public func sample(_ count: Int, seed: UInt64) -> ScanPlan {
        let turns = clips.map { SampleTurn.of($0.key, seed: seed) }
        let taken = Set(clips.indices.sorted { (turns[$0], clips[$0].key) < (turns[$1], clips[$1].key) }.prefix(count))
        var result = self
        result.keep(taken.contains)
        return result
    }

    public var withTranscripts: Int { clips.count { $0.request.files?.transcripts.isEmpty == false } }
    public var withLabels: Int { clips.count { $0.request.files?.labels != nil } }
    public var withMasters: Int { clips.count { $0.request.files?.master != nil } }
    public var withOwnSoundFile: Int { clips.count { $0.request.files?.audio != nil } }
    public var groups: Int { Set(clips.compactMap(\.request.group)).count }
    /// Requests for the common clock of a group of views.
    public var groupsOfViews: Int { clips.count { $0.request.views != nil } }
}

/// How the name of a copy tells its master.
enum MasterName {
    private static let separators: Set<Character> = ["_", "-", ".", " ", "@", "+", "("]

    /// A file's name without its folder and its last ending, in lower case.
    static func stem(_ path: String) -> String {
        path.nameOfPath.withoutEnding.lowercased()
    }

    /// What the name of the master of a clip may be, the longest first: the clip's own, and all that ends where
    /// something is set off.
    static func parts(of clip: String) -> [String] {
        let name = stem(clip)
        let ends = name.indices.filter { separators.contains(name[$0]) && $0 > name.startIndex }.reversed()
        return [name] + ends.map { String(name[..<$0]) }
    }
}

/// When a clip's turn comes in a sample.
enum SampleTurn {
    /// FNV-1a of the name, mixed with the seed as in SplitMix64.
    static func of(_ name: String, seed: UInt64) -> UInt64 {
        SplitMix64.mix(FNV1a(of: name).value &+ (seed &+ 1) &* SplitMix64.increment)
    }
}

/// One part of a plan that several machines share.
public struct Shard: Sendable, Hashable {
    /// From 1 to `count`.
    public let index: Int
    public let count: Int

    /// Reads `i/n`.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let index = parts[0], let count = parts[1], index >= 1, index <= count else {
            return nil
        }
        self.index = index
        self.count = count
    }
}
