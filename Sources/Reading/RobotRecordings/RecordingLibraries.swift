import Foundation

/// An optional library that is loaded with the first recording that needs it.
public struct RecordingLibrary: Sendable {
    public let name: String
    /// nil: not installed.
    public let version: String?
    /// What is read with it.
    public let use: String
    /// The package of Debian and Ubuntu.
    public let package: String

    /// The optional libraries, with the versions that are installed.
    public static var all: [RecordingLibrary] {
        [
            RecordingLibrary(
                name: "libhdf5", version: HDF5Library.version, use: "HDF5 recordings", package: HDF5Library.package),
            RecordingLibrary(
                name: "libzstd", version: text("ZSTD_versionString", in: ZstdLibrary.file),
                use: "MCAP compressed with zstd", package: ZstdLibrary.package),
            RecordingLibrary(
                name: "liblz4", version: text("LZ4_versionString", in: LZ4Library.file),
                use: "MCAP compressed with lz4", package: LZ4Library.package),
        ]
    }

    /// What a function without arguments returns as text.
    private static func text(_ function: String, in library: String) -> String? {
        guard let handle = SharedLibrary.open(library), let symbol = dlsym(handle, function) else { return nil }
        return unsafeBitCast(symbol, to: (@convention(c) () -> UnsafePointer<CChar>?).self)().map {
            String(cString: $0)
        }
    }
}
