"""FiftyOne: its importer reads the labels; no database is used."""

import os
import sys
from pathlib import Path

# This file has the framework's name.
sys.path.remove(str(Path(__file__).resolve().parent))

import fiftyone  # noqa: E402
from fiftyone.utils.data import FiftyOneTemporalDetectionDatasetImporter  # noqa: E402

import genlock  # noqa: E402
from genlock import exports  # noqa: E402

media = Path(os.environ["GENLOCK_TEST_MEDIA"])
clip = media / "flash-and-beep-late-120ms.mp4"
report = genlock.check(clip, checks=["impacts"])
mark = exports.Mark("late", 1.0, 2.0, "impacts", -120.0)
exports.marks = lambda _: [mark]
folder = exports.fiftyone([report], "labels")
paths = {"data_path": str(folder / "data.json"), "labels_path": str(folder / "labels.json")}
with FiftyOneTemporalDetectionDatasetImporter(**paths) as importer:
    [(path, _, label, *_)] = list(importer)
assert path == str(clip.absolute())
whole, part = label.detections
assert whole.label == "misaligned"
assert whole.support[0] == 1
assert abs(whole.offset_ms + 120) < 15
assert part.label == "late"
# 25 fps, counted from 1.
assert abs(part.support[0] - 25) <= 1 and abs(part.support[1] - 50) <= 1, part.support
print("fiftyone", fiftyone.__version__, [(found.label, found.support) for found in label.detections])
