"""Tables of trials: what the figures are on clips that were left out."""
import numpy as np

from .confidence import NEAR_MS, answered, column, confidence, half_width_ms, unpaired


def calibration_error(rows, numbers, bins=10):
    """Expected calibration error, true and mismatched weighed alike; and (mean confidence, share right, n) a bin."""
    p = confidence(rows, numbers)
    right = np.array([r['paired'] and abs(r['error']) <= NEAR_MS for r in rows], float)
    paired = np.array([r['paired'] for r in rows])
    weights = np.where(paired, 1 / max(paired.sum(), 1), 1 / max((~paired).sum(), 1))
    weights /= weights.sum()
    index = np.minimum((p * bins).astype(int), bins - 1)
    error, diagram = 0.0, []
    for b in range(bins):
        here = index == b
        if here.any():
            w = weights[here]
            mean, share = np.average(p[here], weights=w), np.average(right[here], weights=w)
            error += w.sum() * abs(mean - share)
            diagram.append((mean, share, int(here.sum())))
    return error, diagram


def summary(rows, numbers):
    """One line of figures about true rows and, if any, mismatched ones."""
    true = [r for r in rows if r['paired']]
    mixed = [r for r in rows if not r['paired']]
    parts = []
    if true:
        ok = answered(true, numbers)
        error = column(true, 'error')[ok]
        inside = np.abs(error) <= half_width_ms(true, numbers)[ok]
        anyhow = np.abs(column(true, 'error')) <= NEAR_MS
        parts.append(f'n {len(true):4d} right-at-all {anyhow.mean():.3f} coverage {ok.mean():.3f}')
        if ok.any():
            parts.append(f'right {np.mean(np.abs(error) <= NEAR_MS):.3f} within80 {np.mean(np.abs(error) <= 80):.3f} '
                         f'median {np.median(np.abs(error)):4.1f} bias {error.mean():5.1f} ci95 {inside.mean():.3f} '
                         f'halfwidth {np.median(half_width_ms(true, numbers)[ok]):.0f}')
        parts.append(f'unpaired {unpaired(true, numbers).mean():.3f}')
    if mixed:
        ok = answered(mixed, numbers)
        sync = ok & (np.abs(column(mixed, 'offset_ms')) <= 40)
        parts.append(f'| mismatched n {len(mixed):4d} answered {ok.mean():.3f} in-sync {sync.mean():.3f} '
                     f'unpaired {unpaired(mixed, numbers).mean():.3f}')
    return ' '.join(parts)


def report(rows, numbers):
    """All tables as lines of text."""
    lines = []
    for seconds in sorted({r['seconds'] for r in rows}):
        here = [r for r in rows if r['seconds'] == seconds]
        for title, group in (('s1', [r for r in here if r['talker'] == 's1']),
                             ('other', [r for r in here if r['talker'] != 's1'])):
            for kind in ('clean', 'degraded'):
                some = [r for r in group if (r['condition'] == 'clean') == (kind == 'clean')]
                if some:
                    lines.append(f'{seconds:2d} s {title:5s} {kind:8s} ' + summary(some, numbers))
    for condition in sorted({r['condition'] for r in rows}):
        lines.append(f'{condition:12s} ' + summary([r for r in rows if r['condition'] == condition], numbers))
    error, diagram = calibration_error(rows, numbers)
    lines.append(f'calibration error {error:.3f}: ' + ' '.join(f'{m:.2f}->{s:.2f}({n})' for m, s, n in diagram))
    return lines
