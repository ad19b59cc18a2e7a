/// The output of espeak-ng during synthesis, in order.
final class Collector {
    /// One event: a word or phoneme that starts, or a clause that ends.
    struct Mark {
        enum Kind {
            /// Position of the first character in the text, counted from 1, and the number of characters.
            case word(position: Int, length: Int)
            /// The phoneme's name; empty, or of underscores and colons, for a pause.
            case phoneme(String)
            case end
        }

        var kind: Kind
        /// Time since the start of the audio; espeak-ng gives whole milliseconds.
        var milliseconds: Int
    }

    var samples: [Int16] = []
    var marks: [Mark] = []

    /// Converts marks, which have only starts, into spans: a phoneme ends at the start of the next one, of a pause or
    /// of a clause's end, a word at the end of its last phoneme. Pauses are not listed.
    func speech(of text: String, sampleRate: Int) -> Speech {
        var speech = Speech(sampleRate: sampleRate, samples: samples, words: [], phonemes: [])
        var firstPhonemeOfWord: [Int] = []
        let characters = Array(text.unicodeScalars)
        for (index, mark) in marks.enumerated() {
            let start = Double(mark.milliseconds) / 1000
            switch mark.kind {
            case .word(let position, let length):
                let from = min(max(position - 1, 0), characters.count)
                let to = min(from + max(length, 0), characters.count)
                let word = String(String.UnicodeScalarView(characters[from..<to]))
                speech.words.append(.init(text: word, startSeconds: start, endSeconds: start, position: from))
                firstPhonemeOfWord.append(speech.phonemes.count)
            case .phoneme(let name) where Self.isHeard(name):
                let end = endOfPhoneme(at: index, sampleRate: sampleRate)
                guard end > start else { continue }
                speech.phonemes.append(.init(text: name, startSeconds: start, endSeconds: end))
            case .phoneme, .end:
                break
            }
        }
        PlosiveClosures(samples: samples, sampleRate: sampleRate).refine(&speech.phonemes)
        closeWords(&speech, firstPhonemeOfWord: firstPhonemeOfWord)
        return speech
    }

    /// Ends each word with its last phoneme; one without phonemes has length 0.
    private func closeWords(_ speech: inout Speech, firstPhonemeOfWord: [Int]) {
        for index in speech.words.indices {
            let next = index + 1 < firstPhonemeOfWord.count ? firstPhonemeOfWord[index + 1] : speech.phonemes.count
            guard next > firstPhonemeOfWord[index] else { continue }
            let end = speech.phonemes[next - 1].endSeconds
            speech.words[index].endSeconds = max(speech.words[index].startSeconds, end)
        }
    }

    /// End of the phoneme of the mark at `index`, in seconds; the last one ends with the audio.
    private func endOfPhoneme(at index: Int, sampleRate: Int) -> Double {
        for mark in marks[(index + 1)...] {
            if case .word = mark.kind { continue }
            return Double(mark.milliseconds) / 1000
        }
        return Double(samples.count) / Double(sampleRate)
    }

    /// Pauses have no name or one of symbols only; a change of language is a phoneme such as "(en)".
    private static func isHeard(_ name: String) -> Bool {
        !name.hasPrefix("(") && !name.allSatisfy { "_:;| ".contains($0) }
    }
}
