"""From a clip to an offset with its evidence: the reference of what the program does."""
from dataclasses import dataclass

import numpy as np

from . import bootstrap, cohort, curve, embedding, mouth, sound
from .grid import FRAME_SECONDS

LAGS = 75                   # frames: +-1.5 s


@dataclass
class Evidence:
    """What one clip gave. offset_ms: to ADD to the sound's times (sound late: negative)."""
    offset_ms: float = np.nan
    cohort: float = np.nan
    share: float = np.nan
    error_ms: float = np.nan          # sandwich standard error
    height: float = np.nan            # peak per overlapping frame and expert, -1 ... 1
    voiced_seconds: float = 0.0
    overlap_seconds: float = 0.0
    opening: float = 0.0              # face scales, root mean square over segments
    mouth_seconds: float = 0.0


def overlapped(u_mask, v_mask, lag):
    """Frames t with a mouth at t and sound at t + lag."""
    lag = int(round(lag))
    t = np.flatnonzero(u_mask)
    t = t[(t + lag >= 0) & (t + lag < len(v_mask))]
    return t[v_mask[t + lag]]


def evidence_of(model, mouth_pieces, sound_piece, lags=LAGS):
    """mouth_pieces: [(first, features, opening)]; sound_piece: (features, (first, end), voiced)."""
    features, (first, end), voiced = sound_piece
    found = Evidence()
    if not mouth_pieces or end == first:
        return found
    frames = max([end] + [f + len(x) for f, x, _ in mouth_pieces])
    u, u_mask = embedding.embed(model.experts, 'mouth', [(f, x) for f, x, _ in mouth_pieces], frames)
    v, v_mask = embedding.embed(model.experts, 'sound', [(first, features)], frames)
    blocks = curve.block_curves(u, v, u_mask, lags + curve.MARGIN)
    total = blocks.sum(axis=0)
    lag = curve.peak(total, lags)
    inside = blocks[:, curve.MARGIN:-curve.MARGIN]
    shared = overlapped(u_mask, v_mask, lag)
    voiced_frames = np.zeros(frames, bool)
    voiced_frames[first:end] = voiced
    here = shared + int(round(lag))
    weights = np.array([len(x) for _, x, _ in mouth_pieces], float)
    found.offset_ms = -lag * FRAME_SECONDS * 1000 - float(np.ravel(model.numbers.get('bias', 0.0))[0])
    found.share = bootstrap.stable_share(inside, lag, lags)
    found.error_ms = curve.standard_error(blocks, lag, lags) * FRAME_SECONDS * 1000
    found.height = inside.sum(axis=0).max() / max(len(shared), 1) / sum(
        expert.get('weight', 1.0) for expert in model.experts)
    found.voiced_seconds = voiced_frames[here].sum() * FRAME_SECONDS
    found.overlap_seconds = len(shared) * FRAME_SECONDS
    found.mouth_seconds = u_mask.sum() * FRAME_SECONDS
    found.opening = float(np.sqrt((weights * np.array([o for _, _, o in mouth_pieces]) ** 2).sum() / weights.sum()))
    if model.mouth_tape is not None:
        found.cohort = cohort.cohort_score(u, v, u_mask, v_mask, model.mouth_tape, model.sound_tape,
                                           inside.sum(axis=0).max(), lags)
    return found


def clip_evidence(model, landmarks, times, samples, cuts=(), lags=LAGS):
    pieces = mouth.mouth_features(landmarks, times, model.canonical, model.basis, cuts)
    return evidence_of(model, pieces, sound.sound_features(samples), lags)
