import Foundation
import MediaIO
import Testing

@Suite("Channels that are no sound of the event are told apart")
struct SoundChannelsTests {
    private static let rate = 48_000

    /// Syllables of a buzz, four a second with pauses.
    private static func speech(_ seconds: Double) -> [Double] {
        (0..<Int(seconds * Double(rate))).map { index in
            let t = Double(index) / Double(rate)
            let level = max(0, sin(2 * .pi * 2.3 * t)) * (sin(2 * .pi * 0.31 * t) > -0.4 ? 1 : 0)
            return 0.4 * level * (sin(2 * .pi * 140 * t) + 0.5 * sin(2 * .pi * 720 * t) + 0.3 * sin(2 * .pi * 2100 * t))
        }
    }

    /// Bi-phase mark of 80 bits a frame at 25 frames a second, as SMPTE ST 12-1 has it.
    private static func timecode(_ seconds: Double) -> [Double] {
        let half = Double(rate) / (25 * 80 * 2)
        var (level, state) = (0.5, UInt64(7))
        var result: [Double] = []
        var edge = 0.0
        while Double(result.count) < seconds * Double(rate) {
            state = state &* 6_364_136_223_846_793_005 &+ 1
            level = -level
            edge += half
            while Double(result.count) < edge { result.append(level) }
            if state >> 63 == 1 { level = -level }
            edge += half
            while Double(result.count) < edge { result.append(level) }
        }
        return result
    }

    private static func hum(_ seconds: Double) -> [Double] {
        (0..<Int(seconds * Double(rate))).map { 0.2 * sin(2 * .pi * 50 * Double($0) / Double(rate)) }
    }

    private static func noise(_ seconds: Double) -> [Double] {
        var state = UInt64(3)
        return (0..<Int(seconds * Double(rate))).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1
            return Double(state >> 40) / Double(1 << 24) * 0.4 - 0.2
        }
    }

    private func looked(_ channels: [[Double]]) throws -> SoundChannels? {
        let count = channels.map(\.count).min() ?? 0
        var data = Data("RIFF".utf8)
        func append(_ value: UInt32) { withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) } }
        func append16(_ value: Int) { withUnsafeBytes(of: Int16(value).littleEndian) { data.append(contentsOf: $0) } }
        let bytes = count * channels.count * 2
        append(UInt32(36 + bytes))
        data.append(Data("WAVEfmt ".utf8))
        append(16)
        append16(1)
        append16(channels.count)
        append(UInt32(Self.rate))
        append(UInt32(Self.rate * channels.count * 2))
        append16(channels.count * 2)
        append16(16)
        data.append(Data("data".utf8))
        append(UInt32(bytes))
        for index in 0..<count { for channel in channels { append16(Int(max(-1, min(1, channel[index])) * 32_000)) } }
        let path = NSTemporaryDirectory() + "genlock-channels-\(UUID().uuidString).wav"
        try data.write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return SoundChannels.look(path: path)
    }

    @Test("timecode, hum and noise beside speech are left out, whichever channel they are on")
    func steady() throws {
        let (speech, timecode) = (Self.speech(8), Self.timecode(8))
        #expect(try looked([timecode, speech])?.left == [0: .timecode])
        #expect(try looked([speech, timecode])?.left == [1: .timecode])
        #expect(try looked([speech, Self.hum(8)])?.left == [1: .hum])
        #expect(try looked([Self.noise(8), speech])?.left == [0: .noise])
        let three = try #require(try looked([speech, timecode, speech]))
        #expect(three.used == [0, 2])
        let block = SoundBlock(start: 5, channels: [[1], [2], [3]])
        #expect(three.of(block).channels == [[1], [3]] && three.of(block).start == 5)
    }

    @Test("two channels of speech, one channel alone, and steady sound without any other are all listened to")
    func all() throws {
        #expect(try looked([Self.speech(8), Self.speech(8).map { $0 * 0.3 }]) == nil)
        #expect(try looked([Self.timecode(8)]) == nil)
        #expect(try looked([Self.hum(8), Self.noise(8)]) == nil)
        #expect(try looked([Self.speech(8), [Double](repeating: 0, count: 8 * Self.rate)]) == nil)
    }
}
