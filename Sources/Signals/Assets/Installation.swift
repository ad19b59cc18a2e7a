import Foundation

/// Where this program lies, and how what is missing is had.
///
/// In a clone of the repository `scripts/setup` brings everything. A package lays its files out beside the program:
/// `models/`, `lib/` and what its extras add.
public enum Installation {
    /// A part that may be missing.
    public enum Part: Sendable {
        case inference, faceModels, voices, words, tables
    }

    /// The folder of this program's own file, links followed.
    public static let folder =
        (((try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "")
        as NSString).deletingLastPathComponent

    /// Whether the face models lie beside the program, as packages have them.
    public static let isPackage = AssetFolder.isReadable(AssetFolder(root: folder).mesh)

    /// What to do where a part is missing.
    public static func remedy(_ part: Part) -> String {
        guard isPackage else { return "scripts/setup brings it" }
        switch part {
        case .inference: return "pip install openvino"
        case .faceModels: return "install genlock again: its package is incomplete"
        case .voices: return "pip install 'genlock[voices]'"
        case .words: return "pip install 'genlock[words]'"
        case .tables: return "pip install 'genlock[parquet]'"
        }
    }
}
