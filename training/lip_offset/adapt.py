"""Train the pixel expert further on a corpus' own confident answers, without labels.

Input: a folder with `clips.jsonl`, one clip a line ({"file", "name", "identity", "talker", "lag"}: `lag` in seconds by
which its sound comes after its picture as the packaged model measured it with confidence, null where it was refused;
`talker` null where nobody said who it is), and the named safetensors files (`user_corpus`). Output: one model file
that holds the expert learnt from all of them and one for each fold, which clip belongs to which fold, and a report.
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

from . import adapt_checks, adapt_numbers, model_file, pixel_fit, tapes, user_corpus

FOLDS = 3
LEAST_LABELS = 12           # clips with an own lag
LEAST_TALKERS = 6
STEPS = 400
PEAK_RATE = 1.5e-3


def adapted(packaged, clips, lags, steps, seed, say=None):
    """The packaged model with a pixel expert trained further on clips whose lags are known, and with their tapes."""
    kept = [c for c in clips if c.name in lags]
    expert = pixel_fit.continued(packaged.pixels, kept, lags, steps, PEAK_RATE, seed, say)
    expert['weight'] = packaged.pixels['weight']
    model = model_file.rounded(replace(packaged, pixels=expert, numbers=dict(packaged.numbers)))
    return tapes.add(model, kept, tapes.spread(kept))


def folds_of(clips, labelled, count=FOLDS):
    """{name: fold}: whole talkers, such that the labelled clips are spread evenly."""
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


def fold_work(folder, packaged_file, fold, steps, seed):
    """One fold: the model that has not seen its clips, and the trials of it and of the packaged one on them. fold -1:
    the model of all clips, without trials."""
    clips, lags = user_corpus.load(folder)
    packaged = model_file.load(packaged_file)
    folds = folds_of(clips, lags)
    model = adapted(packaged, [c for c in clips if folds[c.name] != fold],
                    {n: lag for n, lag in lags.items() if folds[n] != fold}, steps, seed)
    rows, wholes = ([], []) if fold < 0 else adapt_checks.tried(
        packaged, model, [c for c in clips if folds[c.name] == fold], lags, seed + fold)
    return model, rows, wholes


def main():
    parser = argparse.ArgumentParser(prog='adapt', description='Train the lip model further on a corpus.')
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
        sys.exit(f'{len(lags)} clips of {len(talkers)} talkers were answered with confidence; at least {LEAST_LABELS} '
                 f'clips of {LEAST_TALKERS} talkers are needed to learn from')
    folds = folds_of(clips, lags)
    say(f'{len(clips)} clips of {len({c.talker for c in clips})} talkers, {len(lags)} of them with a lag to learn from')
    with ProcessPoolExecutor(options.jobs, multiprocessing.get_context('spawn')) as pool:
        work = [pool.submit(fold_work, options.folder, options.packaged, fold, options.steps, options.seed)
                for fold in (*range(FOLDS), -1)]
        done = []
        for number, some in enumerate(work):
            done.append(some.result())
            say(f'fold {number + 1} of {FOLDS}' if number < FOLDS else 'the model of all')
    packaged = model_file.load(options.packaged)
    rows = [r for _, some, _ in done for r in some]
    wholes = [w for _, _, some in done for w in some]
    numbers = adapt_numbers.refitted(packaged.numbers, rows)
    report = adapt_checks.report(packaged.numbers, numbers, rows, wholes)
    models = [model for model, _, _ in done]
    for model in models:
        model.numbers = numbers
    own = {c.identity: folds[c.name] for c in clips}
    metadata = {'method': 'lips-3', 'adapted': json.dumps({'folds': own, **report}, sort_keys=True)}
    model_file.save_adapted(models[-1], models[:-1], options.output, metadata)
    print(json.dumps(report))


if __name__ == '__main__':
    main()
