"""Effects of cameras, codecs and detectors on a crop of the lower face, in place of speakers who are not available."""
import cv2
import numpy as np

from .pixels import CROP, SIDE


def degraded_crops(crops, rng):
    """uint8 [F, 56, 56] -> float32 [F, 48, 48]: moved, rotated, scaled, drifting, narrower, mirrored, blurred, blocky,
    darker or brighter, partly covered, unevenly lit, some frames repeated."""
    count, middle = len(crops), CROP / 2 - 0.5
    scale = np.exp(rng.uniform(-0.18, 0.18))
    angle = rng.uniform(-12, 12) * (rng.random() < 0.6)
    shift = rng.uniform(-5, 5, 2)
    narrowing = np.exp(rng.uniform(-0.25, 0.05)) if rng.random() < 0.3 else 1.0
    drift = rng.uniform(-2, 2, 2) * (rng.random() < 0.4)
    phase, speed = rng.uniform(0, 2 * np.pi), rng.uniform(0.02, 0.1)
    turn = cv2.getRotationMatrix2D((middle, middle), angle, scale)
    turn[0] = narrowing * turn[0] + [0, 0, (1 - narrowing) * middle]
    if rng.random() < 0.5:
        turn[0] = -turn[0] + [0, 0, 2 * middle]
    quality = int(rng.integers(12, 60)) if rng.random() < 0.25 else 0
    shrink = rng.uniform(1.5, 4) if rng.random() < 0.45 else 0
    small = int(round(SIDE / shrink)) if shrink else 0
    gamma = rng.uniform(0.6, 1.6) if rng.random() < 0.5 else 0
    levels = (255 * (np.arange(256) / 255) ** gamma).astype(np.uint8) if gamma else None
    jitter = 0.4 * (rng.random() < 0.3)
    repeats = rng.random() < 0.12
    made = []
    for k in range(count):
        matrix = turn.copy()
        matrix[:, 2] += (SIDE - CROP) / 2 + shift + drift * np.sin(phase + speed * k)
        if jitter:
            matrix[:, 2] += jitter * rng.standard_normal(2)
        image = cv2.warpAffine(crops[k // 2 * 2 if repeats else k], matrix, (SIDE, SIDE),
                               borderMode=cv2.BORDER_REPLICATE)
        if small:
            image = cv2.resize(cv2.resize(image, (small, small), interpolation=cv2.INTER_AREA), (SIDE, SIDE))
        if quality:
            image = cv2.imdecode(cv2.imencode('.jpg', image, [1, quality])[1], 0)
        if gamma:
            image = levels[image]
        made.append(image)
    made = np.stack(made).astype(np.float32)
    if rng.random() < 0.25:
        height, width = rng.integers(8, 26, 2)
        top, left = rng.integers(0, SIDE - height), rng.integers(0, SIDE - width)
        start = 0 if rng.random() < 0.6 else int(rng.integers(0, count))
        stop = count if start == 0 else min(count, start + int(rng.integers(5, 30)))
        made[start:stop, top:top + height, left:left + width] = rng.uniform(20, 220)
    if rng.random() < 0.2:
        across, down = np.linspace(-1, 1, SIDE)[None, None, :], np.linspace(-1, 1, SIDE)[None, :, None]
        made = made * (1 + rng.uniform(-0.4, 0.4) * across + rng.uniform(-0.3, 0.3) * down).astype(np.float32)
    return made
