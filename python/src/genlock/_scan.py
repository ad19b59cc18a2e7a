"""Measures many clips with one process per scan."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sized
from dataclasses import dataclass
from types import TracebackType
from typing import IO

from . import _options, _program
from ._feed import Feed, Row, rows_of
from ._models import Report
from ._options import PathName, Tolerance
from ._remote import Cache

#: Maximum number of rows that the program accepts ahead of the first unanswered one.
MOST_IN_FLIGHT = 4096


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a scan."""

    #: Finished clips.
    done: int
    #: All clips; None: the rows have no length.
    total: int | None
    #: Clips that are misaligned, unpaired or failed.
    faults: int


class _Process:
    """The program, with a thread that reads its answers and one that keeps its last messages.

    Answers are read even while the caller takes none, so that the program never blocks within a clip. Their number is
    bounded by the number of rows sent.
    """

    def __init__(self, arguments: list[str], feed: Feed | None) -> None:
        command = [_program.program(), *arguments]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE if feed else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_program.environment(),
        )
        assert self.process.stdout is not None and self.process.stderr is not None
        #: None: the end.
        self.answers: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self.said: deque[bytes] = deque(maxlen=50)
        self.readers = [
            threading.Thread(target=_Process._read, args=(self.process.stdout, self.answers, feed), daemon=True),
            threading.Thread(target=_Process._listen, args=(self.process.stderr, self.said), daemon=True),
        ]
        for reader in self.readers:
            reader.start()

    @staticmethod
    def _read(stream: IO[bytes], answers: queue.SimpleQueue[bytes | None], feed: Feed | None) -> None:
        for line in stream:
            if feed is not None and line.startswith(b'{"wanted"'):
                feed.want(json.loads(line)["wanted"])
            else:
                answers.put(line)
        answers.put(None)

    @staticmethod
    def _listen(stream: IO[bytes], said: deque[bytes]) -> None:
        said.extend(stream)

    def end(self) -> int:
        """Ends the program if it still runs, and returns its exit status."""
        process = self.process
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        status = process.wait()
        for reader in self.readers:
            reader.join(5)
        for stream in (process.stdin, process.stdout, process.stderr):
            try:
                if stream is not None:
                    stream.close()
            except OSError:
                pass
        return status


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
        process.wait()


class Scan(Iterator[Report]):
    """The reports of a scan, in the order of its rows, as they are finished.

    Close it, or leave its `with` block, to stop early: finished clips stay in the store. Use it from one thread.
    """

    def __init__(
        self,
        rows: Iterable[Row] | PathName,
        arguments: list[str],
        *,
        in_flight: int,
        cache: Cache | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self._progress = progress
        self._done = 0
        self._faults = 0
        self._feed = Feed(in_flight, cache)
        self._is_closed = False
        self._total: int | None = None
        if isinstance(rows, (str, os.PathLike)):
            self._process = _Process(["scan", _options.name(rows), *arguments], None)
        else:
            rows = rows_of(rows)
            self._total = len(rows) if isinstance(rows, Sized) else None
            self._process = _Process(["scan", "-", "--stream", *arguments], self._feed)
            stream = self._process.process.stdin
            assert stream is not None
            # Its threads hold no reference to this object, so that an abandoned scan can end.
            self._feed.start(rows, stream)
        # An abandoned scan ends too.
        self._finalizer = weakref.finalize(self, _stop, self._process.process)

    def __iter__(self) -> Scan:
        return self

    def __next__(self) -> Report:
        return self._next()[1]

    @property
    def pid(self) -> int:
        """The process id of the program."""
        return self._process.process.pid

    def with_rows(self) -> Iterator[tuple[Row | None, Report]]:
        """Each report with its row; None if the program found the clip in a folder or a manifest.

        What a manifest's row states is then in the report's `attributes`.
        """
        while True:
            try:
                yield self._next()
            except StopIteration:
                return

    def _next(self) -> tuple[Row | None, Report]:
        if self._is_closed:
            raise StopIteration
        try:
            line = self._process.answers.get()
        except BaseException:
            # Such as Ctrl-C.
            self.close()
            raise
        if line is None:
            self._finish()
            raise StopIteration
        report = Report.from_dict(json.loads(line))
        row = self._feed.answered()
        self._done += 1
        self._faults += report.verdict in ("misaligned", "unpaired", "failed")
        if self._progress is not None:
            self._progress(Progress(done=self._done, total=self._total, faults=self._faults))
        return row, report

    def _finish(self) -> None:
        # The program has closed its stdout: give it time to end.
        try:
            status = self._process.process.wait(30)
        except subprocess.TimeoutExpired:
            status = -1
        left = len(self._feed.given)
        said = b"".join(self._process.said).decode("utf-8", "replace")
        self.close()
        if self._feed.error is not None:
            raise self._feed.error
        _program.hold(status, said, has_answered=not left and self._done > 0)
        if left:
            raise _program.failure(status, said)

    def close(self) -> None:
        """Ends the program. Unfinished clips are not measured."""
        if self._is_closed:
            return
        self._is_closed = True
        self._feed.close()
        self._process.end()
        self._finalizer.detach()

    def __enter__(self) -> Scan:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def scan(
    rows: Iterable[Row] | PathName,
    *,
    store: PathName | None = None,
    jobs: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    checks: Iterable[str] | None = None,
    tolerance: Tolerance | None = None,
    expect: float | str | None = None,
    language: str | None = None,
    search_s: float | None = None,
    words: bool = False,
    thorough: bool = False,
    force: bool = False,
    retry_failed: bool = False,
    wait: bool = False,
    clip_timeout_s: float | None = None,
    clip_memory_mb: int | None = None,
    in_flight: int | None = None,
    cache: Cache | None = None,
) -> Scan:
    """Measures many clips in one process, and yields a report for each, in order.

    `rows` is an iterable of paths and rows (objects with a member `media`), or a data frame of pandas or polars with a
    column `media`. It may be endless: the next row is requested only when there is room for it. Relative paths are
    relative to the current folder. Or it is one path as for `genlock scan`: a folder, a manifest, a pattern, a shard;
    only then are groups of views and robot sets processed.

    - store: SQLite file for results; unchanged clips are taken from it.
    - jobs: parallel clips; default: one per CPU core.
    - progress: called after each clip, in the thread that iterates over the reports.
    - cache: where remote clips are stored; default: 10 GB under the user's cache folder.
    - in_flight: maximum number of rows ahead of the first unanswered one; default: 64 plus 8 per job.
    """
    arguments = ["--format", "jsonl", "--quiet", "--progress", "none"]
    arguments += _options.judging(
        checks=checks,
        tolerance=tolerance,
        expect=expect,
        language=language,
        search_s=search_s,
        words=words,
        thorough=thorough,
    )
    arguments += _options.options(
        store=store,
        jobs=jobs,
        force=force,
        retry_failed=retry_failed,
        wait=wait,
        clip_timeout=clip_timeout_s,
        clip_memory=clip_memory_mb,
    )
    if in_flight is None:
        in_flight = 64 + 8 * (jobs or os.cpu_count() or 1)
    return Scan(rows, arguments, in_flight=min(max(1, in_flight), MOST_IN_FLIGHT), cache=cache, progress=progress)
