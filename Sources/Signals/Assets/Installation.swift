import Foundation

/// Where this program is installed, and how to get missing parts.
///
/// In a clone of the repository `scripts/setup` installs everything. A package has its files beside the program:
/// `models/`, `lib/` and those of its extras.
public enum Installation {
    /// A part that may be missing.
    public enum Part: Sendable {
        case inference, faceModels, voices, words, tables
    }

    /// The folder of this program's executable, with links resolved.
    public static let folder =
        (((try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "")
        as NSString).deletingLastPathComponent

    /// Whether the face models are beside the program, as in packages.
    public static let isPackage = AssetFolder.isReadable(AssetFolder(root: folder).mesh)

    /// How the program was installed.
    public enum Kind: Sendable {
        /// A build in a clone of the repository.
        case build
        /// A Python wheel: the program is in `genlock/program` among the packages.
        case wheel
        /// A system package, or a container image.
        case system
    }

    public static let kind = Installation.kind(folder: folder, isPackage: isPackage)

    static func kind(folder: String, isPackage: Bool) -> Kind {
        isPackage ? folder.hasSuffix("/genlock/program") ? .wheel : .system : .build
    }

    /// How to get a missing part.
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
