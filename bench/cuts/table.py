"""bench/cuts/table.py WORK ROWS PART...: the answers of each part as rows (CSV, to the file ROWS) and their counts as a table (Markdown)."""

import csv
import json
import sys
from collections import Counter
from pathlib import Path

#: A segment is right within this many milliseconds.
NEAR = 60


def finding(document):
    return next(found for found in document["findings"] if found["check"] == "lips")


def rows_of(path):
    """The rows of a truth table by the names of their media without the extension; empty if there is none."""
    if not path.exists():
        return {}
    with path.open(newline="") as file:
        return {Path(row["media"]).stem: row for row in csv.DictReader(file)}


def planted(text):
    return [tuple(map(float, part.split(":"))) for part in text.split()]


def kind(found, own, segments):
    """What an answer says about planted segments, given the answer for the untouched clip."""
    if found["offset_ms"] is None:
        return found["verdict"]
    zero = own["offset_ms"] or 0
    if found["segments"]:
        said = [segment["offset_ms"] - zero for segment in found["segments"]]
        right = len(said) == len(segments) and all(abs(one - other[1]) < NEAR for one, other in zip(said, segments))
        return "segments, right" if right else "segments, wrong"
    if found["drift_ppm"] is not None:
        return "drift"
    return f"one offset, {found['verdict']}"


def main():
    work, rows, parts = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
    own = {}
    for line in (work / "clean.jsonl").read_text().splitlines():
        document = json.loads(line)
        own[Path(document["clip"]).stem] = finding(document)
    counts = {"untouched": Counter(), "cut": Counter(), "other audio in the second half": Counter()}
    header = ["part", "clip", "verdict", "offset_ms", "drift_ppm", "segments", "confidence", "rival", "sampled_s", "planted", "kind"]
    with rows.open("w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header)
        for part in parts:
            truth = rows_of(work / part / "truth.csv")
            for line in (work / f"{part}.jsonl").read_text().splitlines():
                document = json.loads(line)
                name, found = Path(document["clip"]).stem, finding(document)
                row = truth.get(name, {})
                if part.startswith("cut") and row.get("fault") != "sound-cut":
                    continue
                segments = planted(row.get("segments", ""))
                source = name.removesuffix(".sound-cut") if segments else name if part == "clean" else name.rsplit("-", 1)[0]
                what = kind(found, own[source], segments)
                group = "untouched" if part == "clean" else "cut" if segments else "other audio in the second half"
                counts[group][what] += 1
                said = " ".join(f"{one['start_s']:g}:{one['offset_ms']:g}" for one in found["segments"] or [])
                evidence = found["evidence"]
                table.writerow(
                    [part, name, found["verdict"], found["offset_ms"], found["drift_ppm"], said, found["confidence"], evidence.get("rival"),
                     evidence.get("sampled_seconds"), row.get("segments", ""), what]
                )
    kinds = sorted(set().union(*counts.values()))
    print("| | clips | " + " | ".join(kinds) + " |")
    print("|---|" + "---|" * (len(kinds) + 1))
    for group, found in counts.items():
        print(f"| {group} | {sum(found.values())} | " + " | ".join(str(found[one]) for one in kinds) + " |")
    print(f"\nA segment is right within {NEAR} ms of what was planted on top of the untouched clip's answer.")


main()
