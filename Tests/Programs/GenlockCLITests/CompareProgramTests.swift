import Foundation
import Testing

/// A made programme of 40 s whose picture and sound never repeat, and copies of it made by ffmpeg.
private enum Programme {
    static let scratch = Scratch()
    static let rate = 48_000

    /// Waves that wander over the picture.
    static func picture(_ other: Double = 0) -> String {
        """
        nullsrc=s=160x90:r=25:d=40,format=gray,geq=lum='128+55*sin(X/9+3*sin(T*1.3+\(other))+T*0.7)\
        +45*sin(Y/7-2*sin(T*0.9+1+\(other))+cos(T*2.1+\(other)))+25*sin((X+Y)/13+4*sin(T*0.31))'
        """
    }

    /// Noise that swells and falls as speech does, by a seed.
    static func sound(_ seed: Int) -> String {
        """
        anoisesrc=c=pink:r=\(rate):a=0.6:d=40:seed=\(seed),\
        volume='0.05+0.95*pow(abs(sin(1.7*t+2*sin(0.6*t+\(seed)))),2)':eval=frame
        """
    }

    static let coders = "-c:v libx264 -preset ultrafast -crf 24 -pix_fmt yuv420p -c:a aac -b:a 128k"

    private static func made(_ name: String, _ other: Double, _ seed: Int) -> Result<String, any Error> {
        Result {
            let path = scratch.path(name)
            try shell(
                """
                ffmpeg -nostdin -v error -y -f lavfi -i "\(picture(other))" -f lavfi -i "\(sound(seed))" \
                \(coders) '\(path)'
                """)
            return path
        }
    }

    static let master = made("master.mp4", 0, 7)
    static let another = made("another.mp4", 2.2, 8)

    /// Filters for picture and sound, and what stands before the output's name.
    static func copy(_ name: String, video: String = "null", audio: String = "anull") throws -> String {
        let path = scratch.path(name)
        try shell(
            """
            ffmpeg -nostdin -v error -y -i '\(try master.get())' -filter_complex \
            "[0:v]\(video)[v];[0:a]\(audio)[a]" -map '[v]' -map '[a]' \(coders) '\(path)'
            """)
        return path
    }

    /// The finding of each copy.
    static func findings(_ arguments: [String]) throws -> [[String: Any]] {
        let run = try Program(arguments + ["--format", "jsonl", "--quiet"])
        return run.documents.flatMap { $0["findings"] as? [[String: Any]] ?? [] }
    }

    static func finding(_ copy: String) throws -> [String: Any] {
        try #require(try findings(["compare", try master.get(), copy]).first)
    }
}

extension [String: Any] {
    fileprivate func number(_ name: String) -> Double { self[name] as? Double ?? .nan }
    fileprivate var verdict: String { self["verdict"] as? String ?? "" }
    fileprivate var evidence: [String: Any] { self["evidence"] as? [String: Any] ?? [:] }
    fileprivate var because: String { (self["because"] as? [String] ?? []).joined(separator: "\n") }
}

@Suite("Copies against their master, as a user holds them")
struct CompareProgramTests {
    @Test(
        "a copy that was only made worse adds no skew",
        arguments: [
            ("small", "scale=96:54,hflip", "volume=-9dB"),
            ("logo", "drawbox=x=110:y=8:w=34:h=14:color=white:t=fill,eq=contrast=1.3:brightness=0.05", "anull"),
            ("crop", "crop=136:76,scale=160:90", "aresample=32000"),
        ])
    func worse(name: String, video: String, audio: String) async throws {
        try await aside {
            let finding = try Programme.finding(try Programme.copy("\(name).mp4", video: video, audio: audio))
            #expect(finding.verdict == "in-sync" && abs(finding.number("offset_ms")) < 5, "\(finding)")
        }
    }

    @Test(
        "sound that a copy moved is told by as much, at any frame rate",
        arguments: [
            ("late", -120.0, ""), ("early", 80.0, ""), ("film", -90.0, ",fps=24000/1001"), ("fifty", -60.0, ",fps=50"),
        ])
    func skew(name: String, skew: Double, rate: String) async throws {
        try await aside {
            let audio = skew < 0 ? "adelay=\(-skew):all=1" : "atrim=start=\(skew / 1000),asetpts=PTS-STARTPTS"
            let finding = try Programme.finding(
                try Programme.copy("skew-\(name).mp4", video: "null\(rate)", audio: audio))
            #expect(abs(finding.number("offset_ms") - skew) < (rate == ",fps=24000/1001" ? 10 : 5), "\(finding)")
        }
    }

    @Test("sound that runs slower by 1500 ppm is a drift of as much")
    func drift() async throws {
        try await aside {
            let finding = try Programme.finding(
                try Programme.copy("drift.mp4", audio: "aresample=48072:filter_size=64,asetrate=48000"))
            #expect(abs(finding.number("drift_ppm") + 1500) < 60, "\(finding)")
        }
    }

    @Test("two seconds that were cut out of picture and sound are missing, and add no skew")
    func cut() async throws {
        try await aside {
            let finding = try Programme.finding(
                try Programme.copy(
                    "cut.mp4", video: "select='lt(t,20)+gte(t,22)',setpts='PTS-STARTPTS-if(gte(T,22),2/TB,0)'",
                    audio: """
                        asplit[p][q];[p]atrim=0:20,asetpts=PTS-STARTPTS[p1];[q]atrim=start=22,asetpts=PTS-STARTPTS[q1];\
                        [p1][q1]concat=n=2:v=0:a=1
                        """))
            let edits = finding.evidence["edits"] as? [[String: Any]] ?? []
            #expect(edits.map { $0["kind"] as? String } == ["missing"], "\(finding)")
            #expect(abs((edits.first?.number("at_s") ?? 0) - 20) <= 0.041)
            #expect(abs((edits.first?.number("length_s") ?? 0) - 2) <= 0.041)
            #expect(abs(finding.number("offset_ms")) < 5)
        }
    }

    @Test("a copy at 25 of 23.976 is named so, and its skew told")
    func speed() async throws {
        try await aside {
            let ratio = 25 * 1001 / 24000.0
            let finding = try Programme.finding(
                try Programme.copy(
                    "speed.mp4", video: "setpts=PTS/\(ratio),fps=25",
                    audio: "asetrate=\(Double(Programme.rate) * ratio),aresample=48000,adelay=50:all=1"))
            #expect(finding.evidence["speed"] as? String == "25/23.976", "\(finding)")
            #expect(abs(finding.number("offset_ms") + 50) < 10, "\(finding)")
        }
    }

    @Test("a copy at another speed with its pitch kept is named so, and its skew told")
    func pitchKept() async throws {
        try await aside {
            let ratio = 25 * 1001 / 24000.0
            let finding = try Programme.finding(
                try Programme.copy(
                    "pitch-kept.mp4", video: "setpts=PTS/\(ratio),fps=25",
                    audio: "atempo=\(ratio),adelay=120:all=1"))
            #expect(finding.evidence["speed"] as? String == "25/23.976", "\(finding)")
            #expect(finding.evidence["pitch_kept"] as? Bool == true && finding.because.contains("pitch kept"))
            // The stretcher itself moves the sound by up to 10 ms.
            #expect(abs(finding.number("offset_ms") + 120) < 15, "\(finding)")
        }
    }

    @Test("a master is decoded once for all its copies, in later scans of the store too, until it changes")
    func keptMaster() async throws {
        try await aside {
            let scratch = Scratch()
            let master = scratch.path("show.mp4")
            try shell("cp -p '\(try Programme.master.get())' '\(master)'")
            let late = try Programme.copy("kept-late.mp4", audio: "adelay=90:all=1")
            for name in ["one", "two", "three"] { try shell("cp '\(late)' '\(scratch.path("\(name).mp4"))'") }
            func scan(_ names: [String]) throws -> [[String: Any]] {
                let rows = names.map { "\($0).mp4,show.mp4" }.joined(separator: "\n")
                let manifest = scratch.write("pairs.csv", Data("media,master\n\(rows)\n".utf8))
                let run = try Program([
                    "scan", manifest, "--store", scratch.path("s.sqlite"), "--checks", "compare", "--format", "jsonl",
                    "--quiet",
                ])
                return run.documents.flatMap { $0["findings"] as? [[String: Any]] ?? [] }
            }
            let first = try scan(["one", "two"])
            #expect(first.count == 2 && first.allSatisfy { abs($0.number("offset_ms") + 90) < 5 }, "\(first)")
            // The same size, times, beginning and end, and nothing in between: were it decoded, nothing would be found.
            let file = try #require(FileHandle(forUpdatingAtPath: master))
            let size = try file.seekToEnd()
            try file.seek(toOffset: 20_000)
            try file.write(contentsOf: Data(count: Int(size) - 40_000))
            try file.close()
            try shell("touch -r '\(try Programme.master.get())' '\(master)'")
            let later = try scan(["one", "two", "three"])
            #expect(later.count == 3 && later.allSatisfy { abs($0.number("offset_ms") + 90) < 5 }, "\(later)")
            try shell("touch '\(master)'")
            let changed = try scan(["three"])
            #expect(changed.allSatisfy { $0["offset_ms"] is NSNull }, "\(changed)")
        }
    }

    @Test("a scan takes pairs, by a column of a manifest or by a folder of masters, and keeps what it found")
    func scan() async throws {
        try await aside {
            let scratch = Scratch()
            try shell("mkdir '\(scratch.path("masters"))' '\(scratch.path("copies"))'")
            try shell("cp '\(try Programme.master.get())' '\(scratch.path("masters"))/show.mp4'")
            let late = try Programme.copy("pair-late.mp4", audio: "adelay=120:all=1")
            try shell("cp '\(late)' '\(scratch.path("copies"))/show_240p.mp4'")
            try shell("cp '\(try Programme.another.get())' '\(scratch.path("copies"))/other.mp4'")
            let manifest = scratch.write(
                "pairs.csv",
                Data("media,master\ncopies/show_240p.mp4,masters/show.mp4\ncopies/other.mp4,masters/show.mp4\n".utf8))
            let store = scratch.path("s.sqlite")
            let common = ["--checks", "compare", "--format", "jsonl", "--quiet"]
            let run = try Program(["scan", manifest, "--store", store] + common)
            let findings = run.documents.flatMap { $0["findings"] as? [[String: Any]] ?? [] }
            try #require(findings.count == 2, "\(run.output)\(run.errors)")
            #expect(abs(findings[0].number("offset_ms") + 120) < 5 && findings[0]["check"] as? String == "compare")
            #expect(findings[1]["offset_ms"] is NSNull)
            #expect(try Program(["scan", manifest, "--store", store] + common).output == run.output)
            let byName = try Program(
                ["scan", scratch.path("copies"), "--masters", scratch.path("masters")] + common)
            let named = byName.documents.compactMap { $0["findings"] as? [[String: Any]] }
            #expect(named.map(\.count).sorted() == [0, 1], "\(byName.output)")
        }
    }

    @Test(
        "renditions of HLS and DASH are held against the first; sound that lies apart is found",
        arguments: ["ts", "apart", "dash"])
    func renditions(kind: String) async throws {
        try await aside {
            let scratch = Scratch()
            let late = try Programme.copy("rendition-late-\(kind).mp4", audio: "adelay=120:all=1")
            let inputs = "-i '\(try Programme.master.get())' -i '\(late)'"
            let coders = "-c:v libx264 -preset ultrafast -g 50 -pix_fmt yuv420p -c:a aac"
            let hls = "-f hls -hls_time 4 -hls_playlist_type vod -master_pl_name all.m3u8"
            let output =
                switch kind {
                case "ts":
                    "-map 0:v -map 0:a -map 1:v -map 1:a \(coders) \(hls) -var_stream_map 'v:0,a:0 v:1,a:1' 'v%v.m3u8'"
                case "apart":
                    """
                    -map 0:v -map 1:v -map 0:a \(coders) \(hls) -hls_segment_type fmp4 -var_stream_map \
                    'v:0,agroup:s v:1,agroup:s a:0,agroup:s' 'v%v.m3u8'
                    """
                default:
                    """
                    -map 0:v -map 1:v -map 0:a \(coders) -f dash -adaptation_sets \
                    'id=0,streams=v id=1,streams=a' all.mpd
                    """
                }
            try shell("cd '\(scratch.folder)' && ffmpeg -nostdin -v error -y \(inputs) \(output)")
            let file = scratch.path(kind == "dash" ? "all.mpd" : "all.m3u8")
            let findings = try Programme.findings(["compare", file])
            try #require(findings.count == 1, "\(findings)")
            // Renditions that share one sound have the skew of their pictures alone: none.
            #expect(abs(findings[0].number("offset_ms") - (kind == "ts" ? -120 : 0)) < 5, "\(findings)")
            // A scan of the playlist has them as clips, and says the same; its report groups them by their rungs.
            let store = scratch.path("s.sqlite")
            let scan = try Program([
                "scan", file, "--checks", "compare", "--store", store, "--format", "jsonl", "--quiet",
            ])
            try #require(scan.documents.count == 2, "\(scan.output)\(scan.errors)")
            let scanned = scan.documents.flatMap { $0["findings"] as? [[String: Any]] ?? [] }
            #expect(
                scanned.count == 1 && scanned[0].number("offset_ms") == findings[0].number("offset_ms"), "\(scanned)")
            let report = try Program(["report", store, "--group-by", "file.rung", "--json"])
            #expect(report.output.contains("90p"), "\(report.output)\(report.errors)")
        }
    }

    @Test(
        "a playlist that names what lies elsewhere opens nothing",
        arguments: [
            "../master.mp4", "http://127.0.0.1/a.ts", "/etc/hostname", "%2e%2e/master.mp4", "file:a.ts", "link.ts",
        ])
    func hostile(name: String) async throws {
        try await aside {
            let scratch = Scratch()
            try shell("ln -s /etc/hostname '\(scratch.path("link.ts"))'")
            let list = scratch.write("list.m3u8", Data("#EXTM3U\n#EXTINF:4,\n\(name)\n#EXT-X-ENDLIST\n".utf8))
            let manifest = scratch.write(
                "list.mpd",
                Data(
                    """
                    <MPD type="static"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1">\
                    <BaseURL>\(name)</BaseURL></Representation></AdaptationSet></Period></MPD>
                    """.utf8))
            for file in [list, manifest] {
                let run = try Program(["check", file, "--json"])
                #expect(run.status == 2 && run.output.contains("unsafe-playlist"), "\(run.output)\(run.errors)")
            }
        }
    }

    @Test("fix takes the skew back that a copy added, and says what is missing")
    func fix() async throws {
        try await aside {
            let copy = try Programme.copy(
                "to-fix.mp4", video: "select='lt(t,20)+gte(t,22)',setpts='PTS-STARTPTS-if(gte(T,22),2/TB,0)'",
                audio: """
                    asplit[p][q];[p]atrim=0:20,asetpts=PTS-STARTPTS[p1];[q]atrim=start=22,asetpts=PTS-STARTPTS[q1];\
                    [p1][q1]concat=n=2:v=0:a=1,adelay=150:all=1
                    """)
            let fixed = Programme.scratch.path("fixed.mp4")
            let run = try Program(["fix", copy, "--master", try Programme.master.get(), "-o", fixed])
            try #require(run.status == 0, "\(run.errors)")
            #expect(run.output.contains("1 missing"), "\(run.output)")
            #expect(abs(try Programme.finding(fixed).number("offset_ms")) < 5)
        }
    }

    @Test("another programme is never placed")
    func unrelated() async throws {
        try await aside {
            let finding = try Programme.finding(try Programme.another.get())
            #expect(
                finding["offset_ms"] is NSNull && ["unpaired", "inconclusive"].contains(finding.verdict), "\(finding)")
        }
    }
}

@Suite("Audio tracks of one file, as a user holds them")
struct TracksProgramTests {
    /// One file with six tracks: voices over music and effects, other voices over the same 60 ms later, silence, the
    /// first again under another language, the music and effects alone, and another programme's.
    private static let file = Result {
        let path = Programme.scratch.path("tracks.mkv")
        let sources = [11, 21, 22, 33].map { "-f lavfi -i \"\(Programme.sound($0))\"" }.joined(separator: " ")
        let names = ["eng", "fre", "ger", "ita", "mul", "spa"].enumerated()
            .map { "-metadata:s:a:\($0.offset) language=\($0.element)" }.joined(separator: " ")
        try shell(
            """
            ffmpeg -nostdin -v error -y \(sources) -filter_complex \
            "[0:a]asplit=3[m0][m1][m2];[1:a]asplit=1[v0];[m0][v0]amix=normalize=0,volume=0.5,asplit=2[first][again];\
            [m1][2:a]amix=normalize=0,volume=0.5,adelay=60:all=1[dub];anullsrc=r=48000:d=40[none]" \
            -map '[first]' -map '[dub]' -map '[none]' -map '[again]' -map '[m2]' -map 3:a -c:a flac -t 40 \(names) \
            '\(path)'
            """)
        return path
    }

    @Test("a dub is placed by the music and effects that it shares; silent, doubled and foreign tracks are named")
    func tracks() async throws {
        try await aside {
            let findings = try Programme.findings(["check", try Self.file.get(), "--tracks"])
            try #require(findings.count == 5, "\(findings)")
            #expect(abs(findings[0].number("offset_ms") + 60) < 2, "\(findings[0])")
            #expect(findings[1].verdict == "inconclusive" && findings[1].because.contains("silent"), "\(findings[1])")
            #expect(findings[2].because.contains("same audio") && findings[2].because.contains("ita"), "\(findings[2])")
            #expect(abs(findings[3].number("offset_ms")) < 2, "\(findings[3])")
            #expect(findings[4]["offset_ms"] is NSNull && findings[4].verdict == "inconclusive", "\(findings[4])")
        }
    }
}
