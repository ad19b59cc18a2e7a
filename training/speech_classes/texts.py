"""Recordings of the corpus with cues, or words without sounds: their sounds are laid on them by the classes learnt so far."""
import csv
import json
import re

from .corpus import _textgrid

# Music alone, a song, and what `corpus.recordings` has with its sounds.
_LEFT_OUT = ("sharedculture", "jamendo", "mfa/acoustic", "mfa/cold")


def _clock(text):
    return sum(float(part) * 60 ** i for i, part in enumerate(reversed(text.replace(",", ".").split(":"))))


def _cues(path):
    if path.endswith(".csv"):
        return [(float(r["start_s"]), float(r["end_s"]), r["text"]) for r in csv.DictReader(open(path, encoding="utf-8"))]
    if path.endswith(".json"):
        return [(s["start"], s["end"], s["text"]) for s in json.load(open(path, encoding="utf-8"))["segments"]]
    if path.endswith(".TextGrid"):
        return _textgrid(path, ("utterance", "utterances", "words", "word", "michael"))
    result = []
    for block in re.split(r"\n\s*\n", open(path, encoding="utf-8-sig").read().replace("\r", "")):
        found = re.search(r"(\S+) --> (\S+)[^\n]*\n(.*)", block, re.S)
        if found:
            result.append((_clock(found.group(1)), _clock(found.group(2)), found.group(3)))
    return result


def texts(corpus):
    """[(name, talker, sound file, [(start, end, text)])]."""
    result = []
    for row in csv.DictReader(open(f"{corpus}/speech/index.tsv", encoding="utf-8"), delimiter="\t"):
        name = row["path_audio"]
        if not name.startswith(_LEFT_OUT) and not row["path_text"].endswith("utterance.TextGrid"):
            talker = name.split(".")[0].rstrip("0123456789")
            result.append((name, talker, f"{corpus}/speech/{name}", _cues(f"{corpus}/speech/{row['path_text']}")))
    return result
