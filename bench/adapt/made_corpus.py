"""made_corpus.py FEATURES FOLDS FOLD OUTPUT [--clips N] [--foreign SHARE] [--late MS]: a corpus as `genlock adapt` passes
it to its trainer, made of the speakers that one fold of `training/train --keep-folds` left out.

Windows of their clips, half of them degraded, with audio moved by some 60 ms either way. Answered and refused by the fold's
model, in place of the packaged one. `truth.json` beside it has the lag of each (studio clips: 0 plus the move; web clips:
what the fold's model finds in the whole clip, plus the move), and which have another speaker's audio.
"""
import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'training'))
from lip_offset import corpus, estimate, model_file, mouth, sound, trials  # noqa: E402
from lip_offset.adapt_checks import BETTER  # noqa: E402
from lip_offset.confidence import answered, confidence  # noqa: E402
from lip_offset.folds import split  # noqa: E402

LEAST_CONFIDENCE = 0.8      # of a label, as in the program
SECONDS = (2.5, 3, 3, 4, 5, 7)
USED_POINTS = np.array(sorted({*mouth.STABLE_POINTS.tolist(), *mouth.MOVING_POINTS.tolist(), 1, 234, 454}))


def own_lags(model, clips):
    """{name: seconds}: studio clips 0, web clips what the model finds in all of it."""
    lags = {}
    for clip in clips:
        if clip.kind == 'grid':
            lags[clip.name] = 0.0
            continue
        found = estimate.clip_evidences(model, clip)
        if 'both' in found:
            lags[clip.name] = -found['both'].offset_ms / 1000
    return lags


def made_clip(clip, others, rng, options):
    """A recording, its condition, the offset of its audio in ms, and whether the audio is another speaker's."""
    recording = trials.own_window(clip, float(rng.choice(SECONDS)) if clip.kind == 'wild' else 3.0, rng)
    condition = 'clean' if rng.random() < 0.5 else trials.CONDITIONS[int(rng.integers(len(trials.CONDITIONS)))]
    foreign = bool(rng.random() < options.foreign)
    if foreign:
        other = others[int(rng.integers(len(others)))].astype(np.float64)
        turned = np.roll(other, -int(rng.integers(len(other))))
        recording = trials.with_sound(recording, np.resize(turned, len(recording.samples)))
    recording = trials.degraded(recording, condition, others, rng)
    move = float(np.round(rng.normal(0, 60))) + options.late
    recording.samples = trials.moved(recording.samples, move)
    return recording, condition, move, foreign


def judged(model, recording):
    """Offset in ms, confidence and whether it is an answer; None where no face is seen."""
    found = estimate.evidences_of(model, *estimate.pieces_of(model, recording),
                                  sound.sound_features(recording.samples), trials.view_of(recording))
    mode = next((m for m in BETTER if m in found), None)
    if mode is None:
        return None
    rows = [asdict(found[mode])]
    numbers = model.numbers[mode]
    return rows[0]['offset_ms'], float(confidence(rows, numbers)[0]), bool(answered(rows, numbers)[0])


def tensors(recording):
    return {'times': recording.times.astype(np.float64), 'crops': np.ascontiguousarray(recording.crops),
            'seen': recording.seen.astype(np.uint8), 'side': np.nan_to_num(recording.width).astype(np.float32),
            'which': USED_POINTS.astype(np.int32),
            'points': np.ascontiguousarray(recording.landmarks[:, USED_POINTS]).astype(np.float32),
            'audio': (np.clip(recording.samples, -1, 1) * 32767).astype(np.int16)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('features')
    parser.add_argument('folds')
    parser.add_argument('fold')
    parser.add_argument('output', type=Path)
    parser.add_argument('--clips', type=int, default=110)
    parser.add_argument('--foreign', type=float, default=0.0)
    parser.add_argument('--late', type=float, default=0.0)
    parser.add_argument('--seed', type=int, default=5)
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    options.output.mkdir(parents=True, exist_ok=True)
    model = model_file.load(Path(options.folds) / f'{options.fold}.safetensors')
    clips = split([c for c in corpus.load_clips(options.features) if c.kind != 'no-speech'], options.fold)[1]
    lags = own_lags(model, clips)
    speakers = {}
    for clip in clips:
        speakers.setdefault(clip.talker, []).append(clip)
    lines, truth = [], {}
    for number in range(options.clips):
        talker = sorted(speakers)[number % len(speakers)]
        clip = speakers[talker][int(rng.integers(len(speakers[talker])))]
        others = [c.samples for c in clips if c.talker != talker]
        recording, condition, move, foreign = made_clip(clip, others, rng, options)
        found = judged(model, recording)
        # Answers with less confidence than a label needs are neither used for training nor re-measured.
        if found is None or found[2] and found[1] < LEAST_CONFIDENCE:
            continue
        name = f'{number:04d}-{clip.name}'
        save_file(tensors(recording), options.output / f'{number}.safetensors')
        lines.append({'file': f'{number}.safetensors', 'name': name, 'identity': name, 'talker': talker,
                      'lag': -found[0] / 1000 if found[2] else None})
        has_truth = not foreign and clip.name in lags
        truth[name] = {'lag': lags[clip.name] + move / 1000 if has_truth else None, 'foreign': foreign,
                       'kind': clip.kind, 'condition': condition, 'seconds': float(recording.times[-1])}
    (options.output / 'clips.jsonl').write_text(''.join(json.dumps(line) + '\n' for line in lines))
    (options.output / 'truth.json').write_text(json.dumps(truth))
    print(f'{options.fold}: {len(lines)} clips of {len(speakers)} speakers, '
          f'{sum(line["lag"] is not None for line in lines)} for training, '
          f'{sum(t["foreign"] for t in truth.values())} with other audio')


if __name__ == '__main__':
    main()
