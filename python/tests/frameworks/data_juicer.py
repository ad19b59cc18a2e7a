"""Data-Juicer: the operators by their registered names, on a data set."""

import importlib.metadata
import os
import sys
from pathlib import Path

# This file has the framework's name.
sys.path.remove(str(Path(__file__).resolve().parent))

from data_juicer.core.data import NestedDataset  # noqa: E402
from data_juicer.ops.base_op import OPERATORS  # noqa: E402
from data_juicer.utils.constant import Fields  # noqa: E402

import genlock.frameworks.data_juicer  # noqa: E402, F401

media = Path(os.environ["GENLOCK_TEST_MEDIA"])
names = [["in-sync.mp4"], ["in-sync.mp4", "flash-and-beep-late-120ms.mp4"], [], ["empty.mp4"]]
samples = [
    {"number": number, "videos": [str(media / name) for name in videos], Fields.stats: {}}
    for number, videos in enumerate(names)
]
mapper = OPERATORS.modules["genlock_sync_mapper"](batch_size=2)
mapped = mapper.run(NestedDataset.from_list([{k: v for k, v in s.items() if k != Fields.stats} for s in samples]))
verdicts = [list(row["genlock_verdict"]) for row in mapped]
assert verdicts == [["in-sync"], ["in-sync", "misaligned"], [], ["failed"]], verdicts
kept = {}
for rule in ("all", "any"):
    dataset = NestedDataset.from_list(samples)
    if Fields.stats not in dataset.features:
        dataset = dataset.add_column(name=Fields.stats, column=[{}] * dataset.num_rows)
    operator = OPERATORS.modules["genlock_sync_filter"](any_or_all=rule, batch_size=4)
    kept[rule] = [row["number"] for row in operator.run(dataset)]
assert kept == {"all": [0, 2], "any": [0, 1, 2]}, kept
print("py-data-juicer", importlib.metadata.version("py-data-juicer"), verdicts, kept)
