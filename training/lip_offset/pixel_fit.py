"""Fit the pixel expert to clips with known lags."""
import numpy as np

from . import augment, pixel_towers, pixels, sound
from .pixel_towers import PixelClip

COPIES = 5                   # of each clip's audio: as recorded, and degraded
SHORTEST = 60                # grid frames of a training segment
SHARE_OF_WEIGHT = {'s1': 0.2, 'grid': 0.35, 'wild': 0.45}


def group_of(clip):
    return 's1' if clip.talker == 's1' else clip.kind


def weights_of(clips):
    """Each group has its share; its speakers have equal weights, and so have the clips of a speaker."""
    groups = {}
    for clip in clips:
        groups.setdefault(group_of(clip), {}).setdefault(clip.talker, []).append(clip.name)
    return {name: SHARE_OF_WEIGHT[group] / len(talkers) / len(names)
            for group, talkers in groups.items() for names in talkers.values() for name in names}


def sounds_of(clip, babble, copies, rng):
    samples = clip.samples.astype(np.float64)
    made = []
    for copy in range(copies):
        some = augment.degraded_sound(samples, [babble[i] for i in rng.integers(0, len(babble), 3)], rng) \
            if copy else samples
        bands, (first, end), _ = sound.sound_features(some)
        if end - first >= SHORTEST:
            made.append((first, bands.astype(np.float32)))
            if copy and rng.random() < 0.5:
                made[-1] = (first, augment.warped_bands(bands, rng).astype(np.float32))
    return made


def pixel_clips(clips, lags, copies=COPIES, seed=3000):
    """lags: {name: seconds by which the audio is late against the video}; clips without one are left out."""
    clips = [c for c in clips if c.name in lags]
    weights = weights_of(clips)
    babble = [c.samples for c in clips if c.kind == 'grid'][::4] or [c.samples for c in clips][::4]
    talkers = sorted({c.talker for c in clips})
    made = []
    for i, clip in enumerate(clips):
        sounds = sounds_of(clip, babble, copies, np.random.default_rng(seed + i))
        runs = [r for r in pixels.segments(clip.seen, clip.times)
                if (clip.times[r[-1]] - clip.times[r[0]]) * 50 >= SHORTEST]
        length = sum(len(r) for r in runs)
        if sounds:
            made += [PixelClip(clip.crops[r], clip.times[r], sounds, lags[clip.name], talkers.index(clip.talker),
                               weights[clip.name] * len(r) / length) for r in runs]
    return made


def fit(clips, lags, steps, seed, say=None, copies=COPIES):
    network = pixel_towers.train(pixel_clips(clips, lags, copies), steps, seed, say=say)
    return pixel_towers.expert_of(network)


def continued(expert, clips, lags, steps, peak_rate, seed, say=None, copies=COPIES):
    """An expert (as `pixel_towers.expert_of` gives it) fine-tuned on clips with known lags."""
    start = pixel_towers.network_of(expert)
    return pixel_towers.expert_of(pixel_towers.train(pixel_clips(clips, lags, copies), steps, seed, say, start, peak_rate))
