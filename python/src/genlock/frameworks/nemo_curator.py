"""NeMo Curator: a stage that measures the recordings of a batch of documents, and filters by verdict.

pipeline.add_stage(SyncStage(column="video", verdicts=("in-sync", "not-applicable")))
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nemo_curator.stages.base import ProcessingStage
from nemo_curator.stages.resources import Resources
from nemo_curator.tasks import DocumentBatch

from ._columns import NAMES, PREFIX, Measure


class SyncStage(ProcessingStage[DocumentBatch, DocumentBatch]):  # type: ignore[misc]
    """Adds Genlock's columns to each batch; with `verdicts`, keeps only rows with one of them.

    - column: the column with paths or URLs.
    - options: options of `genlock.scan`, such as checks; jobs defaults to 1.
    """

    name = "genlock_sync"
    resources = Resources(cpus=1.0)

    def __init__(self, column: str = "media", verdicts: Iterable[str] | None = None, **options: Any) -> None:
        self.column = column
        self.verdicts = None if verdicts is None else tuple(verdicts)
        self.measure = Measure(column, **{"jobs": 1, **options})

    def inputs(self) -> tuple[list[str], list[str]]:
        """Requires the column."""
        return ["data"], [self.column]

    def outputs(self) -> tuple[list[str], list[str]]:
        """Adds Genlock's columns."""
        return ["data"], [self.column, *NAMES]

    def process(self, task: DocumentBatch) -> DocumentBatch | None:
        """Measures a batch; None if no row is kept."""
        frame = task.to_pandas()
        frame = frame.assign(**self.measure.measured(list(frame[self.column])))
        if self.verdicts is not None:
            frame = frame[frame[PREFIX + "verdict"].isin(self.verdicts)]
            if frame.empty:
                return None
        return DocumentBatch(
            dataset_name=task.dataset_name, data=frame, _metadata=task._metadata, _stage_perf=task._stage_perf
        )
