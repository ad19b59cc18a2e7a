"""A made clip with all intermediate results, to hold another implementation against this one."""
import numpy as np
from safetensors.numpy import save_file

from . import bootstrap, cohort, curve, embedding, mouth, sound
from .confidence import confidence, half_width_ms
from .estimate import LAGS, clip_evidence
from .sound import SAMPLE_RATE

SEED = 20


def smooth_noise(count, width, rng):
    """White noise smoothed by a Hann window, unit deviation."""
    window = np.hanning(width)
    noise = np.convolve(rng.standard_normal(count + width), window, 'same')[width // 2:][:count]
    return noise / noise.std()


def made_face(seconds, rng):
    """A bent sheet of 468 points that talks: landmarks [F, 468, 3], times [F], opening on a 1 ms grid.

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
    """A buzz whose loudness and brightness follow the opening, moved later; silence at the start."""
    count = len(opening) * SAMPLE_RATE // 1000
    time = np.arange(count) / SAMPLE_RATE
    follow = np.interp(time - late_seconds, np.arange(len(opening)) / 1000, opening)
    pitch = 120 + 20 * np.sin(2 * np.pi * 0.7 * time)
    phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
    buzz = sum(np.sin(h * phase) * np.exp(-h / (2 + 6 * follow)) for h in range(1, 30))
    samples = 0.05 * follow * buzz + 0.0005 * rng.standard_normal(count)
    samples[:int(0.1 * SAMPLE_RATE)] = 0
    return samples.astype(np.float32)


def write(model, path, seconds=8.0, late_seconds=0.137):
    """Save input, features, embeddings, curves and answer of the made clip; all float32 unless integer."""
    rng = np.random.default_rng(SEED)
    landmarks, times, opening = made_face(seconds, rng)
    samples = made_sound(opening, late_seconds, rng)
    pieces = mouth.mouth_features(landmarks, times, model.canonical, model.basis)
    features, (first, end), voiced = sound.sound_features(samples)
    frames = max([end] + [f + len(x) for f, x, _ in pieces])
    u, u_mask = embedding.embed(model.experts, 'mouth', [(f, x) for f, x, _ in pieces], frames)
    v, v_mask = embedding.embed(model.experts, 'sound', [(first, features)], frames)
    blocks = curve.block_curves(u, v, u_mask, LAGS + curve.MARGIN)
    found = clip_evidence(model, landmarks, times, samples)
    states, state = [], bootstrap.SEED
    for _ in range(4):
        state, value = bootstrap.splitmix64(state)
        states.append(value)
    row = [vars(found)]
    tensors = {'input.landmarks': landmarks, 'input.times': times, 'input.samples': samples,
               'sound.features': features, 'sound.range': np.array([first, end], np.int32),
               'sound.voiced': voiced.astype(np.uint8), 'embedding.mouth': u, 'embedding.sound': v,
               'embedding.mouth_mask': u_mask.astype(np.uint8), 'embedding.sound_mask': v_mask.astype(np.uint8),
               'curve.blocks': blocks, 'curve.total': blocks.sum(axis=0),
               'bootstrap.first_outputs': np.array(states, np.uint64),
               'bootstrap.first_multiplicities': bootstrap.multiplicities(len(blocks))[:3].astype(np.int32),
               'cohort.excerpt_sound_member5': cohort.excerpt(model.sound_tape, 5, v_mask),
               'cohort.excerpt_mouth_member31': cohort.excerpt(model.mouth_tape, 31, u_mask),
               'expected.confidence': confidence(row, model.numbers),
               'expected.half_width_ms': half_width_ms(row, model.numbers)}
    for name in ('offset_ms', 'cohort', 'share', 'error_ms', 'height', 'voiced_seconds', 'overlap_seconds', 'opening'):
        tensors['expected.' + name] = np.array([getattr(found, name)])
    for i, (start, values, spread) in enumerate(pieces):
        tensors[f'mouth.{i}.first'] = np.array([start], np.int32)
        tensors[f'mouth.{i}.features'] = values
        tensors[f'mouth.{i}.opening'] = np.array([spread])
    keep = lambda name, x: np.ascontiguousarray(x if x.dtype.kind in 'ui' or name == 'input.times'
                                                else x.astype(np.float32))
    save_file({k: keep(k, np.asarray(x)) for k, x in tensors.items()}, path)
    return found
