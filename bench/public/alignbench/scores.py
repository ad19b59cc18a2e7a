"""What a submission is worth: each score with its interval by a bootstrap over sources. Nothing but the standard library."""
import random
from collections import defaultdict
from dataclasses import dataclass
from typing import Callable, Optional

from .table import Answer

LIMITS = (20, 40, 80)
RIGHT = 40  # ms: what counts as right where one number is needed
ALARM = 100  # ms: an offset beyond it accuses the clip
ALPHA = 0.05


@dataclass
class Score:
    """A value with its 95 % interval; None where there is nothing to tell it from."""

    value: Optional[float]
    low: Optional[float] = None
    high: Optional[float] = None
    n: int = 0


def miss(item, answer):
    """How far the answer lies off, in ms; None: no answer."""
    return None if answer.offset_ms is None else abs(answer.offset_ms - item.truth_ms)


def is_counted(item, limit):
    """Truth that may itself be off by more than half of the limit cannot say what lies within."""
    return item.pm_ms <= limit / 2


def is_right(item, answer, limit=RIGHT):
    return answer.offset_ms is not None and miss(item, answer) <= limit


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else None


def median(values):
    values = sorted(values)
    if not values:
        return None
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def risk_coverage_area(pairs):
    """Area under risk against coverage, 0 is best: answers from the surest on, then what was not answered, which is never right.

    Risk is the share that is not right within 40 ms of what was taken so far. Answers of equal rank count by their mean, so that
    their order in the file says nothing. Without a confidence the narrower interval is the surer; without either all rank equal.
    """
    ranked = defaultdict(list)
    for item, answer in pairs:
        if not is_counted(item, RIGHT):
            continue
        if answer.offset_ms is None:
            rank = (1, 0.0)
        elif answer.confidence is not None:
            rank = (0, -answer.confidence)
        elif answer.low_ms is not None:
            rank = (0, answer.high_ms - answer.low_ms)
        else:
            rank = (0, 0.0)
        ranked[rank].append(0.0 if is_right(item, answer) else 1.0)
    taken, wrong, area = 0, 0.0, 0.0
    for rank in sorted(ranked):
        group = ranked[rank]
        share = sum(group) / len(group)
        for _ in group:
            taken += 1
            wrong += share
            area += wrong / taken
    return area / taken if taken else None


def holds(item, answer):
    """Whether the interval meets the truth, which may be off by `pm_ms` itself."""
    return answer.low_ms - item.pm_ms <= item.truth_ms <= answer.high_ms + item.pm_ms


def winkler(item, answer):
    """Width of the 95 % interval, and 40 times by how much it misses: narrow and right is little (Winkler 1972)."""
    below, above = answer.low_ms - item.truth_ms - item.pm_ms, item.truth_ms - item.pm_ms - answer.high_ms
    return answer.high_ms - answer.low_ms + 2 / ALPHA * max(0.0, below, above)


def calibration_error(pairs, bins=5):
    """Mean distance of confidence from the share that is right, over bins of equally many answers; None without confidences in 0...1."""
    said = [(answer.confidence, 1.0 if is_right(item, answer) else 0.0) for item, answer in pairs
            if answer.offset_ms is not None and answer.confidence is not None and is_counted(item, RIGHT)]
    if not said or any(not 0 <= confidence <= 1 for confidence, _ in said):
        return None
    said.sort()
    error = 0.0
    for at in range(bins):
        group = said[at * len(said) // bins:(at + 1) * len(said) // bins]
        if group:
            error += len(group) / len(said) * abs(mean(c for c, _ in group) - mean(r for _, r in group))
    return error


def real_time_factor(pairs):
    """Processor seconds for each second of media, files counted once."""
    media, spent = {}, {}
    for item, answer in pairs:
        if answer.seconds is not None:
            media[item.files], spent[item.files] = item.seconds, answer.seconds
    total = sum(media.values())
    return sum(spent.values()) / total if total else None


def _answered(pairs):
    return [(item, answer) for item, answer in pairs if answer.offset_ms is not None]


def _with_interval(pairs):
    return [(item, answer) for item, answer in _answered(pairs) if answer.low_ms is not None]


def _within(limit):
    return lambda pairs: mean(float(is_right(i, a, limit)) for i, a in _answered(pairs) if is_counted(i, limit))


# Of true pairs. `share`: a proportion, whose interval is never empty.
POSITIVE: dict[str, tuple[Callable, bool]] = {
    "answered": (lambda pairs: mean(float(a.offset_ms is not None) for _, a in pairs), True),
    **{f"within_{limit}": (_within(limit), True) for limit in LIMITS},
    "right_of_all": (lambda pairs: mean(float(is_right(i, a)) for i, a in pairs if is_counted(i, RIGHT)), True),
    "median_ms": (lambda pairs: median(miss(i, a) for i, a in _answered(pairs)), False),
    "risk_coverage": (risk_coverage_area, False),
    "interval_holds": (lambda pairs: mean(float(holds(i, a)) for i, a in _with_interval(pairs)), True),
    "winkler_ms": (lambda pairs: mean(winkler(i, a) for i, a in _with_interval(pairs)), False),
    "calibration": (calibration_error, False),
    "false_unpaired": (lambda pairs: mean(float(a.says == "unpaired") for _, a in pairs), True),
    "false_alarms": (lambda pairs: mean(float(a.says == "unpaired" or a.offset_ms is not None and abs(a.offset_ms) > ALARM)
                                        for i, a in pairs if abs(i.truth_ms) <= RIGHT), True),
    "real_time": (real_time_factor, False),
}
NEGATIVE: dict[str, tuple[Callable, bool]] = {
    "false_answers": (lambda pairs: mean(float(a.offset_ms is not None) for _, a in pairs), True),
    "alarms": (lambda pairs: mean(float(a.offset_ms is not None and abs(a.offset_ms) > ALARM) for _, a in pairs), True),
    "told_unpaired": (lambda pairs: mean(float(a.says == "unpaired") for _, a in pairs), True),
}


def binomial_bounds(value, clusters):
    """95 % bounds of a share of which every source says the same, 0 or 1: where a bootstrap sees no spread (Clopper and Pearson 1934)."""
    edge = (ALPHA / 2) ** (1 / clusters)
    return (0.0, 1 - edge) if value == 0 else (edge, 1.0)


def scored(pairs, scores, resamples=1000, seed=7):
    """Name -> Score. Sources are drawn with replacement, each with all of its items."""
    clusters = defaultdict(list)
    for item, answer in pairs:
        clusters[item.source].append((item, answer))
    groups = [clusters[name] for name in sorted(clusters)]
    chance = random.Random(seed)
    drawn = defaultdict(list)
    if len(groups) > 1:
        for _ in range(resamples):
            sample = [pair for _ in groups for pair in groups[chance.randrange(len(groups))]]
            for name, (score, _) in scores.items():
                value = score(sample)
                if value is not None:
                    drawn[name].append(value)
    result = {}
    for name, (score, is_share) in scores.items():
        value = score(pairs)
        outcome = Score(value, n=len(pairs))
        values = sorted(drawn[name])
        if value is not None and len(values) > 1:
            outcome.low, outcome.high = values[int(ALPHA / 2 * len(values))], values[min(len(values) - 1, int((1 - ALPHA / 2) * len(values)))]
            if is_share and value in (0.0, 1.0):
                # Only sources that have a say: those of which the score can be told at all.
                telling = sum(score(group) is not None for group in groups)
                outcome.low, outcome.high = binomial_bounds(value, telling)
        result[name] = outcome
    return result


def paired(items, answers):
    return [(item, answers.get(item.item, Answer(item.item))) for item in items]


STRATA = ("condition", "device", "language", "speaker", "source")


def worst_stratum(pairs, least=3):
    """(field, value, share right of all, n): where the fewest items got a right answer; None where no stratum has `least` items."""
    worst = None
    for field in STRATA:
        groups = defaultdict(list)
        for item, answer in pairs:
            if getattr(item, field) and is_counted(item, RIGHT):
                groups[getattr(item, field)].append(float(is_right(item, answer)))
        if len(groups) < 2:
            continue
        for name, rights in sorted(groups.items()):
            if len(rights) >= least and (worst is None or mean(rights) < worst[2]):
                worst = (field, name, mean(rights), len(rights))
    return worst


def strata(pairs):
    """(field, value) -> its pairs."""
    groups = defaultdict(list)
    for item, answer in pairs:
        for field in STRATA:
            if getattr(item, field):
                groups[field, getattr(item, field)].append((item, answer))
    return dict(groups)
