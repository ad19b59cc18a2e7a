"""Trials on clips that a model has not seen: true and mismatched pairs, joined, moved and degraded."""
from dataclasses import asdict, dataclass

import numpy as np

from . import augment
from .estimate import clip_evidence
from .sound import SAMPLE_RATE

JOINED_SECONDS = 3.0     # a GRID clip lasts 75 frames of 40 ms
CONDITIONS = ('noise 10 dB', 'noise 0 dB', 'pink 5 dB', 'babble 10 dB', 'room 0.5 s', 'room 0.25 s', 'telephone',
              '15 fps', 'notes 10 dB')


@dataclass
class Recording:
    """Landmarks, times and samples of a (joined) clip, with the times of its cuts."""
    landmarks: np.ndarray
    times: np.ndarray
    samples: np.ndarray
    cuts: tuple = ()


def joined(clips, cut):
    """GRID clips one after the other, each cut or filled to 3 s; `cut`: whether the joins are known as cuts."""
    length = int(JOINED_SECONDS * SAMPLE_RATE)
    samples = [np.pad(c.samples.astype(np.float64), (0, max(0, length - len(c.samples))))[:length] for c in clips]
    starts = np.arange(len(clips)) * JOINED_SECONDS
    return Recording(np.concatenate([c.landmarks for c in clips]),
                     np.concatenate([c.times + s for c, s in zip(clips, starts)]),
                     np.concatenate(samples), tuple(starts[1:]) if cut else ())


def moved(samples, milliseconds):
    """Sound later by so much, the length kept, zeros where nothing is left."""
    count = int(round(milliseconds * SAMPLE_RATE / 1000))
    result = np.zeros_like(samples)
    if count >= 0:
        result[count:] = samples[:len(samples) - count]
    else:
        result[:count] = samples[-count:]
    return result


def at_frame_rate(recording, rate):
    """Keep the frames that a camera of a lower rate would have taken."""
    wanted = np.arange(recording.times[0], recording.times[-1], 1 / rate)
    keep = np.unique(np.searchsorted(recording.times, wanted - 1e-6))
    return Recording(recording.landmarks[keep], recording.times[keep], recording.samples, recording.cuts)


def degraded(recording, condition, others, rng):
    """One of CONDITIONS, or 'clean'; others: samples of other clips, for babble."""
    samples = recording.samples
    kind, _, amount = condition.partition(' ')
    level = float(amount.split()[0]) if amount and kind not in ('fps',) and amount[0].isdigit() else 0.0
    if kind == 'noise':
        samples = augment.with_noise(samples, rng.standard_normal(len(samples)), level)
    elif kind == 'pink':
        samples = augment.with_noise(samples, augment.pink(len(samples), rng), level)
    elif kind == 'notes':
        samples = augment.with_noise(samples, augment.notes(len(samples), rng), level)
    elif kind == 'babble':
        voices = sum(np.roll(np.resize(others[i], len(samples)), int(rng.integers(0, 40000)))
                     for i in rng.integers(0, len(others), 3))
        samples = augment.with_noise(samples, voices, level)
    elif kind == 'room':
        samples = augment.room(samples, level, rng)
    elif kind == 'telephone':
        samples = augment.low_passed(samples, 3600)
    elif condition == '15 fps':
        return at_frame_rate(recording, 15)
    return Recording(recording.landmarks, recording.times, samples, recording.cuts)


def trial(model, recording, shift_ms, **labels):
    """Evidence of a recording with its sound moved later; the truth is -shift_ms."""
    found = clip_evidence(model, recording.landmarks, recording.times, moved(recording.samples, shift_ms),
                          recording.cuts)
    return {**asdict(found), 'shift_ms': shift_ms, 'error': found.offset_ms + shift_ms, **labels}


def trials_of(model, left_out, foreign_sounds, seed, singles=4, joins=24):
    """Trials of the clips one fold left out; as many mismatched as true ones at each length.

    Mismatched: the sound of another left-out clip, or of a foreign clip when the fold has only one talker.
    """
    rng = np.random.default_rng(seed)
    clips = [c for c in left_out if c.kind == 'grid']
    rows = []

    def both(chosen, wrong, cut, condition, shift, **labels):
        right = joined(chosen, cut)
        mixed = Recording(right.landmarks, right.times, joined(wrong, cut).samples, right.cuts)
        for paired, recording in ((True, right), (False, mixed)):
            recording = degraded(recording, condition, foreign_sounds, rng)
            rows.append(trial(model, recording, shift, paired=paired, condition=condition, seconds=3 * len(chosen),
                              talker=chosen[0].talker, name=chosen[0].name, **labels))

    for clip in clips:
        for repeat in range(singles if clip.talker == 's1' else 3 * singles):
            other = clips[int(rng.integers(len(clips)))]
            while other.name == clip.name:
                other = clips[int(rng.integers(len(clips)))]
            condition = 'clean' if repeat % 2 == 0 else CONDITIONS[int(rng.integers(len(CONDITIONS)))]
            both([clip], [other], False, condition, float(np.round(rng.uniform(-400, 400))))
    for count in (2, 3, 5):
        for repeat in range(joins):
            order = rng.permutation(len(clips))
            chosen = [clips[i] for i in order[:count]]
            rest = order[count:] if len(order) >= 2 * count else np.roll(order[:count], 1)
            condition = 'clean' if repeat % 2 == 0 else CONDITIONS[int(rng.integers(len(CONDITIONS)))]
            both(chosen, [clips[i] for i in rest[:count]], bool(rng.random() < 0.5), condition,
                 float(np.round(rng.uniform(-400, 400))))
    return rows
