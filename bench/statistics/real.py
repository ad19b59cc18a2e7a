"""real.py FOLDER ROWS.csv: a corpus of 9 s clips joined from the shared corpus, scanned unmoved and moved; a table in Markdown.

Each clip is three recordings of one speaker, joined and re-encoded. Moved: all audio 30 ms later, that of one encoder (a column of the
manifest) another 80 ms later, and some clips with the audio of another.
"""
import csv
import glob
import json
import os
import random
import subprocess
import sys

folder, rows_path = sys.argv[1:3]
program = os.environ["GENLOCK_BINARY"]
corpus = os.environ.get("GENLOCK_CORPUS", "../shared/corpus") + "/lips/grid"
count = int(os.environ.get("CLIPS", "120"))
if not os.path.isdir(corpus):
    print(f"\n## Real\n\nSkipped: there is no corpus at {corpus} (set GENLOCK_CORPUS).")
    sys.exit(0)
dice = random.Random(11)
everybody = sorted(glob.glob(corpus + "/*.mpg"))
one_man = [path for path in everybody if os.path.basename(path).startswith("s1-")]
others = [path for path in everybody if path not in one_man]
encoders = ["Lavf58.76.100", "HandBrake 1.6.1", "obs-studio 29.1.3"]


def make(parts, sound, late_ms, encoder, output):
    """Three recordings joined as MP4, with the audio of `sound` (three recordings) later by `late_ms`."""
    command = ["ffmpeg", "-v", "error", "-y"]
    for path in parts + sound:
        command += ["-i", path]
    frames = "".join(f"[{i}:v]setpts=PTS-STARTPTS[v{i}];" for i in range(3))
    sounds = "".join(f"[{i + 3}:a]asetpts=PTS-STARTPTS,apad,atrim=0:3[a{i}];" for i in range(3))
    joined = "".join(f"[v{i}][a{i}]" for i in range(3)) + "concat=n=3:v=1:a=1[v][s];"
    moved = f"[s]adelay={late_ms}:all=1,atrim=0:9[a]"
    command += ["-filter_complex", frames + sounds + joined + moved, "-map", "[v]", "-map", "[a]", "-c:v", "libx264", "-preset", "ultrafast"]
    command += ["-crf", "18", "-c:a", "aac", "-b:a", "128k", "-map_metadata", "-1", "-fflags", "+bitexact"]
    command += ["-metadata", f"comment={encoder}", "-metadata", f"encoder={encoder}", output]
    subprocess.run(command, check=True)


plan = []
for number in range(count):
    # There is one recording of 3 s for each other speaker, which is repeated three times; s1 has 90.
    source = dice.choice(["s1", "s1", "other"])
    parts = dice.sample(one_man, 3) if source == "s1" else [dice.choice(others)] * 3
    speaker = "s1" if source == "s1" else os.path.basename(parts[0])[:-4]
    encoder = dice.choice(encoders)
    swapped = number % 20 == 7
    sound = dice.sample([path for path in one_man if path not in parts], 3) if swapped else parts
    plan.append((number, parts, sound, speaker, encoder, swapped))

results = []
figures = {}
for kind in ("unmoved", "moved"):
    place = f"{folder}/{kind}"
    os.makedirs(place, exist_ok=True)
    with open(f"{place}.csv", "w", newline="") as file:
        manifest = csv.writer(file)
        manifest.writerow(["media", "speaker", "encoder"])
        for number, parts, sound, speaker, encoder, swapped in plan:
            late = 0 if kind == "unmoved" else 30 + (80 if encoder == encoders[1] else 0)
            make(parts, sound if kind == "moved" else parts, late, encoder, f"{place}/{number}.mp4")
            manifest.writerow([f"{kind}/{number}.mp4", speaker, encoder])
    store = f"{place}.sqlite"
    subprocess.run([program, "scan", f"{place}.csv", "--store", store, "--checks", "lips", "--quiet"], stdout=subprocess.DEVNULL)
    figures[kind] = json.loads(subprocess.run([program, "report", store, "--json", "--quiet"], capture_output=True, text=True).stdout)
    for clip in figures[kind]["clips"]:
        number = int(os.path.basename(clip["clip"])[:-4])
        finding = clip["findings"][0] if clip["findings"] else {}
        results.append([kind, number, plan[number][3], plan[number][4], plan[number][5], clip["verdict"], finding.get("offset_ms"), *(finding.get("ci95_ms") or [None, None])])
with open(rows_path, "w", newline="") as file:
    csv.writer(file).writerows([["corpus", "clip", "speaker", "encoder", "swapped", "verdict", "offset_ms", "ci_low_ms", "ci_high_ms"], *results])

moved, unmoved = figures["moved"]["corpus"], figures["unmoved"]["corpus"]
swaps = [row for row in results if row[0] == "moved" and row[4]]
named = [f"{group['attribute']} = {group['value']} ({group['difference_ms']} ms)" for group in moved["groups"] if group.get("named")]
false = [f"{group['attribute']} = {group['value']}" for group in unmoved["groups"] if group.get("named")]
print(f"""
## Real

Command: `CLIPS={count} bench/statistics/run real`. **Really scanned**: {count} clips of 9 s joined of GRID recordings with ffmpeg, twice; two of three are
of one man. Raw rows: `{os.path.basename(rows_path)}`.

| | result |
|---|---|
| answered, unmoved and moved | {unmoved['answered']} and {moved['answered']} of {count} |
| bias unmoved | {unmoved['bias_ms']} ms, 95 % {unmoved['bias_ci95_ms']} |
| bias moved (30 ms late) | {moved['bias_ms']} ms, 95 % {moved['bias_ci95_ms']}: off by {abs(moved['bias_ms'] - unmoved['bias_ms'] + 30):.1f} ms |
| groups named, moved | {'; '.join(named) or 'none'} |
| groups named, unmoved | {'; '.join(false) or 'none'} |
| swapped sounds | {len(swaps)}: unpaired {sum(row[5] == 'unpaired' for row in swaps)}, with an offset {sum(row[6] is not None for row in swaps)} |""")
