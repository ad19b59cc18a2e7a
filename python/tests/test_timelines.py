"""Timelines of `views`, read by OpenTimelineIO's adapters."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import genlock


@pytest.fixture(scope="module")
def exported(media: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, genlock.ViewsReport]:
    """Timelines of a recording and of its audio from 1.5 s on, with their clock."""
    if not shutil.which("ffmpeg"):
        pytest.skip("there is no ffmpeg program")
    folder = tmp_path_factory.mktemp("take & <one>")
    shutil.copy(media / "claps-in-sync.mp4", folder / "cam 1.mp4")
    sound = folder / "recorder.wav"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-ss", "1.5", "-i", str(folder / "cam 1.mp4"), "-ac", "2", str(sound)], check=True
    )
    exports = [folder / f"timeline.{ending}" for ending in ("otio", "fcpxml", "xml")]
    found = genlock.views(folder / "cam 1.mp4", sound, by=["sound"], export=exports)
    return folder, found


def places(timeline: Any, kind: str) -> dict[str, float]:
    """Start times of a timeline's clips on one kind of track, in seconds."""
    found = {}
    for track in timeline.tracks:
        if track.kind == kind:
            for clip in track.find_clips():
                found[clip.name] = clip.range_in_parent().start_time.to_seconds()
    return found


@pytest.mark.parametrize("ending", ["otio", "fcpxml", "xml"])
def test_an_adapter_reads_where_each_recording_begins(exported: tuple[Path, genlock.ViewsReport], ending: str) -> None:
    otio = pytest.importorskip("opentimelineio")
    if ending != "otio":
        pytest.importorskip({"fcpxml": "otio_fcpx_xml_adapter", "xml": "otio_fcp_adapter"}[ending])
    folder, report = exported
    starts = {entry.clip.rsplit("/")[-1]: entry.start_s for entry in report.clock}
    assert starts["recorder.wav"] == pytest.approx(1.5, abs=0.03)
    adapter = {"fcpxml": "fcpx_xml", "xml": "fcp_xml"}.get(ending)
    read = otio.adapters.read_from_file(str(folder / f"timeline.{ending}"), adapter)
    timeline = next(iter(read)) if isinstance(read, otio.schema.SerializableCollection) else read
    assert timeline.name == f"views of {folder}/cam 1.mp4"
    videos = places(timeline, "Video")
    sounds = places(timeline, "Audio") or videos
    frame = 0.0 if ending == "otio" else 1 / 25
    assert videos["cam 1.mp4"] == 0
    # On the first frame inside; the FCPXML adapter counts whole frames, rounded down.
    assert starts["recorder.wav"] - frame <= sounds["recorder.wav"] <= starts["recorder.wav"] + frame + 1e-3
    files = {clip.media_reference.target_url for clip in timeline.find_clips()}
    for name in ("cam%201.mp4", "recorder.wav"):
        assert any(url.endswith(name) and (url.startswith("file:///") or ending == "otio") for url in files), files
