"""Multinomial logistic regression from spliced frames to classes."""
import numpy as np
from scipy.optimize import minimize

from .letters import CLASSES, classes
from .sound import features, spliced
from .synthetic import VOICES

RATE = 50


def targets(words, frames):
    """[frames, 9]: the share of each frame (n - 1/2 .. n + 1/2) that each class fills; classes lie evenly in their word."""
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
    """The sound with noise of a spectrum falling by `colour` at a signal-to-noise ratio of so many dB."""
    spectrum = np.fft.rfft(rng.standard_normal(len(x))) / np.maximum(1, np.arange(len(x) // 2 + 1)) ** (colour / 2)
    noise = np.fft.irfft(spectrum, len(x))
    return x + noise * np.sqrt((x ** 2).mean() / (noise ** 2).mean() / 10 ** (decibels / 10))


def paced(x, pace):
    """The sound played faster by a factor."""
    return np.interp(np.arange(0, len(x) - 1, pace), np.arange(len(x)), x)


def training_set(recordings, load, seed):
    """Frames, targets and talkers of clean, noisy and faster or slower versions."""
    rng = np.random.default_rng(seed)
    inputs, outputs, talkers = [], [], []
    for name, talker, path, words in recordings:
        x = load(path)
        # Another pace moves the formants too: another vocal tract.
        pace = rng.choice([0.85, 0.92, 1.08, 1.16])
        versions = [(x, 1.0), (noisy(x, rng.uniform(5, 20), rng, rng.uniform(0, 2)), 1.0), (paced(x, pace), pace)]
        if talker in VOICES:
            # Synthetic speech is silent between words as no room is.
            edge = np.zeros(8000)
            x = noisy(np.concatenate([edge, x, edge]), rng.uniform(12, 40), rng, rng.uniform(0, 2))
            words = [(a + 0.5, b + 0.5, w) for a, b, w in words]
            versions = [(paced(x, pace), pace)]
        for version, speed in versions:
            frames = features(version)
            inputs.append(spliced(frames).astype(np.float32))
            outputs.append(targets([(a / speed, b / speed, w) for a, b, w in words], len(frames)))
            talkers += [talker] * len(frames)
    return np.concatenate(inputs), np.concatenate(outputs), np.array(talkers)


def fit(x, y, talkers, ridge=0.01, steps=80):
    """(weights [inputs, 9], bias [9], prior [9])."""
    names, counts = np.unique(talkers, return_counts=True)
    # A talker with much material does not outweigh the others by more than the square root.
    weight = {n: np.sqrt(counts.max() / c) for n, c in zip(names, counts)}
    w = np.array([weight[t] for t in talkers])
    w = np.where(np.isin(talkers, VOICES), np.minimum(w, 1), np.minimum(w, 4))
    w /= w.sum()
    d, k = x.shape[1], y.shape[1]

    def loss(theta):
        a, b = theta[:d * k].reshape(d, k), theta[d * k:]
        z = x @ a + b
        z -= z.max(1, keepdims=True)
        e = np.exp(z)
        total = e.sum(1, keepdims=True)
        value = -(w[:, None] * y * (z - np.log(total))).sum() + ridge / 2 * (a ** 2).sum()
        g = (e / total * y.sum(1, keepdims=True) - y) * w[:, None]
        return value, np.concatenate([(x.T @ g + ridge * a).ravel(), g.sum(0)])

    found = minimize(loss, np.zeros(d * k + k), jac=True, method="L-BFGS-B", options=dict(maxiter=steps))
    return found.x[:d * k].reshape(d, k), found.x[d * k:], (w[:, None] * y).sum(0)
