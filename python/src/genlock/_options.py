"""Arguments of the program's commands."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeAlias

#: A file path.
PathName: TypeAlias = "str | os.PathLike[str]"
#: A text, a path, a number, several texts or paths (joined with commas), or a switch.
Value: TypeAlias = "PathName | float | bool | Iterable[PathName] | None"
#: Milliseconds, a pair (inner, outer) or a preset such as "ebu-r37".
Tolerance: TypeAlias = "str | float | tuple[float, float]"


def name(path: PathName) -> str:
    """A path as an argument that cannot be read as an option."""
    if isinstance(path, (list, tuple, set)):
        raise TypeError("give several paths as arguments of their own: f(*paths), not f(paths)")
    text = os.fspath(path)
    return "./" + text if text.startswith("-") else text


def options(**values: Value) -> list[str]:
    """Options as command-line arguments: `clip_timeout=2.5` becomes `--clip-timeout=2.5`.

    None and False are omitted; True gives the option without a value.
    """
    result = []
    for key, value in values.items():
        option = "--" + key.replace("_", "-")
        if value is True:
            result.append(option)
        elif value is not None and value is not False:
            result.append(f"{option}={_text(value)}")
    return result


def _text(value: PathName | float | Iterable[PathName]) -> str:
    if isinstance(value, (str, os.PathLike)):
        return os.fspath(value)
    if isinstance(value, (int, float)):
        return str(value) if isinstance(value, int) else f"{value:g}"
    return ",".join(map(_text, value))


def judging(
    *,
    checks: Iterable[str] | None = None,
    tolerance: Tolerance | None = None,
    expect: float | str | None = None,
    language: str | None = None,
    search_s: float | None = None,
    words: bool = False,
    thorough: bool = False,
) -> list[str]:
    """The options that all judging commands share."""
    return options(
        checks=checks,
        tolerance=tolerance_text(tolerance),
        expect=expect,
        language=language,
        range=search_s,
        words=words,
        thorough=thorough,
    )


def tolerance_text(tolerance: Tolerance | None) -> str | None:
    """A tolerance in the program's syntax."""
    if isinstance(tolerance, tuple):
        return ",".join(f"{edge:g}" for edge in tolerance)
    return tolerance if tolerance is None or isinstance(tolerance, str) else f"{tolerance:g}"
