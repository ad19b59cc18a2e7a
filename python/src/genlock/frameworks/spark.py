"""PySpark: adds Genlock's columns to a data frame with a column of paths.

measured = measure(spark.read.json("clips.jsonl"), column="media")
measured.filter("genlock_verdict = 'misaligned'").show()

The media must have the same paths on every node (or be URLs), and the package must be installed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .._tables import COLUMNS
from ._columns import NAMES, PREFIX, Measure

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def measure(frame: DataFrame, column: str = "media", *, audio: str | None = None, **options: Any) -> DataFrame:
    """Measures a data frame's clips by partition; each task runs one process with one job unless `jobs` is given.

    - options: options of `genlock.scan`.
    """
    from pyspark.sql.types import DoubleType, StringType, StructField, StructType

    added = [
        StructField(PREFIX + name, DoubleType() if kind is float else StringType())
        for name, kind in COLUMNS.items()
        if name != "clip"
    ]
    schema = StructType([*frame.schema.fields, *added])
    order = [*frame.columns, *NAMES]
    work = Measure(column, audio=audio, **{"jobs": 1, **options})

    def batches(frames: Iterator[Any]) -> Iterator[Any]:
        for batch in frames:
            sound = list(batch[audio]) if audio else None
            yield batch.assign(**work.measured(list(batch[column]), sound))[order]

    return frame.mapInPandas(batches, schema)
