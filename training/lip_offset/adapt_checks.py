"""Whether an adapted model may be used: its answers for clips of unseen speakers, compared with those of the packaged
model."""
from dataclasses import asdict

import numpy as np

from . import sound
from .adapt_numbers import ACCEPTED_MORE, shift_ms
from .confidence import NEAR_MS, answered
from .estimate import MODES, evidences_of, pieces_of, view_of
from .sound import SAMPLE_RATE
from .trials import CONDITIONS, degraded, moved, of_clip, own_window, window, with_sound

PACKAGED, ADAPTED = 'packaged', 'adapted'
WINDOW_SECONDS = (2, 3, 3, 4, 6, 9)
MOST_WINDOWS = 420          # over all clips; more would not change the numbers
MOST_SECONDS = 20.0         # of a clip measured as a whole
MOVED_NEAR_MS = 20.0
LEAST_AGREEING = 0.95       # of clips that both models answer: within 40 ms of one another
LEAST_HALVES = 0.90         # of newly answered clips
LEAST_MOVED = 0.99
LARGEST_BIAS_MS = 5.0
LEAST_KEPT = 0.97           # of the true windows that the packaged model answers
BETTER = ('both', 'pixels', 'landmarks')


def windows_of(clips, lags, seed):
    """[(clip, seconds)]: each clip with a lag about as often as every other."""
    rng = np.random.default_rng(seed)
    made = [(c, s) for s in WINDOW_SECONDS for c in clips if c.name in lags and c.times[-1] >= 0.95 * s]
    order = rng.permutation(len(made))[:MOST_WINDOWS // 3]
    return [made[i] for i in sorted(order)]


def trials(packaged, models, clips, lags, seed, part=0, parts=1):
    """Rows of trials (true and mismatched, moved, half of them degraded) by the packaged model and by others,
    {name: model}, on the same windows: one part of several."""
    rng = np.random.default_rng([seed, part])
    rows = []
    models = {PACKAGED: packaged, **models}
    speakers = [c for c in clips if len(c.samples) > 2 * SAMPLE_RATE]
    for number, (clip, seconds) in list(enumerate(windows_of(clips, lags, seed)))[part::parts]:
        condition = 'clean' if rng.random() < 0.5 else CONDITIONS[int(rng.integers(len(CONDITIONS)))]
        others = [c for c in speakers if c.talker != clip.talker]
        if not others:
            continue
        foreign = others[int(rng.integers(len(others)))].samples.astype(np.float64)
        piece = own_window(clip, seconds, rng)
        some = degraded(piece, condition, [c.samples for c in others], rng)
        shift = float(np.round(rng.uniform(-400, 400)))
        wrong = np.resize(np.roll(foreign, -int(rng.integers(len(foreign)))), len(some.samples))
        if condition not in ('15 fps', 'low resolution'):
            wrong = degraded(with_sound(piece, wrong), condition, [c.samples for c in others], rng).samples
        view = view_of(some)
        heard = {True: sound.sound_features(moved(some.samples, shift)), False: sound.sound_features(moved(wrong, shift))}
        seen = seen_by(models, some)
        for which, own in models.items():
            for paired, features in heard.items():
                for found in evidences_of(own, *seen[which], features, view).values():
                    rows.append({**asdict(found), 'which': which, 'trial': number, 'paired': paired, 'name': clip.name,
                                 'talker': clip.talker, 'seconds': seconds, 'condition': condition,
                                 'error': found.offset_ms + shift + 1000 * lags[clip.name]})
    return rows


def seen_by(models, recording):
    """{name: mouth and pixel segments}: models with the same stem have the same."""
    made = {}
    for which, model in models.items():
        same = next((w for w in made if has_same_stem(models[w], model)), None)
        made[which] = made[same] if same is not None else pieces_of(model, recording)
    return made


def has_same_stem(one, other):
    return all(np.array_equal(a['kernel'], b['kernel']) and np.array_equal(a['bias'], b['bias'])
               for a, b in zip(one.pixels['stem'], other.pixels['stem']))


def wholes(packaged, model, clips, lags, seed, part=0, parts=1):
    """The answers of the packaged and an adapted model for each clip, its halves, and the clip with moved audio: one part
    of several."""
    rng = np.random.default_rng([seed, part])
    return [whole({PACKAGED: packaged, ADAPTED: model}, clip, lags.get(clip.name), rng) for clip in clips[part::parts]]


def whole(models, clip, lag, rng):
    """The answers of both models for a clip, its halves, and the clip with moved audio."""
    recording = of_clip(clip)
    length = min(clip.times[-1] + 0.04, len(clip.samples) / SAMPLE_RATE)
    if length > MOST_SECONDS:
        recording = window(recording, 0.0, MOST_SECONDS)
        length = MOST_SECONDS
    distance = float(np.round(rng.uniform(80, 400))) * (1 if rng.random() < 0.5 else -1)
    made = {'name': clip.name, 'talker': clip.talker, 'lag': lag, 'length': float(length), 'moved_by': distance}

    def say(which, some, seen, samples):
        return best(evidences_of(models[which], *seen[which], sound.sound_features(samples), view_of(some)))
    seen = seen_by(models, recording)
    made[PACKAGED] = say(PACKAGED, recording, seen, recording.samples)
    made[ADAPTED] = say(ADAPTED, recording, seen, recording.samples)
    if lag is None:
        made[ADAPTED + ' moved'] = say(ADAPTED, recording, seen, moved(recording.samples, distance))
        if length >= 4:
            halves = [window(recording, start, length / 2) for start in (0.0, length / 2)]
            made[ADAPTED + ' halves'] = [say(ADAPTED, half, seen_by({ADAPTED: models[ADAPTED]}, half), half.samples)
                                         for half in halves]
    return made


def best(found):
    """The evidence of everything seen, as a dictionary; None if nothing was."""
    return next((asdict(found[mode]) for mode in BETTER if mode in found), None)


def is_answered(row, numbers):
    return row is not None and bool(answered([row], numbers[row['mode']])[0])


def shifted(row, shifts):
    return None if row is None else {**row, 'offset_ms': row['offset_ms'] - shifts[row['mode']]}


def decided(rows, which, numbers, shifts=None):
    """[(row of everything seen, whether it is answered)] of one model's trials; shifts: {mode: ms} to subtract."""
    own = {}
    for r in rows:
        if r['which'] == which:
            own.setdefault((r['name'], r['trial'], r['paired']), {})[r['mode']] = r
    some = [next(found[m] for m in BETTER if m in found) for found in own.values()]
    if shifts is not None:
        some = [{**shifted(r, shifts), 'error': r['error'] - shifts[r['mode']]} for r in some]
    return [(r, is_answered(r, numbers)) for r in some]


def share(truths):
    truths = list(truths)
    return [int(sum(truths)), len(truths)]


def falls_short(counts, least):
    """Whether a share is below a bound; one miss is allowed for few trials."""
    right, count = counts
    return count > 0 and right < min(least * count, count - 1)


def mean_with_interval(values):
    values = np.asarray(values, float)
    if len(values) < 2:
        return [float(values.mean()) if len(values) else 0.0, None, None]
    half = 1.96 * values.std(ddof=1) / np.sqrt(len(values))
    return [float(values.mean()), float(values.mean() - half), float(values.mean() + half)]


def report(packaged, numbers, rows, wholes):
    """The report on the adapted model, as a dictionary; `refused`: why it must not be used."""
    shifts = {mode: shift_ms(rows, mode) for mode in MODES}
    told = {'trials': {}}
    for which, numbers_of in ((PACKAGED, packaged), (ADAPTED, numbers)):
        some = decided(rows, which, numbers_of, shifts if which == ADAPTED else None)
        told['trials'][which] = {
            'true_answered': share(a for r, a in some if r['paired']),
            'of_these_right': share(abs(r['error']) <= NEAR_MS for r, a in some if r['paired'] and a),
            'best_guess_right': share(abs(r['error']) <= NEAR_MS for r, a in some if r['paired']),
            'foreign_answered': share(a for r, a in some if not r['paired'])}
    for w in wholes:
        for name in ('adapted', 'adapted moved'):
            if name in w:
                w[name] = shifted(w[name], shifts)
        if 'adapted halves' in w:
            w['adapted halves'] = [shifted(h, shifts) for h in w['adapted halves']]
    known = [w for w in wholes if w['lag'] is not None and is_answered(w['adapted'], numbers)]
    apart = [w['adapted']['offset_ms'] + 1000 * w['lag'] for w in known]
    refused = [w for w in wholes if w['lag'] is None]
    new = [w for w in refused if is_answered(w['adapted'], numbers)]
    told |= {
        'labels': sum(w['lag'] is not None for w in wholes),
        'talkers': len({w['talker'] for w in wholes}),
        'agreeing': share(abs(d) <= NEAR_MS for d in apart),
        'bias_shift_ms': mean_with_interval([d for d in apart if abs(d) <= 2 * NEAR_MS]),
        'refused_before': len(refused),
        'newly_answered': len(new),
        'newly_answered_clips': [w['name'] for w in new],
        'halves_agreeing': share(halves_agree(w['adapted halves']) for w in new if 'adapted halves' in w),
        'moved_right': share(is_moved(w) for w in new)}
    told['refused'] = reasons(told)
    return told


def halves_agree(halves):
    return all(h is not None for h in halves) and abs(halves[0]['offset_ms'] - halves[1]['offset_ms']) <= 2 * NEAR_MS


def is_moved(whole):
    after = whole['adapted moved']
    return after is not None and abs(
        after['offset_ms'] + whole['moved_by'] - whole['adapted']['offset_ms']) <= MOVED_NEAR_MS


def reasons(told):
    """Why the model must not be used, as sentences; none if it may."""
    made = []
    if falls_short(told['agreeing'], LEAST_AGREEING):
        made.append('its answers differ from the packaged model\'s in {1} - {0} of {1} clips'.format(*told['agreeing']))
    mean, low, high = told['bias_shift_ms']
    if abs(mean) > LARGEST_BIAS_MS and low is not None and (low > 0 or high < 0):
        made.append(f'it moves the corpus by {mean:+.1f} ms ({low:+.1f} to {high:+.1f})')
    if falls_short(told['halves_agreeing'], LEAST_HALVES):
        made.append('only {0} of {1} newly answered clips agree in both halves'.format(*told['halves_agreeing']))
    if falls_short(told['moved_right'], LEAST_MOVED):
        made.append('only {0} of {1} newly answered clips follow their audio as it is moved'.format(*told['moved_right']))
    before, after = (told['trials'][w]['foreign_answered'] for w in (PACKAGED, ADAPTED))
    if after[1] and after[0] > before[0] + max(1, ACCEPTED_MORE * after[1]):
        made.append(f'it answers {after[0]} of {after[1]} clips with foreign audio, the packaged model {before[0]}')
    best = {w: told['trials'][w]['true_answered'][0] for w in ('packaged', 'adapted')}
    if best['adapted'] < LEAST_KEPT * best['packaged']:
        made.append(f'it answers {best["adapted"]} windows, the packaged model {best["packaged"]}')
    elif told['newly_answered'] == 0 and best['adapted'] <= best['packaged']:
        made.append('it answers no more than the packaged model')
    return made
