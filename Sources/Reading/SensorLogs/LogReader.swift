import Files
public import Foundation
public import SyncModel

/// Reads logs of all supported kinds, by file extension.
public struct LogReader: Sendable {
    /// Rows of Parquet files as CSV with a header; without names, all columns.
    public typealias Parquet = @Sendable (_ paths: [String], _ columns: [String]) throws(ClipFailure) -> Data

    /// One topic of a multi-topic recording.
    public typealias Recording = @Sendable (_ name: String) throws(ClipFailure) -> LogTable

    private let parquet: Parquet?
    private let recording: Recording?
    private static let largest = 4 << 30

    /// - Parameters:
    ///   - parquet: reads Parquet; nil: not supported.
    ///   - recording: reads a topic of a robot recording; nil: not supported.
    public init(parquet: Parquet? = nil, recording: Recording? = nil) {
        self.parquet = parquet
        self.recording = recording
    }

    private static let kinds: Set<String> = ["csv", "tsv", "txt", "jsonl", "ndjson", "npy", "npz", "parquet"]
    /// Recordings with several logs.
    private static let recordings: Set<String> = ["mcap", "db3", "h5", "hdf5"]
    /// Known unsupported formats, which need a conversion.
    private static let foreign: [String: String] = [
        "hdf": "HDF5", "bag": "a ROS 1 bag",
        "mat": "MATLAB's format", "pkl": "a Python pickle",
        "feather": "Feather", "arrow": "Arrow",
    ]

    private static func ending(_ path: String) -> String {
        path.split(separator: "/").last.flatMap { $0.contains(".") ? $0.split(separator: ".").last : nil }?.lowercased()
            ?? ""
    }

    /// Whether a path is a log by its extension, readable or not.
    public static func isLog(_ path: String) -> Bool {
        kinds.contains(ending(path)) || foreign[ending(path)] != nil || isRecording(path)
    }

    /// Whether it is a topic of a recording, or the recording itself.
    private static func isRecording(_ name: String) -> Bool {
        recordings.contains(ending(recordingAndTopic(name).path))
    }

    /// The file and the topic of a name such as `drive.mcap#/joint_states`; nil: no topic.
    public static func recordingAndTopic(_ name: String) -> (path: String, topic: String?) {
        guard let mark = name.lastIndex(of: "#"), recordings.contains(ending(String(name[..<mark]))) else {
            return (name, nil)
        }
        return (String(name[..<mark]), String(name[name.index(after: mark)...]))
    }

    public func read(_ path: String) throws(ClipFailure) -> LogTable {
        let ending = LogReader.ending(path)
        if let name = LogReader.foreign[ending] {
            throw ClipFailure(
                code: "not-read", message: "\(path.printable) is \(name), which is not supported",
                remedy: LogReader.conversion(ending, path))
        }
        if LogReader.isRecording(path) {
            guard let recording else {
                throw ClipFailure(
                    code: "not-read", message: "\(path.printable) is a recording, which is not supported here",
                    remedy: "give it with a camera: genlock views CAMERA \(path.printable)")
            }
            return try recording(path)
        }
        if ending == "parquet" {
            guard let parquet else {
                throw ClipFailure(
                    code: "no-duckdb", message: "\(path.printable) is Parquet, but the 'duckdb' program is missing",
                    remedy: "install it ('genlock doctor' shows how) or convert the file to CSV")
            }
            return try DelimitedLog.read([UInt8](try parquet([path], [])), file: path)
        }
        let data = try LogReader.bytes(path)
        switch ending {
        case "npy":
            let bytes = [UInt8](data)
            return LogTable(file: path, columns: try NumpyArray(bytes[...], name: "column", file: path).columns)
        case "npz": return try LogReader.archive([UInt8](data), path)
        case "jsonl", "ndjson": return try JSONLinesLog.read(data, file: path)
        default: return try DelimitedLog.read([UInt8](data), file: path)
        }
    }

    /// Parses the CSV text of a query.
    ///
    /// - Parameter file: the name for messages.
    public static func table(csv: Data, file: String) throws(ClipFailure) -> LogTable {
        try DelimitedLog.read([UInt8](csv), file: file)
    }

    /// The arrays of an archive with the most common number of rows.
    private static func archive(_ bytes: [UInt8], _ path: String) throws(ClipFailure) -> LogTable {
        var columns: [LogColumn] = []
        for member in try ZipMembers(bytes, file: path).members where member.name.hasSuffix(".npy") {
            let name = String(member.name.dropLast(4))
            guard let array = try? NumpyArray(member.data[...], name: name, file: "\(path): \(name)") else { continue }
            columns += array.columns
        }
        var tally: [Int: Int] = [:]
        for column in columns where column.values.count > 1 { tally[column.values.count, default: 0] += 1 }
        let rows = tally.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 0
        let timeRows =
            columns.first { ["t", "time", "timestamp", "timestamps"].contains($0.name.lowercased()) }?.values.count
            ?? rows
        var table = LogTable(file: path, columns: columns.filter { $0.values.count == timeRows })
        let others = columns.filter { $0.values.count != timeRows }.map(\.stem)
        if !others.isEmpty {
            table.notes.append(
                Reason(
                    """
                    \(Set(others).sorted().prefix(6).map(\.printable).joined(separator: ", ")): skipped, because the \
                    length differs from that of the time
                    """
                ))
        }
        return table
    }

    private static func bytes(_ path: String) throws(ClipFailure) -> Data {
        var isFolder: ObjCBool = false
        let place = FetchedFiles.place(path)
        guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) else {
            throw ClipFailure(
                code: "no-such-file", message: "\(path.printable) does not exist", remedy: "check the path")
        }
        let size = ((try? FileManager.default.attributesOfItem(atPath: place))?[.size] as? NSNumber)?.intValue ?? 0
        guard !isFolder.boolValue, size <= largest, let data = try? Data(contentsOf: URL(fileURLWithPath: place)) else {
            throw ClipFailure(
                code: "unreadable", message: "\(path.printable) cannot be read",
                remedy: "check that it is a readable file of less than 4 GB")
        }
        return data
    }

    private static func conversion(_ ending: String, _ path: String) -> String {
        let file = path.printable
        switch ending {
        case "hdf":
            return
                """
                convert it: python3 -c \"import h5py, numpy; f = h5py.File('\(file)'); numpy.savez('log.npz', \
                t=f['TIME'][:], speed=f['CHANNEL'][:])\"
                """
        case "bag":
            return
                """
                export the topic as CSV, here of an IMU: python3 -c \"from \
                pathlib import Path; from rosbags.highlevel import AnyReader; r = AnyReader([Path('\(file)')]); \
                r.open(); print('t,gyro_x,gyro_y,gyro_z'); [print(t / 1e9, v.x, v.y, v.z, sep=',') for c, t, d in \
                r.messages([c for c in r.connections if c.topic == '/TOPIC']) for v in [r.deserialize(d, \
                c.msgtype).angular_velocity]]\" > log.csv
                """
        case "mat":
            return
                """
                convert it: python3 -c \"import scipy.io, numpy; m = scipy.io.loadmat('\(file)'); \
                numpy.savez('log.npz', t=m['TIME'].ravel(), speed=m['CHANNEL'].ravel())\"
                """
        default:
            return
                """
                convert it: python3 -c \"import pandas; \
                pandas.read_\(ending == "pkl" ? "pickle" : "feather")('\(file)').to_csv('log.csv', index=False)\"
                """
        }
    }
}
