"""A synthetic speaker, to compare another implementation of the inference with this one."""
import numpy as np

from .pixels import CROP
from .sound import SAMPLE_RATE


def smooth_noise(count, width, rng):
    """White noise smoothed by a Hann window, unit deviation."""
    window = np.hanning(width)
    noise = np.convolve(rng.standard_normal(count + width), window, 'same')[width // 2:][:count]
    return noise / noise.std()


def made_face(seconds, rng):
    """A curved sheet of 468 points with a moving mouth: landmarks [F, 468, 3], times [F], opening on a 1 ms grid.

    The frame rate varies about 25; four frames lack a face (a short gap), later twelve (a gap that splits).
    """
    steps = rng.uniform(0.034, 0.046, int(seconds * 26))
    times = np.concatenate([[0.021], 0.021 + np.cumsum(steps)])
    times = times[times < seconds]
    fine = np.arange(int(seconds * 1000)) / 1000
    opening = np.maximum(smooth_noise(len(fine), 220, rng), 0)
    still = rng.uniform(-1, 1, (468, 3)) * [70, 90, 10] + [180, 140, 0]
    still[:, 2] -= 0.004 * ((still[:, 0] - 180) ** 2 + (still[:, 1] - 140) ** 2)
    movement = rng.standard_normal((468, 3)) * 0.3
    movement[[17, 14, 87, 317, 152, 84, 314, 181, 405, 178, 402]] += [0, 6, 0]
    movement[[61, 78]] += [2, 0, 0]
    movement[[291, 308]] += [-2, 0, 0]
    second = rng.standard_normal((468, 3)) * 0.8
    a = np.interp(times, fine, opening)
    b = np.interp(times, fine, smooth_noise(len(fine), 500, rng))
    angle = 0.1 * np.interp(times, fine, smooth_noise(len(fine), 1500, rng))
    size = 1 + 0.05 * np.interp(times, fine, smooth_noise(len(fine), 1500, rng))
    points = still + a[:, None, None] * movement + b[:, None, None] * second
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.stack([np.stack([cos, -sin, 0 * cos], 1), np.stack([sin, cos, 0 * cos], 1),
                     np.stack([0 * cos, 0 * cos, 1 + 0 * cos], 1)], 1)
    points = np.einsum('tni,tji->tnj', points, turn) * size[:, None, None]
    points[40:44] = np.nan
    points[100:112] = np.nan
    return points.astype(np.float32), times, opening


def made_sound(opening, late_seconds, rng):
    """A buzz whose loudness and brightness follow the opening, delayed; silence at the start."""
    count = len(opening) * SAMPLE_RATE // 1000
    time = np.arange(count) / SAMPLE_RATE
    follow = np.interp(time - late_seconds, np.arange(len(opening)) / 1000, opening)
    pitch = 120 + 20 * np.sin(2 * np.pi * 0.7 * time)
    phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
    buzz = sum(np.sin(h * phase) * np.exp(-h / (2 + 6 * follow)) for h in range(1, 30))
    samples = 0.05 * follow * buzz + 0.0005 * rng.standard_normal(count)
    samples[:int(0.1 * SAMPLE_RATE)] = 0
    return samples.astype(np.float32)


def made_crops(times, opening, rng):
    """A gray lower face whose dark mouth opens with `opening` (on a 1 ms grid): uint8 [F, 56, 56], the mouth a soft
    ellipse between lips on uneven skin, some noise."""
    y, x = np.mgrid[:CROP, :CROP].astype(float)
    skin = 150 + 20 * np.sin(x / 9) + 15 * np.cos(y / 7) + rng.normal(0, 4, (CROP, CROP))
    made = []
    for open_ in np.interp(times, np.arange(len(opening)) / 1000, opening):
        height = 1.5 + 5 * open_
        inside = ((x - 28) / 14) ** 2 + ((y - 24 - 0.5 * height) / height) ** 2
        lips = ((x - 28) / 17) ** 2 + ((y - 24 - 0.5 * height) / (height + 3)) ** 2
        face = skin - 35 * np.clip(3 * (1 - lips), 0, 1) - 60 * np.clip(3 * (1 - inside), 0, 1)
        made.append(face + rng.normal(0, 2, face.shape))
    return np.clip(np.round(made), 0, 255).astype(np.uint8)
