"""The truth table and submissions: what an item is, and how both files are read, checked and written."""
import csv
from dataclasses import dataclass, fields
from typing import Optional

TRACKS = ("lips", "text", "words", "recorders", "cameras", "sensors", "masters", "actions")
# How the truth came about. What rests on several is named by the weakest: a studio recording (instrumented) whose sound was moved by
# whole samples (constructed) is instrumented; hand-made captions that were moved are agreed.
KINDS = ("constructed", "instrumented", "agreed")
NEGATIVES = ("other-take", "dub", "voice-over", "still-face", "still", "other-language", "other-episode", "not-said")
SPLITS = ("dev", "test")


class Flaw(ValueError):
    """A file is not what it should be; the message says where, and what to do."""


@dataclass
class Item:
    """One question: what is to be added to the subject's times so that they lie on the reference's? In ms."""

    item: str  # its name; `FILES#PART` where several items share their files (words, boundaries)
    track: str
    split: str
    kind: str  # one of KINDS
    truth_ms: Optional[float]  # None: a negative, which no offset answers
    pm_ms: float  # how far the truth may be off itself
    negative: str  # one of NEGATIVES, or empty
    source: str  # the recording it comes from: items of one source are not independent
    speaker: str
    device: str
    language: str
    condition: str
    seconds: float  # of media that a tool has to look at
    reference: str  # paths beside the table
    subject: str
    made: str  # what the recipe did
    licence: str
    credit: str

    @property
    def files(self):
        return self.item.split("#")[0]

    @property
    def part(self):
        return int(self.item.split("#")[1]) if "#" in self.item else None


@dataclass
class Answer:
    """What a tool says of an item. No offset: it abstains."""

    item: str
    offset_ms: Optional[float] = None
    low_ms: Optional[float] = None  # of a 95 % interval
    high_ms: Optional[float] = None
    confidence: Optional[float] = None  # that the offset is right within 40 ms; of tools without one, anything that ranks
    says: str = ""  # `unpaired`: the streams do not belong together
    seconds: Optional[float] = None  # of processor time, once for the files
    lse_c: Optional[float] = None  # of lip networks: confidence and distance as they are published
    lse_d: Optional[float] = None
    note: str = ""


NUMBERS = {"truth_ms", "pm_ms", "seconds", "offset_ms", "low_ms", "high_ms", "confidence", "lse_c", "lse_d"}


def _number(text, where):
    if text is None or text.strip() == "":
        return None
    try:
        value = float(text)
    except ValueError:
        raise Flaw(f"{where}: '{text}' is no number") from None
    if value != value or value in (float("inf"), float("-inf")):
        raise Flaw(f"{where}: '{text}' is not finite; leave the cell empty to abstain")
    return value


def _read(path, kind, needed):
    names = [field.name for field in fields(kind)]
    with open(path, newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        missing = [name for name in needed if name not in (reader.fieldnames or [])]
        if missing:
            raise Flaw(f"{path}: there is no column '{missing[0]}'")
        for row in reader:
            where = f"{path}, line {reader.line_num}"
            yield where, kind(**{name: _number(row[name], f"{where}, {name}") if name in NUMBERS else (row[name] or "").strip()
                                 for name in names if name in row})


def read_items(path):
    """The truth table, checked."""
    items, names = [], set()
    for where, item in _read(path, Item, [field.name for field in fields(Item)]):
        for value, allowed, name in ((item.track, TRACKS, "track"), (item.kind, KINDS, "kind"), (item.split, SPLITS, "split")):
            if value not in allowed:
                raise Flaw(f"{where}: {name} is '{value}', not one of {', '.join(allowed)}")
        if (item.truth_ms is None) != (item.negative != ""):
            raise Flaw(f"{where}: either an offset or a kind of negative, and not both")
        if item.negative and item.negative not in NEGATIVES:
            raise Flaw(f"{where}: negative is '{item.negative}', not one of {', '.join(NEGATIVES)}")
        if item.item in names:
            raise Flaw(f"{where}: '{item.item}' stands there twice")
        if not item.source:
            raise Flaw(f"{where}: no source; intervals are clustered by it")
        names.add(item.item)
        items.append(item)
    return items


def read_answers(path, items):
    """A submission: by item. What it does not name is abstained from; what is no item is refused."""
    known, answers = {item.item for item in items}, {}
    for where, answer in _read(path, Answer, ["item", "offset_ms"]):
        if answer.item not in known:
            raise Flaw(f"{where}: there is no item '{answer.item}'")
        if answer.item in answers:
            raise Flaw(f"{where}: '{answer.item}' stands there twice")
        if (answer.low_ms is None) != (answer.high_ms is None) or answer.low_ms is not None and answer.low_ms > answer.high_ms:
            raise Flaw(f"{where}: an interval has low_ms and high_ms, the smaller one first")
        if answer.says == "unpaired" and answer.offset_ms is not None:
            raise Flaw(f"{where}: 'unpaired' goes without an offset")
        answers[answer.item] = answer
    return answers


def _cell(value):
    if value is None:
        return ""
    return f"{value:.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def write(path, rows, kind):
    """Items or answers as CSV."""
    names = [field.name for field in fields(kind)]
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([_cell(getattr(row, name)) for name in names] for row in rows)
