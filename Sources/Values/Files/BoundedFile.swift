public import Foundation

/// Reads whole files of limited size from untrusted sources. Only regular files are read; pipes and devices do not
/// block.
public enum BoundedFile {
    /// Opens a file for reading; nil if it cannot be opened or is not a regular file.
    public static func open(_ path: String) -> FileHandle? {
        let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return handle
    }

    /// All bytes; nil if the file cannot be read, is not regular, or is larger than `most` bytes.
    public static func bytes(_ path: String, most: Int) -> Data? {
        guard let handle = open(path), let size = try? handle.seekToEnd(), size <= most,
            (try? handle.seek(toOffset: 0)) != nil
        else { return nil }
        // The file may grow in the meantime.
        return try? handle.read(upToCount: most) ?? Data()
    }
}
