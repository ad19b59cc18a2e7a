"""Exports findings to Label Studio and FiftyOne. Neither needs to be installed.

from genlock import exports

reports = genlock.reports("clips.sqlite")
exports.fiftyone(reports, "labels/")
tasks = exports.label_studio(reports)
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from ._models import Finding, Report
from ._options import PathName
from ._tables import decisive

#: Labels of a part of a clip: its offset's direction, the fault of an item of text or labels, or speech without text.
MARKS = (
    "early",
    "late",
    "aligned",
    "moved",
    "doubtful",
    "wrong-text",
    "no-speech",
    "overlap",
    "too-fast",
    "out-of-order",
    "past-end",
    "extra",
    "no-text",
)
#: All verdicts, the worst first.
VERDICTS = (
    "failed",
    "unpaired",
    "misaligned",
    "marginal",
    "inconclusive",
    "in-sync",
    "measured",
    "not-applicable",
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A labelled part of a clip."""

    #: One of `MARKS`.
    label: str
    start_s: float
    end_s: float
    check: str
    offset_ms: float | None = None
    text: str = ""


def marks(report: Report) -> list[Mark]:
    """The labelled parts of a report's clip, in the order of its findings.

    Segments of a finding are early, late or aligned by its inner tolerance; items have a mark for each of their flags.
    """
    return [mark for finding in report.findings for mark in _marks(finding)]


def _marks(finding: Finding) -> Iterator[Mark]:
    low, high = finding.tolerance_ms.inner
    for segment in finding.segments or []:
        label = "early" if segment.offset_ms > high else "late" if segment.offset_ms < low else "aligned"
        yield Mark(label, segment.start_s, segment.end_s, finding.check, segment.offset_ms)
    for item in finding.items or []:
        for flag in item.flags:
            yield Mark(flag, item.start_s, item.end_s, finding.check, item.offset_ms, item.text)
    for gap in finding.gaps or []:
        yield Mark("no-text", gap.start_s, gap.end_s, finding.check)


def label_studio_config(media: str = "video") -> str:
    """A labelling interface for the tasks of `label_studio`.

    - media: "video", or "audio" for clips without video.
    """
    video = '<Video name="video" value="$media" sync="media"/>' if media == "video" else ""
    sync = ' sync="video"' if video else ""
    verdicts = "".join(f"<Choice value={quoteattr(verdict)}/>" for verdict in VERDICTS)
    labels = "".join(f"<Label value={quoteattr(mark)}/>" for mark in MARKS)
    return (
        f'<View>{video}<Audio name="media" value="$media"{sync}/>'
        f'<Choices name="verdict" toName="media" choice="single">{verdicts}</Choices>'
        '<Number name="offset_ms" toName="media"/>'
        f'<Labels name="mark" toName="media">{labels}</Labels>'
        '<TextArea name="because" toName="media" editable="true"/></View>'
    )


def label_studio(reports: Iterable[Report], url: Callable[[str], str] = str) -> list[dict[str, Any]]:
    """Tasks with predictions for Label Studio, one per clip, to be written as JSON and imported.

    Verdict, offset and reasons are those of the decisive finding; `marks` are regions. Use with `label_studio_config`.

    - url: maps a clip's name to its URL, such as `lambda clip: "/data/local-files/?d=" + clip` for local storage.
    """
    return [_task(report, url(report.clip)) for report in reports]


def _task(report: Report, media: str) -> dict[str, Any]:
    finding = decisive(report)
    result: list[dict[str, Any]] = [_choice("verdict", "choices", {"choices": [report.verdict]})]
    if finding is not None and finding.offset_ms is not None:
        result.append(_choice("offset_ms", "number", {"number": finding.offset_ms}))
    said = list(finding.because) if finding else [report.error.message] if report.error else []
    if said:
        result.append(_choice("because", "textarea", {"text": said}))
    for mark in marks(report):
        value = {"start": mark.start_s, "end": mark.end_s, "channel": 0, "labels": [mark.label]}
        result.append({"id": uuid.uuid4().hex[:10], **_choice("mark", "labels", value)})
    prediction: dict[str, Any] = {
        "model_version": f"genlock {report.tool_version} {report.method_version or ''}".strip(),
        "result": result,
    }
    if finding is not None and finding.confidence is not None:
        prediction["score"] = finding.confidence
    return {"data": {"media": media, "clip": report.clip}, "predictions": [prediction]}


def _choice(name: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"from_name": name, "to_name": "media", "type": kind, "value": value}


def fiftyone(reports: Iterable[Report], folder: PathName) -> Path:
    """Writes labels in FiftyOne's format for temporal detections, and returns the folder.

    Each clip of known length has one detection over its whole length with its verdict, and one for each of its `marks`,
    with the attributes `check`, `offset_ms` and `text`. To read them:

        fiftyone.Dataset.from_dir(dataset_type=fiftyone.types.FiftyOneTemporalDetectionDataset,
            data_path=folder / "data.json", labels_path=folder / "labels.json")
    """
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    paths: dict[str, str] = {}
    labels: dict[str, list[dict[str, Any]]] = {}
    for number, report in enumerate(reports):
        if report.duration_s is None:
            continue
        name = f"{number:08}"
        paths[name] = str(Path(report.clip).absolute())
        finding = decisive(report)
        whole = {"offset_ms": finding.offset_ms, "check": finding.check} if finding else {}
        confidence = finding.confidence if finding else None
        labels[name] = [_detection(report.verdict, 0, report.duration_s, whole, confidence)]
        for mark in marks(report):
            more = {"offset_ms": mark.offset_ms, "check": mark.check, "text": mark.text or None}
            # Labels beyond the clip's end are omitted.
            start, end = max(0.0, mark.start_s), min(mark.end_s, report.duration_s)
            if start < end:
                labels[name].append(_detection(mark.label, start, end, more, None))
    document = {"classes": [*VERDICTS, *MARKS], "labels": labels}
    for file, content in (("data.json", paths), ("labels.json", document)):
        (place / file).write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    return place


def _detection(
    label: str, start_s: float, end_s: float, attributes: dict[str, Any], confidence: float | None
) -> dict[str, Any]:
    found: dict[str, Any] = {"label": label, "timestamps": [start_s, end_s]}
    if confidence is not None:
        found["confidence"] = confidence
    found["attributes"] = {name: value for name, value in attributes.items() if value is not None}
    return found
