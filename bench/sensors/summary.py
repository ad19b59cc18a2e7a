"""Recall and precision of each kind of clock fault: `summary.py ROWS.csv`. A log counts as found if its kind is reported; every other reported kind is false."""
import collections
import csv
import sys

rows = list(csv.DictReader(open(sys.argv[1])))
made, found, told = collections.Counter(), collections.Counter(), collections.Counter()
first = collections.Counter()
for row in rows:
    kinds = [kind for kind in row["told"].split("+") if kind]
    made[row["made"]] += 1
    for kind in kinds:
        told[kind] += 1
    if row["made"] == "none":
        found["none"] += not kinds
    else:
        found[row["made"]] += row["made"] in kinds
        first[row["made"]] += kinds == [row["made"]]
print("| made | logs | found | recall | told by that name | precision | nothing else told |\n|---|---|---|---|---|---|---|")
for kind in sorted(set(made) | set(told)):
    recall = f"{found[kind] / made[kind]:.3f}" if made[kind] else ""
    precision = f"{found[kind] / told[kind]:.3f}" if told[kind] and kind != "none" else ""
    print(f"| {kind} | {made[kind]} | {found[kind]} | {recall} | {told[kind] or ''} | {precision} | {first[kind] or ''} |")
