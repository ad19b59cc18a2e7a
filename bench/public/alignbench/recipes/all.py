"""All tracks, and how large the sets are."""
import hashlib
import json
import platform
from pathlib import Path

from .. import media, table
from . import actions, cameras, lips, masters, recorders, sensors, texts
from .maker import Maker

TRACKS = {"lips": lips.make, "text": texts.text, "words": texts.words, "recorders": recorders.make, "cameras": cameras.make, "sensors": sensors.make,
          "masters": masters.make, "actions": actions.make}
SIZES = {  # items of true pairs, about; of words: recordings
    "small": {"lips": 6, "text": 10, "words": 5, "recorders": 10, "cameras": 4, "sensors": 4, "masters": 6, "actions": 8},
    "medium": {"lips": 32, "text": 40, "words": 10, "recorders": 50, "cameras": 6, "sensors": 8, "masters": 12, "actions": 60},
    "full": {"lips": 96, "text": 40, "words": 24, "recorders": 50, "cameras": 18, "sensors": 24, "masters": 36, "actions": 60},
}


def digest(sources, size, seed):
    """What a set is made by: the recipes as they are, the names of their sources, size and seed."""
    here = Path(__file__).parent
    made = hashlib.sha256(f"{size} {seed} {sorted((source.kind, source.name, source.speaker) for source in sources)}".encode())
    for path in sorted([*here.glob("*.py"), here.parent / "media.py"]):
        made.update(path.read_bytes())
    return made.hexdigest()


def make(folder, sources, size, seed, tracks=None, say=print):
    """Makes the files of the tracks, `items.csv` (of all tracks that are made) and `files.json` (what the bytes are).

    A track that was made whole is kept, so that it goes on where it stopped; a set that something else made is refused.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    sources = list(sources)
    made_by, now = folder / "made-by.txt", digest(sources, size, seed)
    if made_by.exists() and made_by.read_text() != now:
        raise table.Flaw(f"{folder} was made by other recipes, from other sources or with another seed or size: remove it with its answers, or name another folder")
    made_by.write_text(now)
    items = []
    for track in TRACKS:
        done = folder / f"items-{track}.csv"
        if done.exists():
            items += table.read_items(done)
            continue
        if tracks and track not in tracks:
            continue
        maker = Maker(folder, track, seed)
        TRACKS[track](maker, sources, SIZES[size][track])
        table.write(done, maker.items, table.Item)
        items += maker.items
        say(f"{track}: {len(maker.items)} items")
    table.write(folder / "items.csv", items, table.Item)
    files = sorted({path for item in items for path in (item.reference, item.subject) if path})
    about = {"seed": seed, "size": size, "python": platform.python_version(), "files": [
        {"path": path, "bytes": (folder / path).stat().st_size, "sha256": media.sha256(folder / path)} for path in files]}
    (folder / "files.json").write_text(json.dumps(about, indent=1))
    return items
