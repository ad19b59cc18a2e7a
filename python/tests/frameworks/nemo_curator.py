"""NeMo Curator: the stage alone, and checked by the framework's validation."""

import importlib.metadata
import os
import sys
from pathlib import Path

# This file has the framework's name.
sys.path.remove(str(Path(__file__).resolve().parent))

import pandas  # noqa: E402
from nemo_curator.stages.base import get_stage_class  # noqa: E402
from nemo_curator.tasks import DocumentBatch  # noqa: E402

from genlock.frameworks.nemo_curator import SyncStage  # noqa: E402

media = Path(os.environ["GENLOCK_TEST_MEDIA"])
names = ["in-sync.mp4", "flash-and-beep-late-120ms.mp4", "no-audio.mp4", "empty.mp4"]
frame = pandas.DataFrame({"video": [str(media / name) for name in names], "number": range(4)})
assert get_stage_class("SyncStage") is SyncStage
stage = SyncStage("video")
batch = DocumentBatch(dataset_name="test", data=frame)
assert stage.validate_input(batch)
[measured] = stage.process_batch([batch])
verdicts = list(measured.data["genlock_verdict"])
assert verdicts == ["in-sync", "misaligned", "not-applicable", "failed"], verdicts
kept = SyncStage("video", verdicts=("in-sync",)).process(batch)
assert list(kept.data["number"]) == [0]
assert SyncStage("video", verdicts=("marginal",)).process(batch) is None
print("nemo-curator", importlib.metadata.version("nemo-curator"), verdicts)
