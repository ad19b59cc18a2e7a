"""All tracks, and how large the sets are."""
import json
import platform
from pathlib import Path

from .. import media, table
from . import actions, cameras, lips, masters, recorders, sensors, texts
from .maker import Maker

TRACKS = {"lips": lips.make, "text": texts.text, "words": texts.words, "recorders": recorders.make, "cameras": cameras.make, "sensors": sensors.make,
          "masters": masters.make, "actions": actions.make}
SIZES = {  # items of true pairs, about; of words: recordings
    "small": {"lips": 6, "text": 10, "words": 4, "recorders": 10, "cameras": 4, "sensors": 3, "masters": 6, "actions": 8},
    "medium": {"lips": 32, "text": 40, "words": 10, "recorders": 50, "cameras": 4, "sensors": 4, "masters": 8, "actions": 60},
    "full": {"lips": 96, "text": 40, "words": 10, "recorders": 50, "cameras": 12, "sensors": 12, "masters": 24, "actions": 60},
}


def make(folder, sources, size, seed, tracks=None, say=print):
    """Makes the files of the tracks, `items.csv` and `files.json` (what the bytes are); what is there already is made anew."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    sources = list(sources)
    items = []
    for track in tracks or TRACKS:
        done = folder / f"items-{track}.csv"
        if done.exists():
            # A track that was made whole: going on where it stopped.
            items += table.read_items(done)
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
