"""Writes lips.safetensors: a made clip with all intermediate results of the Python reference in training/lip_offset.

    python3 Tests/Analysis/LipSyncTests/Fixtures/make_fixture.py      (needs training/requirements.txt)

Run it again after training: the results belong to Sources/Analysis/LipSync/Resources/lips-3.safetensors. To stay small the clip
is 6 s long, the sound is rounded to 16 bits, only the mesh points that the estimator looks at are kept (the others
are zero), and the lower face is seen in its first half only. Everything is measured on exactly what is stored.
"""
import hashlib
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

ROOT = Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT / 'training'))
from lip_offset import bootstrap, cohort, curve, estimate, fixture, model_file, mouth, pixels, sound  # noqa: E402
from lip_offset.confidence import confidence, half_width_ms, unpaired_probability  # noqa: E402

SEED = 20
SECONDS = 6.0
LATE_SECONDS = 0.137
PICTURES_WITH_CROPS = 84
FACE_WIDTH = 118.5
DISTANCE_POINTS = [1, 13, 14, 0, 17, 61, 291, 2, 152, 82, 87, 312, 317, 78, 308, 33, 263, 10, 234, 454]
NAMES = ('offset_ms', 'cohort', 'share', 'error_ms', 'height', 'voiced_seconds', 'overlap_seconds', 'opening',
         'halves', 'kinds', 'definition', 'turn')


def main():
    path = ROOT / 'Sources/Analysis/LipSync/Resources/lips-3.safetensors'
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
    crops = fixture.made_crops(times, opening, rng)
    seen = np.arange(len(times)) < PICTURES_WITH_CROPS
    seen[30:32] = False
    seen[46:52] = False

    pieces = mouth.mouth_features(landmarks, times, model.canonical, model.basis)
    pixel_pieces = pixels.pixel_features(model.pixels['stem'], crops, times, seen)
    heard = sound.sound_features(samples)
    features, (first, end), voiced = heard
    sides, v_mask, _ = estimate.sides_of(model, pieces, pixel_pieces, heard, estimate.LAGS)
    beside = lambda name: np.concatenate([getattr(sides[k], name) for k in estimate.KINDS], axis=1)
    u, v = beside('u'), beside('v')
    u_mask = np.any([sides[k].u_mask for k in estimate.KINDS], axis=0)
    starts = [i for i in range(0, len(u), curve.BLOCK) if u_mask[i:i + curve.BLOCK].any()]
    blocks = sum(sides[k].blocks for k in estimate.KINDS)[[i // curve.BLOCK for i in starts]]
    found = estimate.evidences_of(model, pieces, pixel_pieces, heard,
                                 estimate.View(FACE_WIDTH, pixels.definition(crops[seen]), mouth.turn(landmarks)))
    state, draws = bootstrap.SEED, []
    for _ in range(4):
        state, value = bootstrap.splitmix64(state)
        draws.append(value)
    tensors = {
        'input.points': used.astype(np.int32), 'input.landmarks': landmarks[:, used], 'input.times': times,
        'input.samples': rounded, 'input.crops': crops[:PICTURES_WITH_CROPS], 'input.seen': seen.astype(np.int8),
        'input.width': np.array([FACE_WIDTH]), 'sound.features': features, 'sound.range': np.array([first, end], np.int32),
        'sound.voiced': voiced.astype(np.int8), 'embedding.mouth': u, 'embedding.sound': v,
        'embedding.mouth_mask': u_mask.astype(np.int8), 'embedding.sound_mask': v_mask.astype(np.int8),
        'curve.blocks': blocks, 'curve.total': blocks.sum(axis=0),
        'bootstrap.first_outputs': np.array(draws, np.uint64),
        'bootstrap.first_multiplicities': bootstrap.multiplicities(len(blocks))[:3].astype(np.int32)}
    for kind in estimate.KINDS:
        side = sides[kind]
        tensors[f'embedding.{kind}_mask'] = side.u_mask.astype(np.int8)
        tensors[f'cohort.{kind}.excerpt_sound_member5'] = cohort.excerpt(side.sound_tape, 5, v_mask)
        tensors[f'cohort.{kind}.excerpt_mouth_member31'] = cohort.excerpt(side.mouth_tape, 31, side.u_mask)
    for mode, evidence in found.items():
        row, numbers = [vars(evidence)], model.numbers[mode]
        values = {name: getattr(evidence, name) for name in NAMES}
        values.update(confidence=confidence(row, numbers)[0], half_width_ms=half_width_ms(row, numbers)[0],
                      unpaired=unpaired_probability(row, numbers)[0])
        tensors.update({f'expected.{mode}.{name}': np.array([value]) for name, value in values.items()})
    for i, (start, values, spread) in enumerate(pieces):
        tensors[f'mouth.{i}.first'] = np.array([start], np.int32)
        tensors[f'mouth.{i}.features'] = values
        tensors[f'mouth.{i}.opening'] = np.array([spread])
    for i, (start, values) in enumerate(pixel_pieces):
        tensors[f'pixels.{i}.first'] = np.array([start], np.int32)
        tensors[f'pixels.{i}.features'] = values
    kept_types = lambda name, x: x if x.dtype.kind in 'ui' or name == 'input.times' else x.astype(np.float32)
    output = Path(__file__).with_name('lips.safetensors')
    save_file({k: np.ascontiguousarray(kept_types(k, np.asarray(x))) for k, x in tensors.items()}, output,
              metadata={'model_sha256': hashlib.sha256(path.read_bytes()).hexdigest()})
    print(f'{output}: {output.stat().st_size} bytes, {found}')


if __name__ == '__main__':
    main()
