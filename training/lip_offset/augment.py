"""Degradations of real recordings: rooms, noise, speed, bandwidth, jittery faces, lost frames."""
import numpy as np
from scipy.signal import fftconvolve

from .sound import SAMPLE_RATE


def room(samples, reverberation_seconds, rng):
    """Convolve with an exponentially decaying noise tail behind a direct path."""
    count = int(SAMPLE_RATE * reverberation_seconds)
    response = 0.3 * rng.standard_normal(count) * 10 ** (-3 * np.arange(count) / count)
    response[0] = 1
    response /= np.sqrt((response ** 2).sum())
    return fftconvolve(samples, response)[:len(samples)]


def with_noise(samples, noise, snr_db):
    """Add noise at a signal-to-noise ratio over the whole clip."""
    noise = np.resize(noise, len(samples))
    return samples + noise * samples.std() / (noise.std() + 1e-12) * 10 ** (-snr_db / 20)


def pink(count, rng):
    spectrum = np.fft.rfft(rng.standard_normal(count))
    return np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 1)), count)


def notes(count, rng):
    """Synthetic music: chords of decaying harmonics on a beat."""
    time = np.arange(count) / SAMPLE_RATE
    music = np.zeros(count)
    beat = rng.uniform(0.15, 0.6)
    for start in np.arange(0, time[-1], beat):
        here = time >= start
        age = time[here] - start
        pitch = 110 * 2 ** (rng.integers(0, 36) / 12)
        for harmonic in range(1, 6):
            music[here] += np.sin(2 * np.pi * pitch * harmonic * age) * np.exp(-age * rng.uniform(2, 10)) / harmonic
    return music


def low_passed(samples, hertz):
    """Brick-wall low-pass, as of telephone bandwidth."""
    spectrum = np.fft.rfft(samples)
    spectrum[int(hertz * len(samples) / SAMPLE_RATE):] = 0
    return np.fft.irfft(spectrum, len(samples))


def faster(samples, times, speed):
    """Audio and video both played `speed` times as fast."""
    count = int(len(samples) / speed)
    return np.interp(np.arange(count) * speed, np.arange(len(samples)), samples), times / speed


def degraded_sound(samples, babble, rng):
    """Random room, noise (white, pink, babble, notes), bandwidth, slow gain; babble: other clips' samples."""
    if rng.random() < 0.5:
        samples = room(samples, rng.uniform(0.1, 0.8), rng)
    kind = rng.random()
    if kind < 0.25:
        samples = with_noise(samples, rng.standard_normal(len(samples)), rng.uniform(0, 20))
    elif kind < 0.45:
        samples = with_noise(samples, pink(len(samples), rng), rng.uniform(0, 20))
    elif kind < 0.7:
        voices = sum(np.roll(np.resize(b, len(samples)), int(rng.integers(0, 40000))) / (b.std() + 1e-9)
                     for b in babble)
        samples = with_noise(samples, voices, rng.uniform(0, 15))
    elif kind < 0.8:
        samples = with_noise(samples, notes(len(samples), rng), rng.uniform(0, 15))
    if rng.random() < 0.15:
        samples = low_passed(samples, rng.uniform(3300, 4000))
    if rng.random() < 0.2:
        time = np.arange(len(samples)) / SAMPLE_RATE
        samples = samples * 10 ** (rng.uniform(2, 10) / 20 * np.sin(2 * np.pi * rng.uniform(0.1, 0.5) * time
                                                                     + rng.uniform(0, 6)))
    return samples


def degraded_face(points, times, rng):
    """Landmark noise (independent, and by groups), unreliable depth, slow foreshortening, dropped frames."""
    points = points.astype(np.float64).copy()
    count = len(points)
    face = np.linalg.norm(points[:, 33] - points[:, 263], axis=1).mean()
    points[..., 2] *= rng.uniform(0.6, 1.4)
    points += rng.standard_normal(points.shape) * face * rng.uniform(0, 0.02)
    group = rng.integers(0, 6, 468)
    points += (rng.standard_normal((count, 6, 3)) * face * rng.uniform(0, 0.02))[:, group]
    stretch = 1 + rng.uniform(0, 0.06) * np.sin(2 * np.pi * rng.uniform(0.1, 0.8) * times + rng.uniform(0, 6))
    centre = points[..., 0].mean(axis=1, keepdims=True)
    points[..., 0] = (points[..., 0] - centre) * stretch[:, None] + centre
    kind = rng.random()
    if kind < 0.3:
        keep = np.sort(rng.choice(count, int(count * rng.uniform(0.6, 0.9)), replace=False))
    elif kind < 0.45:
        keep = np.arange(int(rng.integers(0, 2)), count, 2)
    else:
        keep = np.arange(count)
    return points[keep], times[keep]


def warped_bands(bands, rng):
    """Another vocal tract: log-mel features warped along the band axis."""
    position = np.arange(bands.shape[1])
    bent = position + rng.uniform(-1.5, 1.5) * np.sin(np.pi * position / (bands.shape[1] - 1))
    return np.stack([np.interp(bent, position, row) for row in bands])
