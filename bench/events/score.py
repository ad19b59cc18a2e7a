"""score.py GENLOCK FOLDER HALF ROWS.csv: runs genlock on the synthetic scenes and compares with the truth."""
import csv
import json
import subprocess
import sys

import numpy as np


def main():
    genlock, folder, half, out = sys.argv[1:5]
    rows, files = [], []
    for case in json.load(open(folder + "/truth.json")):
        if case["half"] != half:
            continue
        done = subprocess.run([genlock, "transcript", f"{folder}/{case['name']}.wav", f"{folder}/{case['name']}.tsv", "--json"], capture_output=True, text=True)
        finding = json.loads(done.stdout)["findings"][0]
        files.append((case["snr"], -1000 * case["common"], finding["offset_ms"], finding["ci95_ms"], finding["verdict"]))
        items = {item["index"]: item for item in finding.get("items", [])}
        for index, (stated, _, kind, start, _, moved, common) in enumerate(case["rows"]):
            item = items[index]
            rows.append([case["name"], case["snr"], kind, round(stated, 3), round(1000 * (start - stated), 1), item["offset_ms"], item["trust"], "moved" in item["flags"], moved])
    with open(out, "w", newline="") as file:
        table = csv.writer(file)
        table.writerow("case,snr_db,class,stated_s,true_ms,offset_ms,trust,flagged,moved".split(","))
        table.writerows(rows)
    print("| SNR | events | told | median error, ms | 95 % of errors below, ms | bias, ms | moved: recall | moved: precision |\n|---|---|---|---|---|---|---|---|")
    for snr in [6.0, 12.0, 20.0, 30.0, None]:
        own = [row for row in rows if snr is None or row[1] == snr]
        if not own:
            continue
        errors = np.array([row[5] - row[4] for row in own if row[5] is not None])
        hit = sum(row[7] and row[8] for row in own)
        print(f"| {'all' if snr is None else f'{snr:.0f} dB'} | {len(own)} | {len(errors) / len(own):.2f} | {np.median(abs(errors)):.1f} | {np.percentile(abs(errors), 95):.0f} | {np.median(errors):+.1f} | {hit / max(1, sum(row[8] for row in own)):.2f} | {hit / max(1, sum(row[7] for row in own)):.2f} |")
    print("\n| class | events | told | median error, ms | bias, ms |\n|---|---|---|---|---|")
    for kind in sorted({row[2] for row in rows}):
        own = [row for row in rows if row[2] == kind]
        errors = np.array([row[5] - row[4] for row in own if row[5] is not None])
        print(f"| {kind} | {len(own)} | {len(errors) / len(own):.2f} | {np.median(abs(errors)):.1f} | {np.median(errors):+.1f} |")
    told = [(true, offset, interval) for _, true, offset, interval, _ in files if offset is not None]
    away = np.array([offset - true for true, offset, _ in told])
    inside = sum(low <= true <= high for true, _, (low, high) in told)
    print(f"\nOffset of all labels of a file: told for {len(told)} of {len(files)}, median error {np.median(abs(away)):.1f} ms, largest {abs(away).max():.0f} ms, bias {np.mean(away):+.1f} ms; the 95 % interval holds the truth in {inside} of {len(told)}.")


main()
