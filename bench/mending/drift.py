"""Round trips of drifting audio: half an hour of joined speakers; the drift is planted, measured by the lips, fixed and re-measured.

Usage: drift.py GENLOCK CORPUS WORK OUTPUT.csv
"""
import csv
import importlib.util
import json
import os
import subprocess
import sys

genlock, corpus, work, output = sys.argv[1:5]
here = os.path.dirname(os.path.abspath(__file__))
spec = importlib.util.spec_from_file_location("long_bench", os.path.join(here, "..", "long", "bench.py"))
long_bench = importlib.util.module_from_spec(spec)
spec.loader.exec_module(long_bench)


def run(words):
    return subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout


def lips(clip):
    return json.loads(run([genlock, "check", clip, "--checks", "lips", "--json"]))["findings"][0]


def video_packets(clip):
    return run(["ffmpeg", "-v", "error", "-i", clip, "-map", "0:v", "-c", "copy", "-f", "md5", "-"])


make = long_bench.Maker(corpus, work)
rows = []
for seed in (5, 6):
    source = make.joined(30, seed)
    own = lips(make.drifting(source, 96000, f"plain-{seed}"))
    for kind, (rate, ppm) in long_bench.DRIFTS.items():
        clip, fixed = make.drifting(source, rate, f"drift-{rate}-{seed}"), f"{work}/mended.mp4"
        was = lips(clip)
        done = json.loads(run([genlock, "fix", clip, "-o", fixed, "--force", "--checks", "lips", "--json"]) or "{}")
        now = lips(fixed) if done.get("outcome") == "mended" else {}
        rows.append({
            "seed": seed, "made_ppm": round(ppm, 2), "unmoved_ms": own["offset_ms"], "unmoved_ppm": own["drift_ppm"], "was_ms": was["offset_ms"],
            "was_ppm": was["drift_ppm"], "outcome": done.get("outcome") or done, "method": (done.get("written") or [{}])[0].get("method"),
            "is_ms": now.get("offset_ms"), "is_worst_ms": now.get("worst_ms"), "is_ppm": now.get("drift_ppm"), "verdict": now.get("verdict"),
            "picture_packets_equal": bool(now) and video_packets(clip) == video_packets(fixed)})
        print(rows[-1], file=sys.stderr)
with open(output, "w", newline="") as file:
    table = csv.DictWriter(file, rows[0].keys())
    table.writeheader()
    table.writerows(rows)
fixed = [row for row in rows if row["is_ms"] is not None]
print(f"\nDrift, half an hour through the lips: {len(rows)} round trips, {len(fixed)} fixed, "
      f"{sum(abs(row['is_ms']) <= 10 and abs(row['is_worst_ms']) <= 10 for row in fixed)} within 10 ms of 0 at both ends, "
      f"packets of the video equal in {sum(row['picture_packets_equal'] for row in fixed)}.\n")
print("| planted | measured | fixed: offset | worst | remaining drift |\n|---|---|---|---|---|")
for row in rows:
    print(f"| {row['made_ppm']} ppm | {row['was_ppm']} ppm | {row['is_ms']} ms | {row['is_worst_ms']} ms | {row['is_ppm']} |")
