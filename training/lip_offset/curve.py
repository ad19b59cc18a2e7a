"""Correlation curves over the lag, their peak below the grid, and its standard error."""
import numpy as np

BLOCK = 25        # frames: 0.5 s
MARGIN = 9        # lags beyond the range, for interpolation
STEP_FRAMES = 0.05    # 1 ms
SLOPE_FRAMES = 0.5    # 10 ms, for derivatives at the peak


def full_curve(u, v, lags):
    """curve[lags + l] = sum over t, k of u[t, k] v[t + l, k], l = -lags ... lags."""
    length = 1 << int(np.ceil(np.log2(len(u) + len(v) + 2 * lags)))
    spectrum = (np.conj(np.fft.rfft(u, length, axis=0)) * np.fft.rfft(v, length, axis=0)).sum(axis=1)
    curve = np.fft.irfft(spectrum, length)
    return np.concatenate([curve[-lags:], curve[:lags + 1]])


def block_curves(u, v, mask, lags):
    """One curve for each run of 25 frames (counted from frame 0) that has a mouth frame; [blocks, 2 lags + 1]."""
    padded = np.pad(v, ((lags, lags + max(0, len(u) - len(v))), (0, 0)))
    curves = []
    for start in range(0, len(u), BLOCK):
        if not mask[start:start + BLOCK].any():
            continue
        part = u[start:start + BLOCK]
        products = part @ padded[start:start + len(part) + 2 * lags].T
        curves.append([np.trace(products, offset=l) for l in range(2 * lags + 1)])
    return np.array(curves)


def every_block_curve(u, v, lags):
    """One curve for each run of 25 frames, whether there is a mouth or not; [blocks, 2 lags + 1]."""
    count = -(-len(u) // BLOCK)
    padded_u = np.pad(u, ((0, count * BLOCK - len(u)), (0, 0))).reshape(count, BLOCK, -1)
    padded_v = np.pad(v, ((lags, lags + BLOCK + max(0, len(u) - len(v))), (0, 0)))
    rows = np.arange(count)[:, None] * BLOCK + np.arange(BLOCK)
    return np.stack([(padded_u * padded_v[rows + l]).sum(axis=(1, 2)) for l in range(2 * lags + 1)], axis=1)


def interpolated(curve, position):
    """Windowed-sinc value of a curve at a fractional index; curve [..., L], position >= 7 and < L - 8.

    Sixteen samples, sinc times a Hann window of half-width 8.
    """
    left = int(np.floor(position)) - 7
    distance = position - np.arange(left, left + 16)
    weights = np.sinc(distance) * (0.5 + 0.5 * np.cos(np.pi * distance / 8))
    return curve[..., left:left + 16] @ weights


def peak(curve, lags):
    """Lag in frames of the largest value, below the grid; curve holds lags + MARGIN either way.

    The largest sample within +-lags, then the largest of the interpolated values in steps of 0.05 frames within
    one frame of it, then a parabola through that one and its neighbours.
    """
    inside = curve[MARGIN:len(curve) - MARGIN]
    best = MARGIN + int(np.argmax(inside))
    steps = np.arange(-20, 21) * STEP_FRAMES
    values = np.array([interpolated(curve, best + s) for s in steps])
    i = int(np.argmax(values))
    fraction = 0.0
    if 0 < i < len(values) - 1:
        bend = values[i - 1] - 2 * values[i] + values[i + 1]
        if bend < 0:
            fraction = 0.5 * (values[i - 1] - values[i + 1]) / bend
    return best + steps[i] + fraction * STEP_FRAMES - (lags + MARGIN)


def standard_error(blocks, lag, lags):
    """Sandwich standard error in frames: scatter of the blocks' slopes at the peak over the curve's curvature."""
    at = lambda shift: interpolated(blocks, np.clip(lag + shift, -lags, lags) + lags + MARGIN)
    before, here, after = at(-SLOPE_FRAMES), at(0.0), at(SLOPE_FRAMES)
    slopes = (after - before) / (2 * SLOPE_FRAMES)
    bend = (before - 2 * here + after).sum() / SLOPE_FRAMES ** 2
    count = len(blocks)
    if bend >= 0 or count < 2:
        return np.inf
    return np.sqrt(count / (count - 1) * ((slopes - slopes.mean()) ** 2).sum()) / -bend
