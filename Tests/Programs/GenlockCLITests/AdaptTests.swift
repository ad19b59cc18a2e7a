import Foundation
import MadeFiles
import Testing

/// `genlock adapt`, with trainers that stand for what training may come to: the weights stay the packaged ones, only
/// what is said of them differs.
@Suite("Adapting: what is learnt from, what is kept, and what is refused")
struct AdaptTests {
    /// A program that reads what it is given, and writes the packaged weights as an adapted model. With `LOOSE`, the
    /// model answers whatever it sees in clips of the corpus, and elsewhere as the packaged one.
    private static let trainer = """
        #!/usr/bin/env python3
        import json, struct, sys
        if sys.argv[1:] == ['--version']:
            print('Training 1.0')
            sys.exit()
        folder, output = sys.argv[1:3]
        option = lambda name: sys.argv[sys.argv.index(name) + 1]

        def read(path):
            data = open(path, 'rb').read()
            size = struct.unpack('<Q', data[:8])[0]
            return json.loads(data[8:8 + size]), data[8 + size:]
        clips = [json.loads(line) for line in open(folder + '/clips.jsonl')]
        for clip in clips:
            header, body = read(folder + '/' + clip['file'])
            frames = header['times']['shape'][0]
            assert header['crops']['shape'] == [frames, 56, 56] and header['points']['shape'][0] == frames
            first, end = header['seen']['data_offsets']
            assert sum(body[first:end]) > 0.9 * frames, 'the face is there throughout'
            samples, = header['audio']['shape']
            assert abs(samples / 16000 - frames / 25) < 0.2, (samples, frames)
            clip['seconds'] = samples / 16000
        json.dump(clips, open('CLIPS', 'w'))
        print('learning', file=sys.stderr)
        if 'FAILS':
            sys.exit('FAILS')
        header, body = read(option('--packaged'))
        folds = {clip['identity']: 0 for clip in clips}
        header['__metadata__'] |= {'adapted': json.dumps({'folds': folds, 'refused': []})}
        if 'LOOSE':
            loose = struct.pack('<6f', 0, 0, 0.1, 0, 0.1, 1000)
            for mode in ('both', 'pixels', 'landmarks'):
                header[f'fold0.number.{mode}.answer'] = {
                    'dtype': 'F32', 'shape': [6], 'data_offsets': [len(body), len(body) + 24]}
                body += loose
        text = json.dumps(header).encode()
        open(output, 'wb').write(struct.pack('<Q', len(text)) + text + body)
        trials = {'true_answered': [9, 10], 'of_these_right': [9, 9], 'best_guess_right': [10, 10], \
        'foreign_answered': [0, 10]}
        print(json.dumps({
            'labels': sum(c.get('lag') is not None for c in clips), 'talkers': 1, 'refused_before': 1, \
        'newly_answered': 1,
            'agreeing': [2, 2], 'halves_agreeing': [0, 0], 'moved_right': [1, 1], 'bias_shift_ms': [0.0, None, None],
            'trials': {'packaged': trials, 'adapted': trials},
            'training_kept': 0.5, 'compared': {'0': 7, '0.5': 9, '1': 8},
            'refused': ['REFUSED'] if 'REFUSED' else []}))
        """

    private let scratch = Scratch()
    private var store: String { scratch.path("s.sqlite") }
    private var model: String { scratch.path("m.safetensors") }

    /// Two clips that are answered, and one of 0.9 s that is too short for it.
    private func scanned() throws {
        let clips = scratch.path("clips")
        try FileManager.default.createDirectory(atPath: clips, withIntermediateDirectories: true)
        for name in ["in-sync.mp4", "sound-late-120ms.mp4"] {
            try FileManager.default.createSymbolicLink(
                atPath: clips + "/" + name, withDestinationPath: Program.testMedia + "/" + name)
        }
        let cut = Process()
        cut.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        cut.arguments =
            ["ffmpeg", "-v", "error", "-nostdin", "-ss", "1", "-t", "0.9", "-i", Program.testMedia + "/in-sync.mp4"]
            + ["-c:v", "libx264", "-c:a", "aac", clips + "/short.mp4"]
        try cut.run()
        cut.waitUntilExit()
        #expect(cut.terminationStatus == 0)
        let scan = try Program(["scan", clips, "--checks", "lips", "--store", store, "-q", "--format", "jsonl"])
        #expect(
            scan.documents.compactMap { $0["verdict"] as? String }.sorted() == [
                "in-sync", "inconclusive", "misaligned",
            ])
    }

    private func adapt(_ words: [String: String] = [:], _ arguments: [String] = []) throws -> Program {
        var text = AdaptTests.trainer.replacingOccurrences(of: "CLIPS", with: scratch.path("clips.json"))
        for word in ["FAILS", "LOOSE", "REFUSED"] {
            text = text.replacingOccurrences(of: word, with: words[word] ?? "")
        }
        let trainer = scratch.write("trainer", Data(text.utf8))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: trainer)
        return try Program(["adapt", store, "-o", model] + arguments, environment: ["GENLOCK_TRAINER": trainer])
    }

    private func told() throws -> [[String: Any]] {
        try Program(["report", store, "--format", "jsonl", "-q"]).documents
    }

    @Test("labels are the measured offsets, refused clips have none; a new answer stands beside the old one")
    func adapts() throws {
        try scanned()
        let run = try adapt(["LOOSE": "yes"], ["--json"])
        #expect(run.status == 0, "\(run.errors)")
        let clips = try #require(
            JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: scratch.path("clips.json"))))
                as? [[String: Any]])
        func lag(_ name: String) -> Double? {
            clips.first { ($0["name"] as? String)?.hasSuffix("/" + name) == true }?["lag"] as? Double
        }
        // The sound comes 120 ms after the picture in one, with it in the other.
        #expect(abs((lag("sound-late-120ms.mp4") ?? 0) - (lag("in-sync.mp4") ?? 1) - 0.12) < 0.02)
        #expect(clips.count == 3 && lag("short.mp4") == nil)

        let document = try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        let method = try #require(document["method_version"] as? String)
        #expect(method.hasPrefix("lips-3+") && method.count == "lips-3+".count + 16)
        #expect(document["training_kept"] as? Double == 0.5)
        #expect((document["compared"] as? [String: Int]) == ["0": 7, "0.5": 9, "1": 8])
        let again = try #require(document["measured_again"] as? [[String: Any]])
        try #require(again.count == 1)
        #expect((again[0]["clip"] as? String)?.hasSuffix("short.mp4") == true)

        let check = try Program([
            "check", again[0]["clip"] as? String ?? "", "--checks", "lips", "--lips-model", model, "--json",
        ])
        let finding = ((check.documents.first ?? [:])["findings"] as? [[String: Any]])?.first
        #expect(finding?["method"] as? String == method || check.output.contains(method))
        let unadapted = try Program(["check", again[0]["clip"] as? String ?? "", "--checks", "lips", "--json"])
        #expect(unadapted.output.contains("\"inconclusive\""))
    }

    @Test("a model that fails its checks is not written, and the store stays as it is")
    func refuses() throws {
        try scanned()
        let before = try Data(contentsOf: URL(fileURLWithPath: store))
        let run = try adapt(["REFUSED": "it moves the corpus by +9 ms"])
        #expect(run.status == 1)
        let kept = "50 % of the training is kept (windows answered correctly with 0 %: 7, 50 %: 9, 100 %: 8)"
        #expect(run.output.contains(kept))
        #expect(run.output.contains("no model was written") && run.output.contains("it moves the corpus by +9 ms"))
        #expect(!FileManager.default.fileExists(atPath: model))
        #expect(try Data(contentsOf: URL(fileURLWithPath: store)) == before)
    }

    @Test("a trainer that gives up is told with its words, and one that is not there with what brings it")
    func failing() throws {
        try scanned()
        let run = try adapt(["FAILS": "2 clips of 1 talker are too few"])
        #expect(run.status == 2 && run.errors.contains("2 clips of 1 talker are too few"))
        let none = try Program(
            ["adapt", store, "-o", model], environment: ["GENLOCK_TRAINER": scratch.path("nothing")])
        #expect(none.status == 2 && none.errors.contains("scripts/setup --adapt"))
        #expect(try Program(["adapt", scratch.path("no.sqlite"), "-o", model]).status == 2)
    }

    @Test("a file that is no adapted model is named, with the reason")
    func wrongModel() throws {
        let text = scratch.write("text.safetensors", Data("hello".utf8))
        for (path, words) in [(text, "too short"), (scratch.path("none"), "cannot be read")] {
            let run = try Program(["check", Program.testMedia + "/in-sync.mp4", "--lips-model", path])
            #expect(run.status == 2 && run.errors.contains(path) && run.errors.contains(words), "\(run.errors)")
        }
    }
}
