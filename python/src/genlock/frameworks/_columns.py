"""What every framework gets of a report: flat columns whose names begin with `genlock_`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .._feed import Row
from .._models import Report
from .._scan import scan
from .._tables import COLUMNS, row

PREFIX = "genlock_"
#: The columns that are added.
NAMES = [PREFIX + name for name in COLUMNS if name != "clip"]
#: Verdicts with which a clip may be trained on: where it matters how its sound lies, in sync; else nothing to measure.
GOOD = ("in-sync", "not-applicable")


def columns_of(report: Report) -> dict[str, Any]:
    """A report's columns."""
    return {PREFIX + name: value for name, value in row(report).items() if name != "clip"}


class Measure:
    """Measures batches: a mapping of columns to lists in, the same with Genlock's columns out.

    - column: the one with paths, URLs or, with `rows`, mappings.
    - audio: a column with the sound's own file, where there is one.
    - options: of `genlock.scan`, such as checks, store, jobs.
    """

    def __init__(self, column: str = "media", *, audio: str | None = None, **options: Any) -> None:
        self.column = column
        self.audio = audio
        self.options = options

    def measured(self, media: Sequence[Any], audio: Sequence[Any] | None = None) -> dict[str, list[Any]]:
        """Genlock's columns for some clips, in their order."""
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
    """Whether a clip with this verdict is kept."""
    return verdict in tuple(verdicts)
