"""One command: folds, trials, numbers, final model, fixture."""
import argparse
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from . import calibrate, corpus, fit, fixture, model_file, tables
from .folds import folds_of, run_fold

METHOD = 'lips-1'
CREDIT = ('GRID corpus: Cooke, Barker, Cunningham, Shao 2006, An audio-visual corpus for speech perception and '
          'automatic speech recognition, CC BY 4.0, Zenodo 3625687')


def main():
    parser = argparse.ArgumentParser(prog='train', description='Fit the lip offset model.')
    parser.add_argument('folder', help='NAME.landmarks.npy, NAME.times.npy, NAME.audio.npy')
    parser.add_argument('output', help='model file to write (.safetensors)')
    parser.add_argument('--copies', type=int, default=12, help='copies of each clip of s1 (others: three times)')
    parser.add_argument('--steps', type=int, default=2500, help='training steps of each network')
    parser.add_argument('--folds', type=int, default=8, help='models trained with talkers left out, for the numbers')
    parser.add_argument('--jobs', type=int, default=2)
    parser.add_argument('--keep-folds', metavar='FOLDER', help='save the fold models and what they left out')
    parser.add_argument('--trials', metavar='FILE', help='save the trials as JSON lines')
    options = parser.parse_args()
    began = time.time()
    say = lambda text: print(f'{time.time() - began:5.0f} s  {text}', file=sys.stderr, flush=True)

    clips = [c for c in corpus.load_clips(options.folder) if c.kind != 'no-speech']
    if not clips:
        sys.exit(f'no NAME.landmarks.npy in {options.folder}')
    folds = folds_of(clips, options.folds)
    tasks = [(name, out, options.folder, options, 100 + i) for i, (name, out) in enumerate(folds)]
    rows, models = [], {}
    with ProcessPoolExecutor(options.jobs, mp_context=get_context('spawn')) as pool:
        for name, model, some in pool.map(run_fold, tasks):
            rows += some
            models[name] = model
            say(f'fold {name}: {len(some)} trials')
    numbers = calibrate.fit_numbers(rows)
    say('final model')
    final = fit.fit(clips, options.copies, options.steps, say=say, processes=options.jobs)
    final.numbers = numbers
    metadata = {'method': METHOD, 'credit': CREDIT, 'trained_on': f'{len(clips)} clips: '
                + ' '.join(c.name for c in clips)}
    Path(options.output).parent.mkdir(parents=True, exist_ok=True)
    model_file.save(final, options.output, metadata)
    found = fixture.write(model_file.load(options.output), Path(options.output).with_name('fixture.safetensors'))
    say(f'fixture: {found}')
    if options.keep_folds:
        keep = Path(options.keep_folds)
        keep.mkdir(parents=True, exist_ok=True)
        for name, model in models.items():
            model.numbers = numbers
            model_file.save(model, keep / f'{name}.safetensors', {**metadata, 'trained_on': f'all but fold {name}'})
        (keep / 'folds.json').write_text(json.dumps({name: sorted(out) for name, out in folds}, indent=1))
    if options.trials:
        Path(options.trials).write_text(''.join(json.dumps(r) + '\n' for r in rows))
    print('\n'.join(tables.report(calibrate.corrected(rows, numbers['bias'][0]), numbers)))
    for name, values in numbers.items():
        print(name, ' '.join(f'{v:.4f}' for v in values))


if __name__ == "__main__":
    main()
