"""Is it in sync? Measures the offset between audio, video, text and labels, and reports when it cannot tell.

    import genlock

    report = genlock.check("take3.mp4")
    print(report.verdict, report.findings[0].offset_ms)

`offset_ms` is the time to add to the subject's timestamps; positive: the subject is early.
"""

from ._feed import Row
from ._models import (
    ClipError,
    Clock,
    Finding,
    FindingTolerance,
    Item,
    Note,
    Pair,
    Report,
    Segment,
    Span,
    Stream,
    Verdict,
    ViewsReport,
)
from ._program import GenlockError, program
from ._remote import Cache, FetchError
from ._scan import Progress, Scan, scan
from ._tables import decisive, to_arrow, to_pandas, to_polars
from ._verbs import actions, check, compare, fix, perturb, report, reports, score, transcript, tune, views

__version__ = "0.2.0"

__all__ = [
    "Cache",
    "ClipError",
    "Clock",
    "FetchError",
    "Finding",
    "FindingTolerance",
    "GenlockError",
    "Item",
    "Note",
    "Pair",
    "Progress",
    "Report",
    "Row",
    "Scan",
    "Segment",
    "Span",
    "Stream",
    "Verdict",
    "ViewsReport",
    "actions",
    "check",
    "compare",
    "decisive",
    "fix",
    "perturb",
    "program",
    "report",
    "reports",
    "scan",
    "score",
    "to_arrow",
    "to_pandas",
    "to_polars",
    "transcript",
    "tune",
    "views",
]
