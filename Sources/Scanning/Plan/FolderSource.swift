import Files
import Foundation
import RobotRecordings
import SyncModel

/// The clips under a folder, with their companions by name or by the folders' layout.
struct FolderSource {
    private let root: String
    private let leftOut: [String]

    /// - Parameter leftOut: folders that are skipped.
    init(_ folder: String, without leftOut: [String] = []) {
        root = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        self.leftOut = leftOut
    }

    func add(to plan: inout ScanPlan) {
        guard !leftOut.contains(root) else { return }
        let files = MediaFinder.files(under: root).filter { file in !leftOut.contains { file.hasPrefix($0 + "/") } }
        if files.isEmpty, !leftOut.isEmpty { return }
        var media = files.filter { MediaFinder.isMedia($0) }
        // A bag is one recording, irrespective of its content.
        let bags = files.filter { $0.nameOfPath == "metadata.yaml" }.map(\.folderOfPath).filter {
            BagFolder($0) != nil
        }
        let recordings = bags + files.filter { RecordingFile.isFile($0) && !bags.contains($0.folderOfPath) }
        guard !media.isEmpty || !recordings.isEmpty || files.contains(where: isShard) else {
            plan.add(
                problem: root, code: "no-media", message: "\(root.printable) is a folder without media files",
                remedy: "name another folder, or the files themselves if their names have no media extension")
            return
        }
        let described = metadata(files, &plan)
        let sounds = soundsBeside(media)
        let own = Set(sounds.values)
        media.removeAll(where: own.contains)
        let companions = Companions(files, root: root, media: media)
        for path in media {
            var request = described[path] ?? ClipRequest(clip: path)
            var files = request.files ?? ClipFiles()
            if files.audio == nil { files.audio = sounds[path] }
            if files.transcripts.isEmpty { files.transcripts = companions.transcripts[path] ?? [] }
            if files.labels == nil { files.labels = companions.labels[path] }
            request.files = files
            if let place = LeRobotPlace(path, root: root) {
                if request.group == nil { request.group = place.event }
                request.attributes.append(ClipRecord.Attribute("camera", place.camera))
            }
            plan.add(request)
        }
        // Files named by metadata but missing in the folder: each is reported when it cannot be opened.
        let there = Set(media)
        for request in described.values.sorted(by: { $0.clip < $1.clip })
        where !there.contains(request.clip) && !own.contains(request.clip) {
            plan.add(request)
        }
        plan.unpaired += companions.left
        for path in recordings { plan.add(ClipRequest(clip: path, subject: .recording(RecordingTask(path)))) }
        for shard in files where isShard(shard) { TarShard(shard).add(to: &plan) }
    }

    private func isShard(_ path: String) -> Bool { path.lowercased().hasSuffix(".tar") }

    /// Rows of `metadata.jsonl`, `.csv` or `.tsv` with a column `file_name`, as in Hugging Face folders, by clip.
    private func metadata(_ files: [String], _ plan: inout ScanPlan) -> [String: ClipRequest] {
        var result: [String: ClipRequest] = [:]
        for file in files {
            let name = file.nameOfPath.lowercased()
            guard ["metadata.jsonl", "metadata.csv", "metadata.tsv"].contains(name),
                let data = BoundedFile.bytes(file, most: PlanLimits.largestTable)
            else { continue }
            guard data.range(of: Data("file_name".utf8)) != nil else { continue }
            let separator = UInt8(ascii: name.hasSuffix("tsv") ? "\t" : ",")
            var own = ScanPlan()
            let manifest = Manifest(name: file, folder: file.folderOfPath)
            if name.hasSuffix("jsonl") {
                manifest.add(JSONLinesTable(data: data), to: &own)
            } else {
                manifest.add(CSVTable(data: data, separator: separator), to: &own)
            }
            for clip in own.clips { result[clip.request.clip] = clip.request }
            for problem in own.problems { plan.add(problem: problem) }
        }
        return result
    }

    /// Audio in a separate tree next to a tree of video, such as `mp4/` and `aac/` of VoxCeleb, by clip.
    private func soundsBeside(_ media: [String]) -> [String: String] {
        let pictures: Set<String> = ["mp4", "video", "videos", "mov", "mkv"]
        let sounds: Set<String> = ["aac", "m4a", "wav", "flac", "audio", "audios", "sound"]
        var sought: [String: [String]] = [:]
        for path in media {
            for (index, part) in parts(path).dropLast().enumerated() where sounds.contains(part.lowercased()) {
                sought[without(path, index), default: []].append(path)
            }
        }
        guard !sought.isEmpty else { return [:] }
        var result: [String: String] = [:]
        for path in media {
            for (index, part) in parts(path).dropLast().enumerated() where pictures.contains(part.lowercased()) {
                if let found = sought[without(path, index)], found.count == 1 { result[path] = found[0] }
            }
        }
        return result
    }

    /// The path below the root, part by part, the last without its extension.
    private func parts(_ path: String) -> [String] {
        String(path.dropFirst(root.count + 1)).withoutEnding.split(separator: "/").map(
            String.init)
    }

    private func without(_ path: String, _ index: Int) -> String {
        var rest = parts(path)
        rest[index] = ""
        return rest.joined(separator: "/")
    }
}

/// The position of a video in a LeRobot data set: set, episode and camera.
struct LeRobotPlace {
    /// The set's folder and the episode: episodes of different sets have equal names.
    let event: String
    let camera: String

    /// nil: the folder is not such a data set, or the file is not one of its videos.
    init?(_ path: String, root: String) {
        let parts = path.dropFirst(root.count + 1).split(separator: "/").map(String.init)
        guard let videos = parts.firstIndex(of: "videos"), parts.count == videos + 4 else { return nil }
        let base = ([root] + parts[..<videos]).joined(separator: "/")
        guard FileManager.default.fileExists(atPath: base + "/meta/info.json") else { return nil }
        let file = parts[videos + 3].withoutEnding
        if parts[videos + 1].hasPrefix("chunk-") {
            (event, camera) = ("\(base)/\(file)", parts[videos + 2])
        } else {
            (event, camera) = ("\(base)/\(parts[videos + 2])/\(file)", parts[videos + 1])
        }
    }
}
