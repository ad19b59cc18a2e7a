"""Data-Juicer: the filter `genlock_sync_filter` and the mapper `genlock_sync_mapper` for the videos of samples.

Importing this module registers both; in a recipe, add its file to `custom_operator_paths`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from data_juicer.ops.base_op import OPERATORS, Filter, Mapper
from data_juicer.utils.constant import Fields

from genlock.frameworks._columns import GOOD, NAMES, Measure

#: Keys of verdicts and offsets in a sample's stats.
VERDICT = "genlock_verdict"
OFFSET = "genlock_offset_ms"


def _measured(measure: Measure, videos: Sequence[Sequence[str] | None]) -> list[dict[str, list[Any]]]:
    """Genlock's columns for each sample's videos, all measured by one process."""
    found = measure.measured([video for names in videos for video in names or []])
    result, start = [], 0
    for names in videos:
        end = start + len(names or [])
        result.append({name: found[name][start:end] for name in NAMES})
        start = end
    return result


@OPERATORS.register_module("genlock_sync_mapper")
class GenlockSyncMapper(Mapper):  # type: ignore[misc]
    """Adds Genlock's columns to samples, as lists with one element per video."""

    _batched_op = True

    def __init__(self, checks: Sequence[str] | None = None, jobs: int | None = 1, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.measure = Measure(checks=checks, jobs=jobs)

    def process_batched(self, samples: dict[str, list[Any]]) -> dict[str, list[Any]]:
        """Returns a batch with Genlock's columns."""
        found = _measured(self.measure, samples[self.video_key])
        for name in NAMES:
            samples[name] = [columns[name] for columns in found]
        return samples


@OPERATORS.register_module("genlock_sync_filter")
class GenlockSyncFilter(Filter):  # type: ignore[misc]
    """Filters samples by the verdicts of their videos.

    - verdicts: the accepted ones; default: in sync, or nothing to measure.
    - any_or_all: whether any or all videos must be accepted.
    """

    _batched_op = True

    def __init__(
        self,
        verdicts: Sequence[str] = GOOD,
        any_or_all: str = "all",
        checks: Sequence[str] | None = None,
        jobs: int | None = 1,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if any_or_all not in ("any", "all"):
            raise ValueError(f"any_or_all must be 'any' or 'all', not {any_or_all!r}")
        self.verdicts = tuple(verdicts)
        self.is_any = any_or_all == "any"
        self.measure = Measure(checks=checks, jobs=jobs)

    def compute_stats_batched(self, samples: dict[str, list[Any]], context: bool = False) -> dict[str, list[Any]]:
        """Returns a batch with each video's verdict and offset in its samples' stats."""
        stats = samples[Fields.stats]
        open_samples = [number for number, stat in enumerate(stats) if VERDICT not in stat]
        found = _measured(self.measure, [samples[self.video_key][number] for number in open_samples])
        for number, columns in zip(open_samples, found, strict=True):
            stats[number][VERDICT] = columns["genlock_verdict"]
            stats[number][OFFSET] = columns["genlock_offset_ms"]
        return samples

    def process_batched(self, samples: Mapping[str, Iterable[Any]]) -> Iterator[bool]:
        """Whether to keep each sample of a batch."""
        for stat in samples[Fields.stats]:
            good = [verdict in self.verdicts for verdict in stat[VERDICT] or []]
            yield not good or (any(good) if self.is_any else all(good))
