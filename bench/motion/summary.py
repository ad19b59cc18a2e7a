"""Tables from the rows of `genlock-motion-bench`: `summary.py ROWS.csv... [--pools POOLS.csv | --signals DRIFT.csv IMPACTS.csv]`."""
import csv
import sys

import numpy as np

paths = sys.argv[1:]
signals = paths[paths.index("--signals") + 1 :] if "--signals" in paths else []
paths = paths[: len(paths) - len(signals) - 1] if signals else paths
pooled = paths[paths.index("--pools") + 1 :] if "--pools" in paths else []
paths = paths[: len(paths) - len(pooled) - 1] if pooled else paths
rows = [row for path in paths for row in csv.DictReader(open(path))]
print("| set | logs | answered | within 40 ms | beyond 100 ms | median error ms | 95th percentile ms | inside the interval |\n|---|---|---|---|---|---|---|---|")
related = [row for row in rows if not row["set"].startswith("unrelated")]


def line(name, own):
    answered = [row for row in own if row["answered"] == "true"]
    errors = np.array([abs(float(row["error_ms"])) for row in answered])
    inside = np.mean([abs(float(row["error_ms"])) <= 1.96 * float(row["se_ms"]) for row in answered]) if answered else 0
    if answered:
        print(f"| {name} | {len(own)} | {len(answered)} | {np.mean(errors <= 40):.3f} | {np.mean(errors > 100):.3f} | {np.median(errors):.1f} | {np.percentile(errors, 95):.1f} | {inside:.3f} |")
    else:
        print(f"| {name} | {len(own)} | 0 | | | | | |")


sets = list(dict.fromkeys(row["set"] for row in related))
for name in sets if pooled else sorted(sets):
    line(name, [row for row in related if row["set"] == name])
line("all", related)
if pooled:
    right = {name: np.mean([row["error_ms"] != "" and row["answered"] == "true" and abs(float(row["error_ms"])) <= 40
                            for row in related if row["set"] == name]) for name in sets}
    worst = min(sets, key=right.get)
    print(f"\nWorst: {worst}, of which {right[worst]:.3f} are answered within 40 ms.")
    print("\n| pooled | recordings | told | error ms | half interval ms |\n|---|---|---|---|---|")
    for row in csv.DictReader(open(pooled[0])):
        told = row["offset_ms"] != ""
        half = (float(row["high_ms"]) - float(row["low_ms"])) / 2 if told else None
        print(f"| {row['condition']} | {row['recordings']} | " + (
            f"yes | {float(row['error_ms']):.1f} | {half:.1f} |" if told else f"no: {row['because']} | | |"))
others = [row for row in rows if row["set"].startswith("unrelated")]
print("\n| logs of other episodes | pairs | answered |\n|---|---|---|")
for name in sorted({row["set"] for row in others}):
    own = [row for row in others if row["set"] == name]
    print(f"| {name} | {len(own)} | {np.mean([row['answered'] == 'true' for row in own]):.3f} |")
if others:
    print(f"| all | {len(others)} | {np.mean([row['answered'] == 'true' for row in others]):.3f} |")
print("\n| confidence told | logs | mean of it | within 40 ms |\n|---|---|---|---|")
told = [row for row in related + others if row["confidence"]]
for low, high in ((0, 0.1), (0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 0.97), (0.97, 1.01)):
    own = [row for row in told if low <= float(row["confidence"]) < high]
    if own:
        right = [row["error_ms"] != "" and abs(float(row["error_ms"])) <= 40 for row in own]
        print(f"| {low}-{min(1, high)} | {len(own)} | {np.mean([float(row['confidence']) for row in own]):.3f} | {np.mean(right):.3f} |")
if signals:
    drift, impacts = ([*csv.DictReader(open(path))] for path in signals)
    told = [row for row in drift if row["told_ppm"]]
    errors = [abs(float(row["told_ppm"]) - float(row["ppm"])) for row in told]
    print(f"\nDrift: {len(drift)} courses of 21-60 minutes, -200...200 ppm, every fifth none. Told for {len(told)}; error {np.median(errors):.1f} ppm in the median, {max(errors):.1f} at most; ", end="")
    print(f"inside its interval {np.mean([row['inside'] == 'true' for row in told]):.3f}; told where there is none: {sum(float(row['ppm']) == 0 for row in told)} of {sum(float(row['ppm']) == 0 for row in drift)}.")
    errors = [abs(float(row["offset_error_ms"])) for row in drift if row["answered"] == "true"]
    print(f"Offset at the log's beginning: {len(errors)} answered, error {np.median(errors):.1f} ms in the median, {max(errors):.1f} at most.")
    related = [row for row in impacts if row["kind"] == "related"]
    answered = [row for row in related if row["answered"] == "true"]
    errors = [abs(float(row["error_ms"])) for row in answered]
    others = [row for row in impacts if row["kind"] != "related"]
    print(f"\nBlows: {len(answered)} of {len(related)} minutes answered, error {np.median(errors):.1f} ms in the median, {max(errors):.1f} at most; {sum(row['answered'] == 'true' for row in others)} of {len(others)} with blows of another minute.")
