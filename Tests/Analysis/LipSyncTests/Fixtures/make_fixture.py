"""Writes lips.safetensors: a made clip with all intermediate results of the Python reference in training/lip_offset.

    python3 Tests/LipSyncTests/Fixtures/make_fixture.py      (needs training/requirements.txt)

Run it again after training: the results belong to Sources/Analysis/LipSync/Resources/lips-1.safetensors. To stay small the clip
is 6 s long, the sound is rounded to 16 bits, and only the mesh points that the estimator looks at are kept; the others
are zero. Everything is measured on exactly what is stored.
"""
import hashlib
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / 'training'))
from lip_offset import bootstrap, cohort, curve, embedding, fixture, model_file, mouth, sound  # noqa: E402
from lip_offset.confidence import confidence, half_width_ms, unpaired_probability  # noqa: E402
from lip_offset.estimate import LAGS, clip_evidence  # noqa: E402

SEED = 20
SECONDS = 6.0
LATE_SECONDS = 0.137
DISTANCE_POINTS = [13, 14, 0, 17, 61, 291, 2, 152, 82, 87, 312, 317, 78, 308, 33, 263, 10, 234, 454]


def main():
    path = ROOT / 'Sources/Analysis/LipSync/Resources/lips-1.safetensors'
    model = model_file.load(path)
    rng = np.random.default_rng(SEED)
    landmarks, times, opening = fixture.made_face(SECONDS, rng)
    used = np.unique(np.concatenate([mouth.STABLE_POINTS, mouth.MOVING_POINTS, DISTANCE_POINTS]))
    kept = np.zeros_like(landmarks)
    kept[:, used] = landmarks[:, used]
    kept[np.isnan(landmarks[:, 0, 0])] = np.nan
    landmarks = kept
    rounded = np.round(fixture.made_sound(opening, LATE_SECONDS, rng) * 32768).astype(np.int16)
    samples = rounded.astype(np.float64) / 32768

    pieces = mouth.mouth_features(landmarks, times, model.canonical, model.basis)
    features, (first, end), voiced = sound.sound_features(samples)
    frames = max([end] + [f + len(x) for f, x, _ in pieces])
    u, u_mask = embedding.embed(model.experts, 'mouth', [(f, x) for f, x, _ in pieces], frames)
    v, v_mask = embedding.embed(model.experts, 'sound', [(first, features)], frames)
    blocks = curve.block_curves(u, v, u_mask, LAGS + curve.MARGIN)
    found = clip_evidence(model, landmarks, times, samples)
    row = [vars(found)]
    state, draws = bootstrap.SEED, []
    for _ in range(4):
        state, value = bootstrap.splitmix64(state)
        draws.append(value)
    tensors = {
        'input.points': used.astype(np.int32), 'input.landmarks': landmarks[:, used], 'input.times': times,
        'input.samples': rounded, 'sound.features': features, 'sound.range': np.array([first, end], np.int32),
        'sound.voiced': voiced.astype(np.int8), 'embedding.mouth': u, 'embedding.sound': v,
        'embedding.mouth_mask': u_mask.astype(np.int8), 'embedding.sound_mask': v_mask.astype(np.int8),
        'curve.blocks': blocks, 'curve.total': blocks.sum(axis=0),
        'bootstrap.first_outputs': np.array(draws, np.uint64),
        'bootstrap.first_multiplicities': bootstrap.multiplicities(len(blocks))[:3].astype(np.int32),
        'cohort.excerpt_sound_member5': cohort.excerpt(model.sound_tape, 5, v_mask),
        'cohort.excerpt_mouth_member31': cohort.excerpt(model.mouth_tape, 31, u_mask),
        'expected.confidence': confidence(row, model.numbers),
        'expected.half_width_ms': half_width_ms(row, model.numbers),
        'expected.unpaired': unpaired_probability(row, model.numbers)}
    for name in ('offset_ms', 'cohort', 'share', 'error_ms', 'height', 'voiced_seconds', 'overlap_seconds', 'opening'):
        tensors['expected.' + name] = np.array([getattr(found, name)])
    for i, (start, values, spread) in enumerate(pieces):
        tensors[f'mouth.{i}.first'] = np.array([start], np.int32)
        tensors[f'mouth.{i}.features'] = values
        tensors[f'mouth.{i}.opening'] = np.array([spread])
    kept_types = lambda name, x: x if x.dtype.kind in 'ui' or name == 'input.times' else x.astype(np.float32)
    output = Path(__file__).with_name('lips.safetensors')
    save_file({k: np.ascontiguousarray(kept_types(k, np.asarray(x))) for k, x in tensors.items()}, output,
              metadata={'model_sha256': hashlib.sha256(path.read_bytes()).hexdigest()})
    print(f'{output}: {output.stat().st_size} bytes, {found}')


if __name__ == '__main__':
    main()
