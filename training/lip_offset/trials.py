"""Trials on clips unseen in training: true and mismatched pairs, cut, joined, moved and degraded."""
from dataclasses import asdict, dataclass

import cv2
import numpy as np

from . import augment, pixels, sound
from .estimate import evidences_of, pieces_of, view_of
from .sound import SAMPLE_RATE

JOINED_SECONDS = 3.0     # a GRID clip lasts 75 frames of 40 ms
CONDITIONS = ('noise 10 dB', 'noise 0 dB', 'pink 5 dB', 'babble 10 dB', 'room 0.5 s', 'room 0.25 s', 'telephone',
              '15 fps', 'notes 10 dB', 'low resolution', 'low resolution', 'low resolution')
WILD_SECONDS = (1.5, 2, 3, 4, 6, 9, 15, 30)
WINDOWS_EACH = 5         # of a wild clip and length, at most
JOINS = {2: 12, 3: 12, 5: 8, 10: 4}


@dataclass
class Recording:
    """Landmarks, times, samples and crops of a clip, or of several joined, with the times of its cuts."""
    landmarks: np.ndarray
    times: np.ndarray
    samples: np.ndarray
    crops: np.ndarray
    seen: np.ndarray
    width: np.ndarray
    cuts: tuple = ()


def of_clip(clip):
    return Recording(clip.landmarks, clip.times, clip.samples.astype(np.float64), clip.crops, clip.seen, clip.width)


def window(recording, start, seconds):
    """The frames and the audio of a segment, as a separate clip."""
    here = (recording.times >= start - 1e-9) & (recording.times < start + seconds - 1e-9)
    first = int(round(start * SAMPLE_RATE))
    samples = recording.samples[first:first + int(round(seconds * SAMPLE_RATE))]
    cuts = tuple(c - start for c in recording.cuts if start < c < start + seconds)
    return Recording(recording.landmarks[here], recording.times[here] - start, samples, recording.crops[here],
                     recording.seen[here], recording.width[here], cuts)


def joined(clips, cut):
    """GRID clips end to end, each cut or padded to 3 s; `cut`: whether the joins are known as cuts."""
    length = int(JOINED_SECONDS * SAMPLE_RATE)
    samples = [np.pad(c.samples.astype(np.float64), (0, max(0, length - len(c.samples))))[:length] for c in clips]
    starts = np.arange(len(clips)) * JOINED_SECONDS
    stacked = lambda name: np.concatenate([getattr(c, name) for c in clips])
    return Recording(stacked('landmarks'), np.concatenate([c.times + s for c, s in zip(clips, starts)]),
                     np.concatenate(samples), stacked('crops'), stacked('seen'), stacked('width'),
                     tuple(starts[1:]) if cut else ())


def with_sound(recording, samples):
    """Other audio, cut or repeated to the length of the clip's."""
    return Recording(recording.landmarks, recording.times, np.resize(samples, len(recording.samples)),
                     recording.crops, recording.seen, recording.width, recording.cuts)


def moved(samples, milliseconds):
    """Audio delayed, with the same length, padded with zeros."""
    count = int(round(milliseconds * SAMPLE_RATE / 1000))
    result = np.zeros_like(samples)
    if abs(count) >= len(samples):
        return result
    if count >= 0:
        result[count:] = samples[:len(samples) - count]
    else:
        result[:count] = samples[-count:]
    return result


def kept(recording, frames):
    """Some of the frames."""
    return Recording(recording.landmarks[frames], recording.times[frames], recording.samples, recording.crops[frames],
                     recording.seen[frames], recording.width[frames], recording.cuts)


def at_frame_rate(recording, rate):
    """Keep the frames that a camera of a lower rate would have recorded."""
    wanted = np.arange(recording.times[0], recording.times[-1], 1 / rate)
    return kept(recording, np.unique(np.searchsorted(recording.times, wanted - 1e-6)))


def at_low_resolution(recording, rng):
    """A small, compressed face: crops shrunk and blocky, the mesh shaking."""
    factor, quality = rng.uniform(1.5, 3.5), int(rng.integers(12, 50))
    small = int(round(pixels.CROP / factor))
    crops = []
    for crop in recording.crops:
        crop = cv2.resize(crop, (small, small), interpolation=cv2.INTER_AREA)
        crop = cv2.imdecode(cv2.imencode('.jpg', crop, [1, quality])[1], 0)
        crops.append(cv2.resize(crop, (pixels.CROP, pixels.CROP)))
    points = recording.landmarks.astype(np.float64).copy()
    face = np.nanmean(np.linalg.norm(points[:, 33] - points[:, 263], axis=1))
    group = rng.integers(0, 6, points.shape[1])
    amount = rng.uniform(0.005, 0.02) * face
    points += rng.standard_normal(points.shape) * amount
    points += (rng.standard_normal((len(points), 6, 3)) * amount)[:, group]
    return Recording(points, recording.times, recording.samples, np.stack(crops), recording.seen,
                     recording.width / factor, recording.cuts)


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
    elif condition == 'low resolution':
        return at_low_resolution(recording, rng)
    return with_sound(recording, samples)


def trial(model, pieces, view, samples, shift_ms, truth_ms=0.0, **labels):
    """Evidence of frames and delayed audio, one row for each mode; right is truth_ms - shift_ms."""
    found = evidences_of(model, *pieces, sound.sound_features(moved(samples, shift_ms)), view)
    return [{**asdict(e), 'shift_ms': shift_ms, 'error': e.offset_ms + shift_ms - truth_ms, **labels}
            for e in found.values()]


def own_window(clip, seconds, rng):
    """A segment of a clip; all of a clip that is hardly longer."""
    recording = of_clip(clip)
    length = min(recording.times[-1] + 0.04, len(recording.samples) / SAMPLE_RATE)
    if length <= seconds + 0.1:
        return recording
    return window(recording, rng.uniform(0, length - seconds), seconds)


def trials_of(model, left_out, truths, foreign_sounds, seed, singles=2):
    """Trials of one fold's left-out clips; as many mismatched as true ones of each length.

    truths: {name: offset in ms} of the clips that have one. Mismatched: half of them the same speaker's audio of
    another sentence (studio, where all begin alike) or of another time (wild), the hardest ones; else the audio of
    another speaker, studio with studio and wild with wild, if available.
    """
    rng = np.random.default_rng(seed)
    studio = [c for c in left_out if c.kind == 'grid']
    wild = [c for c in left_out if c.kind == 'wild']
    rows = []

    def condition():
        return 'clean' if rng.random() < 0.5 else CONDITIONS[int(rng.integers(len(CONDITIONS)))]

    def both(clip, right, wrong, seconds, **labels):
        kind = condition()
        shift = float(np.round(rng.uniform(-400, 400)))
        some = degraded(right, kind, foreign_sounds, rng)
        other = degraded(with_sound(right, wrong), kind, foreign_sounds, rng) if '15 fps' != kind != 'low resolution' \
            else with_sound(right, wrong)
        pieces, view = pieces_of(model, some), view_of(some)
        for paired, samples in ((True, some.samples), (False, other.samples)):
            if not paired or clip.name in truths:
                rows.extend(trial(model, pieces, view, samples, shift, truths.get(clip.name, 0.0), paired=paired,
                                  condition=kind, seconds=seconds, talker=clip.talker, name=clip.name, kind=clip.kind,
                                  source=clip.source, **labels))

    def of_same(clip):
        """Another sentence of the same speaker, as recorded; None if there is none."""
        others = [c for c in studio if c.talker == clip.talker and c.name != clip.name]
        return others[int(rng.integers(len(others)))].samples if others else None

    def elsewhere(clip, piece, seconds):
        """The audio of another time of the same clip; None if it is not long enough."""
        length = min(clip.times[-1], len(clip.samples) / SAMPLE_RATE)
        if length < 2 * seconds + 3:
            return None
        own = int(np.argmax(np.correlate(clip.samples[::16], piece.samples[:SAMPLE_RATE:16], 'valid'))) * 16
        places = [p for p in range(0, int((length - seconds) * SAMPLE_RATE), SAMPLE_RATE // 2)
                  if abs(p - own) > (seconds + 1.5) * SAMPLE_RATE]
        return clip.samples[places[int(rng.integers(len(places)))]:].astype(np.float64) if places else None

    def another(clip, some):
        others = [c for c in some if c.talker != clip.talker] or [c for c in some if c.name != clip.name]
        return others[int(rng.integers(len(others)))].samples if others else \
            foreign_sounds[int(rng.integers(len(foreign_sounds)))]

    for clip in studio:
        for seconds in [3] * (singles if clip.talker == 's1' else 3 * singles) + [1, 2]:
            piece = own_window(clip, seconds, rng)
            same = of_same(clip) if rng.random() < 0.5 else None
            both(clip, piece, np.roll(another(clip, studio), -int(rng.integers(8000))) if same is None else same, seconds)
    long = [c for c in studio if len(c.times) >= 70]
    for count, joins in JOINS.items() if len(long) >= 2 else ():
        for _ in range(joins):
            one_talker = [c for c in long if c.talker == long[int(rng.integers(len(long)))].talker]
            group = one_talker if len(one_talker) >= 2 else long
            chosen = [group[i] for i in rng.permutation(np.arange(max(count, len(group))) % len(group))[:count]]
            right = joined(chosen, bool(rng.random() < 0.5))
            same = rng.random() < 0.5
            foreign = lambda c: of_same(c) if same and of_same(c) is not None else another(c, studio)
            wrong = np.concatenate([np.resize(foreign(c), 3 * SAMPLE_RATE) for c in chosen])
            both(chosen[0], right, wrong, 3 * count)
    for clip in wild:
        for seconds in WILD_SECONDS:
            length = clip.times[-1]
            if length < 0.95 * seconds:
                continue
            for _ in range(min(WINDOWS_EACH, int(np.ceil(2 * length / seconds)))):
                piece = own_window(clip, seconds, rng)
                here = elsewhere(clip, piece, seconds) if rng.random() < 0.5 else None
                other = another(clip, wild)
                both(clip, piece, np.roll(other, -int(rng.integers(len(other)))) if here is None else here, seconds)
    return rows
