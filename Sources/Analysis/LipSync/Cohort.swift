import SignalCore

/// Impostor cohort: how much higher the peak is than with unrelated audio and unrelated mouths, as in the score
/// normalisation of speaker verification (Reynolds 1997, Auckenthaler et al. 2000).
struct Cohort {
    static let members = 32

    /// Impostor embeddings of one kind, concatenated.
    struct Tape: Sendable {
        let mouth: Reel
        let sound: Reel
    }

    /// One side of a tape, with the energy of each of its rows and their mean.
    struct Reel: Sendable {
        let rows: FrameMatrix
        let energies: [Double]
        let meanEnergy: Double

        init(_ rows: FrameMatrix) {
            self.rows = rows
            energies = (0..<rows.frames).map { frame in
                rows.values[frame * rows.columns..<(frame + 1) * rows.columns].reduce(0) {
                    $0 + Double($1) * Double($1)
                }
            }
            meanEnergy = energies.reduce(0, +) / Double(max(1, rows.frames))
        }
    }

    /// Mean of (height - mean) / deviation against unrelated audio and against unrelated mouths.
    static func score(mouth: Embedding, sound: Embedding, model: LipModel, height: Double, searchedLags: Int) -> Double
    {
        let frames = mouth.values.frames
        func side(_ signal: FrameMatrix) -> CorrelationSide {
            CorrelationSide(signal, partnerFrames: frames, maximumLag: searchedLags)
        }
        let (own, other) = (side(mouth.values), side(sound.values))
        var againstSounds: [Float] = []
        var againstMouths: [Float] = []
        for member in 0..<members {
            let foreignSound = side(foreign(\.sound, member, like: sound, model: model))
            againstSounds.append(own.correlation(with: foreignSound, maximumLag: searchedLags).values.max() ?? 0)
            let foreignMouth = side(foreign(\.mouth, member, like: mouth, model: model))
            againstMouths.append(foreignMouth.correlation(with: other, maximumLag: searchedLags).values.max() ?? 0)
        }
        return [againstSounds, againstMouths].reduce(0) { sum, heights in
            let (mean, deviation) = Standardisation.moments(heights)
            return sum + (height - mean) / max(deviation, 1e-9)
        } / 2
    }

    /// An unrelated mouth or audio in place of the clip's: each kind on the frames in which it is present.
    static func foreign(
        _ side: KeyPath<Tape, Reel>, _ member: Int, like own: Embedding, model: LipModel
    ) -> FrameMatrix {
        if own.parts.count == 1, let part = own.parts.first {
            return excerpt(model.tape(part.kind)[keyPath: side], member, part.mask)
        }
        var result = FrameMatrix(frames: own.values.frames, columns: own.values.columns)
        let columns = result.columns
        for part in own.parts {
            let taken = excerpt(model.tape(part.kind)[keyPath: side], member, part.mask)
            for frame in 0..<taken.frames where part.mask[frame] {
                let to = frame * columns + part.columns.lowerBound
                let from = frame * taken.columns
                for column in 0..<taken.columns { result.values[to + column] = taken.values[from + column] }
            }
        }
        return result
    }

    /// An impostor embedding on the frames of a mask: the tape read circularly from the member's position, with the
    /// tape's energy.
    static func excerpt(_ tape: Reel, _ member: Int, _ mask: [Bool]) -> FrameMatrix {
        let columns = tape.rows.columns
        var result = FrameMatrix(frames: mask.count, columns: columns)
        guard let first = mask.firstIndex(of: true) else { return result }
        let start = member * (tape.rows.frames / members) - first
        var energy = 0.0
        var taken = 0
        for frame in first..<mask.count where mask[frame] {
            energy += tape.energies[(start + frame) % tape.rows.frames]
            taken += 1
        }
        let scale = Float((tape.meanEnergy / (energy / Double(taken) + 1e-6)).squareRoot())
        tape.rows.values.withUnsafeBufferPointer { tapeValues in
            result.values.withUnsafeMutableBufferPointer { result in
                for frame in first..<mask.count where mask[frame] {
                    let from = (start + frame) % tape.rows.frames * columns
                    let to = frame * columns
                    for column in 0..<columns { result[to + column] = tapeValues[from + column] * scale }
                }
            }
        }
        return result
    }
}
