"""make.py CORPUS SYNTH FOLDER: conversations with known turns, and label files with known faults.

Speakers of the shared corpus (GRID, MFA, praatio, single faces from the web) and espeak voices are joined into conversations:
touching, overlapping and with pauses; and the corpus' own conversation with its hand-made turns. Each has correct labels, and
labels in which boundaries are moved by 300 ms, two labels are exchanged for some turns, and one turn is where nobody speaks.
Half of the seeds are for tuning (dev), half for measuring (test).
"""
import glob
import json
import os
import re
import subprocess
import sys

import numpy as np

RATE = 16000
CONVERSATIONS = 16
TEXTS = [
    "We could meet on Thursday if the weather allows it.", "No, I would rather wait until the figures are complete.",
    "Why did nobody tell me about the delivery before?", "The second box was empty when it arrived this morning.",
    "Yes, of course.", "That is exactly what I was afraid of.", "Let us look at the budget again before we decide anything.",
    "I think so too.", "Somebody has to call the office and ask for the key.", "Not at all, please go on.",
    "Then we should order twice as many chairs for the hall.", "It rained the whole weekend, so we stayed at home and read.",
]
VOICES = ["en-us+m3", "en-gb+f2", "en-us+f4", "en-gb-scotland+m7"]


def decode(path):
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-ac", "1", "-ar", str(RATE), "-f", "f32le", "-"], capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.float32).astype(np.float64)


def runs(x, pause=0.35):
    """Segments above the recording's noise, joined across short pauses: [(start, end)] in samples."""
    hop = 160
    power = np.array([np.mean(x[i : i + 320] ** 2) for i in range(0, len(x) - 320, hop)]) + 1e-12
    level = 10 * np.log10(power)
    level = np.convolve(level, np.ones(3) / 3, "same")
    low, high = np.percentile(level, (3, 98))
    limit = max(high - 27, low + 0.35 * (high - low))
    loud = np.flatnonzero(level > limit)
    result = []
    for k in loud:
        if result and k * hop - result[-1][1] < pause * RATE:
            result[-1][1] = k * hop + 320
        else:
            result.append([k * hop, k * hop + 320])
    return [(a, b) for a, b in result if b - a > 0.35 * RATE]


def words_of(path):
    """The spans of the words of a TextGrid's word tier."""
    # Long and short form alike are numbers and quoted texts in one order.
    values = re.findall(r'"([^"]*)"|(?<![\w.\[])(-?\d+(?:\.\d+)?)(?![\w.\]])', open(path, encoding="utf-8", errors="replace").read())
    for k, (text, _) in enumerate(values):
        if "word" in text and k and values[k - 1][0] == "IntervalTier":
            count = int(float(values[k + 3][1]))
            rows = [values[k + 4 + 3 * n : k + 7 + 3 * n] for n in range(count)]
            return [(float(a[1]), float(b[1])) for a, b, word in rows if word[0].strip() and word[0] not in ("sil", "sp", "<eps>")]
    return []


def bank(corpus, synth, folder):
    """Segments of speech of 0.4 to 5 s by speaker, cut where the sound begins and ends."""
    speakers = {}

    def add(name, x, pause=0.35):
        for a, b in runs(x, pause):
            while b - a > 5 * RATE:
                # Within speech any boundary is as good as another.
                speakers.setdefault(name, []).append(x[a : a + 4 * RATE])
                a += 4 * RATE
            if b - a > 0.4 * RATE:
                speakers.setdefault(name, []).append(x[a:b])

    # s1, bbaf2n and bbir7s are one man, and so are pwij3p and swwp2s.
    same = {"bbaf2n": "s1", "bbir7s": "s1", "pwij3p": "swwp2s"}
    for path in sorted(glob.glob(corpus + "/lips/grid/*.mpg")):
        stem = os.path.basename(path)[:-4]
        if stem.startswith("s1-") and len(speakers.get("grid-s1", [])) > 30:
            continue
        name = "s1" if stem.startswith("s1-") else same.get(stem, stem)
        # The corpus' word times give the position of the sentence.
        align = f"{corpus}/transcripts/grid/{stem}.align"
        if not os.path.exists(align):
            add("grid-" + name, decode(path), pause=0.2)
            continue
        words = [line.split() for line in open(align)]
        spoken = [(int(a), int(b)) for a, b, word in words if word not in ("sil", "sp")]
        part = decode(path)[int(spoken[0][0] / 25000 * RATE) : int(spoken[-1][1] / 25000 * RATE)]
        speakers.setdefault("grid-" + name, []).append(part)
    for path in sorted(glob.glob(corpus + "/transcripts/mfa/*.wav")):
        if "michaelandsick" not in path:
            x = decode(path)
            spans = []
            for a, b in words_of(path.replace(".wav", ".TextGrid")):
                if spans and a - spans[-1][1] < 0.3 and b - spans[-1][0] < 4.5:
                    spans[-1][1] = b
                else:
                    spans.append([a, b])
            speakers["mfa"] = speakers.get("mfa", []) + [x[int(a * RATE) : int(b * RATE)] for a, b in spans if b - a > 0.4]
    for name in ("mary", "bobby"):
        add("praatio-" + name, decode(f"{corpus}/transcripts/praatio/{name}.wav"), pause=0.2)
    for name in ("retalking-1", "retalking-2", "retalking-3"):
        add("web-" + name, decode(f"{corpus}/lips/wild/{name}.mp4"), pause=0.25)
    for voice in VOICES:
        for number, text in enumerate(TEXTS):
            path = f"{folder}/synth-{voice}-{number}.wav"
            if not os.path.exists(path):
                subprocess.run([synth, text, "--voice", voice, "--output", path], check=True, capture_output=True)
            add("espeak-" + voice, decode(path), pause=0.6)
    for parts in speakers.values():
        for k, x in enumerate(parts):
            # Breaths and noise at its ends are not speech: cut to what is within 22 dB of its loud parts.
            power = np.array([np.mean(x[i : i + 320] ** 2) for i in range(0, len(x) - 320, 80)])
            power = np.minimum.reduce([np.roll(power, -k) for k in range(8)]) if len(power) > 40 else power
            loud = np.flatnonzero(power > np.percentile(power, 95) * 10**-2.2)
            x = x[loud[0] * 80 : loud[-1] * 80 + 320 + 7 * 80]
            parts[k] = x * (0.06 / np.sqrt(np.mean(x**2)))
    return speakers


def conversation(random, speakers, kind):
    """-> samples, turns [(start, end, speaker)]."""
    groups = {
        "real": [name for name in speakers if not name.startswith("espeak")],
        "espeak": [name for name in speakers if name.startswith("espeak")],
    }[kind]
    names = list(random.choice(groups, size=random.integers(2, 5) if kind == "real" else random.integers(2, 4), replace=False))
    gains = {name: 10 ** (random.uniform(-3, 3) / 20) for name in names}
    at, turns, last, placed = 0.6, [], None, []
    used = {}
    for _ in range(random.integers(14, 21)):
        name = random.choice([n for n in names if n != last] if random.random() < 0.9 else names)
        parts = speakers[name]
        # Each segment is used once before any is repeated.
        left = [k for k in range(len(parts)) if used.get((name, k), 0) == min(used.get((name, j), 0) for j in range(len(parts)))]
        k = int(random.choice(left))
        used[name, k] = used.get((name, k), 0) + 1
        x = parts[k] * gains[name] * 10 ** (random.uniform(-1, 1) / 20)
        choice = random.random()
        gap = random.uniform(0.05, 0.9) if choice < 0.6 else 0.0 if choice < 0.75 else -random.uniform(0.15, 0.6) if choice < 0.92 else random.uniform(1.5, 2.5)
        if turns:
            at = max(turns[-1][1] + gap, turns[-1][0] + 0.25)
            if name == last:
                at = max(at, turns[-1][1] + 0.3)
            own = [end for start, end, who in turns if who == name]
            if own:
                at = max(at, max(own) + 0.05)
        placed.append((int(at * RATE), x))
        turns.append((at, at + len(x) / RATE, name))
        last = name
    length = int((max(end for _, end, _ in turns) + 0.8) * RATE)
    sound = np.zeros(length)
    for start, x in placed:
        x = x.copy()
        ramp = min(80, len(x) // 4)
        x[:ramp] *= np.linspace(0, 1, ramp)
        x[-ramp:] *= np.linspace(1, 0, ramp)
        sound[start : start + len(x)] += x
    noise = random.standard_normal(length)
    sound += noise * 0.06 * 10 ** (-random.uniform(25, 40) / 20)
    return sound, turns


def faulty(random, turns, seconds):
    """-> rows [(start, end, speaker, fault)]: fault is '', moved, other-voice or no-speech."""
    rows = [[start, end, name, ""] for start, end, name in turns]
    order = sorted(range(len(rows)), key=lambda k: rows[k][0])
    # Two labels exchanged for 3 to 4 turns, never most of a speaker's time.
    names = sorted({row[2] for row in rows})
    for _ in range(50):
        pair = list(random.choice(names, size=2, replace=False))
        length = int(random.integers(3, 5))
        first = int(random.integers(0, max(1, len(order) - length)))
        exchanged = [k for k in order[first : first + length] if rows[k][2] in pair]
        time = lambda ks, who: sum(rows[k][1] - rows[k][0] for k in ks if rows[k][2] == who)
        if len(exchanged) >= 2 and all(time(exchanged, who) < 0.4 * time(order, who) for who in pair):
            for k in exchanged:
                rows[k][2] = pair[1] if rows[k][2] == pair[0] else pair[0]
                rows[k][3] = "other-voice"
            break
    # Three boundaries moved by 300 ms.
    for k in random.permutation(len(rows)):
        if sum(row[3] == "moved" for row in rows) >= 3:
            break
        if rows[k][3]:
            continue
        edge, way = int(random.integers(2)), random.choice([-0.3, 0.3])
        moved = rows[k][edge] + way
        start, end = (moved, rows[k][1]) if edge == 0 else (rows[k][0], moved)
        if end - start < 0.4 or start < 0.05 or end > seconds - 0.05:
            continue
        rows[k][edge], rows[k][3] = moved, "moved"
    # A turn where nobody speaks: in the longest pause.
    ends = sorted((row[0], row[1]) for row in rows)
    reached, best = 0.0, (0.0, 0.0)
    for start, end in ends + [(seconds, seconds)]:
        if start - reached > best[1] - best[0]:
            best = (reached, start)
        reached = max(reached, end)
    if best[1] - best[0] > 0.6:
        rows.append([best[0] + 0.12, best[1] - 0.12, str(random.choice(names)), "no-speech"])
    return sorted(rows)


def write(folder, name, rows):
    with open(f"{folder}/{name}.rttm", "w") as file:
        for row in rows:
            file.write(f"SPEAKER {name} 1 {row[0]:.3f} {row[1] - row[0]:.3f} <NA> <NA> {row[2]} <NA> <NA>\n")


def main():
    corpus, synth, folder = sys.argv[1:4]
    os.makedirs(folder, exist_ok=True)
    speakers = bank(corpus, synth, folder)
    print({name: (len(parts), round(sum(map(len, parts)) / RATE, 1)) for name, parts in speakers.items()}, file=sys.stderr)
    truth = []

    def store(name, half, media, rows, kind):
        write(folder, name, rows)
        truth.append({"name": name, "half": half, "kind": kind, "media": media, "rows": [[round(r[0], 3), round(r[1], 3), r[2], r[3]] for r in rows]})

    for half, base in (("dev", 100), ("test", 900)):
        for kind in ("real", "espeak"):
            for number in range(CONVERSATIONS if kind == "real" else CONVERSATIONS // 2):
                random = np.random.default_rng(base + 1000 * (kind == "espeak") + number)
                sound, turns = conversation(random, speakers, kind)
                media = f"{folder}/{half}-{kind}-{number}.wav"
                pcm = (np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes()
                subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", "-", media], input=pcm, check=True)
                store(f"{half}-{kind}-{number}-right", half, media, sorted([a, b, n, ""] for a, b, n in turns), kind)
                store(f"{half}-{kind}-{number}-faults", half, media, faulty(random, turns, len(sound) / RATE), kind)
        media = corpus + "/transcripts/speakers/sample.wav"
        turns = []
        for line in open(corpus + "/transcripts/speakers/sample.rttm"):
            words = line.split()
            turns.append((float(words[3]), float(words[3]) + float(words[4]), words[7]))
        if half == "dev":
            store("dev-corpus-right", half, media, sorted([a, b, n, ""] for a, b, n in turns), "corpus")
        for number in range(8):
            random = np.random.default_rng(base + 5000 + number)
            store(f"{half}-corpus-{number}-faults", half, media, faulty(random, turns, 30.0), "corpus")
    json.dump(truth, open(folder + "/truth.json", "w"))


main()
