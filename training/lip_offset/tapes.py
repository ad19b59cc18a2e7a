"""Foreign mouths and audio for the cohort: GRID clips of all speakers, end to end."""
import numpy as np

from . import cohort, estimate, sound

FRAMES_PER_MEMBER = 148


def chosen(clips):
    """32 GRID clips: two of each speaker except s1, then clips of s1."""
    talkers = {}
    for clip in clips:
        if clip.source.startswith('grid') and clip.talker != 's1':
            talkers.setdefault(clip.talker, []).append(clip)
    others = [some[i] for i in range(2) for some in talkers.values() if len(some) > i]
    own = [c for c in clips if c.talker == 's1']
    some = others + own[::max(1, len(own) // max(1, cohort.MEMBERS - len(others)))]
    while len(some) < cohort.MEMBERS:
        some = some + some
    return some[:cohort.MEMBERS]


def spread(clips):
    """32 clips of any corpus: each speaker's first, then each one's second, and so on."""
    talkers = {}
    for clip in clips:
        if len(clip.times) and clip.times[-1] * 50 >= FRAMES_PER_MEMBER / 2:
            talkers.setdefault(clip.talker, []).append(clip)
    longest = max(map(len, talkers.values()))
    some = [own[i] for i in range(longest) for own in talkers.values() if len(own) > i]
    while len(some) < cohort.MEMBERS:
        some = some + some
    return some[:cohort.MEMBERS]


def add(model, clips, members=None):
    model.mouth_tape = model.sound_tape = None
    filled = lambda x: np.pad(x, ((0, max(0, FRAMES_PER_MEMBER - len(x))), (0, 0)))[:FRAMES_PER_MEMBER]
    mouths, sounds = [], []
    for clip in members or chosen(clips):
        sides, _, _ = estimate.sides_of(model, *estimate.pieces_of(model, clip), sound.sound_features(clip.samples), 10)
        present = [k for k in estimate.KINDS if model.experts_of(k)]
        width = lambda kind: sum(e['mouth'][-1]['kernel'].shape[2] for e in model.experts_of(kind))
        nothing = lambda kind: np.zeros((FRAMES_PER_MEMBER, width(kind)))
        mouths.append(np.concatenate([filled(sides[k].u) if k in sides else nothing(k) for k in present], axis=1))
        sounds.append(np.concatenate([filled(sides[k].v) if k in sides else nothing(k) for k in present], axis=1))
    model.mouth_tape, model.sound_tape = np.concatenate(mouths), np.concatenate(sounds)
    return model
