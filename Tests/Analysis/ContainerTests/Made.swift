import Container
import Foundation
import SyncModel

/// Facts made for tests: a picture and a sound of known times.
enum Made {
    static func picture(rate: Double = 25, seconds: Double = 20, start: Double = 0, tag: (Int, Int)? = nil)
        -> StreamFacts
    {
        var facts = StreamFacts(
            codec: "h264", stamps: (0..<Int((seconds * rate).rounded())).map { start + Double($0) / rate })
        facts.lastSeconds = 1 / rate
        if let tag { facts.rateTags = [RateTag(source: "the h264 stream", numerator: tag.0, denominator: tag.1)] }
        return facts
    }

    /// AAC of 1024 samples a packet, its delay signalled unless said otherwise.
    static func sound(rate: Int = 48_000, seconds: Double = 20, start: Double = 0, signalled: Bool = true)
        -> StreamFacts
    {
        let packet = 1024 / Double(rate)
        var facts = StreamFacts(
            codec: "aac", stamps: (0..<Int((seconds / packet).rounded())).map { start + Double($0) * packet })
        facts.lastSeconds = packet
        facts.sampleRate = rate
        facts.packetSamples = 1024
        facts.hiddenPackets = signalled ? 1 : 0
        return facts
    }

    static func file(
        _ video: StreamFacts?, _ audio: StreamFacts?, format: String = "mov,mp4,m4a,3gp,3g2,mj2", seconds: Double? = nil
    ) -> ContainerFacts {
        ContainerFacts(format: format, declaredSeconds: seconds, video: video, audio: audio)
    }
}

extension ContainerAnalyser {
    func kinds(_ facts: ContainerFacts) -> [ContainerFault.Kind] { faults(facts).map(\.kind) }

    /// What the only fault of a kind costs, in ms.
    func cost(_ kind: ContainerFault.Kind, _ facts: ContainerFacts) -> Double {
        faults(facts).first { $0.kind == kind }?.cost?.milliseconds ?? .nan
    }
}
