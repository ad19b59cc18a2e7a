"""The numbers of a model (confidence, interval, thresholds), fitted on what its folds left out."""
import numpy as np

from .confidence import (answered, column, confidence, fit_confidence, fit_interval, fit_unpaired, unpaired,
                         unpaired_probability, UNPAIRED_INPUTS)
from .estimate import MODES

LEAST_SHARE = 0.5
LEAST_VOICED_SECONDS = 0.5
LEAST_OPENING = {'landmarks': 0.003, 'pixels': 0.0, 'both': 0.002}     # pixels show what the mesh smooths
LEAST_OVERLAP_SECONDS = 1.0
LARGEST_ERROR_MS = 40.0
LEAST_VOICED_FOR_UNPAIRED = 2.0
LEAST_OVERLAP_FOR_UNPAIRED = 7.0
LEAST_VOICED_SHARE_FOR_UNPAIRED = 0.2
LEAST_OPENING_FOR_UNPAIRED = 0.006
MOST_OPENING_FOR_UNPAIRED = 0.020     # beyond it the speaker grimaces, and lips carry little information
MOST_TURN_FOR_UNPAIRED = 0.5          # some 30 degrees: nothing is excluded for a mouth seen from the side
LEAST_WIDTH_FOR_UNPAIRED = 80.0   # pixels: a smaller face is a reason for `inconclusive`
SHARE_OF_S1 = 0.25              # in the mean bias: 90 clips, but one speaker
TRUE_CALLED_UNPAIRED = 0.0
ACCEPTED_MISMATCHED = {3: 0.04, 6: 0.01}     # of mismatched trials at 3 s, and from 6 s on


def mean_bias(rows):
    """The models' answers for recordings known to be in sync, in ms: a quarter from s1, the rest from all others.

    This weighs one speaker with many clips against many with one, as speakers and clips differ by some 15 ms each.
    """
    clips = {}
    for r in rows:
        if (r['paired'] and r['kind'] == 'grid' and r['talker'] != 'cremad-1001' and r['condition'] == 'clean'
                and r['seconds'] == 3 and abs(r['error']) <= 60):
            clips.setdefault((r['talker'] == 's1', r['name']), []).append(r['error'])
    mean = lambda own: np.mean([np.mean(errors) for (s1, _), errors in clips.items() if s1 == own])
    has_s1 = any(s1 for s1, _ in clips)
    return float(SHARE_OF_S1 * mean(True) + (1 - SHARE_OF_S1) * mean(False)) if has_s1 else float(mean(False))


def corrected(rows, bias):
    return [{**r, 'error': r['error'] - bias, 'offset_ms': r['offset_ms'] - bias} for r in rows]


def least_confidence(rows, numbers):
    """The least confidence at which few enough mismatched pairs get an offset: at 3 s studio and wild each, from 6 s on,
    where trials are few, both together."""
    mixed = [r for r in rows if not r['paired']]
    groups = [(ACCEPTED_MISMATCHED[3], [r for r in mixed if r['seconds'] == 3 and r['kind'] == k]) for k in KINDS]
    groups.append((ACCEPTED_MISMATCHED[6], [r for r in mixed if r['seconds'] >= 6]))
    for least in np.arange(0.3, 0.95, 0.01):
        numbers['answer'][0] = float(least)
        if all(not some or answered(some, numbers).mean() <= share for share, some in groups):
            break
    return float(numbers['answer'][0])


KINDS = ('grid', 'wild')


def fit_mode(rows, every, mode):
    """The numbers of one mode from its rows; `every`: also those of speakers that the landmarks were trained on, so
    that `unpaired` does not exclude them."""
    bias = mean_bias(rows)
    rows, every = corrected(rows, bias), corrected(every, bias)
    weights, ceiling = fit_confidence(rows)
    numbers = {'bias': [bias], 'confidence': weights.tolist(), 'ceiling': [ceiling],
               'interval': fit_interval(rows).tolist(),
               'answer': [0.0, LEAST_SHARE, LEAST_VOICED_SECONDS, LEAST_OPENING[mode], LEAST_OVERLAP_SECONDS,
                          LARGEST_ERROR_MS],
               'unpaired': fit_unpaired([r for r in every if not r['opening'] > MOST_OPENING_FOR_UNPAIRED]).tolist() + [
                   2.0, LEAST_VOICED_FOR_UNPAIRED, LEAST_OVERLAP_FOR_UNPAIRED, LEAST_VOICED_SHARE_FOR_UNPAIRED,
                   LEAST_OPENING_FOR_UNPAIRED, LEAST_WIDTH_FOR_UNPAIRED, MOST_OPENING_FOR_UNPAIRED,
                   MOST_TURN_FOR_UNPAIRED]}
    numbers['answer'][0] = least_confidence(rows, numbers)
    longer_true = [r for r in every if r['seconds'] >= 6 and r['paired']]
    scores = unpaired_probability(longer_true, numbers)
    if mode == 'pixels':
        # A face without a mesh is seen badly: nothing is excluded.
        numbers['unpaired'][UNPAIRED_INPUTS] = 1.0
        return numbers
    # The least that spares every true pair of these trials, and a margin.
    numbers['unpaired'][UNPAIRED_INPUTS] = 0.9
    wrong = unpaired(longer_true, numbers)
    if wrong.any():
        odds = np.log(scores[wrong].max() / (1 - scores[wrong].max())) + 0.5
        numbers['unpaired'][UNPAIRED_INPUTS] = float(1 / (1 + np.exp(-odds)))
    return numbers


def fit_numbers(rows, every):
    """rows of trials.trials_of over all folds -> {mode: numbers}; `every`: see `fit_mode`."""
    of = lambda some, mode: [r for r in some if r['mode'] == mode]
    return {mode: fit_mode(of(rows, mode), of(every, mode), mode) for mode in MODES}
