"""From evidence to a probability, an interval and a decision; the constants are fitted on left-out talkers."""
import numpy as np
from scipy.optimize import minimize
from scipy.stats import norm

NEAR_MS = 40.0
CONSTANT_MS = 6.0
WIDENING = 1.1               # the scatter between clips has heavier tails than the normal law that is fitted
MOST_VOICED_SECONDS = 6.0    # beyond what the trials hold nothing is extrapolated


def logit(share):
    share = np.clip(share, 0.005, 0.995)
    return np.log(share / (1 - share))


def column(rows, name):
    return np.array([r[name] for r in rows], float)


def voiced(rows):
    return np.log(np.clip(column(rows, 'voiced_seconds'), 0.1, MOST_VOICED_SECONDS))


def confidence_inputs(rows):
    """[N, 5]: 1, cohort score, logit share, log standard error over 10 ms, log voiced seconds."""
    return np.stack([np.ones(len(rows)), np.clip(column(rows, 'cohort'), -5, 12), logit(column(rows, 'share')),
                     np.log(np.clip(column(rows, 'error_ms'), 1, 100) / 10), voiced(rows)], axis=1)


def unpaired_inputs(rows):
    """[N, 5]: 1, cohort score, peak height, log voiced seconds, logit share."""
    return np.stack([np.ones(len(rows)), np.clip(column(rows, 'cohort'), -5, 12), column(rows, 'height'),
                     voiced(rows), logit(column(rows, 'share'))], axis=1)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def fitted_logistic(inputs, target, weights, ceiling=False, ridge=0.3):
    """Weighted logistic regression with a light ridge; optionally times a ceiling below 1."""
    scale = inputs.std(axis=0)
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


def fit_confidence(rows):
    """Weights [5] and ceiling: probability that a trial is a true pair and within 40 ms.

    Each length weighs the same; true and mismatched ones too.
    """
    right = np.array([r['paired'] and abs(r['error']) <= NEAR_MS for r in rows], float)
    groups = [(r['seconds'], r['paired']) for r in rows]
    weights = np.array([1 / groups.count(g) for g in groups])
    weights *= len(rows) / weights.sum()
    return fitted_logistic(confidence_inputs(rows), right, weights, ceiling=True)


def interval_deviation(error_ms, overlap_seconds, interval):
    """Standard deviation of the answer: own error times a factor, a constant, and a part that averages out."""
    factor, constant, averaging = interval
    return np.sqrt((factor * error_ms) ** 2 + constant ** 2 + averaging ** 2 * 3 / np.maximum(overlap_seconds, 1))


def fit_interval(rows):
    """Factor on the standard error, constant part and averaging part (ms at 3 s), by the likelihood of true answers.

    Each length weighs the same. The constant part is set: joined clips average what one long recording would not.
    """
    good = [r for r in rows if r['paired'] and abs(r['error']) <= 80 and r['error_ms'] < 60]
    error, own, overlap = column(good, 'error'), column(good, 'error_ms'), column(good, 'overlap_seconds')
    lengths = [r['seconds'] for r in good]
    weights = np.array([1 / lengths.count(s) for s in lengths])
    weights *= len(good) / weights.sum()

    def cost(parameters):
        deviation = interval_deviation(own, overlap, (np.exp(parameters[0]), CONSTANT_MS, np.exp(parameters[1])))
        return -(weights * norm.logpdf(error, 0, deviation).clip(-7.5)).sum()
    factor, averaging = np.exp(minimize(cost, np.log([1.0, 15.0]), method='Nelder-Mead').x)
    return WIDENING * np.array([factor, CONSTANT_MS, averaging])


def fit_unpaired(rows):
    """Weights [5] of the probability that a trial is mismatched, from 6 s on."""
    rows = [r for r in rows if r['seconds'] >= 6]
    mismatched = np.array([not r['paired'] for r in rows], float)
    return fitted_logistic(unpaired_inputs(rows), mismatched, np.ones(len(rows)))[0]


def confidence(rows, numbers):
    return numbers['ceiling'][0] * sigmoid(confidence_inputs(rows) @ np.asarray(numbers['confidence']))


def unpaired_probability(rows, numbers):
    return sigmoid(unpaired_inputs(rows) @ np.asarray(numbers['unpaired'])[:5])


def answered(rows, numbers):
    """bool [N]: what the program would answer with an offset."""
    least = np.asarray(numbers['answer'])
    return ((confidence(rows, numbers) >= least[0]) & (column(rows, 'share') >= least[1])
            & (column(rows, 'voiced_seconds') >= least[2]) & (column(rows, 'opening') >= least[3])
            & (column(rows, 'overlap_seconds') >= least[4]) & (column(rows, 'error_ms') <= least[5])
            & (np.abs(column(rows, 'offset_ms')) < 1480))


def unpaired(rows, numbers):
    least = np.asarray(numbers['unpaired'])
    return ((unpaired_probability(rows, numbers) >= least[5]) & (column(rows, 'voiced_seconds') >= least[6])
            & (column(rows, 'overlap_seconds') >= least[7])
            & (column(rows, 'voiced_seconds') >= least[8] * column(rows, 'overlap_seconds'))
            & (column(rows, 'opening') >= least[9]) & (confidence(rows, numbers) <= 0.02) & ~answered(rows, numbers))


def half_width_ms(rows, numbers):
    return 1.96 * interval_deviation(column(rows, 'error_ms'), column(rows, 'overlap_seconds'), numbers['interval'])
