"""A report as flat columns, for all frameworks; names begin with `genlock_`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .._feed import Row
from .._models import Report
from .._scan import scan
from .._tables import COLUMNS, row

PREFIX = "genlock_"
#: The added columns.
NAMES = [PREFIX + name for name in COLUMNS if name != "clip"]
#: Verdicts of clips that are fit for training: in sync, or nothing to measure.
GOOD = ("in-sync", "not-applicable")


def columns_of(report: Report) -> dict[str, Any]:
    """The columns of a report."""
    return {PREFIX + name: value for name, value in row(report).items() if name != "clip"}


class Measure:
    """Measures batches: takes a mapping of columns to lists, and returns it with Genlock's columns added.

    - column: the column with paths, URLs or, with `rows`, mappings.
    - audio: the column with separate audio files, if any.
    - options: options of `genlock.scan`, such as checks, store, jobs.
    """

    def __init__(self, column: str = "media", *, audio: str | None = None, **options: Any) -> None:
        self.column = column
        self.audio = audio
        self.options = options

    def measured(self, media: Sequence[Any], audio: Sequence[Any] | None = None) -> dict[str, list[Any]]:
        """Genlock's columns for clips, in the same order."""
        rows: list[Row] = []
        for number, clip in enumerate(media):
            sound = audio[number] if audio is not None else None
            rows.append({"media": str(clip), "audio": str(sound)} if sound else str(clip))
        result: dict[str, list[Any]] = {name: [] for name in NAMES}
        with scan(rows, **self.options) as reports:
            for report in reports:
                for name, value in columns_of(report).items():
                    result[name].append(value)
        return result

    def __call__(self, batch: Any) -> Any:
        """A batch with Genlock's columns added."""
        audio = list(batch[self.audio]) if self.audio else None
        return {**batch, **self.measured(list(batch[self.column]), audio)}


def is_good(verdict: str | None, verdicts: Iterable[str] = GOOD) -> bool:
    """Whether to keep a clip with this verdict."""
    return verdict in tuple(verdicts)
