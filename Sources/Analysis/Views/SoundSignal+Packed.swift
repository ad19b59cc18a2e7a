public import SyncModel

extension SoundSignal {
    /// As bytes, to be kept.
    public func pack(into writer: inout PackedWriter) {
        writer.append(start)
        writer.append(Double(peak))
        writer.append(levels)
        writer.append(scales)
        writer.append(fingerprint.startSeconds)
        for band in fingerprint.values { writer.append(band) }
    }

    /// - Throws: if the bytes are malformed.
    public init(from reader: inout PackedReader) throws(PackedReader.Damaged) {
        let start = try reader.integer()
        let peak = Float(try reader.double())
        let levels = try reader.array(of: Int8.self)
        let scales = try reader.array(of: Float.self)
        let begins = try reader.double()
        var values: [[Int8]] = []
        for _ in 0..<SoundFingerprint.bands { values.append(try reader.array(of: Int8.self)) }
        let frames = values[0].count
        guard abs(start) < 1 << 40, peak.isFinite, begins.isFinite, abs(begins) < 1e9,
            scales.count == (levels.count + SoundSignal.block - 1) / SoundSignal.block,
            scales.allSatisfy({ $0.isFinite }), values.allSatisfy({ $0.count == frames }),
            frames <= levels.count / SoundFingerprint.hop + 2
        else { throw PackedReader.Damaged() }
        self.init(
            start: start, levels: levels, scales: scales,
            fingerprint: SoundFingerprint(startSeconds: begins, values: values), peak: peak)
    }
}
