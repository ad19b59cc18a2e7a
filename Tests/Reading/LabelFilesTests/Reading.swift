import SyncModel
import Testing

@testable import LabelFiles

/// Label files as tests write them.
enum Reading {
    static func corpus(_ text: String, path: String = "take1.csv", _ change: (inout LabelOptions) -> Void = { _ in })
        -> LabelCorpus
    {
        corpus([(path, Array(text.utf8))], change)
    }

    static func corpus(_ files: [(path: String, bytes: [UInt8])], _ change: (inout LabelOptions) -> Void = { _ in })
        -> LabelCorpus
    {
        var options = LabelOptions()
        change(&options)
        let reader = LabelReader(options: options)
        for (file, names) in zip(files, FileNames.of(files.map(\.path), pattern: options.names)) {
            reader.read(LabelReader.Source(path: file.path, bytes: file.bytes), named: names)
        }
        return reader.corpus()
    }

    /// "session view annotator: label start end, ...", one track a line.
    static func shown(_ corpus: LabelCorpus) -> [String] {
        corpus.sessions.flatMap { session in
            session.tracks.map { track in
                let segments = track.segments.map { "\(corpus.symbols[$0.label]) \(round($0.start)) \(round($0.end))" }
                return "\(session.name)|\(track.view)|\(track.annotator): \(segments.joined(separator: ", "))"
            }
        }
    }

    private static func round(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
