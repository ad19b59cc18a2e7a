#!/usr/bin/env python3
"""bench/texts/run [OUT.csv]: texts compared with texts of the same speech, in another language, and of other speech.

Episodes are made of the repository's own pages: their sentences become cues at the pace of speech, with pauses between scenes.
From each, by rules and a seed:

    same        another captioner's file: other cue borders, starts 40 ms apart on average, moved by offset_ms
    asr         as from a recogniser: one in ten words wrong, missing or added, other lines, times to 50 ms
    asr-words   the same with the time of each word (CTM)
    rate        made for another frame rate, and moved
    cut         a minute was cut out of the middle, another was inserted before it
    translation other words, one in four cues joined or split, one in ten left out, starts 80 ms apart
    other       another episode in the same language
    foreign     another episode in another language

and excerpts of 30 cues of each. Prints rows of CSV: what was made, and the answer. `bench/texts/summary.py` makes the table.
"""

import csv
import glob
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get("GENLOCK_BINARY", ROOT + "/.build/release/genlock")
RATES = {"25/23.976": 25 / (24000 / 1001), "23.976/25": (24000 / 1001) / 25, "24/25": 24 / 25}


def episodes():
    """[[sentence]] of pages with enough prose."""
    result = []
    for path in sorted(glob.glob(ROOT + "/docs/*.md") + glob.glob(ROOT + "/*.md") + glob.glob(ROOT + "/bench/*/README.md")):
        text = re.sub(r"```.*?```", " ", open(path).read(), flags=re.S)
        text = "\n".join(line for line in text.splitlines() if not line.startswith(("|", "#", "<", "    ")))
        text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text).replace("`", "").replace("*", "")
        words = text.split()
        sentences, row = [], []
        for word in words:
            row.append(word)
            if len(" ".join(row)) > 34 and (word[-1] in ".,;:!?" or len(" ".join(row)) > 60):
                sentences.append(" ".join(row))
                row = []
        if len(sentences) >= 60:
            result.append(sentences)
    return result


def timed(sentences, generator):
    """Cues of (start, end, text) at the pace of speech."""
    time, cues = generator.uniform(1, 20), []
    for number, text in enumerate(sentences):
        length = len(text) / generator.gauss(15, 1.5)
        cues.append((time, time + length, text))
        time += length + max(0.05, generator.expovariate(1 / 0.7))
        if generator.random() < 0.05:
            time += generator.uniform(4, 25)
    return cues


def words(cues):
    result = []
    for start, end, text in cues:
        row = text.split()
        letters = sum(map(len, row))
        before = 0
        for word in row:
            result.append((start + (end - start) * before / letters, start + (end - start) * (before + len(word)) / letters, word))
            before += len(word)
    return result


def recut(cues, generator, spread, joined=0.25):
    """Other borders: some cues are joined, some split; starts deviate."""
    result = []
    for start, end, text in cues:
        row = text.split()
        if result and generator.random() < joined / 2 and start - result[-1][1] < 0.5:
            result[-1] = (result[-1][0], end, result[-1][2] + " " + text)
        elif len(row) > 5 and generator.random() < joined / 2:
            half = len(row) // 2
            middle = start + (end - start) * len(" ".join(row[:half])) / len(text)
            result += [(start, middle, " ".join(row[:half])), (middle, end, " ".join(row[half:]))]
        else:
            result.append((start, end, text))
    return [(s + generator.gauss(0, spread), e + abs(generator.gauss(0.3, 0.3)), t) for s, e, t in result]


def recognised(cues, generator, line=8):
    """Words with errors, in lines of a given number."""
    row = []
    for start, end, word in words(cues):
        draw = generator.random()
        if draw < 0.03:
            continue
        said = "".join(generator.sample("abcdefghijklmnopqrst", 5)) if draw < 0.08 else word
        row.append((start + generator.gauss(0, 0.05), end + generator.gauss(0, 0.05), said))
        if draw > 0.98:
            row.append((end, end + 0.1, "uh"))
    return [(part[0][0], part[-1][1], " ".join(w for _, _, w in part)) for part in (row[i : i + line] for i in range(0, len(row), line))]


def translated(text, key):
    return " ".join("".join(chr(97 + (ord(c) * 7 + key * i + len(w)) % 26) for i, c in enumerate(w.lower())) for w in text.split())


def srt(path, cues):
    def stamp(seconds):
        ms = max(0, round(seconds * 1000))
        return f"{ms // 3600000:02}:{ms // 60000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}"

    with open(path, "w") as file:
        for number, (start, end, text) in enumerate(sorted(c for c in cues if c[0] >= 0), 1):
            file.write(f"{number}\n{stamp(start)} --> {stamp(max(end, start + 0.3))}\n{text}\n\n")


def ctm(path, cues):
    with open(path, "w") as file:
        for start, end, word in sorted(c for c in cues if c[0] >= 0):
            file.write(f"talk 1 {start:.3f} {max(0.01, end - start):.3f} {word}\n")


def trials(pages, folder, seeds=3):
    for index, page in enumerate(pages * seeds):
        for length in (30, len(page)):
            generator = random.Random(1000 * index + length)
            cues = timed(page[:length], generator)
            other = timed(pages[(index + 1) % len(pages)][:length], generator)
            for kind in ("same", "asr", "asr-words", "rate", "cut", "translation", "other", "foreign"):
                if kind == "cut" and length == 30:
                    continue
                move = generator.choice([-1, 1]) * generator.uniform(0.1, 40)
                if kind in ("translation", "rate") and generator.random() < 0.3:
                    move = generator.uniform(-0.5, 0.5)
                factor, rate, steps = 1.0, "", ""
                if kind in ("same", "rate", "cut"):
                    made = recut(cues, generator, 0.04)
                elif kind == "asr":
                    made = recognised(cues, generator)
                elif kind == "asr-words":
                    made = recognised(cues, generator, 1)
                elif kind == "translation":
                    made = [(s, e, translated(t, 3)) for s, e, t in recut(cues, generator, 0.08, 0.5) if generator.random() > 0.1]
                elif kind == "other":
                    made = recut(other, generator, 0.04)
                else:
                    made = [(s, e, translated(t, 3)) for s, e, t in recut(other, generator, 0.08, 0.5)]
                if kind == "rate":
                    rate = generator.choice(list(RATES))
                    factor = RATES[rate]
                # t_reference = factor * t_subject + move
                lead = max(0, move + 2)
                moved = [((s - move) / factor, (e - move) / factor, t) for s, e, t in made]
                reference = cues
                if kind == "cut":
                    middle = moved[len(moved) // 2][0]
                    moved = [c for c in moved if c[1] < middle] + [(s - 61.0, e - 61.0, t) for s, e, t in moved if s > middle + 61.0]
                    steps = f"{middle:.1f}:{61000}"
                if any(s < 0 for s, _, _ in moved):
                    # Nothing may be before 0: both are moved later.
                    lead = 1 - min(s for s, _, _ in moved)
                    moved = [(s + lead, e + lead, t) for s, e, t in moved]
                    reference = [(s + lead * factor, e + lead * factor, t) for s, e, t in reference]
                name = f"{index:02}-{length}-{kind}"
                a, b = f"{folder}/{name}.ref.srt", f"{folder}/{name}.srt"
                srt(a, reference)
                if kind == "asr-words":
                    b = f"{folder}/{name}.ctm"
                    ctm(b, moved)
                else:
                    srt(b, moved)
                yield name, kind, length, 1000 * move, rate, steps, a, b


def run(trial):
    name, kind, length, move, rate, steps, reference, subject = trial
    ran = subprocess.run([PROGRAM, "transcript", reference, subject, "--format", "jsonl"], capture_output=True, text=True)
    try:
        finding = json.loads(ran.stdout)["findings"][0]
    except (json.JSONDecodeError, IndexError):
        return [name, kind, length, f"{move:.1f}", rate, steps, "failed", "", "", "", "", "", ran.stderr.strip()[:80]]
    evidence = finding["evidence"]
    segments = " ".join(f"{s['start_s']:.1f}:{s['offset_ms']:.1f}" for s in finding["segments"] or [])
    interval = finding["ci95_ms"] or ["", ""]
    return [
        name, kind, length, f"{move:.1f}", rate, steps, finding["verdict"], finding["offset_ms"], evidence["candidate_ms"],
        interval[0], interval[1], finding["rate"] or "", segments,
        evidence["method"], evidence["words_in_common_runs"], evidence["times_height"], evidence["items_matched"], evidence["items_beside"],
    ]


def main():
    out = csv.writer(open(sys.argv[1], "w") if len(sys.argv) > 1 else sys.stdout)
    out.writerow(
        "trial kind cues offset_ms rate steps verdict found_ms candidate_ms low_ms high_ms found_rate found_segments method runs height matched beside".split()
    )
    pages = episodes()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        for row in pool.map(run, trials(pages, folder)):
            out.writerow(row)


main()
