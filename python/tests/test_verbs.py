"""Each test runs the real program once."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path

import pytest

import genlock


def ffmpeg(*words: str | Path) -> None:
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *words], check=True)


def test_sound_that_is_late_by_120_ms_reads_so(media: Path) -> None:
    report = genlock.check(media / "sound-late-120ms.mp4", checks=["lips"])
    assert report.verdict == "misaligned"
    assert report.findings[0].offset_ms == pytest.approx(-120, abs=15)
    assert report.findings[0].direction == "late"


def test_a_wide_tolerance_lets_it_pass(media: Path) -> None:
    report = genlock.check(media / "flash-and-beep-late-120ms.mp4", checks="impacts", tolerance=(200, 300))
    assert report.verdict == "in-sync"


def test_a_clip_that_cannot_be_read_is_a_report(tmp_path: Path) -> None:
    report = genlock.check(tmp_path / "nowhere.mp4")
    assert report.verdict == "failed"
    assert report.error is not None
    assert report.error.code == "no-such-file"
    assert report.error.remedy


def test_wrong_usage_is_an_exception_with_a_remedy(media: Path) -> None:
    with pytest.raises(genlock.GenlockError) as caught:
        genlock.check(media / "in-sync.mp4", tolerance="nonsense")
    assert caught.value.status == 64
    assert caught.value.message
    assert caught.value.remedy


def test_a_program_that_is_not_there_is_an_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENLOCK_PROGRAM", "/nonexistent/genlock")
    with pytest.raises(genlock.GenlockError, match="GENLOCK_PROGRAM"):
        genlock.check("a.mp4")


def test_a_text_beside_the_sound_is_judged(media: Path, tmp_path: Path) -> None:
    text = tmp_path / "text.srt"
    text.write_text("1\n00:00:00,300 --> 00:00:03,000\nOne sentence\n")
    report = genlock.transcript(media / "in-sync.mp4", text)
    assert [finding.check for finding in report.findings] == ["transcript"]
    assert report.findings[0].subject_file == str(text)


def test_two_copies_are_on_one_clock(media: Path, tmp_path: Path) -> None:
    timeline = tmp_path / "timeline.otio"
    found = genlock.views(
        media / "sound-late-120ms.mp4", media / "sound-late-120ms.mkv", by=["sound"], export=[timeline]
    )
    assert [entry.clip.rsplit("/")[-1] for entry in found.clock] == ["sound-late-120ms.mp4", "sound-late-120ms.mkv"]
    assert found.pairs
    assert "OTIO_SCHEMA" in timeline.read_text()


def test_labels_of_two_views_are_compared(tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text("session,view,label,start,end\na,left,open,1.0,2.0\na,right,open,1.4,2.4\n")
    found = genlock.actions(labels, tolerance=100)
    assert found["summary"]["boundaries_over_tolerance"] == 2


def test_a_clip_is_fixed(media: Path, tmp_path: Path) -> None:
    output = tmp_path / "fixed.mp4"
    genlock.fix(media / "flash-and-beep-late-120ms.mp4", output=output, offset_ms=-120)
    after = genlock.check(output, checks=["impacts"])
    assert after.findings[0].offset_ms == pytest.approx(0, abs=10)


def test_a_report_of_a_store_has_every_format(media: Path, tmp_path: Path) -> None:
    store = tmp_path / "clips.sqlite"
    names = ["flash-and-beep-late-120ms.mp4", "empty.mp4"]
    list(genlock.scan([media / name for name in names], store=store, checks=["impacts", "container"]))
    assert "misaligned" in genlock.report(store)
    lines = [json.loads(line) for line in genlock.report(store, format="jsonl").splitlines()]
    assert {line["verdict"] for line in lines} == {"misaligned", "failed"}
    assert "testsuite" in genlock.report(store, format="junit")
    page = tmp_path / "page.html"
    assert genlock.report(store, format="html", output=page) == ""
    assert "<html" in page.read_text()
    with pytest.raises(genlock.GenlockError):
        genlock.report(tmp_path / "none.sqlite")


def test_a_copy_is_compared_with_its_master(tmp_path: Path) -> None:
    master, copy = tmp_path / "master.mp4", tmp_path / "copy.mp4"
    sources = ["-f", "lavfi", "-i", "mandelbrot=s=160x120:r=25", "-f", "lavfi", "-i", "anoisesrc=seed=3,volume=0.4"]
    coders = ["-t", "12", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"]
    ffmpeg(*sources, *coders, master)
    ffmpeg("-i", master, "-itsoffset", "0.2", "-i", master, "-map", "0:v", "-map", "1:a", "-c", "copy", copy)
    (report,) = genlock.compare(master, copy)
    assert report.verdict == "misaligned" and report.clip == str(copy)
    assert report.findings[0].offset_ms is not None and abs(report.findings[0].offset_ms + 200) < 5


def test_planted_faults_are_scored(media: Path, tmp_path: Path) -> None:
    made = genlock.perturb(media / "in-sync.mp4", output=tmp_path / "trial", faults=["sound-moved"], seed=3)
    assert made["faults"]["sound-moved"] == 1
    truth = made["truth"]
    list(genlock.scan(truth, store=tmp_path / "trial.sqlite", checks=["lips"]))
    scores = {row["fault"]: row for row in genlock.score(truth, tmp_path / "trial.sqlite")["scores"]}
    assert scores["sound-moved"]["within_40_ms"] == scores["sound-moved"]["answered"] == 1
    table = tmp_path / "theirs.csv"
    with Path(truth).open(newline="") as rows:
        names = [row["name"] for row in csv.DictReader(rows)]
    table.write_text("name,offset_ms\n" + "".join(f"{name},0\n" for name in names))
    scores = {row["fault"]: row for row in genlock.score(truth, table)["scores"]}
    assert scores["sound-moved"]["answered"] == 1 and scores["sound-moved"]["within_40_ms"] == 0


def test_a_corpus_is_forecast(media: Path) -> None:
    clips = [media / "in-sync.mp4", media / "no-face.mp4"]
    told = genlock.tune(*clips, budget_s=5, machines=[1, 8], clips=1000, checks=["lips"])
    assert told["corpus_clips"] == 2 and told["recommended"].startswith("--jobs")
    assert [forecast["machines"] for forecast in told["forecasts"]] == [1, 8]


def test_a_choice_that_does_not_exist_is_told_with_those_that_do(tmp_path: Path) -> None:
    with pytest.raises(genlock.GenlockError, match="xlsx") as caught:
        genlock.report(tmp_path / "a.sqlite", format="xlsx")  # type: ignore[arg-type]
    assert "parquet" in caught.value.remedy and "html" in caught.value.remedy


def test_a_list_of_paths_is_told_to_be_arguments() -> None:
    with pytest.raises(TypeError, match=r"\*paths"):
        genlock.reports(["a.sqlite", "b.sqlite"])  # type: ignore[arg-type]


def test_what_cannot_be_planted_is_named(media: Path, tmp_path: Path) -> None:
    with pytest.raises(genlock.GenlockError, match="nowhere"):
        genlock.perturb(tmp_path / "nowhere", output=tmp_path / "none")
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"not a clip")
    made = genlock.perturb(
        media / "in-sync.mp4", broken, output=tmp_path / "trial", faults=["sound-moved"], rewrite_audio=True
    )
    assert made["faults"] == {"none": 1, "sound-moved": 1}
    assert [problem["name"] for problem in made["problems"]] == [str(broken)]
    assert made["problems"][0]["message"] and made["problems"][0]["remedy"]


def test_answers_that_cannot_be_scored_are_warned_of(tmp_path: Path) -> None:
    truth = tmp_path / "truth.csv"
    truth.write_text("name,source,fault,offset_ms\na.none,a,none,0\na.sound-moved,a,sound-moved,-120\n")
    table = tmp_path / "answers.csv"
    table.write_text("name,offset_ms\na.none,0\na.sound-moved,abc\n")
    with pytest.warns(UserWarning, match="'abc'"):
        scores = genlock.score(truth, table)["scores"]
    assert [row["answered"] for row in scores] == [1, 0]


def test_the_command_of_the_package_does_not_hide_another_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from genlock import _program

    scripts, other = tmp_path / "venv/bin", tmp_path / "other"
    for folder in (scripts, other):
        folder.mkdir(parents=True)
        (folder / "genlock").write_text("#!/bin/sh\n")
        (folder / "genlock").chmod(0o755)
    monkeypatch.delenv("GENLOCK_PROGRAM", raising=False)
    monkeypatch.setattr(_program.sys, "executable", str(scripts / "python"))
    monkeypatch.setenv("PATH", f"{scripts}:{other}")
    assert _program.program() == str(other / "genlock")
