"""Remote clips: fetched into a bounded cache by this process, measured there by workers without network access.

`https://` and `http://` need no other package; other schemes (`s3://`, `hf://`, `gs://`, ...) need fsspec.
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

#: Number of retries, and seconds before the first one; the pause doubles each time.
RETRIES = 4
PAUSE_S = 0.5
#: Seconds without a byte after which a connection is closed.
SILENCE_S = 60
CHUNK = 1 << 20
#: Default cache size in bytes.
CACHE_BYTES = 10 << 30
#: HTTP statuses that are worth a retry.
PASSING = {408, 425, 429, 500, 502, 503, 504}


def is_remote(name: object) -> bool:
    """Whether a name is a URL."""
    return isinstance(name, str) and "://" in name.split("?", 1)[0]


@dataclass(frozen=True, slots=True)
class State:
    """What a source states about a clip without a download."""

    #: Bytes; None: not stated.
    size: int | None
    #: Stays the same as long as the bytes do, as far as the source states it.
    version: str


class FetchError(GenlockError):
    """A remote clip could not be fetched."""


def state(url: str) -> State:
    """Queries a clip's size and version. Raises FetchError."""
    return _http_state(url) if _is_http(url) else _fsspec_state(url)


def fetch(url: str, to: Path, size: int | None) -> None:
    """Downloads a clip to a file, atomically. Raises FetchError."""
    part = to.with_name(f"{to.name}.{threading.get_ident()}.part")
    to.parent.mkdir(parents=True, exist_ok=True)
    try:
        if _is_http(url):
            _http_fetch(url, part)
        else:
            _fsspec_fetch(url, part)
        if size is not None and part.stat().st_size != size:
            raise FetchError(
                f"{url} has {size} bytes, but {part.stat().st_size} came", "try again; the source may be changing"
            )
        part.replace(to)
    except OSError as error:
        raise FetchError(
            f"{url} cannot be written to {to.parent} ({error})", "free some disk space, or use another cache"
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
            401: "give a URL with credentials, such as a signed one",
            403: "give a URL with credentials, such as a signed one",
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
                # Signed URLs are often valid for GET only: one byte gives the same information.
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
    """Resumes after a broken connection, as long as the source is the same."""
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
                    # A weak ETag does not identify the exact bytes.
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
            raise FetchError(f"{url} does not exist", "check the URL") from error
        except PermissionError as error:
            raise FetchError(f"{url} is not readable ({error})", "check the credentials and the URL") from error
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
    """Fetched clips in a folder of limited size.

    Clips in use stay; of the others, the least recently used are removed first. Only one process may use a folder.
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
        """Bytes that are stored or reserved."""
        with self._changed:
            return sum(self._sizes.values())

    def place(self, url: str, version: str) -> Path:
        """The path of a clip's copy, existing or not; it keeps the file extension, which indicates the format."""
        name = hashlib.sha256(f"{version}\n{url}".encode()).hexdigest()[:40]
        ending = Path(urllib.parse.urlsplit(url).path).suffix.lower()
        return self.folder / (name + (ending if ending[1:].isalnum() and len(ending) <= 8 else ""))

    def reserve(self, place: Path, size: int | None) -> bool:
        """Reserves space for a clip and marks it as in use; waits while all is in use. True: it exists already."""
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
        """Records the size of a fetched clip."""
        with self._changed:
            self._sizes[place.name] = place.stat().st_size

    def release(self, place: Path) -> None:
        """Marks a clip as no longer in use: it may be removed for others."""
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
        """Cancels all waits for space."""
        with self._changed:
            self._rounds += 1
            self._changed.notify_all()

    def clear(self) -> None:
        """Removes all clips that are not in use."""
        with self._changed:
            for name in list(self._sizes):
                if not self._uses.get(name):
                    (self.folder / name).unlink(missing_ok=True)
                    del self._sizes[name]


def copy_of(url: str, cache: Cache) -> Path:
    """A clip's copy, fetched if it does not exist; it is in use until it is released. Raises FetchError."""
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
    """Fetches a clip to its reserved place. Raises FetchError."""
    size = said.size if said else None
    if size is not None and shutil.disk_usage(cache.folder).free < size:
        raise FetchError(f"{url} has {size} bytes, but {cache.folder} lacks the space", "free some disk space")
    fetch(url, place, size)
    cache.fetched(place)
