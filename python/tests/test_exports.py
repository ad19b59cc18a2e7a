"""Findings for Label Studio, checked with its SDK, and for FiftyOne."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import genlock
from genlock import exports


def report(**more: Any) -> genlock.Report:
    document: dict[str, Any] = {
        "schema_version": 1,
        "tool_version": "0.2.0",
        "method_version": "transcript-1",
        "clip": "talk.mp4",
        "duration_s": 10.0,
        "verdict": "misaligned",
        "findings": [],
    }
    return genlock.Report.from_dict({**document, **more})


def finding(**more: Any) -> dict[str, Any]:
    return {
        "check": "transcript",
        "subject": "text",
        "reference": "audio",
        "verdict": "misaligned",
        "offset_ms": -300.0,
        "direction": "late",
        "ci95_ms": [-320, -280],
        "confidence": 0.97,
        "worst_ms": -300.0,
        "drift_ppm": None,
        "drift_ci95_ppm": None,
        "rate": None,
        "segments": None,
        "tolerance_ms": {"inner": [-40, 40], "outer": [-100, 100]},
        "because": ["it moves by 300 ms at 5 s"],
        "evidence": {},
        **more,
    }


PIECES = report(
    findings=[
        finding(
            segments=[
                {"start_s": 0, "end_s": 5, "offset_ms": 20.0},
                {"start_s": 5, "end_s": 8, "offset_ms": -300.0},
                {"start_s": 8, "end_s": 10, "offset_ms": 90.0},
            ],
            items=[
                {
                    "index": 0,
                    "kind": "cue",
                    "text": 'a "word" & more',
                    "start_s": 9.5,
                    "end_s": 12.0,
                    "offset_ms": None,
                    "trust": 0.2,
                    "flags": ["wrong-text", "past-end"],
                }
            ],
            gaps=[{"start_s": 2.0, "end_s": 3.0}],
        )
    ]
)


def test_parts_of_a_clip_are_marked() -> None:
    assert [(mark.label, mark.start_s) for mark in exports.marks(PIECES)] == [
        ("aligned", 0),
        ("late", 5),
        ("early", 8),
        ("wrong-text", 9.5),
        ("past-end", 9.5),
        ("no-text", 2.0),
    ]


def test_every_flag_and_verdict_that_there_is_has_a_name_here() -> None:
    from typing import get_args

    from genlock import _models

    assert set(get_args(_models.Verdict)) == set(exports.VERDICTS)
    assert set(get_args(_models.ItemFlagsItem)) <= set(exports.MARKS)


@pytest.mark.parametrize("media", ["video", "audio"])
def test_label_studio_takes_tasks_and_their_predictions(media: str) -> None:
    interface = pytest.importorskip("label_studio_sdk.label_interface")
    error = {"code": "no-such-file", "message": "a.mp4 is not there", "remedy": "check the path"}
    reports = [PIECES, report(clip="a.mp4", verdict="failed", duration_s=None, error=error)]
    tasks = exports.label_studio(reports, url=lambda clip: "/data/local-files/?d=" + clip)
    known = interface.LabelInterface(exports.label_studio_config(media))
    for task in json.loads(json.dumps(tasks)):
        predictions = task.pop("predictions")
        assert known.validate_task(task)
        for prediction in predictions:
            assert known.validate_prediction(prediction, return_errors=True) == []
    assert tasks[0]["data"]["media"] == "/data/local-files/?d=talk.mp4"
    assert tasks[0]["predictions"][0]["score"] == 0.97
    assert len(tasks[0]["predictions"][0]["result"]) == 3 + 6
    assert tasks[1]["predictions"][0]["result"][1]["value"]["text"] == ["a.mp4 is not there"]


def test_labels_of_fiftyone_lie_within_their_clip(tmp_path: Path) -> None:
    folder = exports.fiftyone([PIECES, report(duration_s=None)], tmp_path / "labels")
    paths = json.loads((folder / "data.json").read_text())
    document = json.loads((folder / "labels.json").read_text())
    assert list(paths.values()) == [str(Path("talk.mp4").absolute())]
    [labels] = document["labels"].values()
    assert [label["label"] for label in labels][0] == "misaligned"
    assert {label["label"] for label in labels} <= set(document["classes"])
    assert all(0 <= label["timestamps"][0] < label["timestamps"][1] <= 10 for label in labels)
    assert labels[0]["attributes"] == {"offset_ms": -300.0, "check": "transcript"}


def test_reports_of_a_store_come_back_as_they_were(media: Path, tmp_path: Path) -> None:
    store = tmp_path / "clips.sqlite"
    clips = [media / "flash-and-beep-late-120ms.mp4", media / "empty.mp4"]
    found = list(genlock.scan(clips, store=store, checks=["impacts"]))
    kept = {report.clip: report.document for report in genlock.reports(store)}
    assert kept == {report.clip: report.document for report in found}
    assert [report.verdict for report in genlock.reports(store, only=["failed"])] == ["failed"]
    assert genlock.reports() == []
