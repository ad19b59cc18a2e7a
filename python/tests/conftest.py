"""The real program and the media made by scripts/setup."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def pytest_configure(config: pytest.Config) -> None:
    """Uses the built program if the package under test has none."""
    import genlock

    own = Path(genlock.__file__).with_name("program") / "genlock"
    built = Path(os.environ.get("GENLOCK_BINARY", ROOT / ".build" / "release" / "genlock"))
    if "GENLOCK_PROGRAM" not in os.environ and not own.exists() and built.exists():
        os.environ["GENLOCK_PROGRAM"] = str(built)


@pytest.fixture(scope="session")
def media() -> Path:
    """TestMedia."""
    folder = Path(os.environ.get("GENLOCK_TEST_MEDIA", ROOT / "TestMedia"))
    if not (folder / "in-sync.mp4").exists():
        pytest.fail(f"{folder} holds no in-sync.mp4: run scripts/setup, or name the folder in GENLOCK_TEST_MEDIA")
    return folder
