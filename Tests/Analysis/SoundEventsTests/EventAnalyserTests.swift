import Foundation
import SignalCore
import SyncModel
import Testing

@testable import SoundEvents

/// A scene whose truth is constructed: tones and bursts over noise.
struct MadeScene {
    var samples: [Float]
    var events: [SoundEvent] = []
    private var random: SplitMix64

    init(seconds: Double, seed: UInt64) {
        random = SplitMix64(seed: seed)
        var generator = random
        samples = (0..<Int(seconds * 16_000)).map { _ in 0.005 * (Float(generator.next() >> 40) / Float(1 << 23) - 1) }
        random = generator
    }

    mutating func add(_ label: String, at start: Double, lasting length: Double, level: Float = 0.1) {
        let first = Int(start * 16_000)
        for index in 0..<Int(length * 16_000) where samples.indices.contains(first + index) {
            let noise = Float(random.next() >> 40) / Float(1 << 23) - 1
            samples[first + index] += level * (label == "tone" ? sin(2 * .pi * 880 * Float(index) / 16_000) : noise)
        }
        events.append(SoundEvent(index: events.count, label: label, start: start, end: start + length))
    }

    var sound: EventSound {
        var builder = EventSoundBuilder()
        builder.append(start: 0, channels: [samples])
        return builder.finish()
    }

    static func usual(seed: UInt64) -> MadeScene {
        var scene = MadeScene(seconds: 40, seed: seed)
        var draw = SplitMix64(seed: seed &+ 5)
        var at = 1.2
        for index in 0..<14 {
            let length = 0.3 + Double(draw.index(below: 700)) / 1000
            scene.add(index % 3 == 0 ? "tone" : "burst", at: at, lasting: length)
            at += length + 0.7 + Double(draw.index(below: 1500)) / 1000
        }
        return scene
    }
}

@Suite("Sound events against the sound's changes")
struct EventAnalyserTests {
    private let analyser = EventAnalyser()

    @Test("right labels are in sync within a frame or two, and nothing is flagged", arguments: [1, 2, 3] as [UInt64])
    func right(seed: UInt64) throws {
        let scene = MadeScene.usual(seed: seed)
        let finding = analyser.finding(scene.events, sound: scene.sound)
        #expect(finding.verdict == .inSync && finding.check == .events)
        #expect(abs(try #require(finding.offset).milliseconds) < 12)
        let items = try #require(finding.items)
        #expect(
            items.allSatisfy {
                $0.kind == .event && $0.flags.isEmpty && abs($0.offset?.milliseconds ?? 99) < 35
                    && ($0.trust ?? 0) > 0.7
            })
    }

    @Test("labels that come late by so much read minus that", arguments: [-1.3, -0.25, 0.08, 0.5, 2.2])
    func moved(late: Double) throws {
        let scene = MadeScene.usual(seed: 4)
        let events = scene.events.map {
            SoundEvent(index: $0.index, label: $0.label, start: $0.start + late, end: $0.end + late)
        }
        let finding = analyser.finding(events, sound: scene.sound)
        #expect(abs(try #require(finding.offset).seconds + late) < 0.008)
        #expect(try #require(finding.interval).contains(Offset(seconds: -late)))
        #expect((finding.items ?? []).allSatisfy { $0.flags.isEmpty })
    }

    @Test("one event half a second late is named, and only it")
    func one() throws {
        let scene = MadeScene.usual(seed: 5)
        var events = scene.events
        events[6].start += 0.5
        events[6].end += 0.5
        let finding = analyser.finding(events, sound: scene.sound)
        #expect((finding.items ?? []).filter { !$0.flags.isEmpty }.map(\.index) == [6])
        #expect(abs(try #require(finding.items?[6].offset).seconds + 0.5) < 0.015)
        #expect(finding.verdict == .inSync)
    }

    @Test("labels of another scene get no offset", arguments: [21, 22, 23, 24, 25, 26] as [UInt64])
    func others(seed: UInt64) {
        let finding = analyser.finding(
            MadeScene.usual(seed: seed + 50).events, sound: MadeScene.usual(seed: seed).sound)
        #expect(finding.offset == nil)
        #expect(!finding.because.isEmpty)
    }

    @Test("silence, noise alone, no labels and broken times are told, never an error")
    func nothing() {
        let scene = MadeScene.usual(seed: 6)
        let empty = MadeScene(seconds: 10, seed: 1)
        #expect(analyser.finding([], sound: scene.sound).verdict == .notApplicable)
        #expect(analyser.finding(scene.events, sound: empty.sound).offset == nil)
        #expect(
            analyser.finding([SoundEvent(index: 0, label: "x", start: .infinity, end: 2)], sound: scene.sound).verdict
                == .notApplicable)
        #expect(
            analyser.finding(scene.events, sound: EventSound(energies: FrameMatrix(frames: 0, columns: 24))).verdict
                == .notApplicable)
        let two = Array(scene.events.prefix(2))
        #expect(analyser.finding(two, sound: scene.sound).offset == nil)
    }
}
