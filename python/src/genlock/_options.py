"""What the program's verbs are told, as arguments."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeAlias

#: A path of a file.
PathName: TypeAlias = "str | os.PathLike[str]"


def name(path: PathName) -> str:
    """A path as an argument that is never taken for an option."""
    text = os.fspath(path)
    return "./" + text if text.startswith("-") else text


def judging(
    *,
    checks: Iterable[str] | None = None,
    tolerance: str | float | tuple[float, float] | None = None,
    expect: float | str | None = None,
    language: str | None = None,
    search_s: float | None = None,
    words: bool = False,
    thorough: bool = False,
) -> list[str]:
    """The options that verbs which judge share."""
    result: list[str] = []
    if checks is not None:
        result += ["--checks", checks if isinstance(checks, str) else ",".join(checks)]
    if tolerance is not None:
        result += ["--tolerance", tolerance_text(tolerance)]
    if expect is not None:
        result.append(f"--expect={expect}")
    if language is not None:
        result += ["--language", language]
    if search_s is not None:
        result += ["--range", f"{search_s:g}"]
    if words:
        result.append("--words")
    if thorough:
        result.append("--thorough")
    return result


def tolerance_text(tolerance: str | float | tuple[float, float]) -> str:
    """Milliseconds, a pair of them (inner, outer) or a name, as the program reads it."""
    if isinstance(tolerance, str):
        return tolerance
    if isinstance(tolerance, tuple):
        return ",".join(f"{edge:g}" for edge in tolerance)
    return f"{tolerance:g}"
