import Files
import Foundation
import SyncModel

/// Checks a path before any decoder opens it.
enum FilePreflight {
    /// Checks the file behind a name, of one representation of a manifest the manifest.
    ///
    /// - Parameter region: the bytes to read, where they are inside another file.
    /// - Returns: where the name's file is on disk.
    static func place(of path: String, _ region: MediaRegion?) throws(MediaError) -> String {
        let name = region?.file ?? path
        let place = FetchedFiles.place(name)
        try check(region == nil ? Playlist.file(of: place) : place, named: name)
        return place
    }

    /// Throws if the path is missing, unreadable, a folder, not a regular file, or empty.
    ///
    /// - Parameter name: the name for messages.
    static func check(_ path: String, named name: String) throws(MediaError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let code = errno
            throw MediaError(
                code == EACCES ? .noPermission : .noSuchFile, file: name, detail: code == ENOENT ? "" : reason(code))
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: throw MediaError(.isFolder, file: name)
        case S_IFREG: break
        default: throw MediaError(.notAFile, file: name)
        }
        guard access(path, R_OK) == 0 else { throw MediaError(.noPermission, file: name) }
        guard status.st_size > 0 else { throw MediaError(.empty, file: name) }
    }

    /// Whether the file starts like an MP4 or MOV but has no `moov` box: typical of an interrupted recording.
    static func looksLikeUnfinishedMP4(_ path: String) -> Bool {
        guard let handle = FileHandle(forReadingAtPath: FetchedFiles.place(path)) else { return false }
        defer { try? handle.close() }
        guard let size = try? handle.seekToEnd() else { return false }
        var position: UInt64 = 0
        var isMP4 = false
        for _ in 0..<64 {
            guard (try? handle.seek(toOffset: position)) != nil, let header = try? handle.read(upToCount: 16),
                header.count >= 8
            else { break }
            let bytes = [UInt8](header)
            let name = String(decoding: bytes[4..<8], as: UTF8.self)
            if position == 0 {
                isMP4 = ["ftyp", "wide", "mdat", "free", "skip"].contains(name)
                guard isMP4 else { return false }
            }
            if name == "moov" {
                // The index exists, but may extend beyond the end of the file.
                return UInt64(bigEndian(bytes[0..<4])) > size - position
            }
            var length = UInt64(bigEndian(bytes[0..<4]))
            if length == 1, bytes.count == 16 {
                length = UInt64(bigEndian(bytes[8..<12])) << 32 | UInt64(bigEndian(bytes[12..<16]))
            }
            guard length >= 8, length < size - position else { break }
            position += length
        }
        return isMP4
    }

    private static func bigEndian(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }

    static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
