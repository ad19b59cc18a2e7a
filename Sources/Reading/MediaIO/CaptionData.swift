import CFFmpeg
import Files
import Foundation
import SyncModel

/// Caption data of one frame.
public struct CaptionData: Sendable, Hashable {
    /// Seconds on the presentation timeline.
    public let seconds: Double
    /// Byte triplets as in ATSC A/53; only valid ones.
    public let triplets: [UInt8]

    public init(seconds: Double, triplets: [UInt8]) { (self.seconds, self.triplets) = (seconds, triplets) }
}

extension MediaFile {
    /// Passes on the caption data of coded frames in presentation order, without decoding. Reads from the current
    /// position: use it on a newly opened file.
    public func readCaptionData(_ body: (CaptionData) -> Void) throws(MediaError) {
        wasRead = true
        guard let video = videoStream, let stream = context.pointee.streams[video.index],
            let parameters = stream.pointee.codecpar, let userData = CaptionUserData(parameters)
        else { return }
        var waiting: [CaptionData] = []
        var (reordering, count): (Int64, Int) = (0, 0)
        var order = PictureOrder(parameters, frameRate: video.frameRate)
        func add(_ triplets: [UInt8], at time: Double) {
            let place = waiting.lastIndex { $0.seconds <= time }.map { $0 + 1 } ?? 0
            waiting.insert(CaptionData(seconds: time, triplets: triplets), at: place)
            if waiting.count > MediaFile.mostReordered { body(waiting.removeFirst()) }
        }
        keepOnly { $0 == video.index }
        try readPackets(of: video.index) { packet in
            guard let data = packet.pointee.data else { return }
            defer { count += 1 }
            let bytes = UnsafeRawBufferPointer(start: data, count: Int(max(0, packet.pointee.size)))
            let ordered = order?.seconds(bytes, stated: seconds(packet.pointee.pts, stream))
            var stamp = packet.pointee.pts
            if stamp == genlock_nopts, packet.pointee.dts != genlock_nopts {
                // Same delay from decoding to presentation as the previous one.
                stamp = packet.pointee.dts &+ reordering
            } else if stamp != genlock_nopts, packet.pointee.dts != genlock_nopts {
                reordering = stamp &- packet.pointee.dts
            }
            let triplets = userData.triplets(bytes)
            let disc = userData.disc(bytes)
            guard !triplets.isEmpty || !disc.isEmpty,
                let time = ordered ?? seconds(stamp, stream) ?? video.frameRate.map({ Double(count) / $0 })
            else { return }
            if !triplets.isEmpty { add(triplets, at: time) }
            // A group's pairs belong to its frames as displayed.
            let first = order?.groupStart ?? time
            for (frame, triplets) in disc.enumerated() {
                add(triplets, at: first + Double(frame) * MediaFile.discFrame(video.frameRate))
            }
        }
        for data in waiting { body(data) }
    }

    /// Seconds of a displayed frame of a disc, which may repeat fields of 24 coded frames.
    private static func discFrame(_ rate: Double?) -> Double {
        rate.map { abs($0 - 25) < 0.1 } ?? false ? 1.0 / 25 : 1001.0 / 30_000
    }

    /// Maximum reordering of coded frames (ITU-T H.264, A.3.1: 16), with a margin for the frames of a group on a disc.
    private static let mostReordered = 64

    /// Whether frames seem to carry captions, from a few positions of the file; always true for a playlist.
    ///
    /// Broadcasts, and copies of them, carry captions or their absence in each frame.
    public var mayHoldCaptionData: Bool {
        guard let video = videoStream, let stream = context.pointee.streams[video.index],
            let parameters = stream.pointee.codecpar, let userData = CaptionUserData(parameters)
        else { return false }
        let place = FetchedFiles.place(region?.file ?? path)
        if region == nil, Playlist.isOne(place, at: 0) { return true }
        guard let file = fopen(place, "rb") else { return false }
        defer { fclose(file) }
        fseeko(file, 0, SEEK_END)
        let all = Int(ftello(file))
        let start = region?.start ?? 0
        let end = region.map { start + $0.length } ?? all
        // Positions of frames if the file has an index; else arbitrary ones.
        let entries = avformat_index_get_entries_count(stream)
        let looks = MediaFile.looks
        let places = (0..<looks).flatMap { look -> [Int] in
            guard entries > 0 else { return [start + (end - start) / looks * look] }
            let first = Int(entries) * look / looks
            return (first..<min(first + MediaFile.picturesLookedAt, Int(entries))).compactMap {
                avformat_index_get_entry(stream, Int32($0)).map { start + Int($0.pointee.pos) }
            }
        }
        let size = entries > 0 ? 1 << 14 : 1 << 18
        var buffer = [UInt8](repeating: 0, count: size)
        for place in places where place >= 0 && place < end {
            fseeko(file, off_t(place), SEEK_SET)
            let read = fread(&buffer, 1, min(size, end - place), file)
            if buffer.withUnsafeBytes({ userData.isIn(UnsafeRawBufferPointer(rebasing: $0[..<read])) }) {
                return true
            }
        }
        return false
    }

    /// Whether it seems to have texts: subtitle streams, or captions in the video.
    public var mayHoldTexts: Bool { !subtitleStreams.isEmpty || mayHoldCaptionData }

    /// Number of positions that are tried, and frames at each.
    private static let looks = 8
    private static let picturesLookedAt = 8
}

/// Presentation times for MPEG-2 frames without one, as for most in a program stream: by their number within the group
/// of pictures (ISO/IEC 13818-2, 6.3.9).
private struct PictureOrder {
    private let length: Double
    /// Presentation time of the group's first frame, and the last number in it.
    private var start: Double?
    var groupStart: Double? { start }
    private var last = -1

    /// nil: the codec has no such numbers, or the frame duration is unknown.
    init?(_ parameters: UnsafeMutablePointer<AVCodecParameters>, frameRate: Double?) {
        guard parameters.pointee.codec_id == AV_CODEC_ID_MPEG2VIDEO, let frameRate, frameRate > 0 else { return nil }
        length = 1 / frameRate
    }

    /// - Parameter stated: the frame's own presentation time, if any.
    mutating func seconds(_ bytes: UnsafeRawBufferPointer, stated: Double?) -> Double? {
        var index = 0
        // Headers precede the frame.
        while index + 5 < bytes.count {
            guard bytes[index] == 0, bytes[index + 1] == 0, bytes[index + 2] == 1 else {
                index += 1
                continue
            }
            if bytes[index + 3] == 0xB8 {
                start = start.map { $0 + Double(last + 1) * length }
                last = -1
            } else if bytes[index + 3] == 0 {
                let number = Int(bytes[index + 4]) << 2 | Int(bytes[index + 5]) >> 6
                last = max(last, number)
                if let stated { start = stated - Double(number) * length }
                return stated ?? start.map { $0 + Double(number) * length }
            }
            index += 4
        }
        return stated
    }
}
