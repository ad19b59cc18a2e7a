"""Hugging Face datasets: measure with map, select with filter."""

import importlib.metadata
import os
from pathlib import Path

import datasets

from genlock.frameworks import huggingface

media = Path(os.environ["GENLOCK_TEST_MEDIA"])
names = ["in-sync.mp4", "flash-and-beep-late-120ms.mp4", "no-audio.mp4", "empty.mp4"]
dataset = datasets.Dataset.from_dict({"video": [str(media / name) for name in names], "number": [0, 1, 2, 3]})
measured = huggingface.measure(dataset, "video", batch_size=3)
assert list(measured["number"]) == [0, 1, 2, 3]
verdicts = list(measured["genlock_verdict"])
assert verdicts == ["in-sync", "misaligned", "not-applicable", "failed"], verdicts
assert abs(measured["genlock_offset_ms"][1] + 120) < 15
good = measured.filter(huggingface.is_good, load_from_cache_file=False)
assert list(good["number"]) == [0, 2], list(good["number"])
print("datasets", importlib.metadata.version("datasets"), verdicts)
