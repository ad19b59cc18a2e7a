import Foundation
import SyncModel

/// Where a cell may have files written: what the command line named, and nothing else.
public struct CellGrants: Sendable {
    public struct Place: Sendable {
        /// A file; or a folder, in which and below which files may be made.
        public var path: String
        public var isFolder: Bool
        /// Whether what lies there may be replaced.
        public var replaces: Bool
        /// Beside a file, those whose names begin with its own up to the ending: `fixed.en.srt` with `fixed.mov`.
        public var withCompanions: Bool

        public init(_ path: String, isFolder: Bool = false, replaces: Bool, withCompanions: Bool = false) {
            (self.path, self.isFolder, self.replaces, self.withCompanions) = (path, isFolder, replaces, withCompanions)
        }
    }

    public var places: [Place]
    /// Files that are never replaced, moved or removed, wherever they lie.
    public var sources: [String]

    public init(_ places: [Place] = [], sources: [String] = []) {
        self.places = places
        self.sources = sources
    }
}

/// Judges what a cell asks for: what it asks may come from media that took it over.
struct CellJudge {
    private let grants: CellGrants
    /// Files that were made for the cell, by their paths, which it may write, move and remove.
    private(set) var made: Set<String> = []
    /// Places to which a file of the cell's was moved.
    private var filled: Set<String> = []

    init(_ grants: CellGrants) { self.grants = grants }

    /// What names of files under way begin with.
    private static let underWay = [".partial-", ".genlock-set-"]

    /// The path with its folder as the file system has it; nil where it has no such folder, or the name is none.
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

    /// Whether a file under way may be made in a folder.
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
        // A device or a pipe that the command line names, such as /dev/stdout: neither made nor cut.
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
        // To its place; or, of what lies there, a second name by which it can come back.
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

    /// A folder that something granted lies in, or one below a granted folder.
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

    /// Takes away what the cell left under way, once it is gone.
    func clear(recover: (_ folder: String) -> Void) {
        // Sets that were being moved are undone first: what is under way tells how far they came.
        let folders = Set(made.map { $0.folderOfPath })
        for folder in folders.sorted() { recover(folder) }
        for path in made where CellJudge.underWay.contains(where: path.nameOfPath.hasPrefix) {
            unlink(path)
        }
    }
}
