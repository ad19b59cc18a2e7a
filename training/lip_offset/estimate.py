"""From a clip to an offset with its evidence: the reference for the program."""
from dataclasses import dataclass

import numpy as np

from . import bootstrap, cohort, curve, embedding, mouth, pixels, sound
from .grid import FRAME_SECONDS

LAGS = 75                   # frames: +-1.5 s
KINDS = ('landmarks', 'pixels')
MODES = ('landmarks', 'pixels', 'both')
FARTHEST_FRAMES = 10.0      # of two peaks that disagree


@dataclass
class Evidence:
    """The result for one clip. offset_ms: to ADD to the audio's times (audio late: negative)."""
    mode: str = ''
    offset_ms: float = np.nan
    cohort: float = np.nan
    share: float = np.nan
    error_ms: float = np.nan          # sandwich standard error
    height: float = np.nan            # peak per overlapping frame and expert, -1 ... 1
    voiced_seconds: float = 0.0
    overlap_seconds: float = 0.0
    opening: float = 0.0              # face scales, root mean square over segments; NaN without landmarks
    mouth_seconds: float = 0.0
    halves: float = 0.0               # 1: both halves have the same peak, 0: they are far apart
    kinds: float = 0.0                # the same for landmarks and pixels; 0 if there is only one
    width: float = np.nan             # of the face, in pixels
    definition: float = np.nan        # how sharp its pixels are
    turn: float = np.nan              # how far the head is turned


@dataclass
class View:
    """Quality of a face: its width in pixels, its sharpness, its rotation; NaN if unknown."""
    width: float = np.nan
    definition: float = np.nan
    turn: float = np.nan


@dataclass
class Side:
    """One kind of evidence on a clip: embeddings and masks of mouth and audio, weight of its experts, its tapes."""
    u: np.ndarray
    v: np.ndarray
    u_mask: np.ndarray
    weight: float
    mouth_tape: np.ndarray
    sound_tape: np.ndarray
    blocks: np.ndarray = None
    starts: np.ndarray = None
    foreign: np.ndarray = None


def overlapped(u_mask, v_mask, lag):
    """Frames t with a mouth at t and audio at t + lag."""
    lag = int(round(lag))
    t = np.flatnonzero(u_mask)
    t = t[(t + lag >= 0) & (t + lag < len(v_mask))]
    return t[v_mask[t + lag]]


def agreement(one, other):
    """1 for the same lag, 0 for 10 frames apart and more."""
    return 1 - min(abs(one - other), FARTHEST_FRAMES) / FARTHEST_FRAMES


def sides_of(model, mouth_pieces, pixel_pieces, sound_piece, lags):
    """{kind: Side} for what was seen, the audio's mask, and which frames are voiced."""
    features, (first, end), voiced = sound_piece
    ends = [f + len(x) for f, x, _ in mouth_pieces] + [f + len(x) for f, x in pixel_pieces]
    frames = max([end] + ends)
    given = {'landmarks': [(f, x) for f, x, _ in mouth_pieces], 'pixels': pixel_pieces}
    lengths = {kind: sum(len(x) for _, x in given[kind]) for kind in KINDS}
    for kind, other in (KINDS, KINDS[::-1]):
        if 2 * lengths[kind] < lengths[other]:
            given[kind] = []
    sides, v_mask = {}, np.zeros(frames, bool)
    for kind in KINDS:
        experts = model.experts_of(kind)
        if not given[kind] or not experts or end == first:
            continue
        u, u_mask = embedding.embed(experts, 'mouth', given[kind], frames)
        v, v_mask = embedding.embed(experts, 'sound', [(first, features)], frames)
        columns = model.columns_of(kind)
        tape = lambda t: None if t is None else t[:, columns]
        side = Side(u, v, u_mask, sum(e['weight'] for e in experts), tape(model.mouth_tape), tape(model.sound_tape))
        side.blocks = curve.every_block_curve(u, v, lags + curve.MARGIN)
        if side.mouth_tape is not None:
            side.foreign = cohort.foreign_curves(u, v, u_mask, v_mask, side.mouth_tape, side.sound_tape, lags)
        sides[kind] = side
    voiced_frames = np.zeros(frames, bool)
    voiced_frames[first:end] = voiced
    return sides, v_mask, voiced_frames


def evidence_of(model, mode, sides, v_mask, voiced, opening, view, lags=LAGS):
    """The evidence of one side, or of both: the sums of their block curves and of their foreign curves."""
    used = [sides[k] for k in KINDS if k in sides and mode in (k, 'both')]
    u_mask = np.any([s.u_mask for s in used], axis=0)
    seen = np.array([u_mask[i:i + curve.BLOCK].any() for i in range(0, len(u_mask), curve.BLOCK)])
    blocks = sum(s.blocks for s in used)[seen]
    total = blocks.sum(axis=0)
    lag = curve.peak(total, lags)
    inside = blocks[:, curve.MARGIN:-curve.MARGIN]
    height = inside.sum(axis=0).max()
    shared = overlapped(u_mask, v_mask, lag)
    found = Evidence(mode=mode, opening=opening, width=view.width, definition=view.definition, turn=view.turn)
    found.offset_ms = -lag * FRAME_SECONDS * 1000 - float(np.ravel(model.numbers.get(mode, {}).get('bias', 0.0))[0])
    found.share = bootstrap.stable_share(inside, lag, lags)
    found.error_ms = curve.standard_error(blocks, lag, lags) * FRAME_SECONDS * 1000
    found.height = height / max(len(shared), 1) / sum(s.weight for s in used)
    found.voiced_seconds = voiced[shared + int(round(lag))].sum() * FRAME_SECONDS
    found.overlap_seconds = len(shared) * FRAME_SECONDS
    found.mouth_seconds = u_mask.sum() * FRAME_SECONDS
    if len(blocks) >= 4:
        middle = len(blocks) // 2
        found.halves = agreement(*[curve.peak(b.sum(axis=0), lags) for b in (blocks[:middle], blocks[middle:])])
    if len(used) == 2:
        found.kinds = agreement(*[curve.peak(s.blocks.sum(axis=0), lags) for s in used])
    if all(s.foreign is not None for s in used):
        found.cohort = cohort.cohort_score(sum(s.foreign for s in used), height)
    return found


def pieces_of(model, clip):
    """Mouth and pixel segments of an object with landmarks, times, samples, crops, seen, width and cuts."""
    cuts = getattr(clip, 'cuts', ())
    seen_pixels = model.pixels is not None and clip.crops is not None
    return (mouth.mouth_features(clip.landmarks, clip.times, model.canonical, model.basis, cuts),
            pixels.pixel_features(model.pixels['stem'], clip.crops, clip.times, clip.seen, cuts)
            if seen_pixels else [])


def evidences_of(model, mouth_pieces, pixel_pieces, sound_piece, view=View(), modes=MODES, lags=LAGS):
    """{mode: Evidence} for the modes that what was seen allows."""
    sides, v_mask, voiced = sides_of(model, mouth_pieces, pixel_pieces, sound_piece, lags)
    weights = np.array([len(x) for _, x, _ in mouth_pieces], float)
    opening = float(np.sqrt((weights * np.array([o for _, _, o in mouth_pieces]) ** 2).sum() / weights.sum())
                    ) if mouth_pieces else np.nan
    allowed = [m for m in modes if (len(sides) == 2 if m == 'both' else m in sides)]
    return {m: evidence_of(model, m, sides, v_mask, voiced, opening if m != 'pixels' else np.nan, view, lags)
            for m in allowed}


def view_of(clip):
    """Quality of the face of a clip: medians over the frames in which it is visible."""
    width = float(np.nanmedian(clip.width[clip.seen])) if clip.seen.any() else np.nan
    return View(width, pixels.definition(clip.crops[clip.seen]), mouth.turn(clip.landmarks))


def clip_evidences(model, clip, modes=MODES, lags=LAGS):
    return evidences_of(model, *pieces_of(model, clip), sound.sound_features(clip.samples), view_of(clip), modes, lags)
