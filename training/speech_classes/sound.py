"""Frames of audio as in the program's `SpeechFeatures`: 24 log-mel bands, harmonicity, loudness, 50 times a second."""
import subprocess

import numpy as np

from lip_offset import sound

TAPS = range(-8, 9, 2)
INPUTS = sound.BANDS + 2


def samples(path):
    """A file's audio, 16 kHz mono."""
    command = ["ffmpeg", "-v", "error", "-i", path, "-ac", "1", "-ar", "16000", "-f", "f32le", "-"]
    return np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, "<f4").astype(np.float64)


def features(x):
    """[frames, 26]: bands of mean 0 and deviation at most 1; harmonicity -1 to 1; loudness below the 95th percentile in 20 dB."""
    power = sound.power_spectrogram(x)
    bands = sound.log_mel(power)
    bands = np.clip((bands - bands.mean(0)) / np.maximum(bands.std(0), 1.0), -4, 4)
    audible = power.copy()
    audible[:, :4] = 0
    correlation = np.fft.irfft(audible, sound.FFT_LENGTH, axis=1)
    window = np.fft.irfft(np.abs(np.fft.rfft(sound.HANN, sound.FFT_LENGTH)) ** 2, sound.FFT_LENGTH)
    lags = slice(*sound.PITCH_LAGS)
    harmonicity = (correlation[:, lags] / np.maximum(correlation[:, 0], 1e-20)[:, None] / (window[lags] / window[0])).max(1)
    loudness = 10 * np.log10(correlation[:, 0] + 1e-20)
    loudness = np.clip((loudness - np.percentile(loudness, 95)) / 10, -6, 1) / 2 + 1
    return np.column_stack([bands, np.clip(harmonicity, 0, 1) * 2 - 1, loudness])


def spliced(frames):
    """Each frame beside its neighbours at TAPS; ends repeated."""
    index = np.arange(len(frames))
    return np.concatenate([frames[np.clip(index + t, 0, len(frames) - 1)] for t in TAPS], 1)
