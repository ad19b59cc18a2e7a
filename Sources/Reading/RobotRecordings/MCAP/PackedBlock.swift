import Foundation

/// Decompresses a block of known unpacked length.
protocol BlockUnpacker: AnyObject {
    /// Whether the block decompressed to exactly the expected size.
    func unpack(_ packed: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) -> Bool
}

/// libzstd (RFC 8878), loaded on first use; only its stable interface is used.
final class ZstdLibrary: BlockUnpacker {
    private typealias Decompress =
        @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeRawPointer?, Int) -> Int
    private typealias IsError = @convention(c) (Int) -> UInt32

    static let file = "libzstd.so.1"
    static let package = "libzstd1"

    private let decompress: Decompress
    private let isError: IsError

    /// nil: not installed.
    init?() {
        guard let handle = SharedLibrary.open(ZstdLibrary.file), let decompress = dlsym(handle, "ZSTD_decompress"),
            let isError = dlsym(handle, "ZSTD_isError")
        else { return nil }
        self.decompress = unsafeBitCast(decompress, to: Decompress.self)
        self.isError = unsafeBitCast(isError, to: IsError.self)
    }

    func unpack(_ packed: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) -> Bool {
        let count = decompress(room.baseAddress, room.count, packed.baseAddress, packed.count)
        return isError(count) == 0 && count == room.count
    }
}

/// liblz4's frames (LZ4 Frame Format Description, version 1.6), loaded on first use.
final class LZ4Library: BlockUnpacker {
    private typealias Create = @convention(c) (UnsafeMutablePointer<OpaquePointer?>, UInt32) -> Int
    private typealias Free = @convention(c) (OpaquePointer?) -> Int
    private typealias Reset = @convention(c) (OpaquePointer?) -> Void
    private typealias Decompress =
        @convention(c) (
            OpaquePointer?, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>, UnsafeRawPointer?,
            UnsafeMutablePointer<Int>, UnsafeRawPointer?
        ) -> Int
    private typealias IsError = @convention(c) (Int) -> UInt32

    static let file = "liblz4.so.1"
    static let package = "liblz4-1"

    private let context: OpaquePointer
    private let free: Free
    private let reset: Reset
    private let decompress: Decompress
    private let isError: IsError

    /// The frame API version that liblz4 expects.
    private static let version: UInt32 = 100

    init?() {
        guard let handle = SharedLibrary.open(LZ4Library.file),
            let create = dlsym(handle, "LZ4F_createDecompressionContext"),
            let free = dlsym(handle, "LZ4F_freeDecompressionContext"),
            let reset = dlsym(handle, "LZ4F_resetDecompressionContext"),
            let decompress = dlsym(handle, "LZ4F_decompress"), let isError = dlsym(handle, "LZ4F_isError")
        else { return nil }
        self.free = unsafeBitCast(free, to: Free.self)
        self.reset = unsafeBitCast(reset, to: Reset.self)
        self.decompress = unsafeBitCast(decompress, to: Decompress.self)
        self.isError = unsafeBitCast(isError, to: IsError.self)
        var made: OpaquePointer?
        guard unsafeBitCast(create, to: Create.self)(&made, LZ4Library.version) == 0, let made else { return nil }
        context = made
    }

    deinit { _ = free(context) }

    func unpack(_ packed: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) -> Bool {
        reset(context)
        var (read, written) = (0, 0)
        while read < packed.count {
            var (taken, given) = (packed.count - read, room.count - written)
            let code = decompress(
                context, room.baseAddress.map { $0 + written }, &given, packed.baseAddress.map { $0 + read }, &taken,
                nil)
            guard isError(code) == 0, taken > 0 || given > 0 else { return false }
            read += taken
            written += given
            if code == 0, written == room.count { return true }
        }
        return written == room.count
    }
}

/// A system library, by its name alone or in the distributions' folders.
enum SharedLibrary {
    static func open(_ name: String) -> UnsafeMutableRawPointer? {
        let machine = ["x86_64-linux-gnu", "aarch64-linux-gnu"].map { "/usr/lib/\($0)/" }
        for folder in [""] + machine + ["/usr/lib64/", "/usr/lib/"] {
            if let handle = dlopen(folder + name, RTLD_NOW | RTLD_LOCAL) { return handle }
        }
        return nil
    }
}
