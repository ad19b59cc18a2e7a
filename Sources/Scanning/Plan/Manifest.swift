import Files
import Foundation
import MediaIO
import SyncModel

/// Rows of named values, from any format.
public protocol ManifestTable {
    /// Calls with each row's number (from 1, as shown in editors) and values by column, or why the row cannot be read.
    func rows(_ body: (Int, Result<[(name: String, value: String)], ManifestRowError>) -> Void)
}

/// Why one row of a manifest or a plan cannot be used, and the remedy.
public struct ManifestRowError: Error {
    public let message: String
    public let remedy: String

    public init(message: String, remedy: String) {
        self.message = message
        self.remedy = remedy
    }
}

/// Reads a manifest's rows into a plan.
struct Manifest {
    let name: String
    /// Base of its relative paths; empty: the working folder.
    let folder: String

    /// Names of the clip's column, in order of preference.
    static let mediaColumns = ["media", "clip", "video", "file_name", "video_path", "path", "file"]
    private static let audioColumns = ["audio", "audio_path"]
    private static let transcriptColumns = ["transcript", "transcript_path", "subtitles"]
    private static let labelsColumns = ["labels", "labels_path"]
    private static let masterColumns = ["master", "master_path"]

    func add(_ table: some ManifestTable, to plan: inout ScanPlan) {
        var count = 0
        table.rows { number, row in
            count += 1
            switch row {
            case .failure(let error): problem(number, error, &plan)
            case .success(let values):
                do throws(ManifestRowError) { plan.add(try request(values)) } catch { problem(number, error, &plan) }
            }
        }
        if count == 0 {
            plan.add(
                problem: name, code: "empty-manifest", message: "\(name.printable) has no rows",
                remedy: "give it a header with a column 'media' and a row for each clip")
        }
    }

    private func problem(_ number: Int, _ error: ManifestRowError, _ plan: inout ScanPlan) {
        plan.add(
            problem: "\(name):\(number)", code: "bad-row", message: "\(name.printable) row \(number) \(error.message)",
            remedy: error.remedy)
    }

    private func request(_ values: [(name: String, value: String)]) throws(ManifestRowError) -> ClipRequest {
        var taken: Set<String> = []
        func take(_ columns: [String]) -> String? {
            for column in columns {
                guard let value = values.first(where: { $0.name.lowercased() == column })?.value, !value.isEmpty else {
                    continue
                }
                taken.insert(column)
                return value
            }
            return nil
        }
        guard let media = take(Manifest.mediaColumns) else {
            throw ManifestRowError(
                message:
                    "names no media: none of the columns \(Manifest.mediaColumns.joined(separator: ", ")) has a value",
                remedy: "add the path to the clip in a column 'media', relative to the manifest or absolute")
        }
        let copy = take(["local_copy"])
        let isLocal = !media.contains("://") && !FetchedFiles.isAddress(folder)
        guard copy != nil || isLocal || FetchedFiles.isAddress(located(media)) else {
            throw ManifestRowError(
                message: "names \(media.printable), which is neither a file here nor at https://",
                remedy:
                    "mount or copy it and name the local path, or scan it from Python: genlock.scan accepts such names")
        }
        var files = ClipFiles(audio: take(Manifest.audioColumns).map(located))
        if let text = take(["audio_stream"]) {
            guard let number = Int(text), number >= 0 else {
                throw ManifestRowError(
                    message: "has audio_stream '\(text.printable)'",
                    remedy: "give the audio stream's number, counted from 0")
            }
            files.audioStream = number
        }
        files.transcripts = take(Manifest.transcriptColumns).map { [located($0)] } ?? []
        files.labels = take(Manifest.labelsColumns).map(located)
        files.master = take(Manifest.masterColumns).map(located)
        if let copy {
            // The clip keeps the name of its source.
            let path = located(copy)
            let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
            files.region = MediaRegion(file: path, start: 0, length: size ?? 0)
            files.version = take(["copy_version"])
        }
        var request = ClipRequest(clip: copy == nil ? located(media) : media, files: files)
        request.group = take(["group"])
        request.language = take(["language"])
        request.attributes = values.filter { !taken.contains($0.name.lowercased()) && !$0.value.isEmpty }
            .map { ClipRecord.Attribute($0.name, $0.value) }
        return request
    }

    /// Relative to the manifest; unchanged if absolute.
    private func located(_ path: String) -> String {
        path.hasPrefix("/") || folder.isEmpty || path.contains("://") ? path : folder + "/" + path
    }
}
