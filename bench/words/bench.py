"""Faults planted in correct transcripts, and which of them `genlock transcript --words` finds.

usage: bench.py GENLOCK CORPUS WORK ROWS.csv [SEED...]
All faults at once: 5 % of the words moved by 150 to 400 ms, three words missing, one sentence replaced by another, all late by 60 ms.
Then the correct transcript, alone and with noise, another speaker and music as loud as the speech; then cues of which one is replaced.
"""
import csv, ctypes, json, os, sys, threading, time
from recordings import all_recordings, fault, mixed

genlock, corpus, work, rows_path = sys.argv[1:5]
seeds = [int(s) for s in sys.argv[5:]] or [7, 8]
os.makedirs(work, exist_ok=True)
bins = os.path.dirname(genlock)
# Child processes of genlock are inherited by this one when it ends, so that their time and memory are counted.
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)


def judged(media, path, language, environment=os.environ):
    """The finding, processor seconds of all processes, and their peak memory together in MB."""
    arguments = [genlock, "transcript", media, path, "--words", "--thorough", "--language", language, "--json"]
    reading, writing = os.pipe()
    child = os.posix_spawn(genlock, arguments, environment, file_actions=[(os.POSIX_SPAWN_DUP2, writing, 1), (os.POSIX_SPAWN_CLOSE, reading)])
    os.close(writing)
    most = [0.0]
    watch = threading.Thread(target=watched, args=(child, most))
    watch.start()
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    spent = 0.0
    while True:
        try:
            _, _, usage = os.wait4(-1, 0)
        except ChildProcessError:
            break
        spent += usage.ru_utime + usage.ru_stime
    watch.join()
    return json.loads(said)["findings"][0], spent, most[0]


def watched(process, most):
    """Memory of a process and its children together, with shared pages counted once, ten times a second."""
    def resident(pid):
        with open(f"/proc/{pid}/smaps_rollup") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("Pss:")) / 1024
    while True:
        try:
            children = open(f"/proc/{process}/task/{process}/children").read().split()
            most[0] = max(most[0], resident(process) + sum(resident(child) for child in children))
        except (OSError, StopIteration):
            return
        time.sleep(0.1)


def write_words(name, words):
    path = f"{work}/{name}.csv"
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["start_s", "end_s", "word"])
        writer.writerows((f"{w[1]:.3f}", f"{w[2]:.3f}", w[0]) for w in words)
    return path


def write_cues(name, stated):
    """SubRip with one cue per sentence, and which of them is replaced."""
    def clock(seconds):
        return f"{int(seconds // 3600):02}:{int(seconds // 60) % 60:02}:{int(seconds) % 60:02},{int(seconds * 1000) % 1000:03}"
    cues = {}
    for text, start, end, what, cue in stated:
        cues.setdefault(cue, []).append((text, start, end, what))
    path = f"{work}/{name}.srt"
    with open(path, "w") as file:
        for number, words in enumerate(cues.values()):
            file.write(f"{number + 1}\n{clock(min(w[1] for w in words))} --> {clock(max(w[2] for w in words))}\n{' '.join(w[0] for w in words)}\n\n")
    return path, [any(w[3] == "wrong" for w in words) for words in cues.values()]


rows = []


def add(recording, case, seed, finding, spent, memory, said, holes, whats, cues):
    kind, language, name, _, words = recording
    items = {i["index"]: i for i in finding.get("items") or []}
    look = finding["evidence"].get("words") or {}
    alone = len(look.get("aligners") or []) < 2
    flags = [(items.get(i) or {}).get("flags") or [] for i in range(said)]
    told = [(items.get(i) or {}).get("trust") is not None for i in range(said)]
    hit = [not f.count("wrong-text") and ("moved" in f or alone and "doubtful" in f) for f in flags]
    count = lambda test: sum(1 for i in range(said) if test(i))
    gaps = [g for g in finding.get("gaps") or [] if g["end_s"] - g["start_s"] < 5]
    meets = lambda g, hole: g["start_s"] < hole[1] and g["end_s"] > hole[0]
    by_cue = {}
    for i in range(said):
        by_cue.setdefault(cues[i], []).append((whats[i] == "wrong", "wrong-text" in flags[i]))
    wrong_cues = [(any(a for a, _ in c), 2 * sum(b for _, b in c) >= len(c)) for c in by_cue.values()]
    rows.append(dict(
        kind=kind, language=language, recording=name, case=case, seed=seed, verdict=finding["verdict"], aligners="+".join(look.get("aligners") or []), items=said,
        offset_ms=finding["offset_ms"], words_offset_ms=look.get("offset_ms_by_pocketsphinx", look.get("offset_ms_by_rendering")),
        cannot_tell=count(lambda i: not told[i]), moved=count(lambda i: whats[i] == "moved"), moved_found=count(lambda i: whats[i] == "moved" and hit[i]),
        moved_untold=count(lambda i: whats[i] == "moved" and not told[i]), moved_false=count(lambda i: whats[i] == "" and hit[i]),
        flagged_right=count(lambda i: whats[i] == "" and bool({"moved", "doubtful", "wrong-text"} & set(flags[i]))),
        right=count(lambda i: whats[i] == ""), wrong=count(lambda i: whats[i] == "wrong"), wrong_found=count(lambda i: whats[i] == "wrong" and "wrong-text" in flags[i]),
        wrong_false=count(lambda i: whats[i] != "wrong" and "wrong-text" in flags[i]),
        cues=len(wrong_cues), wrong_cues=sum(a for a, _ in wrong_cues), wrong_cues_found=sum(a and b for a, b in wrong_cues),
        wrong_cues_false=sum(b and not a for a, b in wrong_cues),
        missing=len(holes), missing_found=sum(any(meets(g, h) for g in gaps) for h in holes), missing_false=sum(not any(meets(g, h) for h in holes) for g in gaps),
        cpu_s=round(spent, 2), memory_mb=round(memory), seconds=round(words[-1][2], 1)))
    print({k: v for k, v in rows[-1].items() if v}, file=sys.stderr, flush=True)


recordings = all_recordings(corpus, bins, work)
for recording in recordings:
    kind, language, name, wav, words = recording
    right = [(*w[:3], "", w[3]) for w in words]
    cases = [("faults", seed, wav, *fault(words, seed)) for seed in seeds]
    cases.append(("right", 0, wav, right, []))
    cases.append(("noise", 0, mixed(wav, f"{work}/noise.wav", "noise", 0), right, []))
    # Mixtures are expensive: every second recording only.
    if language == "en" and recordings.index(recording) % 2 == 1:
        speaker = next(r[3] for r in recordings if r[0] != kind and r[2] != name)
        cases.append(("talker", 0, mixed(wav, f"{work}/talker.wav", "talker", 0, speaker), right, []))
        cases.append(("music", 0, mixed(wav, f"{work}/music.wav", "music", 0), right, []))
    for case, seed, media, said, holes in cases:
        path = write_words(f"{name}-{case}", said)
        add(recording, case, seed, *judged(media, path, language), len(said), holes, [w[3] for w in said], [w[4] for w in said])
    if language == "en":
        # As for a language that only one aligner supports, on real speech.
        for seed in seeds:
            said, holes = fault(words, seed)
            path = write_words(f"{name}-alone", said)
            alone = judged(wav, path, language, {**os.environ, "GENLOCK_WORD_ALIGNER": "/nowhere"})
            add(recording, "alone", seed, *alone, len(said), holes, [w[3] for w in said], [w[4] for w in said])
        for case, seed, said in [("cues", seed, fault(words, seed)[0]) for seed in seeds[:1]] + [("cues right", 0, right)]:
            path, wrong = write_cues(f"{name}-{case.replace(' ', '-')}", said)
            add(recording, case, seed, *judged(wav, path, language), len(wrong), [], ["wrong" if w else "" for w in wrong], list(range(len(wrong))))

with open(rows_path, "w", newline="") as file:
    writer = csv.DictWriter(file, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
