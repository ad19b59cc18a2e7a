import Foundation
import SyncModel

/// Paths that a cell may have written: those of the command line, and nothing else.
public struct CellGrants: Sendable {
    public struct Place: Sendable {
        /// A file; or a folder, below which files may be created.
        public var path: String
        public var isFolder: Bool
        /// Whether existing files may be replaced.
        public var replaces: Bool
        /// Besides a file, those whose names begin with its name without extension: `fixed.en.srt` with `fixed.mov`.
        public var withCompanions: Bool

        public init(_ path: String, isFolder: Bool = false, replaces: Bool, withCompanions: Bool = false) {
            (self.path, self.isFolder, self.replaces, self.withCompanions) = (path, isFolder, replaces, withCompanions)
        }
    }

    public var places: [Place]
    /// Files that are never replaced, moved or removed, wherever they are.
    public var sources: [String]

    public init(_ places: [Place] = [], sources: [String] = []) {
        self.places = places
        self.sources = sources
    }
}

/// Judges the requests of a cell, which may have been compromised by media.
struct CellJudge {
    private let grants: CellGrants
    /// Files created for the cell, by path, which it may write, move and remove.
    private(set) var made: Set<String> = []
    /// Paths to which a file of the cell was moved.
    private var filled: Set<String> = []

    init(_ grants: CellGrants) { self.grants = grants }

    /// Prefixes of names of partial files.
    private static let underWay = [".partial-", ".genlock-set-"]

    /// The path with its folder resolved; nil if there is no such folder, or the name is invalid.
    static func resolved(_ path: String) -> (folder: String, name: String, path: String)? {
        guard !path.isEmpty, path.utf8.count < 4096, !path.utf8.contains(0) else { return nil }
        let name = path.nameOfPath
        guard !name.isEmpty, name != ".", name != "..", !name.contains("/") else { return nil }
        let parent = path.folderOfPath
        guard let real = realpath(parent.isEmpty ? "." : parent, nil) else { return nil }
        defer { free(real) }
        let folder = String(cString: real)
        return (folder, name, (folder == "/" ? "" : folder) + "/" + name)
    }

    private func grant(of place: (folder: String, name: String, path: String)) -> CellGrants.Place? {
        grants.places.first { grant in
            if grant.isFolder {
                guard let real = realpath(grant.path, nil) else { return false }
                defer { free(real) }
                let root = String(cString: real)
                return place.folder == root || place.folder.hasPrefix(root + "/")
            }
            guard let own = CellJudge.resolved(grant.path) else { return false }
            if own.path == place.path { return true }
            let stem = own.name.withoutEnding
            return grant.withCompanions && own.folder == place.folder && place.name.hasPrefix(stem + ".")
        }
    }

    /// Whether a partial file may be created in a folder.
    private func isFolderOfGrants(_ folder: String) -> Bool {
        grants.places.contains { grant in
            let path = grant.isFolder ? grant.path + "/x" : grant.path
            guard let own = CellJudge.resolved(path) else { return false }
            return folder == own.folder || grant.isFolder && folder.hasPrefix(own.folder + "/")
        }
    }

    private func isSource(_ path: String) -> Bool {
        var place = stat()
        guard stat(path, &place) == 0 else { return false }
        return grants.sources.contains {
            var other = stat()
            return stat($0, &other) == 0 && other.st_ino == place.st_ino && other.st_dev == place.st_dev
        }
    }

    private func exists(_ path: String) -> Bool {
        var place = stat()
        return lstat(path, &place) == 0
    }

    // MARK: What is asked

    mutating func open(_ path: String, flags: Int32, mode: UInt32) -> (descriptor: Int32, code: Int32) {
        let kinds = O_ACCMODE | O_CREAT | O_EXCL | O_TRUNC | O_APPEND | O_NOFOLLOW | O_CLOEXEC
        guard flags & ~kinds == 0 else { return (-1, EPERM) }
        func opened(_ path: String, _ flags: Int32) -> (Int32, Int32) {
            let descriptor = Foundation.open(path, flags | O_CLOEXEC, mode_t(mode & 0o666))
            return descriptor >= 0 ? (descriptor, 0) : (-1, errno)
        }
        // A device or a pipe that the command line names, such as /dev/stdout: neither created nor truncated.
        if flags & (O_CREAT | O_TRUNC) == 0, grants.places.contains(where: { !$0.isFolder && $0.path == path }) {
            var place = stat()
            guard stat(path, &place) == 0 else { return (-1, errno) }
            if place.st_mode & S_IFMT != S_IFREG || path.hasPrefix("/dev/") || path.hasPrefix("/proc/self/fd/") {
                return opened(path, flags & ~O_NOFOLLOW)
            }
        }
        guard let place = CellJudge.resolved(path) else { return (-1, errno == 0 ? EPERM : errno) }
        if made.contains(place.path) { return opened(place.path, flags & ~O_CREAT | O_NOFOLLOW) }
        guard flags & (O_CREAT | O_EXCL) == O_CREAT | O_EXCL else { return (-1, EACCES) }
        let isUnderWay = CellJudge.underWay.contains(where: place.name.hasPrefix) && isFolderOfGrants(place.folder)
        guard isUnderWay || grant(of: place) != nil else { return (-1, EACCES) }
        let result = opened(place.path, flags | O_NOFOLLOW)
        if result.0 >= 0 { made.insert(place.path) }
        return result
    }

    mutating func rename(_ path: String, to target: String) -> Int32 {
        guard let from = CellJudge.resolved(path), let to = CellJudge.resolved(target) else { return ENOENT }
        guard made.contains(from.path), let grant = grant(of: to), !isSource(to.path) else { return EACCES }
        guard grant.replaces || made.contains(to.path) || filled.contains(to.path) || !exists(to.path) else {
            return EEXIST
        }
        guard Foundation.rename(from.path, to.path) == 0 else { return errno }
        made.remove(from.path)
        filled.insert(to.path)
        return 0
    }

    mutating func link(_ path: String, as target: String) -> Int32 {
        guard let from = CellJudge.resolved(path), let to = CellJudge.resolved(target) else { return ENOENT }
        // To its final path; or, for an existing file, a second name for restoring it.
        if made.contains(from.path), grant(of: to) != nil {
            guard Foundation.link(from.path, to.path) == 0 else { return errno }
            filled.insert(to.path)
            return 0
        }
        guard let grant = grant(of: from), grant.replaces, to.folder == from.folder,
            to.name.hasPrefix(CellJudge.underWay[0]), to.name.hasSuffix(".kept")
        else { return EACCES }
        guard Foundation.link(from.path, to.path) == 0 else { return errno }
        made.insert(to.path)
        return 0
    }

    mutating func remove(_ path: String) -> Int32 {
        guard let place = CellJudge.resolved(path) else { return ENOENT }
        guard made.contains(place.path) || filled.contains(place.path), !isSource(place.path) else { return EACCES }
        guard unlink(place.path) == 0 else { return errno }
        made.remove(place.path)
        filled.remove(place.path)
        return 0
    }

    /// A folder that contains a granted path, or one below a granted folder.
    func makeFolder(_ path: String) -> Int32 {
        guard let place = CellJudge.resolved(path) else { return ENOENT }
        let isWanted = grants.places.contains { grant in
            let wanted = URL(fileURLWithPath: grant.path).standardizedFileURL.path
            let asked = URL(fileURLWithPath: path).standardizedFileURL.path
            return wanted.hasPrefix(asked + "/") || grant.isFolder && (wanted == asked || asked.hasPrefix(wanted + "/"))
        }
        guard isWanted || grant(of: place)?.isFolder == true else { return EACCES }
        return mkdir(place.path, 0o777) == 0 ? 0 : errno
    }

    /// Removes the partial files of a cell that ended.
    func clear(recover: (_ folder: String) -> Void) {
        // Interrupted moves of sets are undone first: partial files show their progress.
        let folders = Set(made.map { $0.folderOfPath })
        for folder in folders.sorted() { recover(folder) }
        for path in made where CellJudge.underWay.contains(where: path.nameOfPath.hasPrefix) {
            unlink(path)
        }
    }
}
