import Foundation
import MediaIO
import SyncModel
import Testing

@Suite("Files that are no media, and names that mean something else to FFmpeg")
struct BadInputTests {
    /// What kind of error opening and decoding a file ends with.
    private func kind(_ path: String) -> MediaError.Kind? {
        do {
            let seen = try Observation(path)
            return seen.times.isEmpty && seen.sound.isEmpty ? .noFrames : nil
        } catch { return (error as? MediaError)?.kind }
    }

    @Test("Each reason has its own kind, and its message names the file")
    func kinds() throws {
        #expect(kind(Scratch.path("nowhere.mp4")) == .noSuchFile)
        #expect(kind(Scratch.path("base.mp4/inside")) == .noSuchFile || kind(Scratch.path("nowhere/x")) == .noSuchFile)
        #expect(kind(Scratch.folder) == .isFolder)
        #expect(kind(try Scratch.write([], "empty.mp4")) == .empty)
        let text = try Scratch.write(Array("This is a text, whatever its name says.\n".utf8), "text.mp4")
        #expect(kind(text) == .notMedia)
        #expect(kind(try Scratch.write([UInt8](repeating: 0, count: 5000), "zeros.mp4")) == .notMedia)
        #expect { try MediaFile(path: text) } throws: { "\($0)".contains("text.mp4") }
    }

    @Test("An MP4 that was cut before its index says so", arguments: [0.3, 0.8])
    func noIndex(share: Double) throws {
        let bytes = try Scratch.bytes(Clips.mp4.get())
        #expect(
            kind(try Scratch.write(Array(bytes[0..<Int(Double(bytes.count) * share)]), "no-index-\(share).mp4"))
                == .noIndex)
    }

    @Test("A file without permission is told as such", .enabled(if: geteuid() != 0))
    func noPermission() throws {
        let path = try Scratch.write([1, 2, 3], "secret.mp4")
        chmod(path, 0)
        #expect(kind(path) == .noPermission)
    }

    @Test("A named pipe is refused at once, not waited for")
    func namedPipe() {
        let path = Scratch.path("pipe.mp4")
        mkfifo(path, 0o600)
        #expect(kind(path) == .notAFile)
    }

    @Test(
        "Any name that a file can have is opened",
        arguments: [
            "with space.mp4", "Ünïcödé 音.mp4", "new\nline.mp4", "http:x.mp4", "concat:a|b", "pipe:0", "-", "%03d.mp4",
            "a?b*[c].mp4", "subfile,,start,0,end,0,,:x",
        ])
    func names(name: String) throws {
        let path = try Scratch.write(Scratch.bytes(Clips.mp4.get()), name)
        #expect(try Observation(path).times.count == 75)
    }

    @Test("A relative name is never taken for an address", arguments: ["http:x.mp4", "concat:a|b", "-"])
    func relativeNames(name: String) throws {
        // As seen from the working folder, the name is all there is.
        #expect(kind(name) == .noSuchFile)
    }

    @Test("Names with patterns mean themselves, not rows of pictures", arguments: ["%03d.png", "a*.png", "{b}.png"])
    func patterns(name: String) throws {
        for number in 1...3 {
            _ = try ffmpeg(
                "-f", "lavfi", "-i", "color=blue:s=16x16:d=0.04", "-frames:v", "1", "-update", "1",
                String(format: "%03d.png", number))
        }
        let red = try ffmpeg("-f", "lavfi", "-i", "color=red:s=24x24:d=0.04", "-frames:v", "1", "red.png")
        let path = try Scratch.write(Scratch.bytes(red), name)
        let file = try MediaFile(path: path)
        #expect(file.videoStream?.width == 24)
        #expect(file.isStillPicture)
    }

    @Test("A playlist opens no connection, whatever it names")
    func playlists() throws {
        let listener = try Listener()
        let address = "http://127.0.0.1:\(listener.port)/clip.ts"
        let lists = [
            "list.m3u8": "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n\(address)\n#EXT-X-ENDLIST\n",
            "list.ffconcat": "ffconcat version 1.0\nfile '\(address)'\n",
            "list.sdp":
                """
            v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video \(listener.port) RTP/AVP \
            96\na=rtpmap:96 H264/90000\n
            """,
            "list.mpd":
                """
            <?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\"><Period><AdaptationSet \
            mimeType=\"video/mp4\"><Representation id=\"1\" \
            bandwidth=\"1\"><BaseURL>\(address)</BaseURL></Representation></AdaptationSet></Period></MPD>
            """,
        ]
        for (name, text) in lists {
            let path = try Scratch.write(Array(text.utf8), name)
            #expect(kind(path) != nil, "\(name)")
        }
        #expect(!listener.wasCalled)
    }

    @Test("A stream without a single frame is told apart from damage")
    func noFrames() throws {
        let path = try ffmpeg("-f", "lavfi", "-i", "sine=d=1", "-ss", "5", "-c:a", "pcm_s16le", "silent.wav")
        #expect([.noFrames, .notMedia, .noStreams].contains(kind(path)))
    }

    @Test(
        "Still pictures are known as such, films are not",
        arguments: [
            ("still.png", true), ("still.jpg", true), ("still.webp", true), ("still.gif", true), ("still.bmp", true),
            ("film.gif", false), ("film.mp4", false), ("film.apng", false),
        ])
    func stillPictures(name: String, isStill: Bool) throws {
        let length = isStill ? ["-frames:v", "1"] : []
        let path = try ffmpeg(["-f", "lavfi", "-i", "testsrc=s=32x32:r=10:d=1"] + length + [name])
        let file = try MediaFile(path: path)
        #expect(file.isStillPicture == isStill, "\(file.format) of \(file.durationSeconds ?? -1) s")
        #expect(try Observation(path).times.count == (isStill ? 1 : 10))
    }
}

/// A TCP port of this machine that notes whether anybody calls.
private final class Listener {
    private let handle: Int32
    let port: UInt16

    init() throws {
        let made = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(made, $0, length) | listen(made, 4) | getsockname(made, $0, &length)
            }
        }
        handle = made
        port = UInt16(bigEndian: address.sin_port)
        guard made >= 0, code == 0 else { throw ProgramFailure(description: "no port to listen on") }
    }

    deinit { close(handle) }

    var wasCalled: Bool { accept(handle, nil, nil) >= 0 }
}
