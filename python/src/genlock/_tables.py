"""Reports as tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ._models import Finding, Report
from ._program import GenlockError

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

#: The columns: name and type. Unknown values are None.
COLUMNS: dict[str, type] = {
    "clip": str,
    "verdict": str,
    "check": str,
    "subject": str,
    "reference": str,
    "offset_ms": float,
    "ci_low_ms": float,
    "ci_high_ms": float,
    "confidence": float,
    "worst_ms": float,
    "drift_ppm": float,
    "rate": str,
    "because": str,
    "duration_s": float,
    "error_code": str,
    "error_message": str,
    "error_remedy": str,
}


def decisive(report: Report) -> Finding | None:
    """The finding that decides a clip's verdict; None if the clip cannot be read."""
    same = [finding for finding in report.findings if finding.verdict == report.verdict]
    content = [finding for finding in same if finding.check != "container"]
    return next(iter(content or same), None)


def row(report: Report, finding: Finding | None = None) -> dict[str, Any]:
    """A report as one flat row, with the values of a finding (default: the decisive one)."""
    finding = finding or decisive(report)
    low, high = (finding.ci95_ms if finding else None) or (None, None)
    error = report.error
    return {
        "clip": report.clip,
        "verdict": report.verdict if finding is None else finding.verdict,
        "check": finding.check if finding else None,
        "subject": finding.subject if finding else None,
        "reference": finding.reference if finding else None,
        "offset_ms": _number(finding.offset_ms if finding else None),
        "ci_low_ms": _number(low),
        "ci_high_ms": _number(high),
        "confidence": _number(finding.confidence if finding else None),
        "worst_ms": _number(finding.worst_ms if finding else None),
        "drift_ppm": _number(finding.drift_ppm if finding else None),
        "rate": finding.rate if finding else None,
        "because": "; ".join(finding.because) if finding and finding.because else None,
        "duration_s": _number(report.duration_s),
        "error_code": error.code if error else None,
        "error_message": error.message if error else None,
        "error_remedy": error.remedy if error else None,
    }


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)


def _columns(reports: Iterable[Report], every_finding: bool) -> dict[str, list[Any]]:
    """The columns of a table; those of the clips' rows follow, under their own names or, if taken, as `row_NAME`."""
    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    count = 0
    for report in reports:
        findings: list[Finding | None] = list(report.findings) if every_finding else [None]
        given = {f"row_{name}" if name in COLUMNS else name: value for name, value in (report.attributes or {}).items()}
        for finding in findings or [None]:
            for name, value in {**row(report, finding), **given}.items():
                # Other clips need not have it.
                columns.setdefault(name, [None] * count).append(value)
            count += 1
            for values in columns.values():
                values.extend([None] * (count - len(values)))
    return columns


def _missing(name: str) -> GenlockError:
    return GenlockError(f"{name} is not installed", f"pip install {name}")


def to_pandas(reports: Iterable[Report], *, every_finding: bool = False) -> pandas.DataFrame:
    """One row per clip with its decisive finding; with `every_finding`, one row per finding."""
    try:
        import pandas
    except ImportError as error:
        raise _missing("pandas") from error
    columns = _columns(reports, every_finding)
    frame: pandas.DataFrame = pandas.DataFrame(
        {
            name: pandas.Series(values, dtype="float64" if COLUMNS.get(name) is float else "object")
            for name, values in columns.items()
        }
    )
    return frame


def to_polars(reports: Iterable[Report], *, every_finding: bool = False) -> polars.DataFrame:
    """One row per clip with its decisive finding; with `every_finding`, one row per finding."""
    try:
        import polars
    except ImportError as error:
        raise _missing("polars") from error
    columns = _columns(reports, every_finding)
    kinds = {name: polars.Float64 if COLUMNS.get(name) is float else polars.String for name in columns}
    return polars.DataFrame(columns, schema=kinds)


def to_arrow(reports: Iterable[Report], *, every_finding: bool = False) -> pyarrow.Table:
    """One row per clip with its decisive finding; with `every_finding`, one row per finding."""
    try:
        import pyarrow
    except ImportError as error:
        raise _missing("pyarrow") from error
    columns = _columns(reports, every_finding)
    kinds = [(name, pyarrow.float64() if COLUMNS.get(name) is float else pyarrow.string()) for name in columns]
    return pyarrow.table(columns, schema=pyarrow.schema(kinds))
