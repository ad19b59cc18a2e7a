"""The share of the training that is kept: what helps for left-out speakers, and no more.

Candidates are on the line between the packaged weights and the trained ones (Wortsman and others 2022, Robust fine-tuning
of zero-shot models): nothing of the training, half of it, all of it. All have the tapes and numbers of the corpus.
"""
import math

from .adapt_checks import ADAPTED, PACKAGED, decided
from .adapt_numbers import refitted, shift_ms
from .confidence import NEAR_MS
from .estimate import MODES

SHARES = (0.0, 0.5, 1.0)
DEVIATIONS = 2.0            # by which more must be answered rightly (sign test on the windows that differ)


def of_share(rows, share):
    """The rows of the packaged model and those of one candidate, as the adapted model's."""
    return [{**r, 'which': ADAPTED} if r['which'] == share else r for r in rows if r['which'] in (PACKAGED, share)]


def right_answers(packaged, rows, share):
    """(clip, trial) of the true windows that a candidate answers correctly."""
    own = of_share(rows, share)
    numbers = refitted(packaged, own)
    shifts = {mode: shift_ms(own, mode) for mode in MODES}
    return {(r['name'], r['trial']) for r, is_taken in decided(own, ADAPTED, numbers, shifts)
            if r['paired'] and is_taken and abs(r['error']) <= NEAR_MS}


def is_better(one, other):
    """Whether one set of right answers exceeds another by more than chance."""
    more, fewer = len(one - other), len(other - one)
    return more - fewer > DEVIATIONS * math.sqrt(more + fewer)


def chosen(packaged, rows):
    """The share of the training that is kept, and {share: windows answered correctly}. Packaged: its numbers."""
    right = {share: right_answers(packaged, rows, share) for share in SHARES}
    best = SHARES[0]
    for share in SHARES[1:]:
        if is_better(right[share], right[best]):
            best = share
    return best, {f'{share:g}': len(some) for share, some in right.items()}
