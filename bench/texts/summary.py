#!/usr/bin/env python3
"""bench/texts/summary.py ROWS.csv: the table of docs/transcripts.md, by kind and length."""

import csv
import sys
from collections import defaultdict

groups = defaultdict(list)
for row in csv.DictReader(open(sys.argv[1])):
    groups[row["kind"], "30 cues" if row["cues"] == "30" else "whole"].append(row)
print("| texts | | answered | within 20 ms | within 60 ms | 95 % | worst ms | in the interval | rate or segments right | unpaired |")
print("|---|---|---|---|---|---|---|---|---|---|")
for (kind, length), rows in groups.items():
    answered = [row for row in rows if row["found_ms"]]
    errors, inside, right, asked = [], 0, 0, 0
    for row in answered:
        truth = float(row["offset_ms"])
        if row["steps"]:
            asked += 1
            at, step = map(float, row["steps"].split(":"))
            segments = [tuple(map(float, part.split(":"))) for part in row["found_segments"].split()]
            # A minute is missing between the segments: the second one begins with the next cue.
            fits = len(segments) == 2 and abs(segments[0][1] - truth) < 60 and abs(segments[1][1] - truth - step) < 60
            right += fits and abs(segments[1][0] - at) < 30
            errors.append(min(abs(float(row["found_ms"]) - t) for t in (truth, truth + step)))
            continue
        if row["rate"]:
            asked += 1
            right += row["found_rate"] == row["rate"]
        errors.append(abs(float(row["found_ms"]) - truth))
        inside += float(row["low_ms"]) <= truth <= float(row["high_ms"])
    errors.sort()
    share = lambda limit: f"{sum(e <= limit for e in errors)}/{len(errors)}" if errors else ""
    print(
        f"| {kind} | {length} | {len(answered)}/{len(rows)} | {share(20)} | {share(60)} |"
        f" {errors[min(len(errors) - 1, int(0.95 * len(errors)))] if errors else float('nan'):.0f} | {errors[-1] if errors else float('nan'):.0f} |"
        f" {inside}/{len(answered)} | {f'{right}/{asked}' if asked else ''} | {sum(row['verdict'] == 'unpaired' for row in rows)} |"
    )
