public import Impacts
import MediaIO

extension AudioOnsets {
    /// The sudden sounds of a recording, on its timeline; nil if it has no readable audio.
    public static func of(recording path: String) -> AudioOnsets? {
        var builder = OnsetBuilder()
        guard
            (try? SoundFile.decode(path: path, onSound: { builder.append(start: $0.start, channels: $0.channels) }))
                != nil
        else { return nil }
        let heard = builder.finish()
        return heard.isSilent ? nil : heard
    }
}
