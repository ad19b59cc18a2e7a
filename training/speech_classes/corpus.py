"""Recordings with word times of the shared corpus."""
import glob
import os
import re

from .synthetic import PHONES

GRID_UNIT = 1 / 25000


def _textgrid(path, tiers):
    text = open(path, encoding="utf-8", errors="replace").read()
    pattern = r'"((?:[^"]|"")*)"|(?<![\w\[])(-?\d+\.?\d*(?:e-?\d+)?)(?![\w\]])|(<exists>)'
    tokens = [m for m in re.finditer(pattern, text)]
    value = lambda t: float(t.group(2)) if t.group(2) else t.group(1)
    at, count = 6, int(float(tokens[5].group(2)))
    for _ in range(count):
        kind, name, size = tokens[at].group(1), tokens[at + 1].group(1), int(float(tokens[at + 4].group(2)))
        at += 5
        if kind == "TextTier":
            at += 2 * size
            continue
        rows = [(value(tokens[at + 3 * i]), value(tokens[at + 3 * i + 1]), value(tokens[at + 3 * i + 2])) for i in range(size)]
        at += 3 * size
        if name in tiers:
            return [row for row in rows if row[2].strip() and not row[2].startswith(("<", "["))]
    return []


def recordings(corpus):
    """(name, speaker, audio file, [(start, end, word or class letter)]) of everything with words."""
    result = []
    for path in sorted(glob.glob(f"{corpus}/transcripts/grid/*.align")):
        name = os.path.splitext(os.path.basename(path))[0]
        rows = [line.split() for line in open(path)]
        words = [(int(a) * GRID_UNIT, int(b) * GRID_UNIT, w) for a, b, w in rows if w not in ("sil", "sp")]
        result.append((name, "s1" if name.startswith("s1-") else name, f"{corpus}/lips/grid/{name}.mpg", words))
    for folder, name, grid, talker in [
        ("mfa", "acoustic_corpus", "acoustic_corpus", "michael"), ("mfa", "cold_corpus", "cold_corpus", "michael"),
        ("mfa", "cold_corpus3", "cold_corpus3", "michael"), ("praatio", "mary", "mary", "mary"), ("praatio", "bobby", "bobby_words", "bobby"),
    ]:
        path = f"{corpus}/transcripts/{folder}/{grid}.TextGrid"
        # Phones are better than letters, if they are written as English ones are.
        phones = [(a, b, PHONES[w.lower().rstrip("012")]) for a, b, w in _textgrid(path, ("phones", "phone")) if w.lower().rstrip("012") in PHONES]
        result.append((name, talker, f"{corpus}/transcripts/{folder}/{name}.wav", phones or _textgrid(path, ("words", "word"))))
    return result
