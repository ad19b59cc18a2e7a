"""Hugging Face `datasets`: `measure` maps, `filter` keeps.

measured = measure(dataset, "video", checks=["lips"])
good = measured.filter(is_good)
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .._tables import COLUMNS
from . import _columns

if TYPE_CHECKING:
    from datasets import Dataset, Features


class Measure(_columns.Measure):
    """For `Dataset.map(batched=True, features=features_of(dataset))`: adds Genlock's columns to each batch.

    The column holds paths, or what a `Video` or `Audio` feature with `decode=False` gives: objects with a `path`.
    """

    def __call__(self, batch: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
        """Genlock's columns for a batch."""
        audio = [_path(value) for value in batch[self.audio]] if self.audio else None
        return self.measured([_path(value) for value in batch[self.column]], audio)


def features_of(dataset: Dataset) -> Features:
    """A data set's features with Genlock's columns: what may be None in a whole batch has to be told beforehand."""
    from datasets import Features, Value

    added = {
        _columns.PREFIX + name: Value("float64" if kind is float else "string")
        for name, kind in COLUMNS.items()
        if name != "clip"
    }
    return Features({**dataset.features, **added})


def measure(
    dataset: Dataset, column: str = "media", *, audio: str | None = None, batch_size: int = 64, **options: Any
) -> Dataset:
    """A data set with Genlock's columns, measured by one process a batch.

    - options: of `genlock.scan`, such as checks, store, jobs.
    """
    work = Measure(column, audio=audio, **options)
    return dataset.map(work, batched=True, batch_size=batch_size, features=features_of(dataset))


def _path(value: Any) -> str:
    path = value.get("path") if isinstance(value, Mapping) else value
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"{value!r} is no path: cast the column with Video(decode=False) or Audio(decode=False) first")
    return os.fspath(path)


def is_good(example: Mapping[str, Any]) -> bool:
    """For `Dataset.filter`: keeps what is in sync, and what has nothing to be in sync with."""
    return _columns.is_good(example[_columns.PREFIX + "verdict"])
