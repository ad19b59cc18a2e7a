"""The training command: labels, folds, trials, numbers, final model."""
import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path

from . import calibrate, corpus, fit, labels, model_file, pixel_fit, tables, tapes, trials
from .folds import FOLDS, SEEN_BY_LANDMARKS, split

METHOD = 'lips-3'
CREDIT = ('GRID corpus: Cooke, Barker, Cunningham, Shao 2006, An audio-visual corpus for speech perception and '
          'automatic speech recognition, CC BY 4.0, Zenodo 3625687')
PIXEL_WEIGHT = 2.5      # that of the three landmark experts together
SEED = 1


def pixel_model(landmarks, clips, lags, options, say):
    """Landmark experts and a pixel expert trained on some clips, with the tapes of these."""
    kept = [c for c in clips if c.name in lags]
    expert = pixel_fit.fit(kept, lags, options.steps, SEED, say)
    expert['weight'] = PIXEL_WEIGHT
    return tapes.add(model_file.rounded(replace(landmarks, pixels=expert, numbers={})), kept)


def without_numbers(path):
    """A model file whose numbers will be refitted."""
    model = model_file.load(path)
    model.numbers = {}
    return model


def usable(rows):
    """Rows of modes with landmarks, only of speakers that the landmark experts were not trained on."""
    return [r for r in rows if r['mode'] == 'pixels' or r['source'] not in SEEN_BY_LANDMARKS]


def main():
    parser = argparse.ArgumentParser(prog='train', description='Fit the lip offset model.')
    parser.add_argument('folder', help='NAME.landmarks.npy, .times, .audio, .crops, .seen, .face')
    parser.add_argument('output', help='model file to write (.safetensors)')
    parser.add_argument('--landmarks', metavar='FILE', help='use the landmark experts of a model file')
    parser.add_argument('--copies', type=int, default=12, help='landmarks: copies of each clip of s1 (others: three times)')
    parser.add_argument('--landmark-steps', type=int, default=2500)
    parser.add_argument('--steps', type=int, default=1000, help='training steps of the pixel expert')
    parser.add_argument('--keep-folds', metavar='FOLDER', help='save the fold models and their left-out clips')
    parser.add_argument('--folds', metavar='FOLDER', help='use the fold models saved there')
    parser.add_argument('--pixels', metavar='FILE', help='use the pixel expert of a model file as the final one')
    parser.add_argument('--trials', metavar='FILE', help='save the trials as JSON lines')
    options = parser.parse_args()
    began = time.time()
    say = lambda text: print(f'{time.time() - began:5.0f} s  {text}', file=sys.stderr, flush=True)

    clips = [c for c in corpus.load_clips(options.folder) if c.kind != 'no-speech']
    if not clips:
        sys.exit(f'no NAME.landmarks.npy in {options.folder}')
    if options.landmarks:
        landmarks = replace(model_file.load(options.landmarks), pixels=None)
    else:
        seen = [c for c in clips if c.source in SEEN_BY_LANDMARKS]
        landmarks = fit.fit(seen, options.copies, options.landmark_steps, say=say)
    landmarks.numbers, landmarks.mouth_tape, landmarks.sound_tape = {}, None, None
    lags = labels.first_labels(landmarks, clips)
    rows, models, agreed = [], {}, {}
    for seed, fold in enumerate(FOLDS):
        kept, out = split(clips, fold)
        models[fold] = (without_numbers(Path(options.folds) / f'{fold}.safetensors') if options.folds
                        else pixel_model(landmarks, kept, lags, options, say))
        own = labels.agreed_labels(models[fold], out)
        agreed.update(own)
        foreign = [c.samples for c in kept if c.kind == 'grid'][::4]
        some = trials.trials_of(models[fold], out, {n: -1000 * lag for n, lag in own.items()}, foreign, seed)
        rows += [{**r, 'fold': fold} for r in some]
        say(f'fold {fold}: {len(some)} trials, {len(own)} of {len(out)} clips have their own lag')
    numbers = calibrate.fit_numbers(usable(rows), rows)
    say('final model')
    final = without_numbers(options.pixels) if options.pixels else pixel_model(landmarks, clips, agreed, options, say)
    final.numbers = numbers
    metadata = {'method': METHOD, 'credit': CREDIT, 'trained_on': f'{len(agreed)} clips: ' + ' '.join(sorted(agreed))}
    Path(options.output).parent.mkdir(parents=True, exist_ok=True)
    model_file.save(final, options.output, metadata)
    if options.keep_folds:
        keep = Path(options.keep_folds)
        keep.mkdir(parents=True, exist_ok=True)
        for fold, model in models.items():
            model.numbers = numbers
            model_file.save(model, keep / f'{fold}.safetensors', {**metadata, 'trained_on': f'all but fold {fold}'})
        (keep / 'folds.json').write_text(json.dumps(
            {fold: sorted(c.name for c in split(clips, fold)[1]) for fold in FOLDS}, indent=1))
    if options.trials:
        Path(options.trials).write_text(''.join(json.dumps(r) + '\n' for r in rows))
    print('\n'.join(tables.report(usable(rows), numbers)))


if __name__ == "__main__":
    main()
