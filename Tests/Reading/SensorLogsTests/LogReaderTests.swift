import Foundation
import SensorLogs
import SyncModel
import Testing

@Suite("Logs of every kind say the same")
struct LogReaderTests {
    private func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        let folder = NSTemporaryDirectory() + "genlock-logs-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
        return folder + "/" + name
    }

    private func log(_ name: String, _ text: String, _ columns: String = "") throws -> SensorLog {
        try SensorLog(try LogReader().read(try file(name, Array(text.utf8))), choice: ColumnChoice(parsing: columns))
    }

    @Test(
        "commas, tabs, semicolons with decimal commas, blanks, JSON lines",
        arguments: [
            ("a.csv", "t,speed\n0.5,1\n0.75,2\n"), ("a.tsv", "t\tspeed\r\n0.5\t1\r\n0.75\t2\r\n"),
            ("b.csv", "t;speed\n0,5;1,0\n0,75;2,0\n"),
            ("a.txt", "# t speed\n0.5 1\n0.75  2\n"), ("c.csv", "\u{FEFF}\"t\",\"speed (m/s)\"\n\"0.5\",1\n0.75,2"),
            ("d.csv", "t,speed\ns,m/s\n0.5,1\n0.75,2\n"),
            ("e.csv", "time [ms],speed\n500,1\n750,2\n"), ("f.csv", "time_ms,speed\n500,1\n750,2\n"),
            ("g.csv", "speed,timestamp\n1,1970-01-01T00:00:00.5Z\n2,1970-01-01 01:00:00.75+01:00\n"),
            ("a.jsonl", "{\"t\": 0.5, \"speed\": 1}\n\n{\"speed\": 2, \"t\": 0.75}\n"),
            ("b.jsonl", "{\"header\":{\"stamp\":0.5},\"speed\":[1]}\n{\"header\":{\"stamp\":0.75},\"speed\":[2]}\n"),
        ])
    func text(name: String, text: String) throws {
        let log = try self.log(name, text)
        #expect(log.times == [0.5, 0.75])
        #expect(log.channels[.speed]?.map(\.values) == [[1, 2]])
    }

    @Test("two quotes within quotes are one")
    func doubled() throws {
        let log = try self.log("a.csv", "t,\"the \"\"speed\"\"\"\n0.5,1\n0.75,2\n", "speed=the \"speed\"")
        #expect(log.channels[.speed]?.map(\.values) == [[1, 2]])
    }

    @Test("a table without a column that is known for the time or for a sensor is none, and says what it has")
    func none() throws {
        let failure = #expect(throws: ClipFailure.self) {
            _ = try self.log("german.csv", "Anfang;Ende;Bezeichnung\n0;2,4;a\n2,4;6,1;b\n6,1;11,3;c\n")
        }
        #expect(failure?.message.contains("Anfang, Ende, Bezeichnung") == true, "\(failure?.message ?? "")")
        #expect(failure?.remedy.contains("--columns") == true)
        // Whoever says what the columns are is believed; and a clock alone is worth judging.
        #expect(try self.log("a.csv", "Anfang;Ende\n0;2,4\n2,4;6,1\n", "time=Anfang").times == [0, 2.4])
        #expect(try self.log("b.csv", "time,other\n0,2\n1,6\n").times == [0, 1])
    }

    @Test(
        "quotes, comments, blank lines and any end of line change no number",
        arguments: [
            ("a.csv", "t,speed\r0.5,1\r0.75,2\r"), ("b.csv", "\n#x,y\nt,speed\n  \n0.5,1\n# 5\n0.75,2\n\n"),
            ("c.csv", "#t,speed\n0.5,1\n0.75,2"),
            ("d.csv", "\"t\",\"speed\",\"a, \"\"b\"\"\nc\"\n0.5,1,0\n0.75,\"2\",0\n"),
            ("e.txt", " t  speed \n0.5 \"1\"\n 0.75   2 \n"), ("f.csv", "t;speed\n0,5;\"1,0\"\n\"0,75\";2\n"),
            ("g.csv", "# 5\" screen, 60 Hz\nt,speed\n0.5,1\n# \"unsure\n0.75,2\n"),
            ("h.csv", "#t,\"speed\r\n0.5,1\r\n#, \"\"\"\r\n0.75,2"),
        ])
    func writing(name: String, text: String) throws {
        let log = try self.log(name, text)
        #expect(log.times == [0.5, 0.75])
        #expect(log.channels[.speed]?.map(\.values) == [[1, 2]])
    }

    @Test("rows are counted with blank ones and without lines in quotes; an open quote hides what follows")
    func ragged() throws {
        func notes(_ text: String) throws -> [String] {
            try LogReader().read(try file("a.csv", Array(text.utf8))).notes.map { "\($0)" }
        }
        #expect(try notes("t,a\n\n0,\"x\ny\"\n1\n2,2,2\n").first?.contains("2 rows have") == true)
        #expect(try notes("t,a\n\n0,\"x\ny\"\n1\n2,2,2\n").first?.contains("in line 4") == true)
        #expect(try notes("t,a\n0,1\n\"1,2\n3,4\n").first?.contains("1 row has") == true)
        #expect(throws: ClipFailure.self) { try LogReader().read(try file("a.csv", Array("t,a\n0,\0\n".utf8))) }
    }

    @Test("columns are named by the user, with a unit")
    func named() throws {
        let log = try self.log("a.csv", "a,b,c\n1,10,\"[3, 4]\"\n1,20,\"[6, 8]\"\n", "time=b:ms,position=c")
        #expect(log.times == [0.01, 0.02])
        #expect(log.channels[.position]?.map(\.values) == [[3, 6], [4, 8]])
    }

    @Test("what is wrong is told with the file, the column and the remedy")
    func wrong() throws {
        func failure(_ name: String, _ text: String, _ columns: String = "") -> ClipFailure? {
            do { _ = try self.log(name, text, columns) } catch { return error as? ClipFailure }
            return nil
        }
        #expect(failure("a.csv", "x,y\n3,1\n2,2\n1,5\n")?.code == "no-time")
        #expect(failure("a.csv", "t,y\n3,1\n", "speed=vel")?.message.contains("'vel'") == true)
        #expect(failure("a.csv", "t,y\n")?.code == "empty-log")
        #expect(failure("a.csv", "")?.code == "empty-log")
        #expect(failure("a.jsonl", "no\n")?.code == "not-json-lines")
        #expect(failure("a.mat", "")?.message.contains("MATLAB") == true)
        #expect(failure("a.bag", "")?.remedy.contains("CSV") == true)
        #expect(failure("a.npy", "no array")?.code == "bad-npy")
        #expect(failure("a.npz", "no archive")?.code == "bad-npz")
        let log = try self.log("a.csv", "t,speed\n1,a\n2,5\nx,5\n3,5\n")
        #expect(
            log.notes.contains { $0.description.contains("column speed has no number in 1 row, the first in line 2") }
        )
        #expect(log.notes.contains { $0.description.contains("never change") })
        #expect(log.times[2].isNaN)
    }

    /// An array as the format's documentation says.
    @Test(
        "fields beyond all measure are refused",
        arguments: ["(4294967296, 4294967296)", "(9223372036854775807,)", "(65536, 2)"])
    func hugeFields(shape: String) {
        let bytes = npy("[('x', '<f8', \(shape))]", "(1,)", doubles([1, 2]))
        #expect(throws: ClipFailure.self) { _ = try LogReader().read(try file("a.npy", bytes)) }
    }

    private func npy(_ descr: String, _ shape: String, _ body: [UInt8], fortran: Bool = false) -> [UInt8] {
        var header = "{'descr': \(descr), 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }"
        while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
        header += "\n"
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)]
            + Array(header.utf8) + body
    }

    private func doubles(_ values: [Double]) -> [UInt8] {
        values.flatMap { value in (0..<8).map { UInt8(value.bitPattern >> (8 * UInt64($0)) & 255) } }
    }

    @Test("arrays of NumPy, by rows and by columns, whole numbers and structures")
    func arrays() throws {
        let rows = try LogReader().read(try file("a.npy", npy("'<f8'", "(3, 2)", doubles([0, 5, 1, 6, 2, 7]))))
        #expect(rows.columns.map(\.values) == [[0, 1, 2], [5, 6, 7]])
        let columns = try LogReader().read(
            try file("a.npy", npy("'<f8'", "(3, 2)", doubles([0, 1, 2, 5, 6, 7]), fortran: true)))
        #expect(columns.columns.map(\.values) == [[0, 1, 2], [5, 6, 7]])
        let whole = try LogReader().read(try file("a.npy", npy("'>i2'", "(2,)", [0xFF, 0xFE, 0, 3])))
        #expect(whole.columns.map(\.values) == [[-2, 3]])
        let made = try LogReader().read(
            try file(
                "a.npy",
                npy("[('t', '<f8'), ('v', '<f4', (2,))]", "(1,)", doubles([2.5]) + [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40])))
        #expect(made.columns.map(\.name) == ["t", "v[0]", "v[1]"])
        #expect(made.columns.map(\.values) == [[2.5], [1], [2]])
        #expect(try SensorLog(rows).times == [0, 1, 2])
    }

    @Test("a table of a robot set knows the set's rate, and its episodes follow each other")
    func robotSet() throws {
        let root = NSTemporaryDirectory() + "genlock-set-\(UUID().uuidString)"
        for folder in ["meta", "data/chunk-000"] {
            try FileManager.default.createDirectory(atPath: root + "/" + folder, withIntermediateDirectories: true)
        }
        try "{\"codebase_version\": \"v3.0\", \"fps\": 10}".write(
            toFile: root + "/meta/info.json", atomically: true, encoding: .utf8)
        let path = root + "/data/chunk-000/file-000.csv"
        try """
        timestamp,frame_index,episode_index,observation.state\n0,0,0,\"[1]\"\n0.1,1,0,\"[2]\"\n0,0,1,\"[3]\"\n0.1,1,1,\
        \"[4]\"\n
        """
        .write(toFile: path, atomically: true, encoding: .utf8)
        let set = try #require(LeRobotSet(above: path))
        #expect(set.framesPerSecond == 10)
        #expect(set.version == "v3.0")
        let log = try SensorLog(try LogReader().read(path)).episodesInARow(rate: set.framesPerSecond)
        #expect(zip(log.times, [0, 0.1, 0.2, 0.3]).allSatisfy { abs($0 - $1) < 1e-9 })
        #expect(log.channels[.frame]?.first?.values == [0, 1, 2, 3])
        #expect(log.channels[.position]?.map(\.values) == [[1, 2, 3, 4]])
        #expect(LeRobotSet(above: NSTemporaryDirectory() + "no/such/file.csv") == nil)
    }
}
