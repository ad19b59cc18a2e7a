"""Data behind the reliability diagram and the coverage-against-error curve, as CSV, from saved trials.

    python -m lip_offset.diagrams TRIALS.jsonl MODEL.safetensors FOLDER
"""
import csv
import json
import sys
from pathlib import Path

import numpy as np

from .calibrate import corrected
from .confidence import NEAR_MS, answered, column, confidence
from .model_file import load
from .tables import calibration_error


def write_csv(path, header, rows):
    with open(path, 'w', newline='') as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def coverage_error(rows, numbers):
    """For each least confidence and length: coverage, wrong among answers, mismatched answered."""
    lines = []
    for seconds in sorted({r['seconds'] for r in rows}):
        true = [r for r in rows if r['seconds'] == seconds and r['paired']]
        mixed = [r for r in rows if r['seconds'] == seconds and not r['paired']]
        for least in np.round(np.arange(0, 1, 0.02), 2):
            at = {**numbers, 'answer': [least, *list(numbers['answer'])[1:]]}
            ok = answered(true, at)
            wrong = np.abs(column(true, 'error')[ok]) > NEAR_MS
            lines.append([seconds, least, round(ok.mean(), 4), round(wrong.mean(), 4) if ok.any() else '',
                          round(answered(mixed, at).mean(), 4)])
    return lines


def main(trials, model, folder):
    numbers = {k: v.tolist() for k, v in load(model).numbers.items()}
    rows = corrected([json.loads(line) for line in Path(trials).read_text().splitlines()], numbers['bias'][0])
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    error, diagram = calibration_error(rows, numbers)
    write_csv(folder / 'reliability.csv', ['mean_confidence', 'share_right', 'trials'],
              [[round(m, 4), round(s, 4), n] for m, s, n in diagram])
    write_csv(folder / 'coverage-error.csv',
              ['seconds', 'least_confidence', 'coverage', 'wrong_among_answers', 'mismatched_answered'],
              coverage_error(rows, numbers))
    print(f'expected calibration error {error:.3f}, {len(rows)} trials')


if __name__ == '__main__':
    main(*sys.argv[1:4])
