#!/usr/bin/env python3
"""Scores the program against people's decisions in `genlock review`: verdicts that they accepted, and errors against the offsets that they set.

usage: score.py GENLOCK STORE...

Decisions are the truth. The measured offset of an accepted clip is right; a corrected clip has the offset that was set; for `cannot-tell`
it is only counted whether the program was inconclusive too. Figures are given by method version, to compare a new one with the old.
"""
import json
import statistics
import subprocess
import sys
import tempfile

genlock, stores = sys.argv[1], sys.argv[2:]
if not stores:
    sys.exit(__doc__)
groups = {}
for store in stores:
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        done = subprocess.run([genlock, "review", store, "--export", file.name], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            sys.exit(f"{store}: {done.stderr.strip()}")
        for line in open(file.name, encoding="utf8"):
            decision = json.loads(line)
            groups.setdefault(decision.get("method_version") or "not said", []).append(decision)
if not groups:
    sys.exit("these stores have no decisions: genlock review STORE")

print("| method | decided | agreed | corrected by, median (largest), ms | within 40 ms | within 100 ms | people could not tell; nor could the program |")
print("|---|---|---|---|---|---|---|")
for method, decisions in sorted(groups.items()):
    told = [d for d in decisions if d["choice"] != "cannot-tell"]
    errors = [0.0 if d["choice"] == "accept" else abs(d["measured_ms"] - d["offset_ms"])
              for d in told if d["choice"] == "accept" or d["measured_ms"] is not None and d["offset_ms"] is not None]
    corrected = [e for d, e in zip((d for d in told if d["choice"] == "accept" or d["measured_ms"] is not None), errors) if d["choice"] == "correct"]
    unsure = [d for d in decisions if d["choice"] == "cannot-tell"]
    share = lambda limit: f"{sum(e <= limit for e in errors)}/{len(errors)}"
    moved = f"{statistics.median(corrected):.0f} ({max(corrected):.0f})" if corrected else "-"
    print(f"| {method} | {len(decisions)} | {sum(d['choice'] == 'accept' for d in decisions)} | {moved} | {share(40)} | {share(100)} "
          f"| {len(unsure)}; {sum(d['measured_ms'] is None for d in unsure)} |")
