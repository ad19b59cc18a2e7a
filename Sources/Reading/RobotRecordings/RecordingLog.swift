public import SensorLogs
public import SyncModel

/// Reads one topic of a robot recording as a log: `drive.mcap#/joint_states`, or only the file if a single topic has
/// sensor numbers.
public enum RecordingLog {
    /// - Throws: if the file cannot be read, has no such topic, or has several and none is given.
    public static func table(_ name: String) throws(ClipFailure) -> LogTable {
        let (path, wanted) = LogReader.recordingAndTopic(name)
        var readers: [RecordedTopic: TopicReader] = [:]
        var logs: [String: LogColumns] = [:]
        let end = try RecordingFile(path).read { message throws(ClipFailure) in
            if let wanted, message.topic.name != wanted { return }
            let reader = readers[message.topic] ?? TopicReader(message.topic)
            if readers[message.topic] == nil {
                guard readers.count < mostTopics else { return }
                readers[message.topic] = reader
            }
            guard reader.trouble == nil, reader.kind == nil || reader.kind == .log, reader.read(message),
                reader.kind == .log
            else { return }
            if logs[message.topic.name] == nil {
                guard logs.count < mostLogs else { return }
                logs[message.topic.name] = LogColumns(topic: message.topic.name)
            }
            logs[message.topic.name]?.append(reader, logSeconds: Double(message.logNanoseconds) * 1e-9)
        }
        let told = logs.values.filter(\.hasColumns).sorted { $0.topic < $1.topic }
        guard let log = told.first else {
            let trouble = readers.values.compactMap(\.trouble).first.map { ": \($0)" } ?? ""
            throw ClipFailure(
                code: "no-topic",
                message: wanted.map { "\(path.printable) has no topic \($0.printable) with numbers\(trouble)" }
                    ?? "\(path.printable) has no topic with sensor numbers\(trouble)",
                remedy: "give one of its topics: 'mcap info \(path.printable)' lists them")
        }
        guard told.count == 1 || wanted != nil else {
            throw ClipFailure(
                code: "several-topics",
                message:
                    """
                    \(path.printable) contains several logs: \
                    \(told.prefix(12).map(\.topic.printable).joined(separator: ", "))
                    """,
                remedy: "give one: \(path.printable)#\(log.topic.printable)")
        }
        let choice = StampChoice(topic: log.topic, stamps: log.stamps, logTimes: log.logTimes)
        return log.table(file: name, times: choice.times, notes: choice.faults.map(\.reason) + end.damages)
    }

    private static let mostTopics = 4096, mostLogs = 24
}
