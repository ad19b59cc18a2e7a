"""The lag of every clip, in seconds by which the audio is late against the video."""
from . import estimate

AGREE_MS = 60.0       # two different estimators agree on the lag
LEAST_SHARE = 0.8
LARGEST_ERROR_MS = 30.0


def first_labels(model, clips):
    """Studio clips: 0. Web clips: the landmarks' answer, unless the bootstrap doubts it."""
    lags = {}
    for clip in clips:
        if clip.kind == 'grid':
            lags[clip.name] = 0.0
            continue
        found = estimate.clip_evidences(model, clip, ('landmarks',)).get('landmarks')
        if found and found.share >= LEAST_SHARE and found.error_ms < LARGEST_ERROR_MS:
            lags[clip.name] = -found.offset_ms / 1000
    return lags


def agreed(found):
    """The lag on which landmarks and pixels trained without the clip agree, or None."""
    if not {'landmarks', 'pixels', 'both'} <= set(found):
        return None
    if abs(found['landmarks'].offset_ms - found['pixels'].offset_ms) > AGREE_MS:
        return None
    return -found['both'].offset_ms / 1000


def agreed_labels(model, clips):
    """As `first_labels`, by a model trained without the clips."""
    lags = {c.name: 0.0 if c.kind == 'grid' else agreed(estimate.clip_evidences(model, c)) for c in clips}
    return {name: lag for name, lag in lags.items() if lag is not None}
