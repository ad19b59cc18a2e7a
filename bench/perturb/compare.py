#!/usr/bin/env python3
"""Figures of `genlock perturb --score` beside those of the benches, with 95 % intervals, as CSV.

Usage: compare.py lips SCORES.json MOVED.csv FOREIGN.csv
       compare.py labels SCORES.json FAULTS.csv

SCORES.json: the output of `genlock perturb --score TRUTH ANSWERS --json`. MOVED.csv and FOREIGN.csv: rows of `bench/accuracy/run encoded` (or `studio`)
and of `bench/accuracy/run studio`; FAULTS.csv: rows of `bench/actions/run`. Intervals: Wilson; of the bench's lips, several rows of one clip,
bootstrap over clips.
"""
import csv
import json
import random
import sys

COLUMNS = ["figure", "perturb", "of", "perturb_low", "perturb_high", "bench", "bench_of", "bench_low", "bench_high", "intervals_overlap"]
ANSWERS = {"in-sync", "marginal", "misaligned", "measured"}


def wilson(count, of, z=1.96):
    """The 95 % interval of a share (Wilson 1927)."""
    if not of:
        return 0.0, 1.0
    share, square = count / of, z * z / of
    middle, half = share + square / 2, z * (share * (1 - share) / of + square / (4 * of)) ** 0.5
    return max(0.0, (middle - half) / (1 + square)), min(1.0, (middle + half) / (1 + square))


def clustered(groups, draws=2000, seed=1):
    """A share over rows in groups: count, rows, and its interval by bootstrap over groups; Wilson's where no row differs."""
    rows = [row for group in groups for row in group]
    if len(set(rows)) < 2:
        # Groups, not rows: rows of one clip are not independent.
        return (sum(rows), len(rows), *wilson(len(groups) if any(rows) else 0, len(groups)))
    dice, shares = random.Random(seed), []
    for _ in range(draws):
        drawn = [row for _ in groups for row in dice.choice(groups)]
        shares.append(sum(drawn) / len(drawn))
    shares.sort()
    return sum(rows), len(rows), shares[int(0.025 * draws)], shares[int(0.975 * draws) - 1]


def plain(count, of):
    return (count, of, *wilson(count, of))


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def lips(scores, moved_path, foreign_path):
    """Clips that are moved, and audio of other clips."""
    moved = [row for row in rows_of(moved_path) if row["kind"] in ("25 fps", "moved")]
    by_clip = {}
    for row in moved:
        by_clip.setdefault(row["clip"], []).append(row)
    answered, within = [], {20: [], 40: []}
    for rows in by_clip.values():
        others = [row for row in rows if float(row["moved_ms"]) != 0]
        answered.append([row["verdict"] in ANSWERS for row in others])
        zero = next((float(row["offset_ms"]) for row in rows if float(row["moved_ms"]) == 0 and row["offset_ms"]), None)
        # The sign: audio that is moved later reads late.
        misses = [abs(float(row["offset_ms"]) - zero + float(row["moved_ms"])) for row in others if row["offset_ms"] and zero is not None]
        for limit, groups in within.items():
            if misses:
                groups.append([miss <= limit for miss in misses])
    foreign = {}
    for row in rows_of(foreign_path):
        if row["kind"].startswith("foreign") and float(row["seconds"]) == 3:
            foreign.setdefault(row["clip"], []).append(row["verdict"] in ANSWERS)
    mine, other = scores["sound-moved"], scores["sound-swapped"]
    yield "moved audio: clips with an offset", plain(mine["answered"], mine["rows"]), clustered(answered)
    for limit in (20, 40):
        name = f"moved audio: answers within {limit} ms of the untouched clip's and the move"
        yield name, plain(mine[f"within_{limit}_ms"], mine["compared"]), clustered(within[limit])
    yield "audio of another clip: clips with an offset", plain(other["answered"], other["rows"]), clustered(list(foreign.values()))


def labels(scores, faults_path):
    """Faults that are found under their name."""
    found = {}
    for row in rows_of(faults_path):
        if not (row["found"] or "").isdigit():
            # The rows of other parts of the bench follow.
            break
        count, of = found.get(row["kind"], (0, 0))
        found[row["kind"]] = (count + int(row["found"]), of + int(row["made"]))
    for fault, kind in (("labels-moved", "late-view"), ("labels-swapped", "swapped"), ("labels-missing", "missing")):
        mine = scores[fault]
        yield f"{fault}: named", plain(mine["named"], mine["rows"]), plain(*found[kind])


def main():
    part, path, *others = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        scores = {score["fault"]: score for score in json.load(file)["scores"]}
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(COLUMNS)
    for name, (count, of, low, high), (theirs, theirs_of, their_low, their_high) in {"lips": lips, "labels": labels}[part](scores, *others):
        meets = low <= their_high and their_low <= high
        out.writerow([name, count, of, f"{low:.3f}", f"{high:.3f}", int(theirs), theirs_of, f"{their_low:.3f}", f"{their_high:.3f}", "yes" if meets else "no"])


if __name__ == "__main__":
    main()
