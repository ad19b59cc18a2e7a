"""Sends rows to the program in order, within a bounded queue; fetches remote clips first."""

from __future__ import annotations

import json
import os
import queue
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeAlias

from . import _remote
from ._options import PathName
from ._program import GenlockError
from ._remote import Cache, FetchError, State

#: A clip: its path or URL, or a manifest row with a member `media` and optional others (`audio`, `transcript`,
#: `labels`, `group`, `language`, attributes).
Row: TypeAlias = "PathName | Mapping[str, Any]"

#: Concurrent downloads, and concurrent queries of sources.
FETCHES = 4
QUESTIONS = 16


@dataclass(slots=True)
class _Elsewhere:
    """A row with a remote clip."""

    members: dict[str, Any]
    url: str
    state: State | None = None
    place: Path | None = None
    error: FetchError | None = None
    #: Whether its copy is in use.
    is_held: bool = False


class Feed:
    """Sends rows to the program, in separate threads."""

    def __init__(self, room: int, cache: Cache | None) -> None:
        self._room = threading.Semaphore(room)
        #: Rows not answered yet, in order.
        self.given: deque[Row] = deque()
        self.is_closed = False
        #: The exception that the caller's rows raised.
        self.error: BaseException | None = None
        self._cache = cache
        self._stream: IO[bytes] | None = None
        self._lock = threading.Lock()
        self._is_complete = False
        self._answered = 0
        #: Rows whose copies the program may still request, and those in use; by number.
        self._elsewhere: dict[int, _Elsewhere] = {}
        self._may_be_wanted: set[int] = set()
        self._ready: queue.SimpleQueue[tuple[Row, dict[str, Any], Future[_Elsewhere] | None] | None] = (
            queue.SimpleQueue()
        )
        self._wanted: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._asking: ThreadPoolExecutor | None = None
        self._fetching: ThreadPoolExecutor | None = None

    def start(self, rows: Iterable[Row], stream: IO[bytes]) -> None:
        """Starts to send rows to the program's standard input."""
        self._stream = stream
        for name, work, arguments in (("rows", self._take, (rows,)), ("sends", self._send_all, ())):
            threading.Thread(target=work, args=arguments, daemon=True, name=f"genlock {name}").start()

    # Incoming rows.

    def _take(self, rows: Iterable[Row]) -> None:
        try:
            for row in rows:
                self._room.acquire()
                if self.is_closed:
                    return
                members = members_of(row)
                asked = None
                if _remote.is_remote(members["media"]):
                    if self._asking is None:
                        self._begin_fetching()
                    assert self._asking is not None
                    asked = self._asking.submit(self._ask, members)
                self._ready.put((row, members, asked))
        except BaseException as error:
            if not self.is_closed:
                self.error = error
        finally:
            self._ready.put(None)

    def _begin_fetching(self) -> None:
        if self._cache is None:
            self._cache = Cache()
        self._asking = ThreadPoolExecutor(QUESTIONS, thread_name_prefix="genlock asks")
        self._fetching = ThreadPoolExecutor(FETCHES, thread_name_prefix="genlock fetches")
        threading.Thread(target=self._dispatch, daemon=True, name="genlock copies").start()

    def _ask(self, members: dict[str, Any]) -> _Elsewhere:
        row = _Elsewhere(members, members["media"])
        assert self._cache is not None
        try:
            row.state = _remote.state(row.url)
            row.place = self._cache.place(row.url, row.state.version)
        except FetchError as error:
            row.error = error
            row.place = self._cache.place(row.url, "unknown")
        return row

    # Outgoing rows.

    def _send_all(self) -> None:
        number = 0
        while (item := self._ready.get()) is not None and not self.is_closed:
            row, members, asked = item
            if asked is not None:
                elsewhere = asked.result()
                # The program looks for a stored result first, and requests the copy only if there is none. An existing
                # copy may be evicted before its turn, so it is requested like any other.
                members = dict(members)
                members["local_copy"] = "/nonexistent/genlock-copy"
                members["copy_version"] = elsewhere.state.version if elsewhere.state else "unknown"
                elsewhere.members = members
                with self._lock:
                    self._elsewhere[number] = elsewhere
                    self._may_be_wanted.add(number)
            self.given.append(row)
            number += 1
            self._send(members)
        with self._lock:
            self._is_complete = True
            self._close_if_done()

    def _send(self, members: Mapping[str, Any]) -> None:
        line = json.dumps(members, ensure_ascii=False).encode("utf-8", "surrogateescape") + b"\n"
        with self._lock:
            assert self._stream is not None
            try:
                if not self._stream.closed:
                    self._stream.write(line)
                    self._stream.flush()
            except (OSError, ValueError):
                # The program has ended: the reader of its answers reports why.
                pass

    def _close_if_done(self) -> None:
        if self._is_complete and not self._may_be_wanted and self._stream is not None:
            try:
                self._stream.close()
            except OSError:
                pass

    # Requested copies.

    def want(self, number: int) -> None:
        """Handles the program's request for a row's copy."""
        self._wanted.put(number)

    def _dispatch(self) -> None:
        while (number := self._wanted.get()) is not None and not self.is_closed:
            with self._lock:
                row = self._elsewhere[number]
            assert self._cache is not None and self._fetching is not None and row.place is not None
            try:
                if row.error is not None:
                    raise row.error
                # In the order of the rows: the first unanswered one never waits for space that later ones hold.
                is_there = self._cache.reserve(row.place, row.state.size if row.state else None)
                row.is_held = True
                if is_there:
                    self._again(number, row)
                else:
                    self._fetching.submit(self._fetch, number, row)
            except FetchError as error:
                self._again(number, row, error)
            except RuntimeError:
                # Closed in the meantime.
                return

    def _fetch(self, number: int, row: _Elsewhere) -> None:
        assert self._cache is not None and row.place is not None
        try:
            _remote.fill(row.url, row.state, row.place, self._cache)
        except Exception as error:
            failure = error if isinstance(error, FetchError) else FetchError(f"{row.url}: {error}", "try again")
            self._again(number, row, failure)
        else:
            self._again(number, row)

    def _again(self, number: int, row: _Elsewhere, error: FetchError | None = None) -> None:
        members = {**row.members, "local_copy": str(row.place)}
        if error is not None:
            members["failure"] = {"message": error.message, "remedy": error.remedy}
        self._send({"again": number, **members})
        with self._lock:
            self._may_be_wanted.discard(number)
            self._close_if_done()

    # Answers.

    def answered(self) -> Row | None:
        """Marks the first unanswered row as answered, and makes room for another."""
        row = self.given.popleft() if self.given else None
        with self._lock:
            elsewhere = self._elsewhere.pop(self._answered, None)
            self._may_be_wanted.discard(self._answered)
            self._answered += 1
            self._close_if_done()
        if elsewhere is not None and elsewhere.is_held and elsewhere.place is not None and self._cache is not None:
            self._cache.release(elsewhere.place)
        self._room.release()
        return row

    def close(self) -> None:
        """Stops sending rows."""
        self.is_closed = True
        self._room.release()
        self._ready.put(None)
        self._wanted.put(None)
        if self._cache is not None:
            with self._lock:
                held = [row for row in self._elsewhere.values() if row.is_held]
                self._elsewhere.clear()
            for row in held:
                if row.place is not None:
                    self._cache.release(row.place)
            self._cache.wake()
        for pool in (self._asking, self._fetching):
            if pool is not None:
                pool.shutdown(wait=False, cancel_futures=True)


def rows_of(rows: Iterable[Row]) -> Iterable[Row]:
    """The rows of a data frame of pandas or polars; other rows as they are."""
    if not hasattr(rows, "columns"):
        return rows
    if "media" not in list(rows.columns):
        raise GenlockError(
            f"the data frame has no column media, but {', '.join(map(str, rows.columns))}",
            "rename the column of the clips' paths to media",
        )
    if hasattr(rows, "iter_rows"):
        named: Iterable[Row] = rows.iter_rows(named=True)
        return named
    records: Iterable[Row] = rows.to_dict("records")  # type: ignore[attr-defined]
    return records


def _is_missing(value: Any) -> bool:
    """None, and what pandas has for nothing: NaN, NA and NaT."""
    return (
        value is None or type(value).__name__ in ("NAType", "NaTType") or (isinstance(value, float) and value != value)
    )


def _plain(value: Any) -> Any:
    """A value that JSON has: paths and dates as text, numbers of NumPy as those of Python."""
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if type(value).__module__ == "numpy" and hasattr(value, "item"):
        return value.item()
    return value.isoformat() if hasattr(value, "isoformat") else value


def members_of(row: Row) -> dict[str, Any]:
    """A row as an object with a member `media`; members without a value are left out."""
    if isinstance(row, Mapping):
        members = {str(key): _plain(value) for key, value in row.items() if not _is_missing(value)}
    else:
        members = {"media": os.fspath(row)}
    if not members.get("media"):
        raise GenlockError(f"the row {members!r} has no media", "give each row a member 'media': the clip's path")
    return members
