"""Many clips with one process."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import genlock

#: Fast: decodes nothing.
QUICK = ["container"]


def is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def children(process: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if parent == process:
                found += [int(entry.name), *children(int(entry.name))]
    return found


def wait_until_gone(processes: list[int], seconds: float = 20) -> list[int]:
    end = time.monotonic() + seconds
    while time.monotonic() < end and any(map(is_alive, processes)):
        time.sleep(0.05)
    return [process for process in processes if is_alive(process)]


def test_each_row_is_answered_in_its_turn(media: Path) -> None:
    names = ["sound-late-120ms.mp4", "empty.mp4", "no-audio.mp4", "in-sync.mp4"]
    told: list[genlock.Progress] = []
    with genlock.scan([media / name for name in names], checks=QUICK, jobs=2, progress=told.append) as reports:
        found = list(reports)
    assert [report.clip.rsplit("/")[-1] for report in found] == names
    assert found[1].verdict == "failed"
    assert [progress.done for progress in told] == [1, 2, 3, 4]
    assert told[-1].total == 4
    assert told[-1].faults == sum(report.verdict in ("misaligned", "unpaired", "failed") for report in found)


def test_a_row_may_be_a_mapping_and_is_given_back(media: Path) -> None:
    rows = [{"media": media / "no-audio.mp4", "audio": media / "audio-only.wav", "camera": "A"}]
    with genlock.scan(rows, checks=QUICK) as reports:
        pairs = list(reports.with_rows())
    assert pairs[0][0] is rows[0]
    assert pairs[0][1].verdict != "failed"


def test_a_folder_is_scanned_as_by_the_program(media: Path, tmp_path: Path) -> None:
    for name in ("in-sync.mp4", "empty.mp4"):
        (tmp_path / name).write_bytes((media / name).read_bytes())
    with genlock.scan(tmp_path, checks=QUICK) as reports:
        assert {report.clip.rsplit("/")[-1] for report in reports} == {"in-sync.mp4", "empty.mp4"}


def test_an_endless_source_is_asked_only_as_far_as_there_is_room(media: Path) -> None:
    given = 0

    def rows() -> Iterator[Path]:
        nonlocal given
        while True:
            given += 1
            yield media / "empty.mp4"

    with genlock.scan(rows(), checks=QUICK, in_flight=8, jobs=1) as reports:
        for _ in range(20):
            next(reports)
        time.sleep(0.5)
        assert given <= 20 + 8 + 1
        program = reports.pid
    assert wait_until_gone([program]) == []
    with pytest.raises(StopIteration):
        next(reports)


def test_rows_may_depend_on_answers(media: Path) -> None:
    answers: list[genlock.Report] = []

    def rows() -> Iterator[Path]:
        for count in range(3):
            while len(answers) < count:
                time.sleep(0.01)
            yield media / "empty.mp4"

    for report in genlock.scan(rows(), checks=QUICK):
        answers.append(report)
    assert len(answers) == 3


def test_what_the_rows_raise_is_raised_where_the_reports_are_taken(media: Path) -> None:
    def rows() -> Iterator[Path]:
        yield media / "empty.mp4"
        raise LookupError("the list is broken")

    reports = genlock.scan(rows(), checks=QUICK)
    assert next(reports).verdict == "failed"
    with pytest.raises(LookupError, match="the list is broken"):
        next(reports)


def test_a_row_without_media_is_an_exception() -> None:
    with pytest.raises(genlock.GenlockError, match="has no media"):
        list(genlock.scan([{"camera": "A"}]))


def test_wrong_usage_is_an_exception(media: Path) -> None:
    with pytest.raises(genlock.GenlockError) as caught:
        list(genlock.scan([media / "empty.mp4"], tolerance="nonsense"))
    assert caught.value.status == 64


def test_a_scan_that_is_forgotten_leaves_no_process(media: Path) -> None:
    def rows() -> Iterator[Path]:
        while True:
            yield media / "empty.mp4"

    reports = genlock.scan(rows(), checks=QUICK, in_flight=4)
    next(reports)
    program = reports.pid
    del reports
    gc.collect()
    assert wait_until_gone([program]) == []


def test_a_killed_python_leaves_no_process(media: Path) -> None:
    script = (
        "import genlock, itertools, sys, time\n"
        f"rows = itertools.repeat({str(media / 'in-sync.mp4')!r})\n"
        "reports = genlock.scan(rows, jobs=2)\n"
        "print(reports.pid, flush=True)\n"
        "for report in reports: pass\n"
    )
    python = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert python.stdout is not None
    program = int(python.stdout.readline())
    end = time.monotonic() + 20
    while len(children(program)) < 2 and time.monotonic() < end:
        time.sleep(0.05)
    processes = [program, *children(program)]
    assert len(processes) == 3
    python.send_signal(signal.SIGKILL)
    python.wait()
    assert wait_until_gone(processes) == []


def test_a_store_keeps_what_is_done_and_goes_on(media: Path, tmp_path: Path) -> None:
    store = tmp_path / "clips.sqlite"
    clips = []
    for number in range(6):
        clip = tmp_path / f"{number}.mp4"
        clip.write_bytes((media / "no-audio.mp4").read_bytes())
        clips.append(clip)
    with genlock.scan(clips, store=store, checks=QUICK, in_flight=2) as reports:
        first = [next(reports), next(reports)]
    again = list(genlock.scan(clips, store=store, checks=QUICK))
    assert [report.clip for report in again] == [str(clip) for clip in clips]
    assert [report.document for report in again[:2]] == [report.document for report in first]
    lines = genlock.report(store, format="jsonl").splitlines()
    assert len(lines) == 6
    assert {json.loads(line)["clip"] for line in lines} == {str(clip) for clip in clips}


def test_the_same_clip_twice_has_two_answers(media: Path, tmp_path: Path) -> None:
    clip = media / "no-audio.mp4"
    rows = [{"media": clip}, {"media": clip, "audio": media / "audio-only.wav"}, {"media": clip}]
    found = list(genlock.scan(rows, store=tmp_path / "s.sqlite", checks=QUICK))
    assert len(found) == 3
    assert found[0].document == found[2].document


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    def peak(process: int) -> int:
        status = Path(f"/proc/{process}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])

    rows = ({"media": f"/nowhere/{number}"} for number in range(20_000))
    with genlock.scan(rows) as reports:
        early = own_early = 0
        for number, report in enumerate(reports):
            assert report.verdict == "failed"
            if number == 4000:
                early, own_early = peak(reports.pid), peak(os.getpid())
            if number == 19_900:
                assert peak(reports.pid) < early + 20_000
                assert peak(os.getpid()) < own_early + 20_000
