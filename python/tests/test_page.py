"""The examples of docs/python.md run unchanged."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "python.md"
EXAMPLES = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def folder(media: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("page")
    (place / "clips").mkdir()
    for source, name in (
        ("flash-and-beep-late-120ms.mp4", "take3.mp4"),
        ("claps-in-sync.mp4", "cam1.mp4"),
        ("claps-in-sync.mp4", "cam2.mp4"),
        ("no-face.mp4", "clips/a.mp4"),
        ("empty.mp4", "clips/b.mp4"),
    ):
        shutil.copy(media / source, place / name)
    (place / "talk.srt").write_text("1\n00:00:00,300 --> 00:00:03,000\nOne sentence\n")
    (place / "labels.csv").write_text("session,view,label,start,end\na,left,open,1,2\na,right,open,1.4,2.4\n")
    return place


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_of_the_page(number: int, folder: Path) -> None:
    if "pandas" in EXAMPLES[number]:
        pytest.importorskip("pandas")
    done = subprocess.run(
        [sys.executable, "-c", EXAMPLES[number]], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 4
