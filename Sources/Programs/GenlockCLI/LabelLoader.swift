import Files
import Foundation
import LabelFiles
import SyncModel

/// Finds label files on disk and reads them.
struct LabelLoader {
    let options: LabelOptions

    func load(_ paths: [String]) throws -> LabelCorpus {
        var files: [String] = []
        var seen: Set<String> = []
        for path in paths {
            for file in found(path) where seen.insert(file).inserted { files.append(file) }
        }
        let reader = LabelReader(options: options)
        for path in paths where found(path).isEmpty {
            reader.failed(
                path, "is a folder without label files", "name the files themselves if they have other extensions")
        }
        for (path, names) in zip(files, FileNames.of(files, pattern: options.names)) {
            do {
                let data = try Data(contentsOf: URL(fileURLWithPath: FetchedFiles.place(path)))
                reader.read(LabelReader.Source(path: path, bytes: [UInt8](data)), named: names)
            } catch {
                let isThere = FileManager.default.fileExists(atPath: path)
                reader.failed(
                    path, isThere ? "is not readable" : "does not exist",
                    isThere ? "give yourself read permission" : "check the path")
            }
        }
        return reader.corpus()
    }

    private func found(_ path: String) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            return [path]
        }
        let root = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        guard let walker = FileManager.default.enumerator(atPath: root) else { return [] }
        var files: [String] = []
        for case let name as String in walker where !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }) {
            let ending = name.split(separator: "/").last?.split(separator: ".").dropFirst().last?.lowercased() ?? ""
            if LabelReader.endings.contains(ending) { files.append(root + "/" + name) }
        }
        return files.sorted()
    }
}
