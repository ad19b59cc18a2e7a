"""Tables of trials: figures on left-out clips."""
import numpy as np

from .calibrate import corrected
from .confidence import NEAR_MS, answered, column, confidence, group_weights, half_width_ms, is_right, unpaired
from .estimate import MODES


def calibration_error(rows, numbers, bins=10):
    """Expected calibration error, groups weighed as in the fit; and (mean confidence, share right, n) per bin."""
    p, right, weights = confidence(rows, numbers), is_right(rows), group_weights(rows)
    index = np.minimum((p * bins).astype(int), bins - 1)
    error, diagram = 0.0, []
    for b in range(bins):
        here = index == b
        if here.any():
            w = weights[here]
            mean, share = np.average(p[here], weights=w), np.average(right[here], weights=w)
            error += w.sum() / weights.sum() * abs(mean - share)
            diagram.append((mean, share, int(here.sum())))
    return error, diagram


def figures(rows, numbers):
    """One line about true and mismatched rows, as cells of a table."""
    true, mixed = [r for r in rows if r['paired']], [r for r in rows if not r['paired']]
    cells = [f'{len(true)} / {len({r["talker"] for r in true})}']
    if true:
        ok = answered(true, numbers)
        error = column(true, 'error')
        cells += [f'{np.mean(np.abs(error) <= NEAR_MS):.2f}', f'{ok.mean():.2f}']
        if ok.any():
            inside = np.abs(error[ok]) <= half_width_ms(true, numbers)[ok]
            cells += [f'{np.mean(np.abs(error[ok]) <= NEAR_MS):.2f}', f'{np.median(np.abs(error[ok])):.0f}',
                      f'{inside.mean():.2f}']
        else:
            cells += ['', '', '']
        cells += [f'{unpaired(true, numbers).mean():.3f}']
    else:
        cells += [''] * 6
    if mixed:
        scores, own = column(mixed, 'cohort'), column(true, 'cohort')
        auc = f'{np.mean(own[:, None] > scores[None]):.3f}' if true else ''
        cells += [auc, f'{answered(mixed, numbers).mean():.3f}', f'{unpaired(mixed, numbers).mean():.2f}']
    else:
        cells += ['', '', '']
    return ' | '.join(cells)


HEADER = ('| | true trials / speakers | best guess right | answered | of these right | median ms | in interval | '
          'called unpaired | AUC | mismatched answered | mismatched unpaired |\n' + '|---' * 11 + '|')


def report(rows, numbers):
    """All tables as lines of markdown."""
    lines = [HEADER]
    for mode in MODES:
        own = corrected([r for r in rows if r['mode'] == mode], numbers[mode]['bias'][0])
        for kind, title in (('grid', 'studio'), ('wild', 'web')):
            for seconds in sorted({r['seconds'] for r in own}):
                some = [r for r in own if r['seconds'] == seconds and r['kind'] == kind]
                for name, here in (('clean', [r for r in some if r['condition'] == 'clean']), ('all', some)):
                    if any(r['paired'] for r in here):
                        lines.append(f'| {mode}, {title}, {seconds} s, {name} | {figures(here, numbers[mode])} |')
        for kind in ('grid', 'wild'):
            some = [r for r in own if r['kind'] == kind]
            error, diagram = calibration_error(some, numbers[mode])
            lines.append(f'calibration error {mode} {kind} {error:.3f}: '
                         + ' '.join(f'{m:.2f}->{s:.2f}({n})' for m, s, n in diagram))
    for mode in MODES:
        lines += [f'{mode}.{name} ' + ' '.join(f'{v:.4f}' for v in values) for name, values in numbers[mode].items()]
    return lines
