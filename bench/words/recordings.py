"""Recordings with word times, faults planted in transcripts, and sounds mixed into recordings.

A recording is (kind, language, name, path, words); a word is (text, start_s, end_s, cue). Kinds: `grid` (GRID clips joined, the corpus
authors' forced alignment), `labelled` (TextGrids of people and aligners), `festival` (Festival's voices, cut from recordings of people),
`spoken` (espeak-ng, with another voice than that of the aligner).
"""
import array, glob, json, math, os, random, re, subprocess


def run(*words, **more):
    return subprocess.run(list(map(str, words)), check=True, capture_output=True, **more).stdout


def samples_of(path, rate=16000):
    return array.array("h", run("ffmpeg", "-v", "error", "-i", path, "-ac", 1, "-ar", rate, "-f", "s16le", "-"))


def write(path, samples, rate=16000):
    run("ffmpeg", "-v", "error", "-y", "-f", "s16le", "-ar", rate, "-ac", 1, "-i", "-", "-ar", 16000, path, input=samples.tobytes())


def grid(corpus, work, per=16):
    clips = sorted(glob.glob(f"{corpus}/transcripts/grid/*.align"))
    random.Random(3).shuffle(clips)
    for group in range(len(clips) // per):
        sound, words, at = array.array("h"), [], 0.0
        for path in clips[group * per:(group + 1) * per]:
            name = os.path.basename(path)[:-6]
            for line in open(path):
                start, end, text = line.split()
                if text not in ("sil", "sp"):
                    words.append((text, at + int(start) / 25000, at + int(end) / 25000, name))
            sound += samples_of(f"{corpus}/lips/grid/{name}.mpg")
            at = len(sound) / 16000
        wav = f"{work}/grid{group}.wav"
        write(wav, sound)
        yield "grid", "en", f"grid{group}", wav, words


def textgrid(path, tiers):
    lines = [line.strip() for line in open(path, encoding="utf8", errors="replace")]
    text = "\n".join(lines)
    if "xmin =" in text:
        for name in tiers:
            part = re.search(r'name = "%s".*?(?=name = |\Z)' % name, text, re.S)
            if part:
                return [(t, float(a), float(b)) for a, b, t in re.findall(r'xmin = ([\d.]+)\s*\n\s*xmax = ([\d.]+)\s*\n\s*text = "(.*?)"', part.group(0))]
    for at, line in enumerate(lines):
        if line == '"IntervalTier"' and lines[at + 1].strip('"') in tiers:
            count, rest = int(lines[at + 4]), lines[at + 5:]
            return [(rest[3 * i + 2].strip('"'), float(rest[3 * i]), float(rest[3 * i + 1])) for i in range(count)]
    return []


def labelled(corpus, work):
    for path in sorted(glob.glob(f"{corpus}/transcripts/mfa/*.TextGrid") + glob.glob(f"{corpus}/transcripts/praatio/mary.TextGrid")):
        words = [(t.lower(), a, b, int(a // 6)) for t, a, b in textgrid(path, ("words", "word")) if t and t not in ("sp", "sil", "<eps>")]
        wav = path[:-9] + ".wav"
        if words and os.path.exists(wav):
            yield "labelled", "en", os.path.basename(path)[:-9], wav, words


TEXTS = {
    "de": ("de+f2", "Der alte Mann ging langsam über die Brücke und sah den Schiffen im Hafen zu|Morgen früh fahren wir mit dem Zug nach Hamburg und besuchen unsere Freunde|Auf dem Tisch liegen drei rote Äpfel ein Messer und das Brot von gestern|Wenn es regnet bleiben die Kinder lieber im Haus und lesen dicke Bücher"),
    "fr": ("fr-fr+f3", "Le petit garçon traverse la rue avec son chien et sa grande soeur|Demain matin nous prendrons le train pour visiter une vieille ville|Il reste trois pommes rouges et un morceau de pain sur la table|Quand il pleut les enfants préfèrent lire des livres à la maison"),
    "es": ("es+f2", "El viejo pescador camina despacio por la playa y mira los barcos|Mañana por la mañana tomaremos el tren para visitar a nuestros amigos|Sobre la mesa quedan tres manzanas rojas un cuchillo y el pan de ayer|Cuando llueve los niños prefieren quedarse en casa leyendo libros"),
    "pl": ("pl+f2", "Stary rybak idzie powoli plażą i patrzy na statki w porcie|Jutro rano pojedziemy pociągiem odwiedzić naszych przyjaciół|Na stole leżą trzy czerwone jabłka nóż i chleb z wczoraj|Kiedy pada deszcz dzieci wolą zostać w domu i czytać książki"),
}


def spoken(bins, work):
    for language, (voice, text) in TEXTS.items():
        sound, words, rate = array.array("h"), [], 22050
        for number, sentence in enumerate(text.split("|") * 2):
            part = f"{work}/part.wav"
            speech = json.loads(run(f"{bins}/genlock-speech-synth", "--voice", voice, "--rate", 150 + 10 * (number % 4), "--output", part, "--", sentence))
            at = len(sound) / rate
            words += [(w["text"], at + w["start_s"], at + w["end_s"], number) for w in speech["words"] if w["end_s"] > w["start_s"]]
            sound += array.array("h", open(part, "rb").read()[44:] + b"\0" * (2 * rate // 2))
        wav = f"{work}/{language}.wav"
        write(wav, sound, rate)
        yield "spoken", language, language, wav, words


FESTIVAL = {
    "it": ("lp_diphone", "latin-1", "Il vecchio pescatore cammina piano sulla spiaggia e guarda le barche|Domani mattina prendiamo il treno per visitare una città antica|Sul tavolo restano tre mele rosse un coltello e il pane di ieri|Quando piove i bambini preferiscono restare a casa a leggere"),
    "cs": ("czech_dita", "iso-8859-2", "Starý rybář jde pomalu po břehu a dívá se na velké lodě|Zítra ráno pojedeme vlakem navštívit naše staré přátele|Na stole leží tři červená jablka nůž a včerejší chleba|Když venku prší děti raději zůstanou doma a čtou knihy"),
    "ru": ("msu_ru_nsh_clunits", "utf-8", "Старый рыбак медленно идёт по берегу и смотрит на корабли|Завтра утром мы поедем на поезде навестить наших друзей|На столе лежат три красных яблока нож и вчерашний хлеб|Когда идёт дождь дети любят сидеть дома и читать книги"),
    "fi": ("suo_fi_lj_diphone", "latin-1", "Vanha kalastaja kävelee hitaasti rannalla ja katselee laivoja|Huomenna aamulla matkustamme junalla tapaamaan vanhoja ystäviä|Pöydällä on kolme punaista omenaa veitsi ja eilistä leipää|Kun ulkona sataa lapset jäävät mieluummin kotiin lukemaan kirjoja"),
    "ca": ("upc_ca_ona_hts", "latin-1", "El vell pescador camina lentament per la platja i mira els vaixells|Demà al matí agafarem el tren per visitar uns bons amics|Sobre la taula queden tres pomes vermelles un ganivet i el pa|Quan plou els nens prefereixen quedar a casa llegint llibres"),
}
FESTIVAL_SCRIPT = """(voice_%s)
(Parameter.set 'Duration_Stretch %s)
(set! u (Utterance Text "%s"))
(utt.synth u)
(utt.save.wave u "%s" 'riff)
(mapcar (lambda (w) (format t "WORD %%f %%f %%s\\n" (item.feat w 'word_start) (item.feat w 'word_end) (item.name w))) (utt.relation.items u 'Word))
"""


def festival(work):
    """Italian, Czech, Russian, Finnish and Catalan; those whose Debian package (festvox-...) is installed."""
    for language, (voice, encoding, text) in FESTIVAL.items():
        sound, words = array.array("h"), []
        for number, sentence in enumerate(text.split("|") * 2):
            part, script = f"{work}/part.wav", f"{work}/part.scm"
            if os.path.exists(part):
                os.remove(part)
            open(script, "wb").write((FESTIVAL_SCRIPT % (voice, "1.0" if number < 4 else "1.15", sentence, part)).encode(encoding))
            try:
                said = subprocess.run(["festival", "-b", script], capture_output=True).stdout.decode(encoding, "replace")
            except FileNotFoundError:
                return
            at = len(sound) / 16000
            if not os.path.exists(part):
                break
            for start, end, word in re.findall(r"WORD ([\d.]+) ([\d.]+) (\S+)", said):
                if float(end) - float(start) > 0.02:
                    words.append((word, at + float(start), at + float(end), number))
            sound += samples_of(part) + array.array("h", bytes(2 * 8000))
        if words:
            wav = f"{work}/festival-{language}.wav"
            write(wav, sound)
            yield "festival", language, f"festival-{language}", wav, words


def all_recordings(corpus, bins, work):
    return list(grid(corpus, work)) + list(labelled(corpus, work)) + list(festival(work)) + list(spoken(bins, work))


def fault(words, seed):
    """Moved, missing and wrong words, all 60 ms late: the stated words as (text, start_s, end_s, what, cue), and the gaps."""
    dice = random.Random(seed)
    cues = list(dict.fromkeys(w[3] for w in words))
    wrong = dice.choice(cues[1:-1]) if len(cues) > 3 else None
    source = far_from(wrong, cues, dice) if wrong is not None else None
    other = [w[0] for w in words if w[3] == source]
    free = [i for i, w in enumerate(words) if w[3] != wrong]
    moved = set(dice.sample(free, max(1, len(words) // 20)))
    inner = [i for i in free if i not in moved and 0 < i < len(words) - 1]
    missing = set(dice.sample(inner, min(3, len(inner))))
    stated, holes, next_word = [], [], 0
    for i, (text, start, end, cue) in enumerate(words):
        if i in missing:
            holes.append((start, end))
            continue
        shift = dice.choice((-1, 1)) * dice.uniform(0.15, 0.4) if i in moved else 0
        what = "moved" if shift else "wrong" if cue == wrong else ""
        if cue == wrong:
            text = other[next_word % len(other)]
            next_word += 1
        stated.append((text, max(0, start + shift + 0.06), end + shift + 0.06, what, cue))
    return stated, holes


def far_from(wrong, cues, dice):
    """Another cue than the wrong one and its neighbours, whose words may be audible beside it."""
    at = cues.index(wrong)
    return dice.choice([cue for place, cue in enumerate(cues) if abs(place - at) > 1] or [cue for cue in cues if cue != wrong])


def loudness(samples):
    loud = [s for s in samples if abs(s) > 300] or [1]
    return (sum(s * s for s in loud) / len(loud)) ** 0.5


def mixed(wav, path, what, decibels, other=None):
    """The recording mixed throughout with white noise, another speaker or music at a given number of decibels below its loudness."""
    samples = samples_of(wav)
    scale = loudness(samples) * 10 ** (-decibels / 20)
    dice = random.Random(1)
    if what == "noise":
        added = [dice.gauss(0, scale) for _ in samples]
    elif what == "talker":
        speech = samples_of(other)
        part = scale / loudness(speech)
        added = [part * speech[(i + 5 * 16000) % len(speech)] for i in range(len(samples))]
    else:
        added = chords(len(samples), scale)
    write(path, array.array("h", (max(-32768, min(32767, int(0.5 * (s + a)))) for s, a in zip(samples, added))))
    return path


def chords(count, scale):
    """Plucked chords, two a second, four notes with six overtones each, and a burst of noise on each beat."""
    dice, result = random.Random(2), [0.0] * count
    for start in range(0, count, 8000):
        root = 110 * 2 ** (dice.choice((0, 3, 5, 7, 10)) / 12)
        for note in (1, 1.26, 1.5, 2):
            for overtone in range(1, 7):
                step, height = 2 * math.pi * root * note * overtone / 16000, 1 / overtone
                for i in range(min(12000, count - start)):
                    result[start + i] += height * math.exp(-i / 6000) * math.sin(step * i)
        for i in range(min(1600, count - start)):
            result[start + i] += 2 * dice.gauss(0, 1) * math.exp(-i / 300)
    level = (sum(v * v for v in result) / max(1, count)) ** 0.5
    return [v * scale / level for v in result]
