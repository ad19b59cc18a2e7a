"""The numbers of an adapted model: those of the packaged one, adjusted by the trials of the corpus."""
import numpy as np
from scipy.optimize import minimize

from .confidence import NEAR_MS, answered, confidence_inputs, half_width_ms, is_right, sigmoid
from .estimate import MODES

RIDGE = 3.0                 # how firmly the packaged weights are held, in trials
LEAST_ROWS = 30             # trials of a mode; with fewer, its numbers stay
LONG_SECONDS = 6
ACCEPTED_MORE = 0.01        # of mismatched pairs; of a hundred, one more or less is chance
NEVER = 1.0                 # least probability of `unpaired`, which a model that was not shown foreign pairs does not reach


def of(rows, which, mode):
    return [r for r in rows if r['which'] == which and r['mode'] == mode]


def shift_ms(rows, mode):
    """The difference of the adapted model's answers from the packaged one's on the same true trials, if both are right."""
    key = lambda r: (r['name'], r['trial'])
    before = {key(r): r['error'] for r in of(rows, 'packaged', mode) if r['paired'] and abs(r['error']) <= NEAR_MS}
    moved = [r['error'] - before[key(r)] for r in of(rows, 'adapted', mode)
             if r['paired'] and key(r) in before and abs(r['error']) <= 1.5 * NEAR_MS]
    return float(np.median(moved)) if len(moved) >= LEAST_ROWS // 2 else 0.0


def corrected(rows, mode, shift):
    return [{**r, 'error': r['error'] - shift, 'offset_ms': r['offset_ms'] - shift} for r in of(rows, 'adapted', mode)]


def fitted_weights(rows, weights, ceiling):
    """Logistic weights [9] by penalised likelihood, regularised towards their former values."""
    inputs, target = confidence_inputs(rows), is_right(rows)
    scale = np.maximum(inputs.std(axis=0), 1e-3)
    scale[0] = 1
    start = np.asarray(weights, float)

    def cost(w):
        p = np.clip(ceiling * sigmoid(inputs @ w), 1e-9, 1 - 1e-9)
        return (-(target * np.log(p) + (1 - target) * np.log(1 - p)).sum()
                + RIDGE * (((w - start) * scale) ** 2).sum())
    return minimize(cost, start, method='BFGS').x


def least_confidence(rows, numbers, before, packaged):
    """The least confidence, no lower than before, at which no more mismatched pairs get an offset than before, and one in
    a hundred; below 6 s and from there on."""
    numbers = {**numbers, 'answer': list(numbers['answer'])}
    lengths = (lambda r: r['seconds'] < LONG_SECONDS, lambda r: r['seconds'] >= LONG_SECONDS)
    mixed = lambda some, here: [r for r in some if not r['paired'] and here(r)]
    groups = [(mixed(rows, here), count_answered(mixed(before, here), packaged)
               + int(ACCEPTED_MORE * len(mixed(rows, here)))) for here in lengths]
    for least in np.arange(numbers['answer'][0], 0.995, 0.005):
        numbers['answer'][0] = float(least)
        if all(count_answered(some, numbers) <= most for some, most in groups):
            break
    return numbers['answer']


def count_answered(rows, numbers):
    return int(answered(rows, numbers).sum()) if rows else 0


def refitted(packaged, rows):
    """{mode: numbers} from those of the packaged model and the trials of both models on the same windows."""
    made = {}
    for mode in MODES:
        numbers = {name: [float(x) for x in values] for name, values in packaged[mode].items()}
        numbers['unpaired'][8] = NEVER
        if len(of(rows, 'adapted', mode)) >= LEAST_ROWS:
            shift = shift_ms(rows, mode)
            own = corrected(rows, mode, shift)
            numbers['bias'] = [numbers['bias'][0] + shift]
            numbers['confidence'] = fitted_weights(own, numbers['confidence'], numbers['ceiling'][0]).tolist()
            numbers['answer'] = least_confidence(own, numbers, of(rows, 'packaged', mode), packaged[mode])
            good = [r for r, is_taken in zip(own, answered(own, numbers))
                    if is_taken and r['paired'] and abs(r['error']) <= 2 * NEAR_MS]
            if len(good) >= LEAST_ROWS // 2:
                beyond = np.abs([r['error'] for r in good]) / half_width_ms(good, numbers)
                widening = max(1.0, float(np.quantile(beyond, 0.95)))
                numbers['interval'] = [widening * x for x in numbers['interval']]
        made[mode] = numbers
    return made
