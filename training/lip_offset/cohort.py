"""How much the peak exceeds those of foreign audio and foreign mouths (cohort normalisation)."""
import numpy as np
from scipy.fft import irfft, next_fast_len, rfft

MEMBERS = 32


def excerpt(tape, member, mask):
    """Foreign embedding on the frames of a mask: the tape, read circularly from member * length / 32.

    tape [N, K]; mask [T]. The excerpt starts at the first masked frame, is zero outside the mask, and has as much
    energy per masked frame as the tape has per frame.
    """
    frames = np.flatnonzero(mask)
    start = member * (len(tape) // MEMBERS)
    taken = tape[(start + frames - frames[0]) % len(tape)]
    made = np.zeros((len(mask), tape.shape[1]))
    energy = (taken ** 2).sum() / len(frames)
    made[frames] = taken * np.sqrt((tape ** 2).sum() / len(tape) / (energy + 1e-6))
    return made


def foreign_curves(u, v, mouth_mask, sound_mask, mouth_tape, sound_tape, lags):
    """Curves against 32 foreign audio excerpts and against 32 foreign mouths, [2, 32, 2 lags + 1]."""
    length = next_fast_len(len(u) + len(v) + 2 * lags, real=True)
    spectrum = lambda x: rfft(np.ascontiguousarray(x.T, np.float32), length, axis=1)
    own, other = np.conj(spectrum(u)), spectrum(v)
    made = np.zeros((2, MEMBERS, 2 * lags + 1))
    for m in range(MEMBERS):
        for side, product in ((0, own * spectrum(excerpt(sound_tape, m, sound_mask))),
                              (1, np.conj(spectrum(excerpt(mouth_tape, m, mouth_mask))) * other)):
            curve = irfft(product.sum(axis=0), length)
            made[side, m] = np.concatenate([curve[-lags:], curve[:lags + 1]])
    return made


def cohort_score(foreign, height):
    """Mean of (height - mean) / sd of the highest peaks against foreign audio and against foreign mouths."""
    highest = foreign.max(axis=2)
    return float(np.mean((height - highest.mean(axis=1)) / np.maximum(highest.std(axis=1), 1e-9)))
