"""How much higher the peak is than foreign sounds and foreign mouths reach (cohort normalisation)."""
import numpy as np

from .curve import full_curve

MEMBERS = 32


def excerpt(tape, member, mask):
    """Foreign embedding on the frames of a mask: the tape, read in a circle from member * length / 32.

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


def cohort_score(u, v, mouth_mask, sound_mask, mouth_tape, sound_tape, height, lags):
    """Mean of (height - mean) / sd of the highest peaks against 32 foreign sounds and 32 foreign mouths."""
    against_sounds = [full_curve(u, excerpt(sound_tape, m, sound_mask), lags).max() for m in range(MEMBERS)]
    against_mouths = [full_curve(excerpt(mouth_tape, m, mouth_mask), v, lags).max() for m in range(MEMBERS)]
    return float(np.mean([(height - np.mean(h)) / np.std(h) for h in (against_sounds, against_mouths)]))
