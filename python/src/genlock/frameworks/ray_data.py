"""Ray Data: measures with `map_batches`, in parallel actors.

dataset = dataset.map_batches(Measure, fn_constructor_kwargs={"column": "media", "jobs": 1}, concurrency=4)
good = dataset.filter(is_good)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import _columns


class Measure(_columns.Measure):
    """For `Dataset.map_batches(batch_format="numpy")`, the default: adds Genlock's columns."""

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Returns a batch with Genlock's columns added, as arrays."""
        import numpy

        audio = list(batch[self.audio]) if self.audio else None
        found = self.measured(list(batch[self.column]), audio)
        result = dict(batch)
        for name, values in found.items():
            numbers = all(value is None or isinstance(value, float) for value in values)
            is_number = numbers and name.endswith(("_ms", "_ppm", "_s", "confidence"))
            result[name] = numpy.array(values, dtype="float64" if is_number else object)
        return result


def is_good(row: Mapping[str, Any]) -> bool:
    """For `Dataset.filter`: keeps clips that are in sync or have nothing to measure."""
    return _columns.is_good(row[_columns.PREFIX + "verdict"])
