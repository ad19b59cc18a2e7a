"""Classes generated from the schemas."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import genlock

PYTHON = Path(__file__).resolve().parents[1]


def test_the_classes_are_what_the_schemas_say() -> None:
    assert subprocess.run([sys.executable, PYTHON / "generate", "--check"], check=False).returncode == 0


def document(**more: object) -> dict[str, object]:
    return {
        "schema_version": 1,
        "tool_version": "0.2.0",
        "method_version": None,
        "clip": "a.mp4",
        "duration_s": None,
        "verdict": "failed",
        "findings": [],
        **more,
    }


def test_members_of_later_versions_are_kept_and_left_aside() -> None:
    report = genlock.Report.from_dict(document(mood="blue"))
    assert report.clip == "a.mp4"
    assert report.error is None
    assert report.to_dict()["mood"] == "blue"


def test_an_error_carries_its_remedy() -> None:
    error = {"code": "no-such-file", "message": "a.mp4 is not there", "remedy": "check the path"}
    report = genlock.Report.from_dict(document(error=error))
    assert report.error is not None
    assert report.error.remedy == "check the path"


def test_a_finding_is_typed_to_its_leaves() -> None:
    finding = {
        "check": "lips",
        "subject": "audio",
        "reference": "video",
        "verdict": "misaligned",
        "offset_ms": -114.7,
        "direction": "late",
        "ci95_ms": [-141.1, -88.4],
        "confidence": 0.999,
        "worst_ms": -114.7,
        "drift_ppm": None,
        "drift_ci95_ppm": None,
        "rate": None,
        "segments": [{"start_s": 0, "end_s": 2.5, "offset_ms": -114.7}],
        "tolerance_ms": {"inner": [-40, 40], "outer": [-100, 100]},
        "because": [],
        "evidence": {"peak": 0.4},
    }
    report = genlock.Report.from_dict(document(findings=[finding], verdict="misaligned"))
    read = report.findings[0]
    assert read.ci95_ms == (-141.1, -88.4)
    assert read.segments is not None
    assert read.segments[0].end_s == 2.5
    assert read.tolerance_ms.outer == (-100, 100)
    assert genlock.decisive(report) is read
