"""Faults made in transcripts that were right, and which of them `genlock transcript --words` finds.

usage: bench.py GENLOCK CORPUS WORK ROWS.csv
Recordings: GRID clips joined (authors' forced alignment), hand-labelled recordings (TextGrids), sentences spoken by espeak-ng in six
languages by another voice than the one used for aligning. Faults: 5 % of the words moved by 150 to 400 ms, three words missing, one
sentence replaced by another, all late by 60 ms; then the same without faults at 0 dB of noise.
"""
import csv, glob, json, os, random, re, resource, subprocess, sys

genlock, corpus, work, rows_path = sys.argv[1:5]
os.makedirs(work, exist_ok=True)
bins = os.path.dirname(genlock)
WPM = {}


def run(*words, **more):
    return subprocess.run(list(map(str, words)), check=True, capture_output=True, **more).stdout


def grid(count=16, per=16):
    clips = sorted(glob.glob(f"{corpus}/transcripts/grid/*.align"))
    random.Random(3).shuffle(clips)
    for group in range(0, min(len(clips), count * per) // per):
        part = clips[group * per:(group + 1) * per]
        wav, words, at = f"{work}/grid{group}.wav", [], 0.0
        raw = b""
        for path in part:
            name = os.path.basename(path)[:-6]
            sound = run("ffmpeg", "-v", "error", "-i", f"{corpus}/lips/grid/{name}.mpg", "-ac", "1", "-ar", "16000", "-f", "s16le", "-")
            for line in open(path):
                start, end, text = line.split()
                if text not in ("sil", "sp"):
                    words.append((text, at + int(start) / 25000, at + int(end) / 25000, name))
            raw += sound
            at += len(sound) / 32000
        run("ffmpeg", "-v", "error", "-y", "-f", "s16le", "-ar", "16000", "-ac", "1", "-i", "-", wav, input=raw)
        yield "grid", "en", f"grid{group}", wav, words


def textgrid(path, tiers):
    lines = [line.strip() for line in open(path, encoding="utf8", errors="replace")]
    text = "\n".join(lines)
    if 'xmin =' in text:
        for name in tiers:
            part = re.search(r'name = "%s".*?(?=name = |\Z)' % name, text, re.S)
            if part:
                return [(t, float(a), float(b)) for a, b, t in re.findall(r'xmin = ([\d.]+)\s*\n\s*xmax = ([\d.]+)\s*\n\s*text = "(.*?)"', part.group(0))]
    for at, line in enumerate(lines):
        if line == '"IntervalTier"' and lines[at + 1].strip('"') in tiers:
            count, rest = int(lines[at + 4]), lines[at + 5:]
            return [(rest[3 * i + 2].strip('"'), float(rest[3 * i]), float(rest[3 * i + 1])) for i in range(count)]
    return []


def labelled():
    for path in sorted(glob.glob(f"{corpus}/transcripts/mfa/*.TextGrid") + glob.glob(f"{corpus}/transcripts/praatio/mary.TextGrid")):
        words = [(t.lower(), a, b, int(a // 6)) for t, a, b in textgrid(path, ("words", "word")) if t and t not in ("sp", "sil", "<eps>")]
        wav = path[:-9] + ".wav"
        if words and os.path.exists(wav):
            yield "labelled", "en", os.path.basename(path)[:-9], wav, words


TEXTS = {
    "de": ("de+f2", "Der alte Mann ging langsam über die Brücke und sah den Schiffen im Hafen zu|Morgen früh fahren wir mit dem Zug nach Hamburg und besuchen unsere Freunde|Auf dem Tisch liegen drei rote Äpfel ein Messer und das Brot von gestern|Wenn es regnet bleiben die Kinder lieber im Haus und lesen dicke Bücher"),
    "fr": ("fr-fr+f3", "Le petit garçon traverse la rue avec son chien et sa grande soeur|Demain matin nous prendrons le train pour visiter une vieille ville|Il reste trois pommes rouges et un morceau de pain sur la table|Quand il pleut les enfants préfèrent lire des livres à la maison"),
    "es": ("es+f2", "El viejo pescador camina despacio por la playa y mira los barcos|Mañana por la mañana tomaremos el tren para visitar a nuestros amigos|Sobre la mesa quedan tres manzanas rojas un cuchillo y el pan de ayer|Cuando llueve los niños prefieren quedarse en casa leyendo libros"),
    "it": ("it+f4", "Il vecchio pescatore cammina piano sulla spiaggia e guarda le barche|Domani mattina prendiamo il treno per visitare una città antica|Sul tavolo restano tre mele rosse un coltello e il pane di ieri|Quando piove i bambini preferiscono restare a casa a leggere"),
    "pl": ("pl+f2", "Stary rybak idzie powoli plażą i patrzy na statki w porcie|Jutro rano pojedziemy pociągiem odwiedzić naszych przyjaciół|Na stole leżą trzy czerwone jabłka nóż i chleb z wczoraj|Kiedy pada deszcz dzieci wolą zostać w domu i czytać książki"),
    "ru": ("ru+f3", "Старый рыбак медленно идёт по берегу и смотрит на корабли|Завтра утром мы поедем на поезде навестить наших друзей|На столе лежат три красных яблока нож и вчерашний хлеб|Когда идёт дождь дети любят сидеть дома и читать книги"),
}


def spoken():
    for language, (voice, text) in TEXTS.items():
        raw, words, at, rate = b"", [], 0.0, 22050
        for number, sentence in enumerate(text.split("|") * 2):
            wav = f"{work}/part.wav"
            speech = json.loads(run(f"{bins}/genlock-speech-synth", "--voice", voice, "--rate", 150 + 10 * (number % 4), "--output", wav, "--", sentence))
            for word in speech["words"]:
                if word["end_s"] > word["start_s"]:
                    words.append((word["text"], at + word["start_s"], at + word["end_s"], number))
            sound = open(wav, "rb").read()[44:] + b"\0" * (2 * rate // 2)
            raw += sound
            at += len(sound) / 2 / rate
        wav = f"{work}/{language}.wav"
        run("ffmpeg", "-v", "error", "-y", "-f", "s16le", "-ar", rate, "-ac", "1", "-i", "-", "-ar", "16000", wav, input=raw)
        yield "spoken", language, language, wav, words


def noisy(wav):
    import struct
    raw = run("ffmpeg", "-v", "error", "-i", wav, "-ac", "1", "-ar", "16000", "-f", "s16le", "-")
    samples = struct.unpack(f"<{len(raw) // 2}h", raw)
    loud = [s for s in samples if abs(s) > 300]
    scale = (sum(s * s for s in loud) / len(loud)) ** 0.5
    dice = random.Random(1)
    mixed = struct.pack(f"<{len(samples)}h", *(max(-32768, min(32767, int(0.5 * (s + dice.gauss(0, scale))))) for s in samples))
    path = f"{work}/noise.wav"
    run("ffmpeg", "-v", "error", "-y", "-f", "s16le", "-ar", "16000", "-ac", "1", "-i", "-", path, input=mixed)
    return path


def judge(wav, words, language, name):
    path = f"{work}/{name}.csv"
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["start_s", "end_s", "word"])
        for text, start, end, _ in words:
            writer.writerow([f"{start:.3f}", f"{end:.3f}", text])
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([genlock, "transcript", wav, path, "--words", "--thorough", "--language", language, "--json"], capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(done.stdout)["findings"][0], spent


def fault(words, seed):
    """Moved, missing and wrong words, all 60 ms late. Returns the stated words, with what was done to each, and the holes."""
    dice = random.Random(seed)
    cues = sorted({w[3] for w in words}, key=str)
    wrong = dice.choice(cues[1:-1]) if len(cues) > 3 else None
    other = [w[0] for w in words if w[3] != wrong]
    free = [i for i, w in enumerate(words) if w[3] != wrong]
    moved = set(dice.sample(free, max(1, len(words) // 20)))
    inner = [i for i in free if i not in moved and 0 < i < len(words) - 1]
    missing = set(dice.sample(inner, min(3, len(inner))))
    stated, holes = [], []
    for i, (text, start, end, cue) in enumerate(words):
        if i in missing:
            holes.append((start, end))
            continue
        shift = dice.choice((-1, 1)) * dice.uniform(0.15, 0.4) if i in moved else 0
        what = "moved" if shift else "wrong" if cue == wrong else ""
        stated.append(((dice.choice(other) if cue == wrong else text), max(0, start + shift + 0.06), end + shift + 0.06, what))
    return stated, holes


rows = []
for kind, language, name, wav, words in list(grid()) + list(labelled()) + list(spoken()):
    stated, holes = fault(words, 7)
    for case, media, said, holed in (("faults", wav, stated, holes), ("right", wav, [(*w[:3], "") for w in words], []), ("noise", noisy(wav), [(*w[:3], "") for w in words], [])):
        finding, spent = judge(media, said, language, f"{name}-{case}")
        items = {i["index"]: i for i in finding.get("items") or []}
        look = finding["evidence"].get("words") or {}
        gaps = [g for g in finding.get("gaps") or [] if g["end_s"] - g["start_s"] < 5]
        count = lambda test: sum(1 for i, w in enumerate(said) if test(w[3], (items.get(i) or {}).get("flags") or [], items.get(i) or {}))
        alone = len(look.get("aligners") or []) < 2
        hit = lambda flags: "moved" in flags or alone and "doubtful" in flags
        rows.append(dict(
            kind=kind, language=language, recording=name, case=case, verdict=finding["verdict"], aligners="+".join(look.get("aligners") or []), words=len(said),
            offset_ms=finding["offset_ms"], words_offset_ms=look.get("offset_ms_by_pocketsphinx", look.get("offset_ms_by_rendering")),
            cannot_tell=count(lambda w, f, i: i.get("trust") is None),
            moved=count(lambda w, f, i: w == "moved"), moved_found=count(lambda w, f, i: w == "moved" and hit(f)),
            moved_untold=count(lambda w, f, i: w == "moved" and i.get("trust") is None),
            moved_false=count(lambda w, f, i: w == "" and hit(f)), any_flag_on_right=count(lambda w, f, i: w == "" and ("moved" in f or "doubtful" in f or "wrong-text" in f)),
            wrong=count(lambda w, f, i: w == "wrong"), wrong_found=count(lambda w, f, i: w == "wrong" and "wrong-text" in f),
            wrong_false=count(lambda w, f, i: w != "wrong" and "wrong-text" in f),
            missing=len(holed), missing_found=sum(any(g["start_s"] < b and g["end_s"] > a for g in gaps) for a, b in holed),
            missing_false=sum(not any(g["start_s"] < b and g["end_s"] > a for a, b in holed) for g in gaps),
            cpu_s=round(spent, 2), seconds=round(words[-1][2], 1)))
        print(rows[-1], file=sys.stderr)
with open(rows_path, "w", newline="") as file:
    writer = csv.DictWriter(file, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)


def table(kind, language, chosen):
    total = lambda key, case: sum(r[key] for r in chosen if r["case"] == case)
    share = lambda a, b: f"{a / b:.2f} ({a}/{b})" if b else "-"
    found, false = total("moved_found", "faults"), total("moved_false", "faults")
    wrong, wrongly = total("wrong_found", "faults"), total("wrong_false", "faults")
    missing, none = total("missing_found", "faults"), total("missing_false", "faults")
    print(f"| {kind} {language} | {share(found, found + false)} | {share(found, total('moved', 'faults'))} | {share(wrong, wrong + wrongly)} | {share(wrong, total('wrong', 'faults'))} "
          f"| {share(missing, missing + none)} | {share(missing, total('missing', 'faults'))} | {share(total('any_flag_on_right', 'right'), total('words', 'right'))} "
          f"| {share(total('any_flag_on_right', 'noise'), total('words', 'noise'))} | {share(total('cannot_tell', 'right'), total('words', 'right'))} | {total('cpu_s', 'right') / max(1, total('seconds', 'right')):.2f} |")


print("| recordings | moved: precision | recall | wrong text: precision (words) | recall | missing: precision | recall | right words flagged | at 0 dB of noise | cannot tell | processor time / sound |")
print("|---|---|---|---|---|---|---|---|---|---|---|")
for kind, language in dict.fromkeys((r["kind"], r["language"]) for r in rows):
    table(kind, language, [r for r in rows if (r["kind"], r["language"]) == (kind, language)])
late = [abs(r["offset_ms"] + (r["words_offset_ms"] or 0) + 60) for r in rows if r["case"] == "faults" and r["offset_ms"] is not None]
if late:
    print(f"\nThe 60 ms of all words together: within 10 ms in {sum(x <= 10 for x in late)} of {len(late)}, largest miss {max(late):.1f} ms.")
