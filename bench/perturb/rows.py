#!/usr/bin/env python3
"""One row for each planted fault, with what was planted and the answer, as CSV.

Usage: rows.py lips < REPORT.csv          (`genlock report STORE --format csv`)
       rows.py labels TRUTH-SETS.csv ANSWERS
"""
import csv
import json
import pathlib
import sys

LIPS = {"name": "name", "fault": "fault", "planted_ms": "attribute_offset_ms", "verdict": "verdict", "offset_ms": "offset_ms", "ci_low_ms": "ci_low_ms",
        "ci_high_ms": "ci_high_ms", "confidence": "confidence", "method": "method_version", "program": "tool_version"}


def lips():
    for row in csv.DictReader(sys.stdin):
        yield {name: row[column] for name, column in LIPS.items()}


def labels(truth, answers):
    with open(truth, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        document = json.loads((pathlib.Path(answers) / f"{row['name']}.json").read_text(encoding="utf-8"))
        kinds = sorted({finding["evidence"]["kind"] for finding in document["findings"]})
        offsets = [finding["offset_ms"] for finding in document["findings"] if finding["offset_ms"] is not None]
        yield {"name": row["name"], "fault": row["fault"], "planted_ms": row["offset_ms"], "items": row["items"], "verdict": document["verdict"],
               "offset_ms": offsets[0] if offsets else "", "found": " ".join(kinds), "method": document["method_version"], "program": document["tool_version"]}


def main():
    part, *rest = sys.argv[1:]
    rows = list({"lips": lips, "labels": labels}[part](*rest))
    out = csv.DictWriter(sys.stdout, list(rows[0]), lineterminator="\n")
    out.writeheader()
    out.writerows(sorted(rows, key=lambda row: row["name"]))


if __name__ == "__main__":
    main()
