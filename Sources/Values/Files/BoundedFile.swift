public import Foundation

/// A file that somebody else may have made and that is to be small: read whole, if it is a file and no larger than it
/// may be. A pipe or a device in its place is not waited for.
public enum BoundedFile {
    /// Opened to be read; nil: it cannot be, or is no regular file.
    public static func open(_ path: String) -> FileHandle? {
        let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return handle
    }

    /// All bytes; nil: it cannot be read, is no regular file, or is larger than `most` bytes.
    public static func bytes(_ path: String, most: Int) -> Data? {
        guard let handle = open(path), let size = try? handle.seekToEnd(), size <= most,
            (try? handle.seek(toOffset: 0)) != nil
        else { return nil }
        // It may grow meanwhile.
        return try? handle.read(upToCount: most) ?? Data()
    }
}
