import SignalCore

/// Audio projected onto the features common with mouths, and where it is voiced, on a timeline of grid frames.
struct SoundEmbedding {
    var embedding: Embedding
    var voiced: [Bool]

    init(_ sound: SoundFeatures, model: LipModel, kinds: [MouthKind], frames: Int) {
        embedding = Embedding(kinds: kinds, model: model, frames: frames, tower: \.sound) { _ in
            sound.pieces.map { ($0.first, $0.features) }
        }
        voiced = [Bool](repeating: false, count: frames)
        for piece in sound.pieces {
            for (index, isVoiced) in piece.voiced.enumerated() where piece.first + index < frames {
                voiced[piece.first + index] = isVoiced
            }
        }
    }

    /// The audio moved by `lag(frame)` frames: what was at that lag is at lag 0.
    func moved(by lag: (Int) -> Int) -> SoundEmbedding {
        var copy = self
        let count = embedding.values.frames
        let columns = embedding.values.columns
        copy.embedding.values = FrameMatrix(frames: count, columns: columns)
        for frame in 0..<count {
            let from = frame + lag(frame)
            let isThere = from >= 0 && from < count && embedding.mask[from]
            copy.embedding.mask[frame] = isThere
            for part in copy.embedding.parts.indices { copy.embedding.parts[part].mask[frame] = isThere }
            copy.voiced[frame] = isThere && voiced[from]
            if isThere {
                for column in 0..<columns { copy.embedding.values[frame, column] = embedding.values[from, column] }
            }
        }
        return copy
    }

    /// The lag at which a mouth fits best, within a range either way; by fast Fourier transforms, n log n.
    func bestLag(for mouth: Embedding, within lags: Int) -> Int {
        let frames = mouth.values.frames
        let one = CorrelationSide(mouth.values, partnerFrames: frames, maximumLag: lags)
        let other = CorrelationSide(embedding.values, partnerFrames: frames, maximumLag: lags)
        let values = one.correlation(with: other, maximumLag: lags).values
        return (values.indices.max { values[$0] < values[$1] } ?? lags) - lags
    }
}
