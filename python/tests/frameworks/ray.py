"""Ray Data: measure with map_batches in actors, select with filter."""

import os
import sys
from pathlib import Path

# This file has the framework's name.
sys.path.remove(str(Path(__file__).resolve().parent))

# A busy machine is slow for workers of niceness 15, and slow to start a node.
os.environ.setdefault("RAY_worker_niceness", "0")
os.environ.setdefault("RAY_raylet_start_wait_time_s", "300")

import ray  # noqa: E402
import ray.data  # noqa: E402

from genlock.frameworks import ray_data  # noqa: E402

media = Path(os.environ["GENLOCK_TEST_MEDIA"])
names = ["in-sync.mp4", "flash-and-beep-late-120ms.mp4", "no-audio.mp4", "empty.mp4"]
variables = {name: os.environ[name] for name in ("PYTHONPATH", "GENLOCK_PROGRAM")}
ray.init(num_cpus=2, include_dashboard=False, runtime_env={"env_vars": variables}, log_to_driver=False)
dataset = ray.data.from_items([{"media": str(media / name), "number": number} for number, name in enumerate(names)])
measured = dataset.map_batches(
    ray_data.Measure, fn_constructor_kwargs={"column": "media", "jobs": 1}, concurrency=1, batch_size=2
)
rows = sorted(measured.take_all(), key=lambda row: row["number"])
assert not [row for row in rows[:3] if row["genlock_error_code"]], rows
verdicts = [row["genlock_verdict"] for row in rows]
assert verdicts == ["in-sync", "misaligned", "not-applicable", "failed"], verdicts
assert abs(rows[1]["genlock_offset_ms"] + 120) < 15
kept = sorted(row["number"] for row in measured.filter(ray_data.is_good).take_all())
assert kept == [0, 2], kept
print("ray", ray.__version__, verdicts)
ray.shutdown()
