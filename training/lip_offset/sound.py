"""Audio features: 24 log-mel bands and a voicing flag every 20 ms, from 16 kHz mono."""
import numpy as np

from .grid import moving_average_removed, scaled_and_clipped

SAMPLE_RATE = 16000
HOP = 320
WINDOW = 640
FFT_LENGTH = 1024
BANDS = 24
LOWEST_HZ, HIGHEST_HZ = 60.0, 7600.0
RELATIVE_FLOOR = 1e-5      # of the mean band energy
ABSOLUTE_FLOOR = 1e-10     # for a full-scale signal of 1.0
SILENCE_BELOW_MEAN = 1e-6  # leading and trailing frames weaker than this times the mean are not audio
DEVIATION_FLOOR = 1.0      # nepers of power
AVERAGE_WIDTH = 0          # frames; 0: no moving average is removed from the bands
PITCH_LAGS = (40, 230)     # samples at 16 kHz: 400 Hz down to 70 Hz
VOICED_ABOVE = 0.55
VOICED_WITHIN_DB = 25.0    # of the 95th percentile of the frame power


def hann():
    """Periodic Hann window, 640 samples."""
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)


def mel_bank():
    """Triangular filters on the HTK mel scale, peak 1; [24, 513]."""
    mel = lambda hz: 2595 * np.log10(1 + hz / 700)
    hertz = lambda m: 700 * (10 ** (m / 2595) - 1)
    edges = hertz(np.linspace(mel(LOWEST_HZ), mel(HIGHEST_HZ), BANDS + 2))
    bins = np.arange(FFT_LENGTH // 2 + 1) * SAMPLE_RATE / FFT_LENGTH
    bank = np.zeros((BANDS, len(bins)))
    for b in range(BANDS):
        rising = (bins - edges[b]) / (edges[b + 1] - edges[b])
        falling = (edges[b + 2] - bins) / (edges[b + 2] - edges[b + 1])
        bank[b] = np.clip(np.minimum(rising, falling), 0, None)
    return bank


MEL_BANK = mel_bank()
HANN = hann()


def power_spectrogram(samples):
    """|FFT|^2 of Hann frames centred at sample 320 n, zeros outside; [N // 320 + 1, 513]."""
    count = len(samples) // HOP + 1
    padded = np.concatenate([np.zeros(WINDOW // 2), samples, np.zeros(WINDOW)])
    index = np.arange(count)[:, None] * HOP + np.arange(WINDOW)
    return np.abs(np.fft.rfft(padded[index] * HANN, FFT_LENGTH)) ** 2


def audible_range(power):
    """First and one-past-last frame that is not digital silence; (0, 0) if all is."""
    frame_power = power.sum(axis=1)
    mean = frame_power.mean()
    if mean <= ABSOLUTE_FLOOR:
        return 0, 0
    loud = np.flatnonzero(frame_power > SILENCE_BELOW_MEAN * mean)
    return int(loud[0]), int(loud[-1]) + 1


def log_mel(power):
    """Natural log of band energies over a floor; power [T, 513] -> [T, 24]."""
    energy = power @ MEL_BANK.T
    return np.log(energy + RELATIVE_FLOOR * energy.mean() + ABSOLUTE_FLOOR)


def voiced(power):
    """Frames that carry a voice pitch; power [T, 513] -> bool [T].

    Autocorrelation of the windowed frame over that of the window (Boersma 1993),
    without the bins below 50 Hz.
    """
    audible = power.copy()
    audible[:, :4] = 0
    correlation = np.fft.irfft(audible, FFT_LENGTH, axis=1)
    window_correlation = np.fft.irfft(np.abs(np.fft.rfft(HANN, FFT_LENGTH)) ** 2, FFT_LENGTH)
    lags = slice(*PITCH_LAGS)
    energy = correlation[:, 0]
    ratio = (correlation[:, lags] / np.maximum(energy, 1e-20)[:, None]
             / (window_correlation[lags] / window_correlation[0]))
    loudness = 10 * np.log10(energy + 1e-20)
    return (ratio.max(axis=1) > VOICED_ABOVE) & (loudness > np.percentile(loudness, 95) - VOICED_WITHIN_DB)


def sound_features(samples):
    """samples [N] -> features [T, 24], valid range (first, end) in frames, voiced [T] bool.

    Features outside the valid range do not exist: the array covers first..<end only.
    """
    power = power_spectrogram(np.asarray(samples, np.float64))
    first, end = audible_range(power)
    if end == first:
        return np.zeros((0, BANDS)), (0, 0), np.zeros(0, bool)
    power = power[first:end]
    bands = log_mel(power)
    if AVERAGE_WIDTH:
        bands = moving_average_removed(bands, AVERAGE_WIDTH)
    return scaled_and_clipped(bands, DEVIATION_FLOOR), (first, end), voiced(power)
