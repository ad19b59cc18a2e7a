import Files
import Foundation
import SignalCore
public import SyncModel

/// The tasks of a scan in order, and its problems.
public struct ScanPlan: Sendable {
    /// The clips; keys are unique.
    public private(set) var clips: [PlannedClip] = []
    /// Arguments that are missing or unreadable, as reports.
    public private(set) var problems: [ClipReport] = []
    /// Transcripts and labels in the folders without a clip.
    public var unpaired: [String] = []
    /// Clips that were named twice with the same companions: measured once.
    public private(set) var repeated = 0
    /// The arguments, with the problems of each.
    public private(set) var sources: [Source] = []
    private var uses: [String: [Int]] = [:]
    /// By key: the clip's index.
    private var keys: [String: Int] = [:]

    /// An argument of the command line.
    public struct Source: Sendable, Hashable {
        public let name: String
        /// Indices among the plan's problems.
        public let problems: Range<Int>
    }

    /// One clip of a plan.
    public struct PlannedClip: Sendable, Hashable {
        /// Its name in a store: the clip's path, numbered if a manifest names it again with other companions.
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
        // A clip with exactly this name takes precedence over a numbered one.
        if let numbered = keys[key] {
            let clip = clips[numbered].request.clip
            clips[numbered].key = free("\(clip)##", (uses[clip]?.firstIndex(of: numbered) ?? 0) + 1)
            keys[clips[numbered].key] = numbered
        }
        keys[key] = clips.count
        clips.append(PlannedClip(key: key, request: request))
    }

    /// The first of `NAME#2`, `NAME##2` and so on that is not another clip's name.
    private func free(_ name: String, _ number: Int) -> String {
        var stem = name
        while keys["\(stem)\(number)"] != nil || FileManager.default.fileExists(atPath: "\(stem)\(number)") {
            stem += "#"
        }
        return "\(stem)\(number)"
    }

    /// Assigns the problems from an index on to an argument.
    mutating func name(_ name: String, from first: Int) {
        sources.append(Source(name: name, problems: first..<problems.count))
    }

    /// Adds the clips of an argument.
    public mutating func named(_ name: String, _ add: (inout ScanPlan) -> Void) {
        let before = problems.count
        add(&self)
        self.name(name, from: before)
    }

    public mutating func add(problem: ClipReport) { problems.append(problem) }

    /// Adds a problem, with the file (and row) and the remedy.
    public mutating func add(problem name: String, code: String, message: String, remedy: String) {
        let failure = ClipFailure(code: code, message: message, remedy: remedy)
        problems.append(ClipReport(clip: name, durationSeconds: nil, outcome: .failed(failure)))
    }

    /// Adds, after the clips, one request for the common clock of each group of two recordings and more: those with
    /// video, in the order of the plan, and then audio recorders. Bytes inside another file cannot be views.
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

    /// Omits all but the groups of views, for a scan of nothing else.
    public mutating func keepGroupsOnly() {
        let groups = Set(clips.indices.filter { clips[$0].request.views != nil })
        keep(groups.contains)
    }

    /// Omits all but recordings in separate local files of which something holds.
    public mutating func keepFilesOnly(where isKept: (ClipRequest) -> Bool) {
        let places = clips.indices.filter { place in
            let request = clips[place].request
            guard let files = request.files, files.region == nil, request.addresses.isEmpty else { return false }
            return isKept(request)
        }
        keep(Set(places).contains)
    }

    /// Omits all clips except some, by index.
    private mutating func keep(_ isKept: (Int) -> Bool) {
        clips = clips.indices.filter(isKept).map { clips[$0] }
        uses = Dictionary(grouping: clips.indices) { clips[$0].request.clip }
        keys = Dictionary(uniqueKeysWithValues: clips.indices.map { (clips[$0].key, $0) })
    }

    /// Gives every clip without a master the one of a folder that has its name: `show.mov` is the master of `show.mp4`,
    /// `show_720p.mp4` and `show-web.mp4`; of several the longest name. Masters that are also clips stay clips.
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

    /// Adds transcripts to the clips from an index on, if they have none and are not inside another file.
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

    /// The shard of one of several independent machines: every `count`th clip. Problems belong to the first.
    public func shard(_ shard: Shard) -> ScanPlan {
        var result = self
        result.keep { $0 % shard.count == shard.index - 1 }
        if shard.index > 1 {
            (result.problems, result.unpaired, result.repeated) = ([], [], 0)
            result.sources = []
        }
        return result
    }

    /// A random sample of the clips by a seed, in the plan's order: each clip's rank depends only on seed and name. So
    /// a seed selects the same clips on every machine and for any order of arguments, and a larger sample contains
    /// every smaller one.
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

/// How the master is found by the name of a copy.
enum MasterName {
    private static let separators: Set<Character> = ["_", "-", ".", " ", "@", "+", "("]

    /// A file's name without its folder and its last ending, in lower case.
    static func stem(_ path: String) -> String {
        path.nameOfPath.withoutEnding.lowercased()
    }

    /// Possible names of a clip's master, the longest first: the clip's name, and its prefixes before a separator.
    static func parts(of clip: String) -> [String] {
        let name = stem(clip)
        let ends = name.indices.filter { separators.contains(name[$0]) && $0 > name.startIndex }.reversed()
        return [name] + ends.map { String(name[..<$0]) }
    }
}

/// A clip's rank in a sample.
enum SampleTurn {
    /// FNV-1a of the name, mixed with the seed as in SplitMix64.
    static func of(_ name: String, seed: UInt64) -> UInt64 {
        SplitMix64.mix(FNV1a(of: name).value &+ (seed &+ 1) &* SplitMix64.increment)
    }
}

/// One shard of a plan.
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
