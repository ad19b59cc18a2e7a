"""What all recipes share: the folder, chance by seed, conditions of sound, splits, and rows of the truth table."""
import hashlib
import random
from pathlib import Path

import numpy as np

from .. import media
from ..table import Item


def split_of(speaker, device):
    """Whoever spoke, and whatever recorded it, is in one split only: by what identifies it, not by item."""
    return "dev" if hashlib.sha256((speaker or device).encode()).digest()[0] % 4 == 0 else "test"


class Maker:
    """Items of one track under way."""

    def __init__(self, folder, track, seed):
        self.folder, self.track = Path(folder), track
        (self.folder / track).mkdir(parents=True, exist_ok=True)
        self.random = random.Random(f"{seed} {track}")
        self.noise = np.random.default_rng(int.from_bytes(hashlib.sha256(f"{seed} {track}".encode()).digest()[:4], "big"))
        self.items = []

    def new(self, ending, suffix=""):
        """A path for a further file of the item that comes next."""
        return self.folder / self.track / f"{self.track}-{self.number:04}{suffix}{ending}"

    @property
    def number(self):
        return len({item.files for item in self.items})

    def add(self, source, truth, reference, subject, condition, made, seconds, negative="", parts=None, kind=None, pm=None, name=None):
        """A row of the table, or of each of `parts`: {part: truth}."""
        files = f"{self.track}-{self.number:04}"
        for part, value in (parts or {None: truth}).items():
            self.items.append(Item(
                files if part is None else f"{files}#{part}", self.track, split_of(source.speaker, source.device), kind or source.truth,
                None if negative else round(value, 4) + 0.0, source.pm_ms if pm is None else pm, negative, name or source.name, source.speaker, source.device,
                source.language, condition, round(seconds, 2), self.relative(reference), self.relative(subject), made, source.licence, source.credit))

    def relative(self, path):
        return str(Path(path).relative_to(self.folder)) if path else ""

    def pick(self, values, count):
        values = list(values)
        self.random.shuffle(values)
        return values[:count]

    def size(self, least, most):
        """Evenly on a scale of ratios, either way."""
        return self.random.choice((-1, 1)) * least * (most / least) ** self.random.random()


def coloured(noise, count):
    """Noise that falls by 3 dB an octave."""
    spectrum = np.fft.rfft(noise.standard_normal(count))
    spectrum /= np.sqrt(np.maximum(1, np.arange(len(spectrum))))
    made = np.fft.irfft(spectrum, count)
    return (made / (np.abs(made).max() + 1e-9)).astype(np.float32)


def level(samples):
    return float(np.sqrt(np.mean(np.square(samples), dtype=np.float64))) + 1e-9


def noisy(samples, noise, decibels):
    """With noise so many dB below."""
    other = coloured(noise, len(samples))
    return samples + other * (level(samples) / level(other) * 10 ** (-decibels / 20))


def narrow(samples):
    """300 to 3400 Hz, as a telephone; no delay, for it is done on the whole spectrum."""
    spectrum = np.fft.rfft(samples)
    frequency = np.fft.rfftfreq(len(samples), 1 / media.RATE)
    spectrum[(frequency < 300) | (frequency > 3400)] = 0
    return np.fft.irfft(spectrum, len(samples)).astype(np.float32)


def far(samples, noise):
    """In a room: the direct sound first, which keeps its time, then a tail of 0.5 s."""
    tail = noise.standard_normal(media.RATE // 2) * np.exp(-np.arange(media.RATE // 2) / (0.12 * media.RATE))
    tail[:round(0.004 * media.RATE)] = 0
    tail *= 0.8 / np.sqrt(np.sum(tail ** 2))
    tail[0] = 1
    size = 1 << (len(samples) + len(tail)).bit_length()
    made = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(tail, size), size)[:len(samples)]
    return (made / max(1.0, float(np.abs(made).max()))).astype(np.float32)
