"""Fine-tunes the pixel expert on the confident answers for a corpus, without labels.

Input: a folder with `clips.jsonl`, one clip per line ({"file", "name", "identity", "talker", "lag"}: `lag` in seconds by
which its audio is late against its video as measured with confidence by the packaged model, null if refused; `talker`
null if the speaker is unknown), and the named safetensors files (`user_corpus`). Output: one model file with the expert
trained on all of them and one per fold, the fold of each clip, and a report.
"""
import argparse
import json
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import numpy as np
import torch

from . import adapt_checks, adapt_choice, adapt_numbers, model_file, pixel_fit, pixel_towers, tapes, user_corpus

FOLDS = 3
PARTS = 3                   # of each fold's checks, so that no process waits long for the last one
LEAST_LABELS = 12           # clips with their own lag
LEAST_TALKERS = 6
MOST_CONFIRMED = 240        # clips with their own lag that both models measure again
STEPS = 400
PEAK_RATE = 1.5e-3


def trained(packaged, clips, lags, steps, seed, say=None):
    """The packaged pixel expert, fine-tuned on clips with known lags."""
    return pixel_fit.continued(packaged.pixels, [c for c in clips if c.name in lags], lags, steps, PEAK_RATE, seed, say)


def adapted(packaged, expert, share, clips, lags):
    """The packaged model with its pixel expert interpolated towards the trained one, and the tapes of these clips."""
    pixels = pixel_towers.between(packaged.pixels, expert, share) if share else packaged.pixels
    model = model_file.rounded(replace(packaged, pixels=pixels, numbers=dict(packaged.numbers)))
    kept = [c for c in clips if c.name in lags]
    return tapes.add(model, kept, tapes.spread(kept))


def folds_of(clips, labelled, count=FOLDS):
    """{name: fold}: whole speakers, so that labelled clips are distributed evenly."""
    talkers = {}
    for clip in clips:
        talkers.setdefault(clip.talker, []).append(clip.name)
    sizes, found = np.zeros(count), {}
    weight = lambda names: (sum(n in labelled for n in names), len(names))
    for talker in sorted(talkers, key=lambda t: (*[-w for w in weight(talkers[t])], t)):
        fold = int(np.argmin(sizes))
        labels, every = weight(talkers[talker])
        sizes[fold] += labels + 0.01 * every
        found.update({name: fold for name in talkers[talker]})
    return found


def fold_models(folder, packaged_file, fold, steps, seed):
    """The models trained without a fold's clips, {share of the training: model}."""
    clips, lags = user_corpus.load(folder)
    packaged = model_file.load(packaged_file)
    folds = folds_of(clips, lags)
    seen = [c for c in clips if folds[c.name] != fold]
    expert = trained(packaged, seen, lags, steps, seed)
    return {share: adapted(packaged, expert, share, seen, lags) for share in adapt_choice.SHARES}


def clips_of(folder, fold):
    """A fold's clips, and all known lags."""
    clips, lags = user_corpus.load(folder)
    folds = folds_of(clips, lags)
    return [c for c in clips if folds[c.name] == fold], lags


def fold_trials(folder, packaged_file, fold, part, models, seed):
    """One part of the trials of a fold's models, and of the packaged one, on the fold's clips."""
    own, lags = clips_of(folder, fold)
    return adapt_checks.trials(model_file.load(packaged_file), models, own, lags, seed + fold, part, PARTS)


def fold_wholes(folder, packaged_file, fold, part, model, seed):
    """The answers of the packaged model and of the fold's model for one part of the fold's clips: for all that were refused,
    and for enough of the others to compare the models."""
    own, lags = clips_of(folder, fold)
    confirmed = [c.name for c in own if c.name in lags]
    order = np.random.default_rng(seed + fold).permutation(len(confirmed))
    left_out = {confirmed[i] for i in order[MOST_CONFIRMED // FOLDS:]}
    own = [c for c in own if c.name not in left_out]
    return adapt_checks.wholes(model_file.load(packaged_file), model, own, lags, seed + fold, part, PARTS)


def model_of_all(folder, packaged_file, share, steps, seed):
    """The model trained on all clips; without training if none of it would be kept."""
    clips, lags = user_corpus.load(folder)
    packaged = model_file.load(packaged_file)
    expert = trained(packaged, clips, lags, steps, seed) if share else None
    return adapted(packaged, expert, share, clips, lags)


def main():
    parser = argparse.ArgumentParser(prog='adapt', description='Fine-tune the lip model on a corpus.')
    parser.add_argument('--version', action='version', version=f'PyTorch {torch.__version__}')
    parser.add_argument('folder', help='clips.jsonl and the files that it names')
    parser.add_argument('output', help='model file to write (.safetensors)')
    parser.add_argument('--packaged', required=True, metavar='FILE', help='the model that the labels are from')
    parser.add_argument('--steps', type=int, default=STEPS)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--jobs', type=int, default=2)
    options = parser.parse_args()
    began = time.time()
    say = lambda text: print(f'{time.time() - began:5.0f} s  {text}', file=sys.stderr, flush=True)

    clips, lags = user_corpus.load(options.folder)
    talkers = {c.talker for c in clips if c.name in lags}
    if len(lags) < LEAST_LABELS or len(talkers) < LEAST_TALKERS:
        sys.exit(f'{len(lags)} clips of {len(talkers)} speakers were answered with confidence; at least {LEAST_LABELS} '
                 f'clips of {LEAST_TALKERS} speakers are needed for training')
    folds = folds_of(clips, lags)
    say(f'{len(clips)} clips of {len({c.talker for c in clips})} speakers, {len(lags)} of them with a lag for training')
    packaged = model_file.load(options.packaged)
    given = (options.folder, options.packaged)
    with ProcessPoolExecutor(options.jobs, multiprocessing.get_context('spawn')) as pool:
        work = [pool.submit(fold_models, *given, fold, options.steps, options.seed) for fold in range(FOLDS)]
        tried, parts = [], []
        for fold, some in enumerate(work):
            tried.append(some.result())
            say(f'fold {fold + 1} of {FOLDS}: trained')
            parts += [pool.submit(fold_trials, *given, fold, part, tried[fold], options.seed) for part in range(PARTS)]
        rows = [r for some in parts for r in some.result()]
        share, compared = adapt_choice.chosen(packaged.numbers, rows)
        say(f'{share:.0%} of the training is kept')
        models = [fold[share] for fold in tried]
        last = pool.submit(model_of_all, *given, share, options.steps, options.seed)
        work = [pool.submit(fold_wholes, *given, fold, part, models[fold], options.seed)
                for fold in range(FOLDS) for part in range(PARTS)]
        wholes = [w for some in work for w in some.result()]
        models.append(last.result())
    rows = adapt_choice.of_share(rows, share)
    numbers = adapt_numbers.refitted(packaged.numbers, rows)
    report = adapt_checks.report(packaged.numbers, numbers, rows, wholes)
    report |= {'training_kept': share, 'compared': compared}
    for model in models:
        model.numbers = numbers
    own = {c.identity: folds[c.name] for c in clips}
    metadata = {'method': 'lips-3', 'adapted': json.dumps({'folds': own, **report}, sort_keys=True)}
    model_file.save_adapted(models[-1], models[:-1], options.output, metadata)
    print(json.dumps(report))


if __name__ == '__main__':
    main()
