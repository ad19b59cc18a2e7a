"""Figures of the fold models on what each left out, as markdown.

    python -m lip_offset.measure FEATURE_FOLDER FOLD_FOLDER > TABLE.md

FOLD_FOLDER as `train --keep-folds` writes it.
"""
import json
import sys
from pathlib import Path

import numpy as np

from . import corpus, model_file, trials
from .confidence import NEAR_MS, answered, column, confidence, half_width_ms, unpaired
from .trials import CONDITIONS, Recording

MOVES_MS = (-400, -240, -130, -80, -40, 0, 40, 80, 130, 240, 400)
FEW_MOVES_MS = (-240, -40, 130)
WILD_MOVES_MS = (0, -333, -120, -47, 53, 171, 390)
MISMATCHED_EACH = 4
JOINED = (2, 3, 5)


def single_rows(model, clips, foreign, rng):
    """Each clip moved by eleven amounts, by three in each condition, and with the sound of others."""
    rows = []
    for clip in clips:
        whole = trials.joined([clip], False)
        labels = {'talker': clip.talker, 'name': clip.name, 'seconds': 3}
        rows += [trials.trial(model, whole, move, paired=True, condition='clean', **labels) for move in MOVES_MS]
        for condition in CONDITIONS:
            worse = trials.degraded(whole, condition, foreign, rng)
            rows += [trials.trial(model, worse, move, paired=True, condition=condition, **labels)
                     for move in FEW_MOVES_MS]
        others = [c for c in clips if c.name != clip.name]
        for i in rng.permutation(len(others))[:MISMATCHED_EACH]:
            mixed = Recording(whole.landmarks, whole.times, trials.joined([others[i]], False).samples)
            rows.append(trials.trial(model, mixed, 0, paired=False, condition='clean', **labels))
    return rows


def joined_rows(model, clips, rng):
    """From each clip on, two, three and five joined; true and with the sounds in another order."""
    rows = []
    for count in JOINED:
        for clip in clips:
            others = [c for c in (clips[i] for i in rng.permutation(len(clips))) if c.name != clip.name]
            cut = bool(rng.random() < 0.5)
            right = trials.joined([clip] + others[:count - 1], cut)
            wrong = trials.joined([others[(count + i) % len(others)] for i in range(count)], cut)
            mixed = Recording(right.landmarks, right.times, wrong.samples, right.cuts)
            labels = {'talker': clip.talker, 'name': clip.name, 'seconds': 3 * count, 'condition': 'clean'}
            rows.append(trials.trial(model, right, float(rng.integers(-400, 401)), paired=True, **labels))
            rows.append(trials.trial(model, mixed, 0, paired=False, **labels))
    return rows


def shares(rows, numbers):
    """Markdown cells of true rows: n, coverage, within 40 and 80 ms, median, bias, interval, called unpaired."""
    ok = answered(rows, numbers)
    error = column(rows, 'error')[ok]
    if not ok.any():
        return f'{len(rows)} | 0 % | | | | | | '
    near, far = np.mean(np.abs(error) <= NEAR_MS), np.mean(np.abs(error) <= 80)
    held = np.mean(np.abs(error) <= half_width_ms(rows, numbers)[ok])
    return (f'{len(rows)} | {100 * ok.mean():.1f} % | {100 * near:.1f} % | {100 * far:.1f} % | '
            f'{np.median(np.abs(error)):.1f} | {error.mean():+.1f} | {100 * held:.1f} % | '
            f'{100 * unpaired(rows, numbers).mean():.1f} %')


def true_table(groups, numbers):
    lines = ['| | trials | answered | within 40 ms | within 80 ms | median ms | bias ms | in interval | called unpaired |',
             '|---|---|---|---|---|---|---|---|---|']
    return lines + [f'| {title} | {shares(rows, numbers)} |' for title, rows in groups if rows]


def mismatched_table(groups, numbers):
    lines = ['| | trials | any offset | within 40 ms of 0 | unpaired |', '|---|---|---|---|---|']
    for title, rows in groups:
        if rows:
            ok = answered(rows, numbers)
            zero = ok & (np.abs(column(rows, 'offset_ms')) <= NEAR_MS)
            lines.append(f'| {title} | {len(rows)} | {100 * ok.mean():.1f} % | {100 * zero.mean():.1f} % | '
                         f'{100 * unpaired(rows, numbers).mean():.1f} % |')
    return lines


def halves(model, clip):
    """Trials of the first and the second half of a clip."""
    middle = clip.times[-1] / 2
    rows = []
    for begin, end in ((0, middle), (middle, clip.times[-1] + 1)):
        keep = (clip.times >= begin) & (clip.times < end)
        samples = clip.samples[int(begin * 16000):int(end * 16000)].astype(np.float64)
        rows.append(trials.trial(model, Recording(clip.landmarks[keep], clip.times[keep] - begin, samples), 0,
                                 paired=True, name=clip.name))
    return rows


def wild_table(models, clips):
    """Each web clip and grimace by the model that did not see it."""
    lines = ['| clip | offset ms | confidence | cohort | share | moved answers differ by at most ms | halves |',
             '|---|---|---|---|---|---|---|']
    for clip in clips:
        model = models[clip.name]
        whole = Recording(clip.landmarks, clip.times, clip.samples.astype(np.float64))
        rows = [trials.trial(model, whole, move, paired=True, name=clip.name) for move in WILD_MOVES_MS]
        if not np.isfinite(rows[0]['offset_ms']):
            lines.append(f'| {clip.name} | none: no sound | | | | | |')
            continue
        ok = answered(rows, model.numbers)
        error = column(rows, 'error')[ok]
        spread = f'{np.ptp(error):.1f} ({ok.sum()} of {len(ok)} answered)' if ok.any() else 'not answered'
        parts = halves(model, clip)
        parts = ', '.join(f"{r['offset_ms']:.0f}" if a else 'none'
                          for r, a in zip(parts, answered(parts, model.numbers)))
        verdict = (f"{rows[0]['offset_ms']:.0f}" if ok[0] else
                   'unpaired' if unpaired(rows[:1], model.numbers)[0] else 'none')
        lines.append(f"| {clip.name} | {verdict} | "
                     f"{confidence(rows, model.numbers)[0]:.2f} | {rows[0]['cohort']:.1f} | {rows[0]['share']:.2f} | "
                     f"{spread} | {parts} |")
    return lines


def swapped_rows(models, clips):
    """Each web clip and grimace with the sound of every other one."""
    rows = []
    for clip in clips:
        for other in clips:
            if other.name != clip.name and np.any(other.samples):
                samples = np.resize(other.samples.astype(np.float64), int(clip.times[-1] * 16000))
                rows.append(trials.trial(models[clip.name], Recording(clip.landmarks, clip.times, samples), 0,
                                         paired=False, name=clip.name, seconds=0))
    return rows


def main(features, fold_folder):
    clips = {c.name: c for c in corpus.load_clips(features)}
    folds = json.loads((Path(fold_folder) / 'folds.json').read_text())
    rows, models = [], {}
    for i, (fold, names) in enumerate(folds.items()):
        model = model_file.load(Path(fold_folder) / f'{fold}.safetensors')
        models.update({name: model for name in names})
        rng = np.random.default_rng(i)
        left_out = [clips[n] for n in names if clips[n].kind == 'grid']
        foreign = [c.samples for c in clips.values() if c.kind == 'grid' and c.name not in names][::4]
        rows += single_rows(model, left_out, foreign, rng) + joined_rows(model, left_out, rng)
        print(f'{fold}: {len(rows)} trials', file=sys.stderr, flush=True)
    numbers = model.numbers
    faces = [c for c in clips.values() if c.kind != 'grid']
    models.update({c.name: model for c in faces if c.name not in models})
    is_own = lambda r: r['talker'] == 's1'
    both = lambda some: [(f'{title}', [r for r in some if is_own(r) == own])
                         for title, own in (('s1', True), ('other talkers', False))]
    clean = [r for r in rows if r['condition'] == 'clean']
    of = lambda seconds, paired: [r for r in clean if r['seconds'] == seconds and r['paired'] == paired]
    lengths = (3,) + tuple(3 * c for c in JOINED)
    print('## 3 s, sound moved by eleven amounts\n')
    print('\n'.join(true_table(both(of(3, True)), numbers)))
    print('\n## Joined, sound moved at random within 400 ms\n')
    print('\n'.join(true_table([(f'{s} s, {t}', r) for s in lengths[1:] for t, r in both(of(s, True))], numbers)))
    print('\n## Degraded, 3 s, sound moved by three amounts\n')
    print('\n'.join(true_table([(c, [r for r in rows if r['condition'] == c]) for c in CONDITIONS], numbers)))
    print('\n## Sound of another sentence, not moved\n')
    print('\n'.join(mismatched_table([(f'{s} s, {t}', r) for s in lengths for t, r in both(of(s, False))], numbers)))
    print('\n## Web clips and grimaces, whole, by models that did not see them\n')
    print('\n'.join(wild_table(models, faces)))
    print('\nEach with the sound of every other:\n')
    print('\n'.join(mismatched_table([('swapped', swapped_rows(models, faces))], numbers)))


if __name__ == '__main__':
    main(*sys.argv[1:3])
