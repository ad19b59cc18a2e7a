"""Functions that each run one command of the program."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Literal, TypeAlias

from . import _options, _program, _remote
from ._models import Report, ViewsReport
from ._options import PathName, Tolerance
from ._remote import Cache

#: Output formats of `report`.
ReportFormat: TypeAlias = Literal["text", "jsonl", "json", "csv", "parquet", "markdown", "junit", "html"]


def check(
    path: PathName,
    *,
    audio: PathName | None = None,
    transcript: PathName | None = None,
    audio_stream: int | None = None,
    checks: Iterable[str] | None = None,
    tolerance: Tolerance | None = None,
    expect: float | str | None = None,
    language: str | None = None,
    search_s: float | None = None,
    words: bool = False,
    thorough: bool = False,
    cache: Cache | None = None,
) -> Report:
    """Measures one clip, at a path or a URL.

    - audio: separate audio file.
    - transcript: timed text of the clip; default: files beside it with its name, or subtitles inside it.
    - tolerance: milliseconds, (inner, outer), or a preset such as "ebu-r37".
    - expect: judge against this offset in ms instead of 0, or "unknown" to only measure.
    - search_s: search range for offsets, in seconds either way.
    - cache: where a remote clip is stored.
    """
    arguments = _options.options(audio=audio, transcript=transcript, audio_stream=audio_stream)
    arguments += _options.judging(
        checks=checks,
        tolerance=tolerance,
        expect=expect,
        language=language,
        search_s=search_s,
        words=words,
        thorough=thorough,
    )
    if not _remote.is_remote(path):
        return Report.from_dict(_program.document(["check", _options.name(path), *arguments]))
    cache = cache or Cache()
    copy = _remote.copy_of(str(path), cache)
    try:
        found = _program.document(["check", str(copy), *arguments])
    finally:
        cache.release(copy)
    return Report.from_dict({**found, "clip": str(path)})


def transcript(
    media: PathName,
    *files: PathName,
    write: PathName | None = None,
    force: bool = False,
    kind: Literal["text", "turns", "events"] | None = None,
    language: str | None = None,
    timing_only: bool = False,
    words: bool = False,
    tolerance: Tolerance | None = None,
    expect: float | str | None = None,
    thorough: bool = False,
) -> Report:
    """Compares timed text, turns or labels with the audio: one finding per file.

    - files: default: subtitles inside the media.
    - write: write the text with fixed times to this file, or to this folder for several texts.
    - kind: the kind of labels, if their format does not define it.
    """
    arguments = ["transcript", _options.name(media), *map(_options.name, files)]
    arguments += _options.options(write=write, force=force, timing_only=timing_only, **{"as": kind})
    arguments += _options.judging(tolerance=tolerance, expect=expect, language=language, words=words, thorough=thorough)
    return Report.from_dict(_program.document(arguments))


def views(
    *recordings: PathName,
    by: Iterable[str] | None = None,
    export: Iterable[PathName] = (),
    tolerance: Tolerance | None = None,
    expect: float | str | None = None,
    thorough: bool = False,
    jobs: int | None = None,
) -> ViewsReport:
    """Aligns cameras, recorders and sensors of one event with the clock of the first.

    - export: files to write the common timeline to: .json, .csv, .otio or .sh.
    """
    arguments = ["views", *map(_options.name, recordings)]
    arguments += _options.options(by=by, jobs=jobs)
    for file in export:
        arguments += _options.options(export=file)
    arguments += _options.judging(tolerance=tolerance, expect=expect, thorough=thorough)
    return ViewsReport.from_dict(_program.document(arguments))


def actions(
    *labels: PathName,
    tolerance: Tolerance | None = None,
    sync: PathName | None = None,
    media: Iterable[PathName] = (),
    arguments: Iterable[str] = (),
) -> dict[str, Any]:
    """Compares action labels across views and annotators. Returns the document described in docs/actions.md.

    - sync: file with the clocks of the views, from `views`.
    - arguments: more command-line options of `genlock actions`.
    """
    command = ["actions", *map(_options.name, labels)]
    command += _options.options(tolerance=_options.tolerance_text(tolerance), sync=sync)
    for path in media:
        command += _options.options(media=path)
    return _program.document([*command, *arguments])


def fix(
    clip: PathName,
    *texts: PathName,
    output: PathName,
    offset_ms: float | None = None,
    force: bool = False,
    arguments: Iterable[str] = (),
) -> dict[str, Any]:
    """Fixes a clip (and its texts) into a new file, and re-measures it. Returns the document of `genlock fix --json`.

    - offset_ms: move the audio by this many ms instead of measuring.
    - arguments: more command-line options of `genlock fix`.
    """
    command = ["fix", _options.name(clip), *map(_options.name, texts)]
    command += _options.options(output=output, offset_ms=offset_ms, force=force)
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
    """Reports what is wrong with a scanned corpus, as text of the format; empty if it is written to `output`."""
    command = ["report", *map(_options.name, stores), "--quiet"]
    command += _options.options(format=format, output=output, only=only, sort=sort, limit=limit, group_by=group_by)
    return _program.run([*command, *arguments], output=output)


def reports(*stores: PathName, only: Iterable[str] | None = None) -> list[Report]:
    """The reports in stores, one per clip.

    - only: limit to these verdicts.
    """
    if not stores:
        return []
    lines = report(*stores, format="jsonl", only=only).splitlines()
    return [Report.from_dict(json.loads(line)) for line in lines]


def compare(
    master: PathName,
    *copies: PathName,
    tolerance: Tolerance | None = None,
    expect: float | str | None = None,
    thorough: bool = False,
) -> list[Report]:
    """Compares copies with their master: one report per copy.

    - copies: default: the renditions that the playlist or manifest `master` names, against the first.
    """
    arguments = ["compare", _options.name(master), *map(_options.name, copies), "--format=jsonl", "--quiet"]
    arguments += _options.judging(tolerance=tolerance, expect=expect, thorough=thorough)
    return [Report.from_dict(json.loads(line)) for line in _program.run(arguments).splitlines()]


def perturb(
    *paths: PathName,
    output: PathName,
    faults: Iterable[str] | None = None,
    sets: bool = False,
    rewrite_audio: bool = False,
    seed: int = 1,
) -> dict[str, Any]:
    """Plants known faults in copies of clips. Returns a document that names the truth table: docs/perturb.md.

    What could not be made is in its `problems`.

    - output: folder for the copies.
    - faults: which faults; default: all that apply.
    - sets: clips of one group, or else of one folder, are the views of one session.
    - rewrite_audio: re-encode moved audio, so that tools which ignore start times also see the fault.
    """
    command = ["perturb", *map(_options.name, paths)]
    command += _options.options(output=output, faults=faults, sets=sets, rewrite_audio=rewrite_audio, seed=seed)
    return _program.document(command)


def score(truth: PathName, *answers: PathName) -> dict[str, Any]:
    """Scores answers against the truth table of `perturb`. Returns the document described in docs/perturb.md.

    What cannot be scored is left out, with a warning.

    - answers: stores, tables with the columns name and offset_ms, or folders of answers.
    """
    return _program.document(["perturb", *map(_options.name, answers), *_options.options(score=truth)], warns=True)


def tune(
    *paths: PathName,
    budget_s: float | None = None,
    sample: int | None = None,
    machines: Iterable[int] | None = None,
    clips: int | None = None,
    storage_mb: float | None = None,
    price: float | None = None,
    checks: Iterable[str] | None = None,
    thorough: bool = False,
    arguments: Iterable[str] = (),
) -> dict[str, Any]:
    """Measures a sample of a corpus, and forecasts its scan. Returns the document described in docs/tune.md.

    Clips that do not exist are left out, with a warning.

    - budget_s: approximate measuring time in seconds.
    - machines: forecast for these numbers of machines like this one.
    - clips: forecast for this many clips of the same kind.
    - storage_mb: storage throughput of each machine in MB/s.
    - price: price of a machine per hour.
    - arguments: more command-line options of `genlock tune`.
    """
    command = ["tune", *map(_options.name, paths)]
    command += _options.options(
        budget=budget_s,
        sample=sample,
        machines=None if machines is None else [str(number) for number in machines],
        clips=clips,
        storage=storage_mb,
        price=price,
    )
    return _program.document([*command, *_options.judging(checks=checks, thorough=thorough), *arguments], warns=True)
