"""WebDataset: shards are measured as a stream, in order; samples without a clip pass."""

import importlib.metadata
import io
import json
import os
import sys
import tarfile
from pathlib import Path

# This file has the framework's name.
sys.path.remove(str(Path(__file__).resolve().parent))

import webdataset  # noqa: E402

from genlock.frameworks.webdataset import keep, measure  # noqa: E402

media = Path(os.environ["GENLOCK_TEST_MEDIA"])
names = ["in-sync.mp4", "flash-and-beep-late-120ms.mp4", None, "no-audio.mp4", "empty.mp4"]
with tarfile.open("shard.tar", "w") as archive:
    for number, name in enumerate(names):
        if name:
            archive.add(media / name, f"{number:04}.mp4")
        note = json.dumps({"number": number}).encode()
        info = tarfile.TarInfo(f"{number:04}.json")
        info.size = len(note)
        archive.addfile(info, io.BytesIO(note))
dataset = webdataset.WebDataset("shard.tar", shardshuffle=False, empty_check=False).compose(measure)
samples = list(dataset)
assert [sample["__key__"] for sample in samples] == [f"{number:04}" for number in range(5)]
verdicts = [json.loads(sample["genlock.json"])["verdict"] if "genlock.json" in sample else None for sample in samples]
assert verdicts == ["in-sync", "misaligned", None, "not-applicable", "failed"] or (
    verdicts[:4] == ["in-sync", "misaligned", None, "not-applicable"]
), verdicts
kept = webdataset.WebDataset("shard.tar", shardshuffle=False, empty_check=False).compose(measure, keep).decode()
numbers = [sample["json"]["number"] for sample in kept]
assert numbers == [0, 2, 3], numbers
print("webdataset", importlib.metadata.version("webdataset"), verdicts)
