import Files
public import Foundation
import MediaIO
import Parquet
import RobotRecordings
import SyncModel

/// Builds a plan from the user's arguments: clips, folders, patterns, manifests, shards of tar, lists on standard
/// input.
public struct PlanBuilder {
    /// The `duckdb` program, evaluated only if a Parquet file is named; nil: missing.
    private let duckdb: () -> String?
    /// All of standard input, read only if `-` is named.
    private let standardInput: () -> Data
    /// A copy of a manifest at an address, or why there is none (`ClipFailure`).
    private let fetched: (String) throws -> String
    /// Whether names on standard input end with NUL, not with a newline.
    private let nulSeparated: Bool
    /// Folders handled elsewhere: nothing below them is examined.
    private let leftOut: [String]
    private var plan = ScanPlan()
    private var beside = TranscriptsBeside()

    public init(
        nulSeparated: Bool = false, without leftOut: [String] = [], duckdb: @escaping () -> String?,
        standardInput: @escaping () -> Data, fetched: @escaping (String) throws -> String = PlanBuilder.unfetched
    ) {
        self.fetched = fetched
        self.duckdb = duckdb
        self.standardInput = standardInput
        self.nulSeparated = nulSeparated
        self.leftOut = leftOut
    }

    /// Reports every address as not fetched.
    public static func unfetched(_ name: String) throws -> String {
        throw ClipFailure(
            code: "not-fetched", message: "\(name.printable) is not on this machine",
            remedy: "fetch it yourself and name the file")
    }

    public mutating func build(_ names: [String]) -> ScanPlan {
        for name in names {
            let before = plan.problems.count
            add(name)
            plan.name(name, from: before)
        }
        return plan
    }

    /// One line of a streamed list: a manifest's row as JSON, or a path. It gives one clip, or a problem.
    ///
    /// - Parameter number: the line's, from 1.
    public mutating func row(_ line: Data, number: Int) -> ScanPlan {
        defer { plan = ScanPlan() }
        if line.first(where: { !" \t\r".utf8.contains($0) }) == UInt8(ascii: "{") {
            rows(of: JSONLinesTable(data: line, first: number), "standard input", folder: "")
        } else {
            let name = String(decoding: line, as: UTF8.self)
            clip(name.hasSuffix("\r") ? String(name.dropLast()) : name)
        }
        if let clip = plan.clips.first, let address = clip.request.addresses.first {
            var problem = ScanPlan()
            problem.add(
                problem: clip.request.clip, code: "not-fetched", message: "\(address.printable) is not on this machine",
                remedy: "give its copy as local_copy, or name it without --stream: genlock then fetches it")
            return problem
        }
        return plan
    }

    private mutating func add(_ name: String) {
        if name == "-" {
            list(standardInput())
            return
        }
        if FetchedFiles.isAddress(name) {
            file(name)
            return
        }
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: name, isDirectory: &isFolder)
        if exists, isFolder.boolValue {
            FolderSource(name, without: leftOut).add(to: &plan)
        } else if !exists, name.contains(where: { "*?[".contains($0) }) {
            let found = Glob.paths(name)
            if found.isEmpty {
                plan.add(
                    problem: name, code: "no-match", message: "\(name.printable) matches no file",
                    remedy: "check the pattern; '**' matches across folders")
            }
            for path in found { add(path) }
        } else {
            file(name)
        }
    }

    private mutating func file(_ name: String) {
        let path = FetchedFiles.isAddress(name) ? String(name.prefix { $0 != "?" && $0 != "#" }) : name
        switch path.endingOfPath.lowercased() {
        case "csv": manifest(name) { CSVTable(data: $0, separator: UInt8(ascii: ",")) }
        case "tsv": manifest(name) { CSVTable(data: $0, separator: UInt8(ascii: "\t")) }
        case "jsonl", "ndjson": manifest(name) { JSONLinesTable(data: $0) }
        case "parquet" where FetchedFiles.isAddress(name), "tar" where FetchedFiles.isAddress(name):
            plan.add(
                problem: name, code: "not-fetched",
                message: "\(name.printable) is a table or an archive that is not fetched",
                remedy: "fetch it yourself and name the file; only .csv, .tsv and .jsonl tables are fetched")
        case "parquet": parquet(name)
        case "tar": TarShard(name).add(to: &plan)
        case "m3u8", "m3u", "mpd": renditions(name)
        case _ where RecordingFile.isFile(path):
            plan.add(ClipRequest(clip: name, subject: .recording(RecordingTask(name))))
        default: clip(name)
        }
    }

    /// Renditions of a playlist are separate clips, and the first one is the others' master.
    private mutating func renditions(_ name: String) {
        let found: [Playlist.Rendition]
        do throws(MediaError) {
            guard let several = try FetchedFiles.isAddress(name) ? nil : Playlist.renditions(of: name) else {
                return clip(name)
            }
            found = several
        } catch {
            plan.add(problem: ClipReport(clip: name, durationSeconds: nil, outcome: .failed(error.failure)))
            return
        }
        for (number, rendition) in found.enumerated() {
            var files = ClipFiles(audio: rendition.audio)
            files.sharesClock = rendition.audio == nil ? nil : true
            if number > 0 { (files.master, files.masterAudio) = (found[0].path, found[0].audio) }
            var request = ClipRequest(clip: rendition.path, files: files)
            request.attributes = [ClipRecord.Attribute("playlist", name)]
            plan.add(request)
        }
    }

    private mutating func clip(_ name: String) {
        if FetchedFiles.isAddress(name) { return plan.add(ClipRequest(clip: name)) }
        let found = beside.files(of: name)
        var files = ClipFiles(transcripts: found.transcripts)
        files.labels = found.labels
        plan.add(ClipRequest(clip: name, files: files))
        plan.unpaired += found.left.filter { !plan.unpaired.contains($0) }
    }

    /// Rows of a manifest; if one has no transcript, those next to the clip are used.
    private mutating func rows(of table: any ManifestTable, _ name: String, folder: String) {
        let before = plan.clips.count
        Manifest(name: name, folder: folder).add(table, to: &plan)
        plan.completeTranscripts(from: before) { beside.files(of: $0).transcripts }
    }

    private mutating func manifest(_ name: String, _ table: (Data) -> any ManifestTable) {
        do {
            let place = try FetchedFiles.isAddress(name) ? fetched(name) : name
            let size = ((try? FileManager.default.attributesOfItem(atPath: place))?[.size] as? Int) ?? 0
            guard size <= PlanLimits.largestTable else {
                plan.add(
                    problem: name, code: "no-manifest",
                    message: "\(name.printable) is larger than \(PlanLimits.largestTable >> 30) GB",
                    remedy: "split it into several, and scan them into one store")
                return
            }
            let data = try Data(contentsOf: URL(fileURLWithPath: place))
            rows(of: table(data), name, folder: name.folderOfPath)
        } catch let failure as ClipFailure {
            plan.add(problem: ClipReport(clip: name, durationSeconds: nil, outcome: .failed(failure)))
        } catch {
            plan.add(
                problem: name, code: "no-manifest",
                message: "\(name.printable) cannot be read (\(error.localizedDescription))",
                remedy: "check the path and its permissions")
        }
    }

    private mutating func parquet(_ name: String) {
        do throws(ClipFailure) {
            let data = try ParquetTable.csv(of: name, duckdb: duckdb())
            rows(
                of: CSVTable(data: data, separator: UInt8(ascii: ",")), name,
                folder: name.folderOfPath)
        } catch {
            plan.add(problem: ClipReport(clip: name, durationSeconds: nil, outcome: .failed(error)))
        }
    }

    /// Names, one per line or up to a NUL; or rows of a manifest as JSON lines, recognised by their opening brace.
    private mutating func list(_ data: Data) {
        if !nulSeparated, data.first(where: { !" \t\r\n".utf8.contains($0) }) == UInt8(ascii: "{") {
            rows(of: JSONLinesTable(data: data), "standard input", folder: "")
            return
        }
        for name in data.split(separator: nulSeparated ? 0 : UInt8(ascii: "\n")) {
            var name = String(decoding: name, as: UTF8.self)
            if !nulSeparated, name.hasSuffix("\r") { name.removeLast() }
            if !name.isEmpty, name != "-" { add(name) }
        }
    }
}
