"""Hugging Face `datasets`: `measure` for `map`, `is_good` for `filter`.

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

    The column contains paths, or the objects with a `path` of a `Video` or `Audio` feature with `decode=False`.
    """

    def __call__(self, batch: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
        """Genlock's columns for a batch."""
        audio = [_path(value) for value in batch[self.audio]] if self.audio else None
        return self.measured([_path(value) for value in batch[self.column]], audio)


def features_of(dataset: Dataset) -> Features:
    """A data set's features with Genlock's columns; needed because columns may be None in a whole batch."""
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
    """A data set with Genlock's columns, measured by one process per batch.

    - options: options of `genlock.scan`, such as checks, store, jobs.
    """
    work = Measure(column, audio=audio, **options)
    return dataset.map(work, batched=True, batch_size=batch_size, features=features_of(dataset))


def _path(value: Any) -> str:
    path = value.get("path") if isinstance(value, Mapping) else value
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"{value!r} is not a path: cast the column with Video(decode=False) or Audio(decode=False)")
    return os.fspath(path)


def is_good(example: Mapping[str, Any]) -> bool:
    """For `Dataset.filter`: keeps clips that are in sync or have nothing to measure."""
    return _columns.is_good(example[_columns.PREFIX + "verdict"])
