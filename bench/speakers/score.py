"""score.py GENLOCK FOLDER HALF ROWS.csv: runs genlock on the prepared labels and counts its flags.

A flag counts if it names the fault of the turn: moved, wrong-text (another voice than the label's), no-speech. A flag on any
other turn, or of another kind, is false.
"""
import csv
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

FLAG = {"moved": "moved", "other-voice": "wrong-text", "no-speech": "no-speech"}


def measure(genlock, case, folder):
    before = os.times()
    done = subprocess.run([genlock, "transcript", case["media"], f"{folder}/{case['name']}.rttm", "--json"], capture_output=True, text=True)
    after = os.times()
    finding = json.loads(done.stdout)["findings"][0]
    return case, finding, after.children_user + after.children_system - before.children_user - before.children_system


def main():
    genlock, folder, half, out = sys.argv[1:5]
    cases = [case for case in json.load(open(folder + "/truth.json")) if case["half"] == half]
    counts, rows, offsets, processor, seconds = {}, [], [], 0.0, 0.0
    for case in cases:
        case, finding, cost = measure(genlock, case, folder)
        processor += cost
        seconds += max(row[1] for row in case["rows"])
        offsets.append((case["kind"], finding["offset_ms"], finding["verdict"]))
        flags = {item["index"]: item for item in finding.get("items", [])}
        for index, (start, end, speaker, fault) in enumerate(case["rows"]):
            item = flags.get(index, {"flags": [], "trust": None, "offset_ms": None})
            said = [kind for kind, flag in FLAG.items() if flag in item["flags"]]
            rows.append([case["name"], case["kind"], index, start, end, speaker, fault, "+".join(said), item["trust"], item["offset_ms"]])
            for kind in FLAG:
                key = (case["kind"], kind)
                found, missed, false = counts.get(key, (0, 0, 0))
                if fault == kind:
                    found, missed = (found + 1, missed) if kind in said else (found, missed + 1)
                elif kind in said:
                    false += 1
                counts[key] = (found, missed, false)
    with open(out, "w", newline="") as file:
        table = csv.writer(file)
        table.writerow("case,kind,index,start_s,end_s,speaker,fault,flagged,trust,offset_ms".split(","))
        table.writerows(rows)
    print("| material | fault | turns with it | recall | false flags | precision |\n|---|---|---|---|---|---|")
    sums = {}
    for (material, kind), (found, missed, false) in sorted(counts.items()):
        for name in (kind, "all"):
            old = sums.get((material, name), (0, 0, 0))
            sums[material, name] = (old[0] + found, old[1] + missed, old[2] + false)
            old = sums.get(("all", name), (0, 0, 0))
            sums["all", name] = (old[0] + found, old[1] + missed, old[2] + false)
    for (material, kind), (found, missed, false) in sorted(sums.items()):
        share = lambda a, b: f"{a / b:.2f}" if b else "-"
        print(f"| {material} | {kind} | {found + missed} | {share(found, found + missed)} | {false} | {share(found, found + false)} |")
    right = [row for row in rows if row[0].endswith("-right")]
    wrongly = sum(1 for row in right if row[7])
    print(f"\nOf {len(right)} turns of label files without any fault {wrongly} were flagged.")
    told = sorted(abs(o) for _, o, _ in offsets if o is not None)
    print(f"Offset of the whole file (truth 0): told for {len(told)} of {len(offsets)}, median {told[len(told) // 2]:.0f} ms, largest {told[-1]:.0f} ms.")
    print(f"Processor time {processor / seconds:.3f} of the labelled time, loading of the program and its models included.")


main()
