"""The numbers of a model (confidence, interval, thresholds), fitted on what its folds had left out."""
import numpy as np

from .confidence import (answered, fit_confidence, fit_interval, fit_unpaired, unpaired_probability)

LEAST_SHARE = 0.7
LEAST_VOICED_SECONDS = 0.5
LEAST_OPENING = 0.003
LEAST_OVERLAP_SECONDS = 1.0
LARGEST_ERROR_MS = 40.0
LEAST_VOICED_FOR_UNPAIRED = 2.0
LEAST_OVERLAP_FOR_UNPAIRED = 7.0
LEAST_VOICED_SHARE_FOR_UNPAIRED = 0.2
LEAST_OPENING_FOR_UNPAIRED = 0.006
SHARE_OF_S1 = 0.25              # in the mean bias: 90 clips, but one man
TRUE_CALLED_UNPAIRED = 0.005
ACCEPTED_MISMATCHED = 0.03      # of mismatched 3 s trials; the contract of the program allows 0.08


def mean_bias(rows):
    """What the models find in recordings known to be in sync, in ms: a quarter from s1, the rest from all others.

    The weight of one talker with many clips against many with one, for talkers and clips that differ by some 15 ms
    each.
    """
    clips = {}
    for r in rows:
        if r['paired'] and r['condition'] == 'clean' and r['seconds'] == 3 and abs(r['error']) <= 60:
            clips.setdefault((r['talker'] == 's1', r['name']), []).append(r['error'])
    mean = lambda own: np.mean([np.mean(errors) for (s1, _), errors in clips.items() if s1 == own])
    return float(SHARE_OF_S1 * mean(True) + (1 - SHARE_OF_S1) * mean(False))


def corrected(rows, bias):
    return [{**r, 'error': r['error'] - bias, 'offset_ms': r['offset_ms'] - bias} for r in rows]


def fit_numbers(rows):
    """rows of trials.trials_of over all folds -> the model's numbers."""
    bias = mean_bias(rows)
    rows = corrected(rows, bias)
    weights, ceiling = fit_confidence(rows)
    numbers = {'bias': [bias], 'confidence': weights.tolist(), 'ceiling': [ceiling],
               'interval': fit_interval(rows).tolist(),
               'answer': [0.0, LEAST_SHARE, LEAST_VOICED_SECONDS, LEAST_OPENING, LEAST_OVERLAP_SECONDS,
                          LARGEST_ERROR_MS],
               'unpaired': fit_unpaired(rows).tolist() + [
                   2.0, LEAST_VOICED_FOR_UNPAIRED, LEAST_OVERLAP_FOR_UNPAIRED, LEAST_VOICED_SHARE_FOR_UNPAIRED,
                   LEAST_OPENING_FOR_UNPAIRED]}
    short_mismatched = [r for r in rows if r['seconds'] == 3 and not r['paired']]
    for least in np.arange(0.3, 0.95, 0.01):
        numbers['answer'][0] = float(least)
        if answered(short_mismatched, numbers).mean() <= ACCEPTED_MISMATCHED:
            break
    longer_true = [r for r in rows if r['seconds'] >= 6 and r['paired']]
    scores = np.sort(unpaired_probability(longer_true, numbers))
    numbers['unpaired'][5] = float(max(0.9, scores[int(np.ceil(len(scores) * (1 - TRUE_CALLED_UNPAIRED))) - 1]))
    return numbers
