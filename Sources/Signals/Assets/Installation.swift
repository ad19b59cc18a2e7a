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

    /// What brought the program.
    public enum Kind: Sendable {
        /// A build in a clone of the repository.
        case build
        /// A wheel of Python: the program lies in `genlock/program` among the packages.
        case wheel
        /// A package of the system, or an image.
        case system
    }

    public static let kind = Installation.kind(folder: folder, isPackage: isPackage)

    static func kind(folder: String, isPackage: Bool) -> Kind {
        isPackage ? folder.hasSuffix("/genlock/program") ? .wheel : .system : .build
    }

    /// What to do where a part is missing.
    public static func remedy(_ part: Part, in kind: Kind = Installation.kind) -> String {
        switch (kind, part) {
        case (.build, _): "scripts/setup installs it"
        case (.wheel, .inference): "pip install openvino"
        case (.wheel, .voices): "pip install 'genlock[voices]'"
        case (.wheel, .words): "pip install 'genlock[words]'"
        case (.wheel, .tables): "pip install 'genlock[parquet]'"
        case (.system, .tables): "put the duckdb program on the PATH: 'pip install duckdb-cli' installs it"
        case (.wheel, .faceModels), (.system, _): "reinstall genlock: its package is incomplete"
        }
    }
}
