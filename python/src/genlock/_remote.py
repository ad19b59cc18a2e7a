"""Clips that lie elsewhere: fetched into a bounded cache by this process, measured there by workers without a network.

`https://` and `http://` need nothing more; every other scheme (`s3://`, `hf://`, `gs://`, ...) goes through fsspec.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import shutil
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from ._program import GenlockError

#: How often something is tried again, and seconds before the first time; twice as long each time.
RETRIES = 4
PAUSE_S = 0.5
#: Seconds without a byte after which a connection is given up.
SILENCE_S = 60
CHUNK = 1 << 20
#: Bytes that the cache holds by default.
CACHE_BYTES = 10 << 30
#: Answers of a server that may be others the next time.
PASSING = {408, 425, 429, 500, 502, 503, 504}


def is_remote(name: object) -> bool:
    """Whether a name is a URL."""
    return isinstance(name, str) and "://" in name.split("?", 1)[0]


@dataclass(frozen=True, slots=True)
class State:
    """What a source says of a clip without being asked for its bytes."""

    #: Bytes; None: the source does not say.
    size: int | None
    #: The same text as long as the bytes are the same, as far as the source says.
    version: str


class FetchError(GenlockError):
    """A clip could not be had from where it lies."""


def state(url: str) -> State:
    """Asks the source for a clip's size and version. Raises FetchError."""
    return _http_state(url) if _is_http(url) else _fsspec_state(url)


def fetch(url: str, to: Path, size: int | None) -> None:
    """Writes a clip's bytes to a file, which is there whole or not at all. Raises FetchError."""
    part = to.with_name(f"{to.name}.{threading.get_ident()}.part")
    to.parent.mkdir(parents=True, exist_ok=True)
    try:
        if _is_http(url):
            _http_fetch(url, part)
        else:
            _fsspec_fetch(url, part)
        if size is not None and part.stat().st_size != size:
            raise FetchError(
                f"{url} has {size} bytes, and {part.stat().st_size} came", "try again; the source may be changing"
            )
        part.replace(to)
    except OSError as error:
        raise FetchError(
            f"{url} cannot be written to {to.parent} ({error})", "free some disk space, or name another cache"
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _is_http(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))


def _open(url: str, method: str, headers: dict[str, str]) -> http.client.HTTPResponse:
    quoted = urllib.parse.quote(url, safe="%/:?#[]@!$&'()*+,;=~-._")
    request = urllib.request.Request(quoted, method=method, headers={"User-Agent": "genlock", **headers})
    return urllib.request.urlopen(request, timeout=SILENCE_S)  # type: ignore[no-any-return]


def _said(url: str, error: Exception) -> FetchError:
    if isinstance(error, urllib.error.HTTPError):
        remedy = {
            401: "give the URL with what it takes to be let in, such as a signed one",
            403: "give the URL with what it takes to be let in, such as a signed one",
            404: "check the URL",
        }.get(error.code, "try again later")
        return FetchError(f"{url}: the server answers {error.code} ({error.reason})", remedy)
    reason = getattr(error, "reason", error)
    return FetchError(f"{url} cannot be reached ({reason})", "check the URL and the network")


def _passes(error: Exception) -> bool:
    if isinstance(error, urllib.error.HTTPError):
        return error.code in PASSING
    return isinstance(error, (OSError, http.client.HTTPException))


def _http_state(url: str) -> State:
    for attempt in range(RETRIES + 1):
        try:
            try:
                with _open(url, "HEAD", {}) as answer:
                    return _state_of(answer.headers, answer.headers.get("Content-Length"))
            except urllib.error.HTTPError as error:
                # Signed URLs are often for GET alone: one byte of it says the same.
                if error.code not in (403, 405, 501):
                    raise
                with _open(url, "GET", {"Range": "bytes=0-0"}) as answer:
                    whole = (answer.headers.get("Content-Range") or "").rpartition("/")[2]
                    length = whole if answer.status == 206 else answer.headers.get("Content-Length")
                    return _state_of(answer.headers, length)
        except Exception as error:
            if attempt == RETRIES or not _passes(error):
                raise _said(url, error) from error
            time.sleep(PAUSE_S * 2**attempt)
    raise AssertionError


def _state_of(headers: Any, length: str | None) -> State:
    size = int(length) if length and length.isdigit() and not headers.get("Content-Encoding") else None
    mark = headers.get("ETag") or headers.get("Last-Modified") or ""
    return State(size, f"{size if size is not None else '?'} {mark}".strip())


def _http_fetch(url: str, part: Path) -> None:
    """Goes on where a connection broke off, as long as the source is the same."""
    mark = ""
    with part.open("wb") as file:
        for attempt in range(RETRIES + 1):
            begin = file.tell()
            headers = {"Range": f"bytes={begin}-", "If-Range": mark} if begin and mark else {}
            try:
                with _open(url, "GET", headers) as answer:
                    if answer.status != 206:
                        file.seek(0)
                        file.truncate()
                    mark = answer.headers.get("ETag") or answer.headers.get("Last-Modified") or ""
                    # A weak mark is none of the very bytes.
                    mark = "" if mark.startswith("W/") else mark
                    _copy(answer, file)
                return
            except Exception as error:
                if attempt == RETRIES or not _passes(error):
                    raise _said(url, error) from error
                if not mark:
                    file.seek(0)
                    file.truncate()
                time.sleep(PAUSE_S * 2**attempt)


def _copy(answer: http.client.HTTPResponse, file: IO[bytes]) -> None:
    while True:
        bytes_read = answer.read(CHUNK)
        if not bytes_read:
            break
        file.write(bytes_read)
    if answer.length:
        raise http.client.IncompleteRead(b"", answer.length)


def _filesystem(url: str) -> tuple[Any, str]:
    try:
        import fsspec
    except ImportError as error:
        raise FetchError(f"{url} needs the package fsspec", "pip install 'genlock[remote]'") from error
    scheme = url.split("://", 1)[0]
    try:
        system, path = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        package = {"s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "hf": "huggingface_hub"}
        raise FetchError(
            f"{url}: fsspec cannot open {scheme}:// ({error})", f"pip install {package.get(scheme, 'what it names')}"
        ) from error
    return system, path


def _retried(url: str, act: Any) -> Any:
    for attempt in range(RETRIES + 1):
        try:
            return act()
        except FileNotFoundError as error:
            raise FetchError(f"{url} is not there", "check the URL") from error
        except PermissionError as error:
            raise FetchError(f"{url} may not be read ({error})", "check the credentials and the URL") from error
        except Exception as error:
            if attempt == RETRIES:
                raise FetchError(f"{url} cannot be read ({error})", "check the URL, credentials and network") from error
            time.sleep(PAUSE_S * 2**attempt)
    raise AssertionError


def _fsspec_state(url: str) -> State:
    system, path = _filesystem(url)
    info = _retried(url, lambda: system.info(path))
    size = info.get("size")
    marks = ("ETag", "etag", "blob_id", "sha256", "md5Hash", "LastModified", "last_modified", "mtime", "created")
    mark = next((str(info[name]) for name in marks if info.get(name)), "")
    return State(size if isinstance(size, int) else None, f"{size} {mark}".strip())


def _fsspec_fetch(url: str, part: Path) -> None:
    system, path = _filesystem(url)
    _retried(url, lambda: system.get_file(path, str(part)))


class Cache:
    """Fetched clips in a folder, no more than so many bytes of them.

    Those in use stay; of the others, those that were used longest ago go first. One process uses a folder at a time.
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None, limit_bytes: int = CACHE_BYTES) -> None:
        if folder is None:
            base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
            folder = Path(base) / "genlock" / "clips"
        self.folder = Path(folder)
        self.limit = limit_bytes
        self._changed = threading.Condition()
        self._sizes: OrderedDict[str, int] = OrderedDict()
        self._uses: dict[str, int] = {}
        self._rounds = 0
        self.folder.mkdir(parents=True, exist_ok=True)
        found = [path for path in self.folder.iterdir() if path.is_file()]
        for path in sorted(found, key=lambda path: path.stat().st_mtime):
            if path.suffix == ".part":
                path.unlink(missing_ok=True)
            else:
                self._sizes[path.name] = path.stat().st_size

    @property
    def used_bytes(self) -> int:
        """Bytes that lie in it, or for which room is kept."""
        with self._changed:
            return sum(self._sizes.values())

    def place(self, url: str, version: str) -> Path:
        """Where a clip's copy lies, or would: its ending is kept, since it tells the format."""
        name = hashlib.sha256(f"{version}\n{url}".encode()).hexdigest()[:40]
        ending = Path(urllib.parse.urlsplit(url).path).suffix.lower()
        return self.folder / (name + (ending if ending[1:].isalnum() and len(ending) <= 8 else ""))

    def reserve(self, place: Path, size: int | None) -> bool:
        """Keeps room for a clip and takes it into use; waits while all room is in use. True: it is there already."""
        size = size or 0
        with self._changed:
            rounds = self._rounds
            while rounds == self._rounds:
                if place.name in self._sizes:
                    self._sizes.move_to_end(place.name)
                    self._uses[place.name] = self._uses.get(place.name, 0) + 1
                    return place.exists()
                self._make_room(size)
                in_use = any(self._uses.values())
                if sum(self._sizes.values()) + size <= self.limit or not in_use:
                    self._sizes[place.name] = size
                    self._uses[place.name] = 1
                    return False
                self._changed.wait(1)
            raise FetchError(f"{place} was not fetched", "the scan was closed")

    def _make_room(self, size: int) -> None:
        for name in list(self._sizes):
            if sum(self._sizes.values()) + size <= self.limit:
                return
            if not self._uses.get(name):
                (self.folder / name).unlink(missing_ok=True)
                del self._sizes[name]

    def fetched(self, place: Path) -> None:
        """Counts what came."""
        with self._changed:
            self._sizes[place.name] = place.stat().st_size

    def release(self, place: Path) -> None:
        """Lets go of a clip: it may make room for others."""
        with self._changed:
            uses = self._uses.get(place.name, 0) - 1
            if uses > 0:
                self._uses[place.name] = uses
            else:
                self._uses.pop(place.name, None)
                if not place.exists():
                    self._sizes.pop(place.name, None)
            self._make_room(0)
            self._changed.notify_all()

    def wake(self) -> None:
        """Whoever waits for room gives up."""
        with self._changed:
            self._rounds += 1
            self._changed.notify_all()

    def clear(self) -> None:
        """Takes away what is not in use."""
        with self._changed:
            for name in list(self._sizes):
                if not self._uses.get(name):
                    (self.folder / name).unlink(missing_ok=True)
                    del self._sizes[name]


def copy_of(url: str, cache: Cache) -> Path:
    """The copy of a clip, fetched where it is not there; it is in use until it is released. Raises FetchError."""
    said = state(url)
    place = cache.place(url, said.version)
    if not cache.reserve(place, said.size):
        try:
            fill(url, said, place, cache)
        except BaseException:
            cache.release(place)
            raise
    return place


def fill(url: str, said: State | None, place: Path, cache: Cache) -> None:
    """Fetches a clip into its place, for which room is kept. Raises FetchError."""
    size = said.size if said else None
    if size is not None and shutil.disk_usage(cache.folder).free < size:
        raise FetchError(f"{url} has {size} bytes, for which {cache.folder} has no room", "free some disk space")
    fetch(url, place, size)
    cache.fetched(place)
