import Files
import Foundation
import SyncModel

/// Reads robot episodes in HDF5, row by row, as topics like other recordings: the layouts of ALOHA and ACT
/// (`/observations/qpos`, `/observations/images/CAMERA`, `/action`), of robomimic (`/data/demo_N/obs/...`,
/// `/data/demo_N/actions`) and of DROID (`/observation/robot_state/joint_positions`).
///
/// A row is a time step: all arrays of an episode have as many rows. Few files have timestamps; in the others rows are
/// counted.
final class HDF5Recording {
    /// Which episode of a file that holds several.
    private let library: HDF5Library
    private let file: String
    private let id: HDF5Library.ID
    /// Bytes of the file.
    private let size: Int
    /// An array that states more than the file can hold.
    private var overstated: String?
    /// Whether attributes of any length can be read: they lie at the begin.
    private lazy var isSoundAtBegin = HDF5Heaps(file)?.areSound(within: HDF5Recording.begin) == true

    private static let begin = 64 << 20
    /// The most that DEFLATE makes of a byte: no array is larger than its file, times this.
    private static let mostExpansion = 1032.0
    private static let mostArrays = 512, deepest = 6
    /// Bytes read at once.
    private static let block = 8 << 20
    private static let largestPicture = 1 << 28
    private static let widestLog = 4096
    /// Maximum number of timestamps read: a week at 25 Hz.
    private static let mostStamps = 16 << 20

    init(_ file: String) throws(ClipFailure) {
        // The same messages as for other files if it is missing or empty.
        size = try FileWindow(file).size
        guard let library = HDF5Library() else {
            throw ClipFailure(
                code: "no-hdf5", message: "\(file.printable) is HDF5, but the HDF5 library is not installed",
                remedy: "install it: apt-get install \(HDF5Library.package)")
        }
        guard let id = library.open(FetchedFiles.place(file)) else {
            throw ClipFailure(
                code: "not-hdf5",
                message: "\(file.printable) cannot be read as HDF5: it is another format or truncated",
                remedy: "check it with 'h5ls' or 'h5check'; copy it or record the episode again")
        }
        (self.file, self.library, self.id) = (file, library, id)
    }

    deinit { library.close(file: id) }

    /// Paths of all arrays below a group.
    private func arrays(below group: String, depth: Int = 0, _ found: inout [String]) {
        guard depth < HDF5Recording.deepest, found.count < HDF5Recording.mostArrays else { return }
        for name in library.names(in: group.isEmpty ? "/" : group, of: id, most: HDF5Recording.mostArrays) {
            let path = group + "/" + name
            switch library.kind(of: path, in: id) {
            case .data: found.append(path)
            case .group: arrays(below: path, depth: depth + 1, &found)
            case nil: continue
            }
        }
    }

    /// Episodes of a robomimic file, sorted by number.
    private var demos: [String] {
        library.names(in: "/data", of: id, most: 100_000).filter { $0.hasPrefix("demo_") }.sorted {
            (Int($0.dropFirst(5)) ?? .max, $0) < (Int($1.dropFirst(5)) ?? .max, $1)
        }
    }

    /// Rate of rows in Hz, and whether it is stated.
    private func rate(of root: String) -> (hertz: Double, isStated: Bool) {
        for (name, path) in [("fps", "/"), ("frequency", "/"), ("control_freq", "/"), ("hz", "/")] {
            if case .number(let value)? = library.attribute(name, of: path, in: id, trusting: { isSoundAtBegin }),
                value > 0, value < 1e5
            {
                return (value, true)
            }
        }
        if root.hasPrefix("/data/") {
            guard
                case .text(let words)? = library.attribute(
                    "env_args", of: "/data", in: id, trusting: { isSoundAtBegin }),
                let object = (try? JSONSerialization.jsonObject(with: Data(words.utf8))) as? [String: Any]
            else { return (20, false) }
            let inner = object["env_kwargs"] as? [String: Any]
            let value = ((inner?["control_freq"] ?? object["control_freq"]) as? NSNumber)?.doubleValue
            return value.flatMap { $0 > 0 && $0 < 1e5 ? ($0, true) : nil } ?? (20, false)
        }
        // The period of ALOHA's recorder is 0.02 s; DROID's rate is 15 Hz.
        return root == "/observation" ? (15, false) : (50, false)
    }

    private struct Stream {
        let topic: RecordedTopic
        let data: HDF5Library.DataSet
        let isPicture: Bool
        var held: Range<Int> = 0..<0
        var numbers: [Double] = []
        var bytes: [UInt8] = []
    }

    /// Passes on every row as a message.
    func read(_ receive: MessageReceiver) throws(ClipFailure) -> RecordingEnd {
        var end = RecordingEnd()
        let demos = library.kind(of: "/data", in: id) == .group ? self.demos : []
        let roots = demos.isEmpty ? [""] : demos.map { "/data/\($0)" }
        var start = 0.0
        var isTold = false
        var isChecked = false
        var unread: ClipFailure?
        for root in roots {
            var paths: [String] = []
            arrays(below: root, &paths)
            let (hertz, isStated) = rate(
                of: root.isEmpty && paths.contains { $0.hasPrefix("/observation/") } ? "/observation" : root)
            let counted = streams(paths, below: root, isCounted: true)
            let stamps = self.stamps(paths, rows: counted.first?.data.shape[0] ?? 0)
            var streams = stamps == nil ? counted : self.streams(paths, below: root, isCounted: false)
            guard let rows = streams.first?.data.shape[0], rows > 0 else { continue }
            if !isChecked, streams.contains(where: \.data.isLists) {
                isChecked = true
                guard HDF5Heaps(file)?.areSound() == true else {
                    throw ClipFailure(
                        code: "not-hdf5",
                        message: "\(file.printable) is damaged: the places of its lists of bytes do not add up",
                        remedy: "copy it or record the episode again")
                }
            }
            if stamps == nil, !isStated, !isTold {
                isTold = true
                end.damages.append(
                    Reason(
                        """
                        \(file.printable) does not state when its rows were recorded: \
                        \(Figures.decimals(hertz, 0)) Hz is assumed, as usual for its layout; override it with an \
                        attribute fps in the file
                        """))
            }
            for row in 0..<rows {
                let seconds = start + (stamps?[row] ?? Double(row) / hertz)
                for place in streams.indices {
                    guard let message = message(&streams[place], row, seconds) else {
                        let failure = reading(streams[place], failedFrom: row)
                        unread = unread ?? failure
                        end.damages.append(Reason("\(failure.message); \(failure.remedy)"))
                        streams.remove(at: place)
                        break
                    }
                    end.messages += 1
                    let topic = streams[place].topic
                    let moment = UInt64(max(0, min(seconds, 9e9)) * 1e9)
                    var failure: ClipFailure?
                    message.withUnsafeBytes { bytes in
                        do throws(ClipFailure) {
                            try receive(RecordedMessage(topic: topic, logNanoseconds: moment, bytes: bytes))
                        } catch { failure = error }
                    }
                    if let failure { throw failure }
                }
            }
            // Episodes are separated by a pause, across which nothing is compared.
            start += (stamps?.last ?? Double(rows) / hertz) + 5
        }
        if let overstated {
            guard end.messages > 0 else {
                throw ClipFailure(
                    code: "not-hdf5",
                    message: "\(file.printable) is damaged: \(overstated.printable) states more than the file can hold",
                    remedy: "copy it or record the episode again")
            }
            end.damages.append(
                Reason(
                    """
                    \(overstated.printable) of \(file.printable) states more than the file can hold and is left out; \
                    copy the file again
                    """))
        }
        if end.messages == 0 {
            throw unread
                ?? ClipFailure(
                    code: "no-layout",
                    message:
                        """
                        \(file.printable) has no episode in a supported layout: ALOHA's (/observations/qpos), \
                        robomimic's (/data/demo_0/obs) or DROID's (/observation/robot_state)
                        """,
                    remedy:
                        """
                        export its arrays: python3 -c "import h5py, numpy; f = h5py.File('\(file.printable)'); \
                        numpy.savez('log.npz', t=f['TIME'][:], speed=f['CHANNEL'][:])"
                        """)
        }
        return end
    }

    /// Why an array cannot be read from a row on.
    private func reading(_ stream: Stream, failedFrom row: Int) -> ClipFailure {
        let name = stream.topic.name.printable
        if let filter = stream.data.missingFilter {
            return ClipFailure(
                code: "no-filter",
                message:
                    "\(file.printable) has \(name) packed by the filter \(filter.printable), which is not installed",
                remedy: "write it anew without: 'h5repack -f GZIP=4' does where the filter is installed")
        }
        return ClipFailure(
            code: "not-hdf5", message: "\(file.printable) is damaged: \(name) cannot be read from row \(row) on",
            remedy: "copy the file again")
    }

    /// Arrays of an episode with as many rows as its states.
    private func streams(_ paths: [String], below root: String, isCounted: Bool) -> [Stream] {
        var found: [(path: String, data: HDF5Library.DataSet, isPicture: Bool)] = []
        for path in paths where isOfLayout(path.dropFirst(root.count)) {
            guard let data = library.data(path, in: id), data.shape[0] > 0 else { continue }
            guard isPlausible(data) else {
                overstated = path
                continue
            }
            let isPicture =
                data.isLists
                || data.width == 1 && !data.isFloating
                    && (data.shape.count >= 3 || data.shape.count == 2 && path.contains("/images/"))
            guard
                isPicture
                    ? data.isLists || data.across <= HDF5Recording.largestPicture
                    : data.shape.count <= 2 && data.across <= HDF5Recording.widestLog
            else { continue }
            found.append((path, data, isPicture))
        }
        var tally: [Int: Int] = [:]
        for one in found { tally[one.data.shape[0], default: 0] += one.isPicture ? 1 : 2 }
        guard let rows = tally.max(by: { ($0.value, $0.key) < ($1.value, $1.key) })?.key else { return [] }
        return found.filter { $0.data.shape[0] == rows }.map { path, data, isPicture in
            // All episodes of a file have the same topics.
            Stream(
                topic: RecordedTopic(
                    name: String(path.dropFirst(root.count)),
                    encoding: isPicture ? RowDecoder.pictures : RowDecoder.numbers,
                    schemaName: isPicture ? HDF5Recording.layout(data) : "",
                    schemaEncoding: isCounted ? RowDecoder.counted : "", schema: []),
                data: data, isPicture: isPicture)
        }
    }

    /// Whether the file can hold what an array states; of lists their places.
    private func isPlausible(_ data: HDF5Library.DataSet) -> Bool {
        let elements = data.shape.reduce(1.0) { $0 * Double($1) }
        return elements * Double(max(1, data.width)) <= Double(size) * HDF5Recording.mostExpansion
    }

    /// Observations only. Commands lead by design and are not compared with video.
    private func isOfLayout(_ path: Substring) -> Bool {
        ["/observations/", "/observation/robot_state/", "/observation/image", "/obs/"].contains { path.hasPrefix($0) }
            && !path.contains("timestamp")
    }

    /// The layout of an image array: `coded`, or rows, columns and channels.
    private static func layout(_ data: HDF5Library.DataSet) -> String {
        if data.isLists || data.shape.count == 2 { return "coded" }
        let shape = Array(data.shape.dropFirst())
        // Rows and columns, then 1, 3 or 4 channels; or none.
        if shape.count == 2 { return "\(shape[0]) \(shape[1]) 1" }
        return shape.count == 3 && [1, 3, 4].contains(shape[2]) ? "\(shape[0]) \(shape[1]) \(shape[2])" : "none"
    }

    /// The time of each row, in seconds from the first: DROID's, in milliseconds.
    private func stamps(_ paths: [String], rows: Int) -> [Double]? {
        let known = [
            "/observation/timestamp/robot_state/read_start", "/observations/timestamp", "/timestamp", "/timestamps",
        ]
        guard rows <= HDF5Recording.mostStamps, let path = known.first(where: paths.contains),
            let data = library.data(path, in: id), data.shape == [rows], isPlausible(data),
            let values = data.numbers(0..<rows),
            values.allSatisfy(\.isFinite),
            let first = values.first, let last = values.last, last > first
        else { return nil }
        let step = (last - first) / Double(max(1, rows - 1))
        // Robots are never slower than one row per second: these are milliseconds, microseconds or nanoseconds.
        let unit = step > 1e5 ? 1e-9 : step > 1e3 ? 1e-6 : step > 1 ? 1e-3 : 1
        let seconds = values.map { ($0 - first) * unit }
        return seconds.allSatisfy { $0 >= 0 && $0 < 1e7 } ? seconds : nil
    }

    /// A row as a message: its time and content.
    private func message(_ stream: inout Stream, _ row: Int, _ seconds: Double) -> [UInt8]? {
        var message = withUnsafeBytes(of: seconds.bitPattern.littleEndian) { [UInt8]($0) }
        if stream.data.isLists {
            guard let list = stream.data.list(row, most: HDF5Recording.largestPicture) else { return nil }
            return message + list
        }
        let across = stream.data.across
        if !stream.held.contains(row) {
            let size = max(1, across * (stream.isPicture ? 1 : 8))
            let rows = row..<min(stream.data.shape[0], row + max(1, HDF5Recording.block / size))
            if stream.isPicture {
                guard let bytes = stream.data.bytes(rows) else { return nil }
                stream.bytes = bytes
            } else {
                guard let numbers = stream.data.numbers(rows) else { return nil }
                stream.numbers = numbers
            }
            stream.held = rows
        }
        let from = (row - stream.held.lowerBound) * across
        if stream.isPicture {
            message += stream.bytes[from..<from + across]
        } else {
            stream.numbers[from..<from + across].withUnsafeBytes { message += $0 }
        }
        return message
    }
}

/// Decodes rows of arrays: eight bytes of time, then 64-bit numbers, or a frame.
final class RowDecoder: MessageDecoder {
    static let numbers = "row", pictures = "picture", counted = "counted"

    let fields: [MessageField]
    private let isPicture: Bool
    /// Rows, columns, channels; nil: coded frames.
    let shape: [Int]?

    init(_ topic: RecordedTopic) {
        isPicture = topic.encoding == RowDecoder.pictures
        let shape = topic.schemaName.split(separator: " ").compactMap { Int($0) }
        self.shape = shape.count == 3 ? shape : nil
        let name = topic.name.nameOfPath
        var fields = [MessageField(path: "timestamp", kind: .number)]
        if isPicture {
            fields += [MessageField(path: "data", kind: .bytes), MessageField(path: "format", kind: .text)]
            if self.shape != nil {
                fields[2] = MessageField(path: "encoding", kind: .text)
                fields += ["width", "height"].map { MessageField(path: $0, kind: .number) }
            }
        } else {
            fields.append(MessageField(path: RowDecoder.roles[name] ?? name, kind: .numbers))
        }
        self.fields = fields
    }

    /// Roles of these layouts' arrays that their names do not indicate.
    private static let roles = [
        "joint_positions": "position", "cartesian_position": "position", "robot0_joint_pos": "position",
        "robot0_eef_pos": "position", "robot0_joint_vel": "velocity", "joint_velocities": "velocity",
        "robot0_gripper_qpos": "gripper", "gripper_position": "gripper", "joint_torques_computed": "effort",
    ]

    func decode(_ bytes: UnsafeRawBufferPointer, into values: inout MessageValues) -> Bool {
        values.begin(fields: fields.count)
        guard bytes.count >= 8 else { return false }
        func number(_ place: Int) -> Double {
            Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
        }
        values.put(number(0), 0)
        guard isPicture else {
            for place in stride(from: 8, to: bytes.count - 7, by: 8) { values.put(number(place), 1) }
            return true
        }
        values.put(bytes: 8..<bytes.count, 1)
        if let shape {
            values.put(own: Array((shape[2] == 1 ? "mono8" : shape[2] == 3 ? "rgb8" : "rgba8").utf8), 2)
            values.put(Double(shape[1]), 3)
            values.put(Double(shape[0]), 4)
        }
        return true
    }
}
