"""Classes of frames, and recordings with noise or at another speed."""
import numpy as np
from .letters import CLASSES, classes

RATE = 50


def targets(words, frames):
    """[frames, 9]: the share of each frame (n - 1/2 .. n + 1/2) that each class fills; classes are spread evenly over their word."""
    shares = np.zeros((frames, len(CLASSES)))

    def put(start, end, k):
        first, last = max(0, int(start)), min(frames - 1, int(end))
        for n in range(first, last + 1):
            shares[n, k] += max(0.0, min(end, n + 1) - max(start, n))

    for start, end, word in words:
        row = word if word in CLASSES else classes(word)
        step = (end - start) / len(row)
        for i, name in enumerate(row):
            put((start + i * step) * RATE + 0.5, (start + (i + 1) * step) * RATE + 0.5, CLASSES.index(name))
    shares[:, 0] = np.clip(1 - shares[:, 1:].sum(1), 0, 1)
    return shares / np.maximum(shares.sum(1, keepdims=True), 1e-9)


def noisy(x, decibels, rng, colour):
    """The audio with noise of a spectrum falling by `colour` at a signal-to-noise ratio in dB."""
    spectrum = np.fft.rfft(rng.standard_normal(len(x))) / np.maximum(1, np.arange(len(x) // 2 + 1)) ** (colour / 2)
    noise = np.fft.irfft(spectrum, len(x))
    return x + noise * np.sqrt((x ** 2).mean() / (noise ** 2).mean() / 10 ** (decibels / 10))


def paced(x, pace):
    """The audio played faster by a factor."""
    return np.interp(np.arange(0, len(x) - 1, pace), np.arange(len(x)), x)
