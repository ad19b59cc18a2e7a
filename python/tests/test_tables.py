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


def test_columns_of_the_rows_follow_those_of_the_answer(media: Path, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    clips = [media / "no-audio.mp4", media / "empty.mp4"]
    rows = pandas.DataFrame(
        {"media": [str(clip) for clip in clips], "camera": ["A", None], "take": [3, 4], "verdict": ["right", "wrong"]}
    )
    store = tmp_path / "a.sqlite"
    with genlock.scan(rows, checks=["container"], store=store) as reports:
        found = list(reports.with_rows())
    assert [row["take"] for row, _ in found] == [3, 4]  # type: ignore[call-overload, index]
    # The store keeps the rows' columns, and a manifest's.
    frame = genlock.to_pandas(genlock.reports(store)).set_index("clip")
    assert list(frame["take"][[str(clip) for clip in clips]]) == ["3", "4"]
    assert frame["camera"][str(clips[0])] == "A" and frame["camera"].isna()[str(clips[1])]
    assert frame["row_verdict"][str(clips[1])] == "wrong" and frame["verdict"][str(clips[1])] == "failed"
    manifest = tmp_path / "m.csv"
    rows.to_csv(manifest, index=False)
    report = next(iter(genlock.scan(manifest, checks=["container"])))
    assert report.attributes == {"camera": "A", "take": "3", "verdict": "right"}


def test_a_table_without_clips_is_refused() -> None:
    pandas = pytest.importorskip("pandas")
    with pytest.raises(genlock.GenlockError, match="no column media"):
        genlock.scan(pandas.DataFrame({"path": ["a.mp4"]}))


def test_a_frame_of_polars_is_scanned_by_its_rows(media: Path) -> None:
    polars = pytest.importorskip("polars")
    rows = polars.DataFrame({"media": [str(media / "no-audio.mp4")], "camera": ["A"]})
    reports = list(genlock.scan(rows, checks=["container"]))
    assert reports[0].attributes == {"camera": "A"}
    assert genlock.to_polars(reports)["camera"].to_list() == ["A"]
