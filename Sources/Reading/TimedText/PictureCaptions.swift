/// Decodes captions in video frames: byte pairs of line 21 (CEA-608) and of digital captions (CEA-708), in presentation
/// order.
public struct PictureCaptions: Sendable {
    public struct Caption: Sendable, Hashable {
        /// Seconds: the time of the frame whose code shows or clears it.
        public let start: Double
        public let end: Double
        public let text: String
    }

    public struct Track: Sendable, Hashable {
        /// `cc1` to `cc4`, `service1` to `service63`, as in HLS.
        public let name: String
        /// Sorted by start.
        public let captions: [Caption]
        /// Whether it is CEA-708.
        public let isDigital: Bool
    }

    private var fields = [LineTwentyOneField(), LineTwentyOneField()]
    private var digital = DigitalCaptions()
    /// Frame times, by the index that line 21 uses.
    private var times: [Double] = []

    /// Assumed duration of a caption that is never cleared, in seconds.
    private static let lastLength = 4.0
    /// Windows that appear and disappear within this time, in seconds, are one caption.
    private static let together = 0.05

    public init() {}

    /// Takes the caption data of a frame: three bytes each, of which the first is the type.
    public mutating func take(_ triplets: [UInt8], at seconds: Double) {
        times.append(seconds)
        for index in stride(from: 0, to: triplets.count - 2, by: 3) {
            let (first, second) = (triplets[index + 1], triplets[index + 2])
            switch triplets[index] & 3 {
            case 0, 1:
                // Odd parity. A damaged pair may lose a letter, but never half a command.
                guard first.nonzeroBitCount & 1 == 1 else { continue }
                let isWhole = second.nonzeroBitCount & 1 == 1
                guard isWhole || first & 0x7F >= 0x20 else { continue }
                fields[Int(triplets[index] & 1)].take(
                    first & 0x7F, isWhole ? second & 0x7F : 0,
                    at: LineTwentyOne.Moment(line: times.count - 1, code: index))
            default: digital.take(isStart: triplets[index] & 1 == 1, first, second, at: seconds)
            }
        }
    }

    /// The captions by channel; empty channels are omitted.
    public var tracks: [Track] {
        var result: [Track] = []
        for (field, content) in fields.enumerated() {
            for (channel, decoder) in content.channels.enumerated() where !decoder.captions.isEmpty {
                let captions = decoder.captions.map {
                    caption(times[$0.start.line], $0.end.map { times[$0.line] }, $0.text)
                }
                result.append(
                    Track(name: "cc\(2 * field + channel + 1)", captions: sorted(captions), isDigital: false))
            }
        }
        for (number, service) in digital.services.sorted(by: { $0.key < $1.key }) {
            let captions = PictureCaptions.joined(service.captions.filter { !$0.text.isEmpty })
            guard !captions.isEmpty else { continue }
            result.append(
                Track(
                    name: "service\(number)",
                    captions: sorted(captions.map { caption($0.start, $0.end, $0.text) }), isDigital: true))
        }
        return result
    }

    private func caption(_ start: Double, _ end: Double?, _ text: String) -> Caption {
        Caption(start: start, end: end ?? start + PictureCaptions.lastLength, text: text)
    }

    private func sorted(_ captions: [Caption]) -> [Caption] {
        captions.enumerated().sorted { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }.map(\.element)
    }

    /// Windows that appear and disappear together are one caption, read from the top.
    private static func joined(_ captions: [CaptionService.Caption]) -> [CaptionService.Caption] {
        var result: [[CaptionService.Caption]] = []
        for caption in captions {
            let end = caption.end ?? .infinity
            if let last = result.last?.last, abs(last.start - caption.start) < together,
                last.end ?? .infinity == end || abs((last.end ?? .infinity) - end) < together
            {
                result[result.count - 1].append(caption)
            } else {
                result.append([caption])
            }
        }
        return result.map { group in
            CaptionService.Caption(
                start: group[0].start, end: group[0].end,
                text: group.enumerated().sorted { ($0.element.height, $0.offset) < ($1.element.height, $1.offset) }
                    .map(\.element.text).joined(separator: "\n"), height: group[0].height)
        }
    }
}
