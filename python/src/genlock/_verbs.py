"""One run of the program each."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, Literal, TypeAlias

from . import _options, _program, _remote
from ._models import Report, ViewsReport
from ._options import PathName
from ._remote import Cache

#: How `report` writes.
ReportFormat: TypeAlias = Literal["text", "jsonl", "json", "csv", "parquet", "markdown", "junit", "html"]


def check(
    path: PathName,
    *,
    audio: PathName | None = None,
    transcript: PathName | None = None,
    audio_stream: int | None = None,
    checks: Iterable[str] | None = None,
    tolerance: str | float | tuple[float, float] | None = None,
    expect: float | str | None = None,
    language: str | None = None,
    search_s: float | None = None,
    words: bool = False,
    thorough: bool = False,
    cache: Cache | None = None,
) -> Report:
    """Measures one clip, at a path or a URL.

    - audio: the sound, where it lies in a file of its own.
    - transcript: timed text of the clip; default: files beside it of its name, or the subtitles in it.
    - tolerance: milliseconds, (inner, outer), or a name such as "ebu-r37".
    - expect: judge against this offset in ms instead of 0, or "unknown" to only measure.
    - search_s: how far offsets are searched for, either way, in seconds.
    - cache: where a clip is fetched to that is named by URL.
    """
    if _remote.is_remote(path):
        url = str(path)
        cache = cache or Cache()
        copy = _remote.copy_of(url, cache)
        try:
            found = check(
                copy,
                audio=audio,
                transcript=transcript,
                audio_stream=audio_stream,
                checks=checks,
                tolerance=tolerance,
                expect=expect,
                language=language,
                search_s=search_s,
                words=words,
                thorough=thorough,
            )
        finally:
            cache.release(copy)
        return Report.from_dict({**found.document, "clip": url})
    arguments = ["check", _options.name(path)]
    if audio is not None:
        arguments += ["--audio", _options.name(audio)]
    if transcript is not None:
        arguments += ["--transcript", _options.name(transcript)]
    if audio_stream is not None:
        arguments += ["--audio-stream", str(audio_stream)]
    arguments += _options.judging(
        checks=checks,
        tolerance=tolerance,
        expect=expect,
        language=language,
        search_s=search_s,
        words=words,
        thorough=thorough,
    )
    return Report.from_dict(_program.document(arguments))


def transcript(
    media: PathName,
    *files: PathName,
    write: PathName | None = None,
    force: bool = False,
    kind: Literal["text", "turns", "events"] | None = None,
    language: str | None = None,
    timing_only: bool = False,
    words: bool = False,
    tolerance: str | float | tuple[float, float] | None = None,
    expect: float | str | None = None,
    thorough: bool = False,
) -> Report:
    """Holds timed text, turns or labels against the sound: one finding for each file.

    - files: default: the subtitles inside the media.
    - write: write the text with its times mended: a file, or a folder for several.
    - kind: what labels are, where their format does not say.
    """
    arguments = ["transcript", _options.name(media), *map(_options.name, files)]
    if write is not None:
        arguments += ["--write", _options.name(write)]
    if force:
        arguments.append("--force")
    if kind is not None:
        arguments += ["--as", kind]
    if timing_only:
        arguments.append("--timing-only")
    arguments += _options.judging(tolerance=tolerance, expect=expect, language=language, words=words, thorough=thorough)
    return Report.from_dict(_program.document(arguments))


def views(
    *recordings: PathName,
    by: Iterable[str] | None = None,
    export: Iterable[PathName] = (),
    tolerance: str | float | tuple[float, float] | None = None,
    expect: float | str | None = None,
    thorough: bool = False,
    jobs: int | None = None,
) -> ViewsReport:
    """Puts cameras, recorders and sensors of one event on the clock of the first.

    - export: files to write the common timeline to: .json, .csv, .otio or .sh.
    """
    arguments = ["views", *map(_options.name, recordings)]
    if by is not None:
        arguments += ["--by", by if isinstance(by, str) else ",".join(by)]
    for file in export:
        arguments += ["--export", _options.name(file)]
    if jobs is not None:
        arguments += ["--jobs", str(jobs)]
    arguments += _options.judging(tolerance=tolerance, expect=expect, thorough=thorough)
    return ViewsReport.from_dict(_program.document(arguments))


def actions(
    *labels: PathName,
    tolerance: str | float | tuple[float, float] | None = None,
    sync: PathName | None = None,
    media: Iterable[PathName] = (),
    arguments: Iterable[str] = (),
) -> dict[str, Any]:
    """Compares labels of actions across views and annotators: the document that docs/actions.md describes.

    - sync: clocks of the views, as `views` gives them, in a file.
    - arguments: more options of `genlock actions`, as they are typed.
    """
    command = ["actions", *map(_options.name, labels)]
    if tolerance is not None:
        command += ["--tolerance", _options.tolerance_text(tolerance)]
    if sync is not None:
        command += ["--sync", _options.name(sync)]
    for path in media:
        command += ["--media", _options.name(path)]
    return _program.document([*command, *arguments])


def fix(
    clip: PathName,
    *texts: PathName,
    output: PathName,
    offset_ms: float | None = None,
    force: bool = False,
    arguments: Iterable[str] = (),
) -> dict[str, Any]:
    """Writes a clip anew with its sound (and texts) where they belong, and measures it again: `genlock fix --json`.

    - offset_ms: move the sound by so much instead of measuring.
    - arguments: more options of `genlock fix`, as they are typed.
    """
    command = ["fix", _options.name(clip), *map(_options.name, texts), "--output", _options.name(output)]
    if offset_ms is not None:
        command.append(f"--offset-ms={offset_ms:g}")
    if force:
        command.append("--force")
    return _program.document([*command, *arguments])


def report(
    *stores: PathName,
    format: ReportFormat = "text",
    output: PathName | None = None,
    only: Iterable[str] | None = None,
    sort: Literal["path", "worst", "offset", "confidence", "duration"] | None = None,
    limit: int | None = None,
    group_by: str | None = None,
    arguments: Iterable[str] = (),
) -> str:
    """What is wrong with a scanned corpus, as text of the format; empty where it is written to `output`."""
    command = ["report", *map(_options.name, stores), "--format", format, "--quiet"]
    if output is not None:
        command += ["--output", _options.name(output)]
    if only is not None:
        command += ["--only", only if isinstance(only, str) else ",".join(only)]
    if sort is not None:
        command += ["--sort", sort]
    if limit is not None:
        command += ["--limit", str(limit)]
    if group_by is not None:
        command += ["--group-by", group_by]
    command += arguments
    before = None if output is None else _stamp(output)
    try:
        return _program.run(command)
    except _program.GenlockError as error:
        # Where the report went to a file, status 2 tells of unreadable clips if the file was written.
        if output is not None and error.status == 2 and _stamp(output) not in (None, before):
            return ""
        raise


def _stamp(path: PathName) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino
