"""Mouth features: eight distances and six pose-free components every 20 ms, from 468 mesh points."""
import numpy as np

from .grid import FRAME_SECONDS, moving_average_removed, scaled_and_clipped

STABLE_POINTS = np.array([10, 151, 9, 8, 168, 6, 197, 195, 33, 133, 362, 263, 67, 297, 109, 338, 21, 251,
                          162, 389, 127, 356, 5, 70, 300, 107, 336, 54, 284])
LIP_POINTS = [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 185, 40, 39, 37, 0, 267, 269, 270, 409,
              78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 191, 80, 81, 82, 13, 312, 311, 310, 415]
JAW_POINTS = [152, 148, 176, 149, 377, 400, 378, 199, 200, 18, 83, 313, 164, 2, 57, 287, 212, 432, 43, 273,
              106, 335]
MOVING_POINTS = np.array(LIP_POINTS + JAW_POINTS)
DISTANCES = 8
COMPONENTS = 6
LONGEST_GAP_SECONDS = 0.15  # between two frames with a face; a longer gap ends the segment
SHORTEST_SEGMENT = 26       # grid frames
SCALE_WIDTH = 19            # grid frames of the box average of the face scale
AVERAGE_WIDTH = 51          # grid frames of the moving average that is removed
DISTANCE_FLOOR = 0.002      # face scales
COMPONENT_FLOOR = 0.01      # canonical units


def segments(landmarks, times, cuts=()):
    """Runs of frames with a face, as arrays of frame indices.

    A run ends if the next frame with a face is more than 0.15 s later, and at each cut: the time in seconds of the
    first frame of a new shot.
    """
    present = np.flatnonzero(~np.isnan(landmarks[:, 0, 0]))
    if len(present) == 0:
        return []
    shot = np.searchsorted(np.asarray(cuts, float), times[present] + 1e-6)
    breaks = np.flatnonzero((np.diff(times[present]) > LONGEST_GAP_SECONDS) | (np.diff(shot) > 0)) + 1
    return np.split(present, breaks)


def distances_and_scale(points):
    """points [T, 468, 3] pixels -> eight distances [T, 8] and the face scale [T], pixels."""
    d = lambda a, b: np.linalg.norm(points[:, a] - points[:, b], axis=1)
    distances = np.stack([d(13, 14), d(0, 17), d(61, 291), d(2, 152), (d(82, 87) + d(312, 317)) / 2,
                          d(78, 308), d(2, 0), d(17, 152)], axis=1)
    return distances, (d(33, 263) + d(10, 2) + d(234, 454)) / 3


def pose_removed(points, canonical):
    """Fit each frame's stable points to the canonical ones by a similarity; move the mouth points with it.

    points [T, 468, 3] pixels; canonical [29, 3], centred, root mean square radius 1.
    Returns [T, 62, 3] in canonical units. Umeyama 1991.
    """
    stable = points[:, STABLE_POINTS]
    centre = stable.mean(axis=1, keepdims=True)
    stable = stable - centre
    covariance = np.einsum('tni,nj->tij', stable, canonical)
    u, s, vt = np.linalg.svd(covariance)
    sign = np.ones_like(s)
    sign[:, 2] = np.sign(np.linalg.det(u) * np.linalg.det(vt))
    rotation = np.einsum('tij,tj,tjk->tik', u, sign, vt)
    scale = (s * sign).sum(axis=1) / (stable ** 2).sum(axis=(1, 2))
    return np.einsum('tni,tij->tnj', points[:, MOVING_POINTS] - centre, rotation) * scale[:, None, None]


def mouth_segment(points, times, canonical, basis):
    """One segment -> (first grid frame, features [T, 14], mouth opening deviation in face scales) or None.

    canonical [29, 3]; basis [186, 6], rows ordered point by point, x y z.
    """
    first = int(np.ceil(times[0] / FRAME_SECONDS - 1e-6))
    last = int(np.floor(times[-1] / FRAME_SECONDS + 1e-6))
    count = last - first + 1
    if count < SHORTEST_SEGMENT:
        return None
    points = points.astype(np.float64)
    distances, scale = distances_and_scale(points)
    components = pose_removed(points, canonical).reshape(len(points), -1) @ basis
    grid = np.arange(first, last + 1) * FRAME_SECONDS
    at_grid = lambda x: np.stack([np.interp(grid, times, c) for c in x.T], axis=1)
    scale = at_grid(scale[:, None])[:, 0]
    box = np.ones(SCALE_WIDTH)
    half = SCALE_WIDTH // 2
    scale = np.convolve(scale, box)[half:][:count] / np.convolve(np.ones(count), box)[half:][:count]
    ratios = moving_average_removed(at_grid(distances) / scale[:, None], AVERAGE_WIDTH)
    shapes = moving_average_removed(at_grid(components), AVERAGE_WIDTH)
    opening = float(np.sqrt(ratios[:, 0].var()))
    return first, np.concatenate([scaled_and_clipped(ratios, DISTANCE_FLOOR),
                                  scaled_and_clipped(shapes, COMPONENT_FLOOR)], axis=1), opening


def mouth_features(landmarks, times, canonical, basis, cuts=()):
    """All segments of a clip: list of (first grid frame, features [T, 14], opening deviation)."""
    made = [mouth_segment(landmarks[run], times[run], canonical, basis) 
            for run in segments(landmarks, times, cuts)]
    return [m for m in made if m is not None]


def canonical_face(clips, iterations=4):
    """Mean of the stable points over clips after similarity fits; clips: list of [T, 468, 3] without NaN.

    Returns [29, 3], centred, root mean square radius 1. Every clip has the same weight.
    """
    def unit(shape):
        shape = shape - shape.mean(axis=0)
        return shape / np.sqrt((shape ** 2).sum(axis=1).mean())
    canonical = unit(clips[0][0, STABLE_POINTS].astype(np.float64))
    for _ in range(iterations):
        means = []
        for points in clips:
            few = points[::15].astype(np.float64)
            stable = few[:, STABLE_POINTS] - few[:, STABLE_POINTS].mean(axis=1, keepdims=True)
            u, s, vt = np.linalg.svd(np.einsum('tni,nj->tij', stable, canonical))
            sign = np.ones_like(s)
            sign[:, 2] = np.sign(np.linalg.det(u) * np.linalg.det(vt))
            scale = (s * sign).sum(axis=1) / (stable ** 2).sum(axis=(1, 2))
            turned = np.einsum('tni,tij,tj,tjk->tnk', stable, u, sign, vt)
            means.append((turned * scale[:, None, None]).mean(axis=0))
        canonical = unit(np.mean(means, axis=0))
    return canonical


def principal_basis(clips, canonical):
    """First six principal directions of the pose-free mouth, within clips; [186, 6]."""
    covariance = 0
    for points in clips:
        shape = pose_removed(points.astype(np.float64), canonical).reshape(len(points), -1)
        shape = shape - shape.mean(axis=0)
        covariance = covariance + shape.T @ shape / len(shape)
    values, vectors = np.linalg.eigh(covariance)
    vectors = vectors[:, ::-1][:, :COMPONENTS]
    return vectors * np.sign(vectors[np.abs(vectors).argmax(axis=0), np.arange(COMPONENTS)])


def turn(landmarks):
    """Rotation of a head to a side: the median over frames of |distance of the nose's tip from one cheek less that
    from the other| over their sum, in the frame; about 0.8 tan(yaw). NaN without a mesh."""
    seen = landmarks[np.isfinite(landmarks[:, 0, 0])][:, :, :2].astype(np.float64)
    if len(seen) == 0:
        return np.nan
    one, other = (np.linalg.norm(seen[:, 1] - seen[:, cheek], axis=1) for cheek in (234, 454))
    return float(np.median(np.abs(one - other) / np.maximum(one + other, 1e-9)))
