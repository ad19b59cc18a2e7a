"""Clips as the program dumps them, and who talks in them."""
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass
class Clip:
    """One clip: landmarks [F, 468, 3] display pixels (NaN: no face), times [F] s, samples [N] 16 kHz from 0 s."""
    name: str
    kind: str       # 'grid', 'wild' or 'no-speech'
    talker: str
    landmarks: np.ndarray
    times: np.ndarray
    samples: np.ndarray


SAME_MAN = {'pwij3p', 'swwp2s'}
GRIMACES = {'liveportrait-d14', 'liveportrait-d18', 'liveportrait-d19', 'liveportrait-d3'}


def kind_and_talker(name):
    """'grid-s1-bbaf4p' or 's1-bbaf4p' -> ('grid', 's1'); other GRID clips are talkers of their own."""
    bare = name
    for prefix in ('grid-', 'wild-', 'no-speech-'):
        bare = bare.removeprefix(prefix)
    if bare in GRIMACES:
        return 'no-speech', bare
    if bare.startswith(('liveportrait', 'retalking')):
        return 'wild', bare
    if bare.startswith('s1-'):
        return 'grid', 's1'
    return 'grid', 'pwij3p+swwp2s' if bare in SAME_MAN else bare


def load_clips(folder):
    """All clips NAME.landmarks.npy, NAME.times.npy, NAME.audio.npy of a folder and those below, sorted by name."""
    clips = []
    for path in sorted(Path(folder).rglob('*.landmarks.npy'), key=lambda p: p.name):
        name = path.name.removesuffix('.landmarks.npy')
        kind, talker = kind_and_talker(name)
        landmarks = np.load(path)
        times = np.load(path.with_name(name + '.times.npy'))
        audio = path.with_name(name + '.audio.npy')
        samples = np.load(audio) if audio.exists() else np.zeros(0, np.float32)
        count = min(len(landmarks), len(times))
        clips.append(Clip(name, kind, talker, landmarks[:count], times[:count], samples))
    return clips
