"""Reports as tables of the installed libraries."""

from __future__ import annotations

from pathlib import Path

import pytest

import genlock


@pytest.fixture(scope="module")
def reports(media: Path) -> list[genlock.Report]:
    names = ["flash-and-beep-late-120ms.mp4", "empty.mp4"]
    return list(genlock.scan([media / name for name in names], checks=["impacts", "container"]))


def test_pandas(reports: list[genlock.Report]) -> None:
    pytest.importorskip("pandas")
    frame = genlock.to_pandas(reports)
    assert list(frame["verdict"]) == ["misaligned", "failed"]
    assert frame["offset_ms"].dtype == "float64"
    assert frame["offset_ms"][0] == pytest.approx(-120, abs=10)
    assert frame["error_code"][1]
    assert len(genlock.to_pandas(reports, every_finding=True)) == 3


def test_polars(reports: list[genlock.Report]) -> None:
    pytest.importorskip("polars")
    frame = genlock.to_polars(reports)
    assert frame["verdict"].to_list() == ["misaligned", "failed"]
    assert frame["offset_ms"][1] is None


def test_arrow(reports: list[genlock.Report]) -> None:
    pytest.importorskip("pyarrow")
    table = genlock.to_arrow(reports)
    assert table.column("verdict").to_pylist() == ["misaligned", "failed"]
    assert genlock.to_arrow([]).num_rows == 0
