"""Clips as dumped by the program, and their speakers."""
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass
class Clip:
    """One clip: landmarks [F, 468, 3] display pixels (NaN: no mesh), times [F] s, samples [N] 16 kHz from 0 s,
    crops uint8 [F, 56, 56] of the lower face, those of them that are seen [F], the face's width [F] in pixels."""
    name: str
    kind: str       # 'grid' (studio, in sync), 'wild' or 'no-speech'
    talker: str
    source: str     # clips of one source are left out together
    landmarks: np.ndarray
    times: np.ndarray
    samples: np.ndarray
    crops: np.ndarray
    seen: np.ndarray
    width: np.ndarray


SAME_MAN = {'pwij3p', 'swwp2s'}
GRIMACES = {'liveportrait-d14', 'liveportrait-d18', 'liveportrait-d19', 'liveportrait-d3'}
# Prefixes of clip names in lips/faces: speaker, kind, source.
FACES = {
    'grid-s31': ('grid-s31', 'grid', 'grid-31'),
    'grid-s30': ('grid-s30', 'grid', 'grid-30'), 'grid-s33': ('grid-s33', 'grid', 'grid-30'),
    'grid-s34': ('grid-s34', 'grid', 'grid-30'),
    'grid-u3': ('grid-u3', 'grid', 'grid-u'), 'grid-u4': ('grid-u4', 'grid', 'grid-u'),
    'grid-u5': ('grid-u5', 'grid', 'grid-u'), 'grid-u6': ('grid-u6', 'grid', 'grid-u'),
    'cremad-1001': ('cremad-1001', 'grid', 'cremad'),
    'web-cnn-anchor': ('web-cnn-anchor', 'wild', 'web-dfrf'), 'web-macron': ('web-macron', 'wild', 'web-dfrf'),
    'web-german-newsreader': ('web-german-newsreader', 'wild', 'web-mimictalk'),
    'web-theresa-may': ('web-theresa-may', 'wild', 'web-mimictalk'),
    'web-trump': ('web-trump', 'wild', 'web-mimictalk'),
    'web-dafoe': ('web-dafoe', 'wild', 'web-smirk'), 'web-skarsgard': ('web-skarsgard', 'wild', 'web-smirk'),
    'hdtf-RD_Radio22': ('hdtf-22', 'wild', 'web-hdtf'), 'hdtf-RD_Radio42': ('hdtf-42', 'wild', 'web-hdtf'),
}


def labels_of(name):
    """'s1-bbaf4p' -> ('grid', 's1', 'grid-s1'): kind, speaker and source of a clip of the corpus."""
    for prefix, (talker, kind, source) in FACES.items():
        if name.startswith(prefix):
            return kind, talker, source
    if name in GRIMACES:
        return 'no-speech', name, 'liveportrait'
    for source in ('liveportrait', 'retalking'):
        if name.startswith(source):
            return 'wild', name, source
    if name.startswith('s1-'):
        return 'grid', 's1', 'grid-s1'
    return 'grid', 'pwij3p+swwp2s' if name in SAME_MAN else name, 'grid-others'


def load_clips(folder):
    """All clips of a folder and those below, sorted by name: NAME.landmarks.npy, .times, .audio, .crops, .seen, .face."""
    clips = []
    for path in sorted(Path(folder).rglob('*.landmarks.npy'), key=lambda p: p.name):
        name = path.name.removesuffix('.landmarks.npy')
        part = lambda kind: np.load(path.with_name(f'{name}.{kind}.npy'))
        arrays = [part(kind) for kind in ('landmarks', 'times', 'crops', 'seen', 'face')]
        count = min(len(a) for a in arrays)
        landmarks, times, crops, seen, width = (a[:count] for a in arrays)
        audio = path.with_name(name + '.audio.npy')
        samples = np.load(audio) if audio.exists() else np.zeros(0, np.float32)
        clips.append(Clip(name, *labels_of(name), landmarks, times, samples, crops, seen.astype(bool), width))
    return clips
