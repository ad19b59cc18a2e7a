"""From evidence to a probability, an interval and a decision; the constants are fitted on left-out speakers."""
import numpy as np
from scipy.optimize import minimize
from scipy.stats import norm

NEAR_MS = 40.0
CONSTANT_MS = 9.0            # by which speakers differ at any length
WIDENING = 1.1               # the scatter between clips has heavier tails than the fitted normal distribution
MOST_VOICED_SECONDS = 6.0    # nothing is extrapolated beyond the trials
CONFIDENCE_INPUTS = 9
UNPAIRED_INPUTS = 8
MOST_CONFIDENCE_WHEN_UNPAIRED = 0.05


def logit(share):
    share = np.clip(share, 0.005, 0.995)
    return np.log(share / (1 - share))


def column(rows, name):
    return np.array([r[name] for r in rows], float)


def voiced(rows):
    return np.log(np.clip(column(rows, 'voiced_seconds'), 0.1, MOST_VOICED_SECONDS))


def log_width(rows):
    width = column(rows, 'width')
    return np.where(np.isfinite(width), np.log(np.clip(np.nan_to_num(width, nan=100), 20, 400) / 100), 0.0)


def log_definition(rows):
    value = column(rows, 'definition')
    return np.where(np.isfinite(value), np.log(np.clip(np.nan_to_num(value, nan=0.2), 0.03, 0.4) / 0.2), 0.0)


def confidence_inputs(rows):
    """[N, 9]: 1, cohort score, logit share, log standard error over 10 ms, log voiced seconds, agreement of the
    halves, agreement of landmarks and pixels, log width of the face over 100 pixels, log definition over 0.2."""
    return np.stack([np.ones(len(rows)), np.clip(column(rows, 'cohort'), -5, 12), logit(column(rows, 'share')),
                     np.log(np.clip(column(rows, 'error_ms'), 1, 100) / 10), voiced(rows), column(rows, 'halves'),
                     column(rows, 'kinds'), log_width(rows), log_definition(rows)], axis=1)


def unpaired_inputs(rows):
    """[N, 8]: 1, cohort score, peak height, log voiced seconds, logit share, agreement of the halves, agreement of
    landmarks and pixels, log definition over 0.2."""
    return np.stack([np.ones(len(rows)), np.clip(column(rows, 'cohort'), -5, 12), column(rows, 'height'),
                     voiced(rows), logit(column(rows, 'share')), column(rows, 'halves'), column(rows, 'kinds'),
                     log_definition(rows)], axis=1)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def fitted_logistic(inputs, target, weights, ceiling=False, ridge=0.3):
    """Weighted logistic regression with a light ridge; optionally times a ceiling below 1."""
    scale = np.maximum(inputs.std(axis=0), 1e-3)
    scale[0] = 1

    def cost(parameters):
        top = sigmoid(parameters[-1]) if ceiling else 1.0
        p = np.clip(top * sigmoid(inputs / scale @ parameters[:inputs.shape[1]]), 1e-9, 1 - 1e-9)
        likelihood = (weights * (target * np.log(p) + (1 - target) * np.log(1 - p))).sum()
        return -likelihood + ridge * (parameters[1:inputs.shape[1]] ** 2).sum()
    start = np.zeros(inputs.shape[1] + 1)
    start[-1] = 3.5
    found = minimize(cost, start, method='BFGS').x
    return found[:-1] / scale, float(sigmoid(found[-1])) if ceiling else 1.0


def group_weights(rows):
    """Each length weighs the same, true and mismatched, studio and wild, and each speaker within."""
    groups = [(r['seconds'], r['paired'], r['kind'], r['talker']) for r in rows]
    outer = [g[:3] for g in groups]
    counts, talkers = {}, {}
    for g in groups:
        counts[g] = counts.get(g, 0) + 1
        talkers.setdefault(g[:3], set()).add(g[3])
    weights = np.array([1 / counts[g] ** 0.5 for g in groups])
    totals = {}
    for g, w in zip(outer, weights):
        totals[g] = totals.get(g, 0) + w
    # A group of few speakers has less weight.
    weights = np.array([w / totals[g] * min(1.0, len(talkers[g]) / 8) for g, w in zip(outer, weights)])
    return weights * len(rows) / weights.sum()


def is_right(rows):
    return np.array([r['paired'] and abs(r['error']) <= NEAR_MS for r in rows], float)


def fit_confidence(rows):
    """Weights [9] and ceiling: probability that a trial is a true pair and within 40 ms."""
    return fitted_logistic(confidence_inputs(rows), is_right(rows), group_weights(rows), ceiling=True)


def interval_deviation(error_ms, overlap_seconds, interval):
    """Standard deviation of the answer: own error times a factor, a constant, and a part that averages out."""
    factor, constant, averaging = interval
    return np.sqrt((factor * error_ms) ** 2 + constant ** 2 + averaging ** 2 * 3 / np.maximum(overlap_seconds, 1))


def fit_interval(rows):
    """Factor on the standard error, constant part and averaging part (ms at 3 s), by the likelihood of true answers.

    Each length weighs the same. The constant part is given, since joined clips average out what one long recording would not.
    """
    good = [r for r in rows if r['paired'] and abs(r['error']) <= 80 and r['error_ms'] < 60]
    error, own, overlap = column(good, 'error'), column(good, 'error_ms'), column(good, 'overlap_seconds')
    weights = group_weights(good)

    def cost(parameters):
        deviation = interval_deviation(own, overlap, (np.exp(parameters[0]), CONSTANT_MS, np.exp(parameters[1])))
        return -(weights * norm.logpdf(error, 0, deviation).clip(-7.5)).sum()
    factor, averaging = np.exp(minimize(cost, np.log([1.0, 15.0]), method='Nelder-Mead').x)
    return WIDENING * np.array([factor, CONSTANT_MS, averaging])


def fit_unpaired(rows):
    """Weights [8] of the probability that a trial is mismatched, from 6 s on."""
    rows = [r for r in rows if r['seconds'] >= 6]
    mismatched = np.array([not r['paired'] for r in rows], float)
    return fitted_logistic(unpaired_inputs(rows), mismatched, group_weights(rows))[0]


def confidence(rows, numbers):
    return numbers['ceiling'][0] * sigmoid(confidence_inputs(rows) @ np.asarray(numbers['confidence']))


def unpaired_probability(rows, numbers):
    return sigmoid(unpaired_inputs(rows) @ np.asarray(numbers['unpaired'])[:UNPAIRED_INPUTS])


def at_least(rows, name, least):
    """Whether a figure reaches a threshold; true if it is unknown."""
    return ~(column(rows, name) < least)


def answered(rows, numbers):
    """bool [N]: what the program would answer with an offset."""
    least = np.asarray(numbers['answer'])
    return ((confidence(rows, numbers) >= least[0]) & (column(rows, 'share') >= least[1])
            & (column(rows, 'voiced_seconds') >= least[2]) & at_least(rows, 'opening', least[3])
            & (column(rows, 'overlap_seconds') >= least[4]) & (column(rows, 'error_ms') <= least[5])
            & (np.abs(column(rows, 'offset_ms')) < 1480))


def unpaired(rows, numbers):
    least = np.asarray(numbers['unpaired'])[UNPAIRED_INPUTS:]
    return ((unpaired_probability(rows, numbers) >= least[0]) & (column(rows, 'voiced_seconds') >= least[1])
            & (column(rows, 'overlap_seconds') >= least[2])
            & (column(rows, 'voiced_seconds') >= least[3] * column(rows, 'overlap_seconds'))
            & at_least(rows, 'opening', least[4]) & at_least(rows, 'width', least[5])
            & ~(column(rows, 'opening') > least[6]) & ~(column(rows, 'turn') > least[7])
            & (confidence(rows, numbers) <= MOST_CONFIDENCE_WHEN_UNPAIRED) & ~answered(rows, numbers))


def half_width_ms(rows, numbers):
    return 1.96 * interval_deviation(column(rows, 'error_ms'), column(rows, 'overlap_seconds'), numbers['interval'])
