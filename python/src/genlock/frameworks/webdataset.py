"""WebDataset: a stage between reading and decoding that adds each sample's report, and one that filters.

dataset = wds.WebDataset("shards-{000..009}.tar").compose(measure, keep)

Local shards do not need this: `genlock scan 'shards/*.tar'` reads them directly.
"""

from __future__ import annotations

import json
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from .._scan import scan
from ._columns import GOOD, is_good

#: Keys of a sample for a clip, in order of preference.
VIDEO = ("mp4", "mov", "mkv", "webm", "avi", "m4v", "ts", "mpg")
AUDIO = ("wav", "flac", "mp3", "m4a", "ogg", "opus")
#: Key of a sample's report, as JSON bytes; the extension selects WebDataset's decoder.
KEY = "genlock.json"


def measure(samples: Iterable[dict[str, Any]], **options: Any) -> Iterator[dict[str, Any]]:
    """Adds a member `genlock.json` to samples with bytes, in the same order.

    - options: options of `genlock.scan`, such as checks and jobs.
    """
    waiting: deque[tuple[dict[str, Any], bool]] = deque()
    with tempfile.TemporaryDirectory(prefix="genlock-") as folder:

        def rows() -> Iterator[dict[str, str]]:
            for number, sample in enumerate(samples):
                row = _written(sample, Path(folder) / str(number))
                waiting.append((sample, row is not None))
                if row is not None:
                    yield row

        with scan(rows(), **{"in_flight": 32, **options}) as reports:
            for row, report in reports.with_rows():
                # Samples without a clip pass unchanged.
                while not waiting[0][1]:
                    yield waiting.popleft()[0]
                sample, _ = waiting.popleft()
                assert isinstance(row, Mapping)
                for path in row.values():
                    Path(path).unlink(missing_ok=True)
                document = {**report.document, "clip": str(sample.get("__key__", report.clip))}
                yield {**sample, KEY: json.dumps(document, ensure_ascii=False).encode()}
        while waiting:
            yield waiting.popleft()[0]


def _written(sample: Mapping[str, Any], stem: Path) -> dict[str, str] | None:
    row: dict[str, str] = {}
    video = next((key for key in VIDEO if isinstance(sample.get(key), bytes)), None)
    audio = next((key for key in AUDIO if isinstance(sample.get(key), bytes)), None)
    for member, key in (("media", video or audio), ("audio", audio if video else None)):
        if key is not None:
            path = stem.with_name(f"{stem.name}.{key}")
            path.write_bytes(sample[key])
            row[member] = str(path)
    return row or None


def keep(samples: Iterable[dict[str, Any]], verdicts: Iterable[str] = GOOD) -> Iterator[dict[str, Any]]:
    """Passes samples with one of these verdicts, and samples without a clip."""
    wanted = tuple(verdicts)
    for sample in samples:
        report = sample.get(KEY)
        if report is None or is_good(json.loads(report)["verdict"], wanted):
            yield sample


def keeping(*verdicts: str) -> Callable[[Iterable[dict[str, Any]]], Iterator[dict[str, Any]]]:
    """`keep` with the given verdicts, for `compose`."""
    return lambda samples: keep(samples, verdicts)
