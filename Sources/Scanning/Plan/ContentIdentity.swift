import Foundation
public import MediaIO
import SignalCore

/// Identity for detecting changes of a clip: size, modification time, and a hash of head and tail of each of its files.
public enum ContentIdentity {
    /// Bytes at either end that are hashed.
    private static let sample = 16_384

    /// Of a clip with all its files; constant as long as nothing changed.
    public static func of(_ request: ClipRequest) -> String {
        var parts: [String] = []
        func file(_ path: String, _ region: MediaRegion? = nil) -> String {
            request.remote[path].map { "version \($0.version)" } ?? of(path, region)
        }
        switch request.subject {
        case .episode(let episode):
            return ([episode.identity] + episode.files.map { of($0, nil) }).joined(separator: "; ")
        case .recording(let recording):
            return (["recording"] + recording.files.map { file($0) }).joined(separator: "; ")
        case .views(let views):
            for view in views { parts.append("view " + file(view.path)) }
            for view in views { parts.append("labels " + (view.labels.map { file($0) } ?? "none")) }
        case .files(let files):
            parts.append(files.version.map { "version \($0)" } ?? file(request.clip, files.region))
            if let audio = files.audio { parts.append("audio " + file(audio, files.audioRegion)) }
            if let stream = files.audioStream { parts.append("stream \(stream)") }
            for transcript in files.transcripts { parts.append("transcript " + file(transcript)) }
            if let labels = files.labels { parts.append("labels " + file(labels)) }
            if let master = files.master { parts.append("master " + file(master)) }
        }
        if let language = request.language { parts.append("language \(language)") }
        return parts.joined(separator: "; ")
    }

    /// For an episode of which only the clock is measured: the identity of the request with content, whose result is
    /// also valid; nil for all other requests.
    public static func withContent(_ request: ClipRequest) -> String? {
        guard var episode = request.episode, !episode.wantsContent, !episode.isWhole else { return nil }
        episode.wantsContent = true
        var whole = request
        whole.subject = .episode(episode)
        return of(whole)
    }

    /// Of one file as a whole.
    public static func of(file path: String) -> String { of(path, nil) }

    /// Of a file's bytes only, independent of path and time: length, and a hash of head and tail.
    public static func content(of path: String, region: MediaRegion? = nil) -> String { of(path, region, timed: false) }

    private static func of(_ path: String, _ region: MediaRegion?, timed: Bool = true) -> String {
        // For a representation of a manifest, the manifest.
        let descriptor = open(region?.file ?? Playlist.file(of: path), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return errno == ENOENT ? "missing" : "unreadable" }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return "unreadable" }
        guard status.st_mode & S_IFMT == S_IFREG else { return "not a file" }
        let start = region?.start ?? 0
        let length = region?.length ?? Int(status.st_size)
        var hash = Hash()
        withUnsafeTemporaryAllocation(byteCount: sample, alignment: 16) { bytes in
            let head = pread(descriptor, bytes.baseAddress, min(sample, length), off_t(start))
            hash.add(UnsafeRawBufferPointer(rebasing: bytes[0..<max(0, head)]))
            if length > sample {
                let count = min(sample, length - sample)
                let tail = pread(descriptor, bytes.baseAddress, count, off_t(start + length - count))
                hash.add(UnsafeRawBufferPointer(rebasing: bytes[0..<max(0, tail)]))
            }
        }
        guard timed else { return "\(length) \(String(hash.value, radix: 16))" }
        let time = "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
        let place = region.map { "@\($0.start)" } ?? ""
        return "\(length)\(place) \(time) \(String(hash.value, radix: 16))"
    }

    /// A 64-bit hash of words, mixed as in SplitMix64: against accidental, not malicious, collisions. Stores contain
    /// its values.
    struct Hash {
        private(set) var value = SplitMix64.increment

        mutating func add(_ bytes: UnsafeRawBufferPointer) {
            var at = 0
            while at + 8 <= bytes.count {
                mix(bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self).littleEndian)
                at += 8
            }
            while at < bytes.count {
                mix(UInt64(bytes[at]) | 0x100)
                at += 1
            }
            mix(UInt64(bytes.count))
        }

        private mutating func mix(_ word: UInt64) {
            value = SplitMix64.multiplied(value ^ word)
        }
    }
}
