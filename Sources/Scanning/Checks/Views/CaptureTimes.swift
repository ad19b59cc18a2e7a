import DelimitedText
import Foundation

/// The true capture times of frames, from a table: the clock of the cameras instead of that of their files.
public struct CaptureTimes: Sendable {
    /// Seconds by camera name and frame number, counted from 0.
    private let seconds: [String: [Int: Double]]

    /// Known column names.
    static let names: (view: [String], frame: [String], time: [String]) = (
        ["view", "camera", "cam", "cam_id", "camera_id", "file", "clip", "video"],
        ["frame", "frame_index", "frame_number", "index"],
        [
            "time_s", "time", "seconds", "frame_time", "capture_time", "timestamp", "time_ms", "timestamp_ms",
            "timestamp_us", "timestamp_ns",
        ]
    )

    /// A table that cannot be used: what is wrong, and the remedy.
    public struct Problem: Error, CustomStringConvertible {
        public let description: String
    }

    /// - Parameters:
    ///   - text: comma- or tab-separated rows under a line of names.
    ///   - file: its name, for messages.
    ///   - columns: names of the columns of view, frame and time; nil: the usual names.
    public init(text: String, file: String, columns: (view: String, frame: String, time: String)? = nil) throws(Problem)
    {
        let lines = CaptureTimes.rows(text)
        guard let head = lines.first else {
            throw Problem(description: "\(file) is empty: it needs columns for view, frame and time")
        }
        let names = head.fields
        func place(_ asked: String?, _ usual: [String], _ what: String) throws(Problem) -> Int {
            let found =
                asked.map { name in names.firstIndex(of: name) }
                ?? usual.compactMap { name in names.firstIndex { $0.lowercased() == name } }.first
            guard let found else {
                throw Problem(
                    description:
                        """
                        \(file) has no column for the \(what) (it has: \(names.joined(separator: ", "))); name the \
                        columns with --capture-columns VIEW,FRAME,TIME
                        """
                )
            }
            return found
        }
        let view = try place(columns?.view, CaptureTimes.names.view, "view")
        let frame = try place(columns?.frame, CaptureTimes.names.frame, "frame number")
        let time = try place(columns?.time, CaptureTimes.names.time, "time")
        let unit =
            names[time].hasSuffix("_ms")
            ? 1e-3 : names[time].hasSuffix("_us") ? 1e-6 : names[time].hasSuffix("_ns") ? 1e-9 : 1
        var seconds: [String: [Int: Double]] = [:]
        for (row, line) in lines.enumerated().dropFirst() {
            let values = line.fields
            guard values.count > max(view, frame, time),
                let number = Int(values[frame]) ?? Double(values[frame]).flatMap({ Int(exactly: $0) }),
                let moment = Double(values[time]), moment.isFinite
            else {
                throw Problem(
                    description:
                        """
                        \(file), row \(row + 1): '\(line.text)' does not give view, frame and time; fix or remove the \
                        row
                        """
                )
            }
            seconds[values[view], default: [:]][number] = moment * unit
        }
        self.seconds = seconds
    }

    /// The lines that are not empty, and their fields without surrounding quotes and blanks: quotes do not protect
    /// separators.
    private static func rows(_ text: String) -> [(text: String, fields: [String])] {
        var dialect = DelimitedDialect(separator: nil)
        dialect.quotes = .none
        dialect.lineEnds = .unicode
        let around = CharacterSet(charactersIn: " \"\u{FEFF}")
        return Array(text.utf8).withUnsafeBytes { bytes in
            let head = DelimitedTokenizer(bytes, dialect: dialect).first { !$0.range.isEmpty }
            let line = Array(bytes[head?.range ?? 0..<0])
            dialect.separator =
                SeparatorGuess.heldByAll([line[...]], of: [UInt8(ascii: "\t"), UInt8(ascii: ";")])
                ?? UInt8(ascii: ",")
            return DelimitedTokenizer(bytes, dialect: dialect).compactMap { row in
                guard !row.range.isEmpty else { return nil }
                return (
                    String(decoding: bytes[row.range], as: UTF8.self),
                    row.fields.map { row.text($0).trimmingCharacters(in: around) }
                )
            }
        }
    }

    /// The times of a recording by the number of the decoded frame, counted from 0.
    ///
    /// The table may number the frames of a longer recording, of which the file is a part: where its numbers go beyond
    /// the `frames` of the file, its first number is the file's first frame.
    public func times(forFile path: String, frames: Int?) -> [Int: Double]? {
        guard let found = table(forFile: path), let first = found.keys.min(), let last = found.keys.max() else {
            return nil
        }
        guard first > 0, frames.map({ last >= $0 }) ?? true else { return found }
        return Dictionary(uniqueKeysWithValues: found.map { ($0.key - first, $0.value) })
    }

    /// The table's view of a recording: by its name, its name without extension, or its last number.
    private func table(forFile path: String) -> [Int: Double]? {
        let name = URL(fileURLWithPath: path).lastPathComponent
        let stem = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        for key in [path, name, stem] { if let found = seconds[key] { return found } }
        let digits = stem.split(whereSeparator: { !$0.isASCII || !$0.isNumber }).map(String.init)
        // "cam_03.mp4" is view 3 of a table that numbers them.
        for number in digits.reversed() {
            if let found = seconds[number] ?? Int(number).flatMap({ seconds[String($0)] }) { return found }
        }
        return nil
    }
}
