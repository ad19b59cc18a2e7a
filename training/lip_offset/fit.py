"""Fit the landmark experts to a set of clips: canonical correlation first, then the towers."""
from dataclasses import dataclass, replace
from multiprocessing import Pool

import numpy as np

from . import augment, bootstrap, canonical_correlation, curve, embedding, mouth, sound, towers
from .model_file import Model, rounded

TOWER_SEEDS = (1, 2)
CORRELATION_WEIGHT = 0.5      # of the canonical correlation's curve; each network has 1
LARGEST_STUDIO_LAG = 5.0     # frames
LARGEST_OWN_LAG = 25         # frames, of a recording of unknown offset
LEAST_SHARE = 0.9
SHARE_OF_WEIGHT = {'s1': 0.5, 'grid': 0.25, 'wild': 0.25}


@dataclass
class Pair:
    """One training pair on the 20 ms grid; the audio is `lag` frames after the mouth."""
    mouth: np.ndarray
    sound: np.ndarray
    lag: float
    owner: int
    weight: float


def present(clip):
    return clip.landmarks[~np.isnan(clip.landmarks[:, 0, 0])]


def pair_of(landmarks, times, samples, model_frame, rng=None):
    """The longest segment's mouth features and the audio features at the same times, or None."""
    pieces = mouth.mouth_features(landmarks, times, *model_frame)
    if not pieces:
        return None
    first, features, _ = max(pieces, key=lambda p: len(p[1]))
    bands, (begin, end), _ = sound.sound_features(samples)
    if rng is not None and rng.random() < 0.5 and len(bands):
        bands = augment.warped_bands(bands, rng)
    start, stop = max(first, begin), min(first + len(features), end)
    if stop - start < 70:
        return None
    return features[start - first:stop - first], bands[start - begin:stop - begin]


def variants(clip, babble, count, model_frame, seed):
    """The clip itself and `count - 1` degraded copies, as (mouth, audio) arrays."""
    rng = np.random.default_rng(seed)
    good = ~np.isnan(clip.landmarks[:, 0, 0])
    points, times = clip.landmarks[good], clip.times[good]
    made = []
    for variant in range(count):
        face, face_times, samples = points, times, clip.samples.astype(np.float64)
        if variant:
            face, face_times = augment.degraded_face(points, times, rng)
            samples, face_times = augment.faster(samples, face_times, float(np.exp(rng.uniform(-0.2, 0.2))))
            samples = augment.degraded_sound(samples, [babble[i] for i in rng.integers(0, len(babble), 3)], rng)
        pair = pair_of(face, face_times, samples, model_frame, rng if variant else None)
        if pair is not None:
            made.append((pair[0].astype(np.float32), pair[1].astype(np.float32)))
    return made


def plain_variants(clip, model_frame, seed):
    """For the canonical correlation: as recorded, with white noise at 0-15 dB, in a room, at speeds 0.85 and 1.15."""
    rng = np.random.default_rng(seed)
    samples = clip.samples.astype(np.float64)
    made = [(samples, clip.times)]
    made.append((augment.with_noise(samples, rng.standard_normal(len(samples)), rng.uniform(0, 15)), clip.times))
    made.append((augment.room(samples, rng.uniform(0.2, 0.6), rng), clip.times))
    made += [augment.faster(samples, clip.times, speed) for speed in (0.85, 1.15)]
    pairs = [pair_of(clip.landmarks, times, sound_, model_frame) for sound_, times in made]
    return [p for p in pairs if p is not None]


def correlation_expert(clips, model_frame):
    pairs = [p for i, clip in enumerate(clips) for p in plain_variants(clip, model_frame, 1000 + i)]
    mouth_kernel, sound_kernel, _ = canonical_correlation.train([m for m, _ in pairs], [s for _, s in pairs])
    layer = lambda kernel: [{'kernel': kernel, 'bias': np.zeros(kernel.shape[2], np.float32)}]
    return {'mouth': layer(mouth_kernel), 'mouth_dilations': [2],
            'sound': layer(sound_kernel), 'sound_dilations': [2], 'weight': CORRELATION_WEIGHT}


def lag_of(model, clip):
    """Lag in frames of a whole clip by a model and its bootstrap share, for clips with unknown offset."""
    pieces = mouth.mouth_features(clip.landmarks, clip.times, model.canonical, model.basis)
    bands, (first, end), _ = sound.sound_features(clip.samples)
    frames = max([end] + [f + len(x) for f, x, _ in pieces])
    u, mask = embedding.embed(model.experts, 'mouth', [(f, x) for f, x, _ in pieces], frames)
    v, _ = embedding.embed(model.experts, 'sound', [(first, bands)], frames)
    blocks = curve.block_curves(u, v, mask, LARGEST_OWN_LAG + curve.MARGIN)
    lag = curve.peak(blocks.sum(axis=0), LARGEST_OWN_LAG)
    return lag, bootstrap.stable_share(blocks[:, curve.MARGIN:-curve.MARGIN], lag, LARGEST_OWN_LAG)


def lined_up(model, clips, centred, say):
    """Clips with the video moved so that the model finds no lag in them.

    Recordings in sync on average (`centred`) keep their mean: only each clip's difference from it is removed.
    GRID clips differ by some 15 ms from one another, since they were cut at whole video frames. Others are left
    out if the bootstrap doubts the lag.
    """
    lags, shares = np.array([lag_of(model, clip) for clip in clips]).T
    if centred:
        usable = np.abs(lags) < LARGEST_STUDIO_LAG
        lags = np.where(usable, lags - lags[usable].mean(), 0.0)
    else:
        clips = [clip for clip, share in zip(clips, shares) if share >= LEAST_SHARE]
        lags = lags[shares >= LEAST_SHARE]
    say(f'  offsets of {len(clips)} clips: mean {-20 * lags.mean():.1f} ms, deviation {20 * lags.std():.1f} ms')
    return [replace(clip, times=clip.times + lag * 0.02) for clip, lag in zip(clips, lags)]


def tower_expert(pairs, steps, seed, say):
    parameters = towers.train(pairs, steps, seed, say=say)
    return {'mouth': parameters['mouth'], 'mouth_dilations': list(towers.DILATIONS),
            'sound': parameters['sound'], 'sound_dilations': list(towers.DILATIONS), 'weight': 1.0}


def weight_group(clip):
    return 's1' if clip.talker == 's1' else clip.kind


def fit(clips, copies, steps, say=None, processes=1, seeds=TOWER_SEEDS):
    """clips: GRID (true offset 0) and wild ones (offset estimated by the first expert) -> Model."""
    say = say or (lambda text: None)
    studio = [c for c in clips if c.kind == 'grid']
    wild = [c for c in clips if c.kind == 'wild']
    canonical = mouth.canonical_face([present(c) for c in studio + wild])
    basis = mouth.principal_basis([present(c) for c in studio + wild], canonical)
    model_frame = (canonical, basis)
    model = Model(canonical, basis, [correlation_expert(studio, model_frame)])
    studio = lined_up(model, studio, centred=True, say=say)
    model.experts = [correlation_expert(studio, model_frame)]
    studio = studio + lined_up(model, wild, centred=False, say=say)
    babble = [c.samples for c in studio if c.kind == 'grid'][::4]
    tasks = [(c, babble, copies * (1 if weight_group(c) == 's1' else 3), model_frame, 2000 + i)
             for i, c in enumerate(studio)]
    if processes > 1:
        with Pool(processes) as pool:
            made = pool.starmap(variants, tasks)
    else:
        made = [variants(*t) for t in tasks]
    groups = [weight_group(clip) for clip in studio]
    pairs = [Pair(m, s, 0.0, owner, SHARE_OF_WEIGHT[groups[owner]] / groups.count(groups[owner]) / len(some))
             for owner, some in enumerate(made) for m, s in some]
    say(f'  {len(pairs)} pairs from {len(studio)} clips')
    for seed in seeds:
        model.experts.append(tower_expert(pairs, steps, seed, say))
    return rounded(model)
