"""Measures `genlock transcript` on the shared corpus: offsets, rates, segments, wrong text, and cost beside ffsubsync."""
import csv
import json
import os
import random
import resource
import subprocess
import sys
import time

import make

BINARY = os.environ.get("GENLOCK_BINARY", ".build/release/genlock")
CORPUS = os.environ.get("GENLOCK_CORPUS", "../shared/corpus")
WORK = os.environ.get("GENLOCK_BENCH_WORK", ".build/bench-transcripts")
ROWS = []


def measure(media, text, model, *options):
    """The finding, processor seconds, and largest memory in MB of one run."""
    environment = dict(os.environ, SWIFT_BACKTRACE="enable=no")
    if model:
        environment["GENLOCK_SPEECH_MODEL"] = model
    command = ["/usr/bin/env", "python3", os.path.join(os.path.dirname(__file__), "cost.py"), BINARY, "transcript", media, text, "--format", "jsonl", "--quiet", *options]
    run = subprocess.run(command, capture_output=True, text=True, env=environment)
    try:
        cost = json.loads(run.stderr.strip().splitlines()[-1])
        report = json.loads(run.stdout.splitlines()[0])
        finding = report["findings"][0]
    except (IndexError, ValueError, KeyError):
        sys.stderr.write(f"{media} {text}: {run.stdout} {run.stderr}\n")
        return None, {"seconds": 0, "megabytes": 0}
    return finding, cost


def row(section, case, true, finding, cost, **more):
    evidence = finding["evidence"] if finding else {}
    offset = finding and finding["offset_ms"]
    ROWS.append(dict(
        section=section, case=case, verdict=finding["verdict"] if finding else "crash", true_ms=true, offset_ms=offset,
        error_ms=None if offset is None or true is None else round(offset - true, 1), confidence=finding and finding["confidence"],
        ci_low=finding and finding["ci95_ms"] and finding["ci95_ms"][0], ci_high=finding and finding["ci95_ms"] and finding["ci95_ms"][1],
        ppm=finding and finding["drift_ppm"], rate=finding and finding["rate"], pieces=len(finding["segments"]) if finding and finding["segments"] else 1,
        candidate_ms=evidence.get("candidate_ms"), words_score=evidence.get("words_score"), advantage=evidence.get("words_advantage"),
        words=evidence.get("words_compared"), peak=evidence.get("peak"), second=evidence.get("second_peak"), fit=evidence.get("fit_per_second"),
        seconds=cost["seconds"], megabytes=cost["megabytes"], **{"expected_rate": None, "expected_ppm": None, "split_errors_s": None, **more}))
    return ROWS[-1]


def grid_clips(sentences, models, moves):
    for clip, words in sentences.items():
        model = models["s1"] if clip.startswith("s1-") else models[clip]
        generator = random.Random(clip)
        for index in range(moves):
            move = generator.uniform(-2, 2)
            path = f"{WORK}/clip.csv"
            make.table(path, [(a + move, b + move, w) for a, b, w in words])
            finding, cost = measure(f"{CORPUS}/lips/grid/{clip}.mpg", path, model)
            row("grid words", clip, round(-1000 * move, 1), finding, cost)


def real(models):
    folder = f"{CORPUS}/transcripts"
    for name, media, text, speaker in [
        ("acoustic_corpus", "mfa/acoustic_corpus.wav", "mfa/acoustic_corpus.TextGrid", "michael"),
        ("cold_corpus", "mfa/cold_corpus.wav", "mfa/cold_corpus.TextGrid", "michael"),
        ("cold_corpus3", "mfa/cold_corpus3.wav", "mfa/cold_corpus3.TextGrid", "michael"),
        ("michaelandsickmichael", "mfa/michaelandsickmichael.wav", "mfa/michaelandsickmichael.TextGrid", "michael"),
        ("mary", "praatio/mary.wav", "praatio/mary.TextGrid", "mary"), ("mary_misaligned", "praatio/mary.wav", "praatio/mary_misaligned.TextGrid", "mary"),
        ("bobby", "praatio/bobby.wav", "praatio/bobby_words.TextGrid", "bobby"),
    ]:
        finding, cost = measure(f"{folder}/{media}", f"{folder}/{text}", models[speaker])
        row("real recordings", name, 0.0, finding, cost)


def long_recordings(sentences, models, minutes, kinds):
    count = minutes * 20
    for seed, kind in enumerate(kinds):
        clips = make.chosen(sentences, count, seed=100 * minutes + seed % 3)
        media = f"{WORK}/long-{minutes}-{seed % 3}.wav"
        if not os.path.exists(media):
            make.recording(CORPUS, media, clips)
        generator = random.Random(1000 + seed)
        cues = make.cues(sentences, clips)
        case, more, move, factor = kind, {}, 0.0, 1.0
        if kind.startswith("move"):
            move = generator.uniform(-8, 8) if kind == "move near" else generator.uniform(-590, 590)
            items = [(a - move, b - move, t) for a, b, t in cues]
            # Times before 0 cannot be written.
            items = [i for i in items if i[0] >= 0]
        elif kind.startswith("rate"):
            a, b = kind.split()[1].split("/")
            factor = make.RATES[a] / make.RATES[b]
            move = generator.uniform(-3, 3)
            items = [((s - move) / factor, (e - move) / factor, t) for s, e, t in cues]
            items = [i for i in items if i[0] >= 0]
            more = dict(expected_rate=kind.split()[1], expected_ppm=round((factor - 1) * 1e6, 2))
        elif kind.startswith("drift"):
            factor = 1 + float(kind.split()[1]) * 1e-6
            items = [((s - move) / factor, (e - move) / factor, t) for s, e, t in cues]
            more = dict(expected_ppm=float(kind.split()[1]))
        elif kind.startswith("split"):
            parts = int(kind.split()[1])
            bounds = sorted(generator.sample(range(40, count - 40), parts - 1))
            while any(b - a < 30 for a, b in zip(bounds, bounds[1:])):
                bounds = sorted(generator.sample(range(40, count - 40), parts - 1))
            shift, items, splits, longest = 0.0, [], [], []
            edges = [0] + bounds + [count]
            for number in range(parts):
                if number:
                    # Material was removed from what the text was made for, or inserted.
                    shift += generator.choice([-1, 1, 1]) * generator.uniform(0.5, 45)
                part = cues[edges[number]:edges[number + 1]]
                moved = [(a - shift, b - shift, t) for a, b, t in part]
                if items:
                    # Text time continues: what would overlap is removed.
                    moved = [m for m in moved if m[0] > items[-1][1]]
                    splits.append((items[-1][1] + moved[0][0]) / 2)
                longest.append((moved[-1][1] - moved[0][0], shift))
                items += moved
            items = [i for i in items if i[0] >= 0]
            move = max(longest)[1]
            more = dict(true_splits=splits)
        else:
            items = cues
        path = f"{WORK}/long.srt"
        make.srt(path, items)
        finding, cost = measure(media, path, models["s1"])
        splits = more.pop("true_splits", None)
        made = row("long " + ("split" if splits else "unsplit" if kind == "plain" else kind.split()[0]), f"{minutes} min {case} {seed}", round(1000 * move, 1), finding, cost, **more)
        if splits is not None:
            found = [s["start_s"] for s in (finding["segments"] or [])[1:]] if finding else []
            errors = [round(min((abs(f - s) for f in found), default=9e9), 2) for s in splits]
            made["split_errors_s"] = f"{sum(e <= 1 for e in errors)}/{len(splits)} found, {len(found) - sum(any(abs(f - s) <= 1 for s in splits) for f in found)} invented"


def wrong_text(sentences, models, count):
    for index in range(count):
        for seconds in (45, 120):
            clips = make.chosen(sentences, seconds // 3, seed=5000 + index)
            other = make.chosen(sentences, seconds // 3, seed=9000 + index)
            media = f"{WORK}/wrong.wav"
            make.recording(CORPUS, media, clips)
            for kind in ("right", "other", "swapped"):
                path = f"{WORK}/wrong.{'csv' if index % 2 else 'srt'}"
                if kind == "right":
                    items = (make.words if index % 2 else make.cues)(sentences, clips)
                elif kind == "other":
                    items = (make.words if index % 2 else make.cues)(sentences, other)
                else:
                    # The right times with other sentences.
                    items = [(a, b, t) for (a, b, _), (_, _, t) in zip(make.cues(sentences, clips), make.cues(sentences, other))]
                    path = f"{WORK}/wrong.srt"
                (make.table if path.endswith("csv") else make.srt)(path, items)
                finding, cost = measure(media, path, models["s1"])
                row(f"text {kind} {seconds} s", f"{index} {path[-3:]}", 0.0 if kind == "right" else None, finding, cost)


def beside_ffsubsync(sentences, models, minutes, ffsubsync):
    clips = make.chosen(sentences, minutes * 20, seed=77)
    media = f"{WORK}/peer-{minutes}.mp4"
    if not os.path.exists(media):
        make.recording(CORPUS, f"{WORK}/peer.wav", clips)
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", f"{WORK}/peer.wav", "-c:a", "aac", "-b:a", "96k", media], check=True)
    path = f"{WORK}/peer.srt"
    make.srt(path, [(a + 3.7, b + 3.7, t) for a, b, t in make.cues(sentences, clips)])
    for attempt in range(3):
        finding, cost = measure(media, path, models["s1"])
        row("peer: genlock", f"{minutes} min {attempt}", -3700.0, finding, cost)
        command = ["python3", os.path.join(os.path.dirname(__file__), "cost.py"), ffsubsync, media, "-i", path, "-o", f"{WORK}/peer-out.srt"]
        run = subprocess.run(command, capture_output=True, text=True)
        other = json.loads(run.stderr.strip().splitlines()[-1])
        first = open(f"{WORK}/peer-out.srt").read().split("\n")[1].split(" ")[0]
        h, m, s = first.replace(",", ".").split(":")
        moved = int(h) * 3600 + int(m) * 60 + float(s) - (make.cues(sentences, clips)[0][0] + 3.7)
        ROWS.append(dict(section="peer: ffsubsync", case=f"{minutes} min {attempt}", verdict="", true_ms=-3700.0, offset_ms=round(moved * 1000, 1),
                         error_ms=round(moved * 1000 + 3700, 1), seconds=other["seconds"], megabytes=other["megabytes"]))


def main():
    os.makedirs(WORK, exist_ok=True)
    sentences = make.sentences(CORPUS)
    models = {name: f"{WORK}/without-{name}.json" for name in ("s1", "swwp2s", "michael", "mary", "bobby")}
    sections = sys.argv[2].split(",") if len(sys.argv) > 2 else ["grid", "real", "long", "wrong", "peer"]
    started = time.time()
    if "grid" in sections:
        grid_clips(sentences, models, 2)
    if "real" in sections:
        real(models)
    if "long" in sections:
        ratios = [f"rate {a}/{b}" for a in make.RATES for b in make.RATES if a != b]
        long_recordings(sentences, models, 30, ["move near", "move far"] * 4 + ratios + ["drift 150", "drift -40", "drift 15"])
        long_recordings(sentences, models, 50, ["move near", "move far", "rate 25/23.976", "rate 24/23.976", "split 2", "split 4"])
        long_recordings(sentences, models, 30, [f"split {n}" for n in (2, 2, 3, 3, 4, 4, 5, 6)])
    if "unsplit" in sections:
        long_recordings(sentences, models, 30, ["plain"] * 50)
    if "wrong" in sections:
        wrong_text(sentences, models, 25)
    if "peer" in sections:
        beside_ffsubsync(sentences, models, 50, os.environ.get("FFSUBSYNC", "ffsubsync"))
    fields = list(dict.fromkeys(key for r in ROWS for key in r))
    with open(sys.argv[1], "w", newline="") as file:
        writer = csv.DictWriter(file, fields)
        writer.writeheader()
        writer.writerows(ROWS)
    sys.stderr.write(f"{len(ROWS)} rows in {time.time() - started:.0f} s\n")


if __name__ == "__main__":
    main()
