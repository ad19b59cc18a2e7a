import Foundation

@testable import DelimitedText
@testable import Fixing
@testable import LabelFiles
@testable import MediaIO
@testable import Parquet
@testable import Plan
@testable import Review
@testable import RobotRecordings
@testable import RobotSets
@testable import SensorLogs
@testable import SyncModel
@testable import TimedText
@testable import Workers

/// What is fed with bytes. A target ends the program where a property does not hold.
enum Targets {
    nonisolated(unsafe) static var chosen: ([UInt8]) -> Void = { _ in }

    nonisolated(unsafe) static let all: [String: ([UInt8]) -> Void] = [
        "timed-text": timedText, "rewriting": rewriting, "labels": labels, "label-rewriting": labelRewriting,
        "logs": logs, "numpy": numpy, "zip": zip, "tar": tar, "edit-lists": editLists, "worker-frames": workerFrames,
        "cell-messages": cellMessages, "plans": plans, "manifests": manifests, "info-json": infoJSON,
        "review-requests": reviewRequests, "delimited": delimited, "mcap": mcap, "bags": bags, "hdf5": hdf5,
        "recorded-messages": recordedMessages, "text-editing": textEditing, "picture-captions": pictureCaptions,
    ]

    /// Endings by which readers choose; the first byte does so here.
    private static func split(_ bytes: [UInt8], _ endings: [String]) -> (name: String, rest: [UInt8]) {
        guard let first = bytes.first else { return ("file." + endings[0], []) }
        return ("file." + endings[Int(first) % endings.count], Array(bytes.dropFirst()))
    }

    private static func require(_ isTrue: Bool, _ what: @autoclosure () -> String) {
        if !isTrue { fatalError(what()) }
    }

    // MARK: Text

    private static let textEndings = [
        "srt", "vtt", "ass", "sbv", "lrc", "ttml", "stl", "sub", "smi", "ctm", "stm", "rttm", "TextGrid", "eaf",
        "json", "txt", "csv", "tsv", "xml", "scc", "srv3", "smil", "cha", "wrd", "phn", "json3", "jsonl", "md", "ssv",
    ]

    private static func timedText(_ bytes: [UInt8]) {
        let (name, rest) = split(bytes, textEndings)
        guard let document = try? TimedTextReader(frameRate: 25).read(rest, name: name) else { return }
        for item in document.items {
            require(item.start.isFinite && item.end.isFinite, "\(item.start) \(item.end) is no time")
            require(document.tiers.indices.contains(item.tier), "an item of no tier")
        }
    }

    /// Times that stay leave every byte as it is; times that move leave as many items.
    private static func rewriting(_ bytes: [UInt8]) {
        let (name, rest) = split(bytes, textEndings)
        let reader = TimedTextReader(frameRate: 25)
        guard let document = try? reader.read(rest, name: name) else { return }
        if let same = try? document.rewritten({ time, _ in time }) {
            require(same.bytes == document.source.bytes, "nothing moved, and the bytes changed")
        }
        guard let moved = try? document.rewritten({ time, _ in time + 1.5 }), moved.clamped == 0 else { return }
        guard let again = try? TimedTextReader(frameRate: 25, format: document.format).read(moved.bytes, name: name)
        else { fatalError("what was written cannot be read") }
        require(again.items.count == document.items.count, "\(document.items.count) items became \(again.items.count)")
    }

    /// Items changed, split and taken away, each of which may be refused.
    private static func textEditing(_ bytes: [UInt8]) {
        let (name, rest) = split(bytes, textEndings)
        let reader = TimedTextReader(frameRate: 25)
        guard let document = try? reader.read(rest, name: name), !document.items.isEmpty else { return }
        if let same = try? document.rewritten([Int: [EditedPart]]()) {
            require(same == document.source.bytes, "nothing was changed, and the bytes are others")
        }
        let place = rest.reduce(0) { $0 &+ Int($1) } % document.items.count
        let item = document.items[place]
        let part = EditedPart(start: item.start + 0.04, end: item.end + 0.08, text: "x\ny & z")
        for parts in [[part], [part, part], []] {
            if let made = try? document.rewritten([place: parts]) { _ = try? reader.read(made, name: name) }
        }
    }

    /// Pictures one after the other, each behind its length: what they carry as it is, and coded ones that carry it.
    private static func pictureCaptions(_ bytes: [UInt8]) {
        var captions = PictureCaptions()
        var (rest, number) = (bytes[...], 0)
        while let length = rest.popFirst() {
            let picture = Array(rest.prefix(3 * Int(length)))
            rest = rest.dropFirst(picture.count)
            let coded = CaptionUserData(isEscaped: number % 8 == 1, hasUserData: number % 8 > 4)
            let triplets = number % 2 == 0 ? picture : picture.withUnsafeBytes { coded.triplets($0) }
            captions.take(triplets, at: Double(number) / 30)
            for more in picture.withUnsafeBytes({ coded.disc($0) }) { captions.take(more, at: Double(number) / 30) }
            number += 1
        }
        for caption in captions.tracks.flatMap(\.captions) {
            require(caption.start <= caption.end, "a caption ends before it starts")
        }
    }

    private static let labelEndings = ["csv", "tsv", "txt", "json", "jsonl", "xml", "eaf", "TextGrid", "rttm", "srt"]

    private static func labels(_ bytes: [UInt8]) {
        let (name, rest) = split(bytes, labelEndings)
        let reader = LabelReader(options: LabelOptions())
        reader.read(LabelReader.Source(path: name, bytes: rest), named: FileNames.of([name], pattern: nil)[0])
        for session in reader.corpus().sessions {
            for track in session.tracks {
                for segment in track.segments {
                    require(segment.start.isFinite && segment.end.isFinite, "\(segment.start) \(segment.end)")
                }
            }
        }
    }

    private static func labelRewriting(_ bytes: [UInt8]) {
        let (name, rest) = split(bytes, labelEndings)
        let rewriter = LabelFileRewriter(options: LabelOptions())
        _ = try? rewriter.rewritten(LabelReader.Source(path: name, bytes: rest)) { $0 + 1.5 }
        _ = rewriter.countsFrames(LabelReader.Source(path: name, bytes: rest))
    }

    private static func delimited(_ bytes: [UInt8]) {
        CSVTable(data: Data(bytes.dropFirst()), separator: bytes.first == 9 ? 9 : 44).rows { _, row in
            _ = try? row.get()
        }
    }

    // MARK: Logs

    private static func use(_ table: LogTable) {
        guard let log = try? SensorLog(table) else { return }
        _ = log.times.count
    }

    private static func logs(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let rest = Array(bytes.dropFirst())
        if first & 1 == 0 {
            if let table = try? DelimitedLog.read(rest, file: "log.csv") { use(table) }
        } else if let table = try? JSONLinesLog.read(Data(rest), file: "log.jsonl") {
            use(table)
        }
    }

    private static func numpy(_ bytes: [UInt8]) {
        guard let array = try? NumpyArray(bytes[...], name: "a", file: "a.npy") else { return }
        use(LogTable(file: "a.npy", columns: array.columns))
    }

    private static func zip(_ bytes: [UInt8]) {
        guard let archive = try? ZipMembers(bytes, file: "a.npz") else { return }
        for member in archive.members where member.name.hasSuffix(".npy") {
            _ = try? NumpyArray(member.data[...], name: "a", file: "a.npy")
        }
    }

    // MARK: Files by their path

    /// A folder in memory.
    private static let scratch: String = {
        var pattern = Array("/dev/shm/genlock-fuzz-XXXXXX".utf8CString)
        guard mkdtemp(&pattern) != nil else { fatalError("no folder in /dev/shm") }
        return String(decoding: pattern.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }()

    private static func file(_ name: String, _ bytes: [UInt8]) -> String {
        let path = scratch + "/" + name
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        bytes.withUnsafeBytes { _ = write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
        return path
    }

    private static func tar(_ bytes: [UInt8]) {
        let path = file("shard.tar", bytes)
        var plan = ScanPlan()
        TarShard(path).add(to: &plan)
        for clip in plan.clips {
            guard let region = clip.request.files?.region else { continue }
            let (end, isOver) = region.start.addingReportingOverflow(region.length)
            require(!isOver && end <= bytes.count, "a member beyond the end")
        }
    }

    private static func editLists(_ bytes: [UInt8]) {
        for (_, pieces) in EditLists(path: file("a.mp4", bytes)).pieces { require(pieces.count <= 10_000, "too many") }
        _ = FilePreflight.looksLikeUnfinishedMP4(scratch + "/a.mp4")
    }

    private static func infoJSON(_ bytes: [UInt8]) {
        mkdir(scratch + "/meta", 0o700)
        _ = file("meta/info.json", bytes)
        guard let set = try? RobotSet(root: scratch) else { return }
        _ = try? EpisodeList(
            set,
            query: TableQuery { _, about throws(ClipFailure) in
                throw ClipFailure(code: "none", message: about, remedy: "none")
            })
    }

    // MARK: Recordings of robots

    @discardableResult
    private static func take(_ message: RecordedMessage, _ reader: TopicReader) -> Bool {
        guard reader.read(message) else { return false }
        let sum: Int? = reader.withPixels(of: message) { pixels in
            switch pixels {
            case .coded(_, let bytes), .raw(_, _, _, _, let bytes): bytes.reduce(0) { $0 &+ Int($1) }
            }
        }
        return sum ?? 0 >= 0
    }

    private static func recording(_ path: String) {
        var readers: [RecordedTopic: TopicReader] = [:]
        var count = 0
        let end = try? RecordingFile(path).read { message throws(ClipFailure) in
            count += 1
            // A file of few bytes can claim many rows.
            if count > 20_000 { throw ClipFailure(code: "enough", message: path, remedy: "none") }
            guard readers[message.topic] != nil || readers.count < 64 else { return }
            let reader = readers[message.topic] ?? TopicReader(message.topic)
            readers[message.topic] = reader
            take(message, reader)
        }
        guard let end else { return }
        require(end.messages == count, "\(count) messages were handed out, and \(end.messages) counted")
        let names = Set(readers.keys.map(\.name)).sorted().prefix(3)
        for name in [path] + names.map({ path + "#" + $0 }) {
            guard let table = try? RecordingLog.table(name) else { continue }
            require(Set(table.columns.map(\.values.count)).count == 1, "columns of different lengths")
            use(table)
        }
    }

    private static func mcap(_ bytes: [UInt8]) { recording(file("a.mcap", bytes)) }
    private static func bags(_ bytes: [UInt8]) { recording(file("a.db3", bytes)) }
    private static func hdf5(_ bytes: [UInt8]) { recording(file("a.h5", bytes)) }

    /// The coding, the type's name, its description and messages, each behind its length of two bytes.
    private static func recordedMessages(_ bytes: [UInt8]) {
        let codings = [("cdr", "ros2msg"), ("ros1", "ros1msg"), ("protobuf", "protobuf"), ("json", "jsonschema")]
        var rest = bytes.dropFirst()
        func next() -> [UInt8]? {
            guard rest.count > 2 else { return nil }
            let length = Int(rest[rest.startIndex]) | Int(rest[rest.startIndex + 1]) << 8
            rest = rest.dropFirst(2)
            defer { rest = rest.dropFirst(length) }
            return Array(rest.prefix(length))
        }
        guard let first = bytes.first, let name = next(), let schema = next() else { return }
        let coding = codings[Int(first) % codings.count]
        let topic = RecordedTopic(
            name: "/a", encoding: coding.0, schemaName: String(decoding: name, as: UTF8.self),
            schemaEncoding: coding.1, schema: schema)
        let reader = TopicReader(topic)
        var columns = LogColumns(topic: topic.name)
        while let message = next() {
            let isRead = message.withUnsafeBytes { bytes in
                take(RecordedMessage(topic: topic, logNanoseconds: 0, bytes: bytes), reader)
            }
            if isRead, reader.kind == .log { columns.append(reader, logSeconds: 0) }
        }
        use(columns.table(file: "a.mcap", times: columns.logTimes))
    }

    // MARK: Between processes

    private static func workerFrames(_ bytes: [UInt8]) {
        var buffer = FrameBuffer()
        var place = 0
        // In pieces, as a pipe gives them.
        while place < bytes.count {
            let end = min(bytes.count, place + 1 + Int(bytes[place]) % 97)
            bytes[place..<end].withUnsafeBytes { buffer.append($0) }
            place = end
            do {
                while let frame = try buffer.next() {
                    var again = FrameBuffer()
                    frame.bytes.withUnsafeBytes { again.append($0) }
                    if case .opened(let seconds) = frame, seconds.isNaN { continue }
                    require((try? again.next()) == frame, "a frame that is not itself")
                    switch frame {
                    case .orders(let data): _ = try? WireJSON.decode(WorkerOrders.self, data)
                    case .measure(let data): _ = try? WireJSON.decode(ClipRequest.self, data)
                    case .report(let data): _ = try? WireJSON.decode(ClipReport.self, data)
                    default: break
                    }
                }
            } catch { return }
        }
    }

    /// What lies there before: a source, a file that may be replaced and one that nobody named.
    private static let standing = ["source.mov": "source", "out.mov": "old", "other.txt": "other"]

    /// Several messages behind their lengths of two bytes, one after another, as a cell sends them. Paths that begin
    /// with `/s` lie in the folder of the command.
    private static func cellMessages(_ bytes: [UInt8]) {
        let manager = FileManager.default
        let root = scratch + "/cell"
        if !manager.fileExists(atPath: root) {
            mkdir(root, 0o700)
            mkdir(root + "/folder", 0o700)
            for (name, text) in standing { _ = file("cell/" + name, Array(text.utf8)) }
        }
        func placed(_ path: String) -> String { path.hasPrefix("/s/") ? root + path.dropFirst(2) : path }
        var judge = CellJudge(
            CellGrants(
                [
                    CellGrants.Place(root + "/out.mov", replaces: true, withCompanions: true),
                    CellGrants.Place(root + "/folder", isFolder: true, replaces: false),
                ], sources: [root + "/source.mov"]))
        var rest = bytes[...]
        var asked = 0
        while rest.count > 2, asked < 64 {
            let length = Int(rest[rest.startIndex]) | Int(rest[rest.startIndex + 1]) << 8
            rest = rest.dropFirst(2)
            let message = CellMessage(rest.prefix(length))
            rest = rest.dropFirst(length)
            asked += 1
            guard let message else { continue }
            require(CellMessage(message.bytes) == message, "a message that is not itself")
            switch message {
            case .open(let path, let flags, let mode):
                let (descriptor, _) = judge.open(placed(path), flags: flags, mode: mode)
                if descriptor >= 0 { close(descriptor) }
            case .rename(let path, let target): _ = judge.rename(placed(path), to: placed(target))
            case .link(let path, let target): _ = judge.link(placed(path), as: placed(target))
            case .remove(let path): _ = judge.remove(placed(path))
            case .makeFolder(let path):
                let code = judge.makeFolder(placed(path))
                require(code != 0 || placed(path).hasPrefix(root + "/"), "a folder was made: \(path)")
            case .opened: break
            }
        }
        // Whatever is asked, nothing but the granted names comes to be, and what nobody granted stays.
        for name in ["source.mov", "other.txt"] {
            require(
                manager.contents(atPath: root + "/" + name) == Data((standing[name] ?? "").utf8), "\(name) changed")
        }
        guard let now = try? manager.contentsOfDirectory(atPath: root) else { fatalError("the folder is gone") }
        for name in now where standing[name] == nil && name != "folder" {
            require(
                name.hasPrefix("out.") || name.hasPrefix(".partial-") || name.hasPrefix(".genlock-set-"),
                "made \(name)")
        }
        require(now.contains("folder"), "the granted folder is gone")
        guard asked > 0,
            Set(now) != Set(standing.keys).union(["folder"]) || !judge.made.isEmpty
                || manager.contents(atPath: root + "/out.mov") != Data("old".utf8)
                || (try? manager.contentsOfDirectory(atPath: root + "/folder"))?.isEmpty != true
        else { return }
        try? manager.removeItem(atPath: root)
    }

    private static func plans(_ bytes: [UInt8]) {
        guard let plan = try? FixPlan(csv: String(decoding: bytes, as: UTF8.self), file: "plan.csv") else { return }
        for row in plan.rows { _ = row.request(isForced: false, leavesOut: false) }
        let again = try? FixPlan(csv: plan.csv, file: "plan.csv")
        require(again?.rows.count == plan.rows.count, "a plan that was written cannot be read")
    }

    private static func manifests(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let name = ["list.csv", "list.tsv", "list.jsonl", "-"][Int(first) % 4]
        let data = Data(bytes.dropFirst())
        var builder = PlanBuilder(duckdb: { nil }, standardInput: { data })
        let plan = builder.build([name == "-" ? name : file(name, Array(data))])
        for clip in plan.clips { _ = ContentIdentity.of(clip.request) }
    }

    private static func reviewRequests(_ bytes: [UInt8]) {
        if let (head, body) = ReviewFront.request(bytes, of: 7) {
            require(body >= 0, "a body of \(body)")
            let text = String(decoding: head, as: UTF8.self)
            require(text.hasSuffix("\r\nConnection: close\r\n\r\n"), "a head that does not end")
            require(!text.dropLast(4).contains("\r\n\r\n"), "two heads")
        }
        let text = String(decoding: bytes, as: UTF8.self)
        if case .part(let range) = ByteRange(text, size: 1000) {
            require(range.lowerBound >= 0 && range.upperBound <= 1000 && !range.isEmpty, "\(range)")
        }
        let gate = ReviewGate(token: "0123456789abcdef", port: 80)
        let refusal = gate.refusal(
            ReviewGate.Request(
                method: "POST", host: "127.0.0.1:80", origin: nil, fetchSite: nil, cookie: text, query: nil))
        if refusal == nil { require(text.contains("0123456789abcdef"), "let in without its token") }
    }
}
