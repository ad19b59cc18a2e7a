"""Ridge canonical correlation between stacked taps of both streams (Hotelling; FaceSync, NIPS 2000)."""
import numpy as np

MOUTH_TAPS = np.array([-4, -2, 0, 2, 4])            # frames of 20 ms
SOUND_TAPS = np.array([-6, -4, -2, 0, 2, 4, 6])
PAIRS = 8
RIDGE = 0.2                                          # of the mean variance


def stacked(features, taps):
    """[T, C] -> [T, len(taps) * C]; beyond the ends the end frame repeats."""
    index = np.clip(np.arange(len(features))[:, None] + taps, 0, len(features) - 1)
    return features[index].reshape(len(features), -1)


def ridge_cca(x, y, ridge=RIDGE, pairs=PAIRS):
    """x [N, P], y [N, Q] -> projections [P, pairs], [Q, pairs] and the canonical correlations."""
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    cx, cy, cxy = x.T @ x / len(x), y.T @ y / len(x), x.T @ y / len(x)
    cx += ridge * np.trace(cx) / len(cx) * np.eye(len(cx))
    cy += ridge * np.trace(cy) / len(cy) * np.eye(len(cy))
    lx, ly = np.linalg.cholesky(cx), np.linalg.cholesky(cy)
    whitened = np.linalg.solve(ly, np.linalg.solve(lx, cxy).T).T
    u, s, vt = np.linalg.svd(whitened, full_matrices=False)
    return np.linalg.solve(lx.T, u[:, :pairs]), np.linalg.solve(ly.T, vt[:pairs].T), s[:pairs]


def train(mouths, sounds):
    """Lists of [T, 14] and [T, 24] on the same frames -> two one-layer convolutions (see towers.py).

    Kernels [taps, channels in, pairs]; each pair is weighted by the root of its correlation on either side.
    """
    x = np.concatenate([stacked(m, MOUTH_TAPS) for m in mouths])
    y = np.concatenate([stacked(s, SOUND_TAPS) for s in sounds])
    wx, wy, correlations = ridge_cca(x, y)
    wx, wy = wx * np.sqrt(correlations), wy * np.sqrt(correlations)
    return (wx.reshape(len(MOUTH_TAPS), -1, PAIRS).astype(np.float32),
            wy.reshape(len(SOUND_TAPS), -1, PAIRS).astype(np.float32), correlations)
