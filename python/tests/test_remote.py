"""Remote clips, from real local servers."""

from __future__ import annotations

import http.server
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import genlock
from genlock import _feed, _remote

QUICK = ["container"]


class Server(http.server.ThreadingHTTPServer):
    """Serves files of a folder, with the faults that a test requests."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = folder
        self.asked: Counter[tuple[str, str]] = Counter()
        #: By path: how many answers are cut off, and after how many bytes.
        self.breaks: dict[str, tuple[int, int]] = {}
        #: By path: how many answers have this status.
        self.refusals: dict[str, tuple[int, int]] = {}
        self.tag = '"1"'
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def do_HEAD(self) -> None:
        self.answer(False)

    def do_GET(self) -> None:
        self.answer(True)

    def answer(self, with_body: bool) -> None:
        server, name = self.server, self.path.partition("?")[0].lstrip("/")
        with server.lock:
            server.asked[(self.command, name)] += 1
            times, status = server.refusals.get(name, (0, 0))
            if times:
                server.refusals[name] = (times - 1, status)
        if times:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        path = server.folder / name
        if not path.is_file():
            self.send_error(404)
            return
        data = path.read_bytes()
        found = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        whole = found is None or self.headers.get("If-Range", server.tag) != server.tag
        start = 0 if whole or found is None else int(found[1])
        body = data[start:] if found is None or not found[2] else data[start : int(found[2]) + 1]
        self.send_response(200 if whole else 206)
        self.send_header("ETag", server.tag)
        self.send_header("Content-Length", str(len(body)))
        if not whole:
            self.send_header("Content-Range", f"bytes {start}-{start + len(body) - 1}/{len(data)}")
        self.end_headers()
        if with_body:
            with server.lock:
                left, at = server.breaks.get(name, (0, 0))
                if left:
                    server.breaks[name] = (left - 1, at)
            if left:
                self.wfile.write(body[:at])
                self.wfile.flush()
                self.close_connection = True
                return
            self.wfile.write(body)


@pytest.fixture
def server(tmp_path: Path, media: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(_remote, "PAUSE_S", 0.01)
    folder = tmp_path / "served"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.mp4").write_bytes((media / "no-audio.mp4").read_bytes())
    result = Server(folder)
    threading.Thread(target=result.serve_forever, daemon=True).start()
    yield result
    result.shutdown()
    result.server_close()


@pytest.fixture
def cache(tmp_path: Path) -> genlock.Cache:
    return genlock.Cache(tmp_path / "cache")


def test_one_clip_by_url(server: Server, cache: genlock.Cache) -> None:
    report = genlock.check(f"{server.url}/0.mp4", checks=QUICK, cache=cache)
    assert report.clip == f"{server.url}/0.mp4"
    assert report.verdict != "failed"


def test_a_listing_is_answered_in_order_under_its_urls(server: Server, cache: genlock.Cache, media: Path) -> None:
    rows = [f"{server.url}/0.mp4", str(media / "empty.mp4"), f"{server.url}/1.mp4?signed=1"]
    found = list(genlock.scan(rows, checks=QUICK, cache=cache))
    assert [report.clip for report in found] == rows
    assert [report.verdict == "failed" for report in found] == [False, True, False]


def test_what_breaks_off_goes_on_where_it_was(server: Server, cache: genlock.Cache) -> None:
    server.breaks["0.mp4"] = (2, 5000)
    place = _remote.copy_of(f"{server.url}/0.mp4", cache)
    assert place.read_bytes() == (server.folder / "0.mp4").read_bytes()
    assert server.asked[("GET", "0.mp4")] == 3


def test_what_changes_during_an_interruption_is_fetched_again(server: Server, tmp_path: Path) -> None:
    url, place = f"{server.url}/0.mp4", tmp_path / "copy.mp4"
    server.breaks["0.mp4"] = (1, 5000)
    new = b"x" * 40_000

    def change() -> None:
        while server.asked[("GET", "0.mp4")] == 0:
            time.sleep(0.001)
        server.tag = '"2"'
        (server.folder / "0.mp4").write_bytes(new)

    thread = threading.Thread(target=change)
    thread.start()
    _remote.PAUSE_S = 0.2
    _remote.fetch(url, place, None)
    thread.join()
    assert place.read_bytes() == new


def test_passing_failures_are_tried_again(server: Server, cache: genlock.Cache) -> None:
    server.refusals["0.mp4"] = (3, 503)
    [report] = genlock.scan([f"{server.url}/0.mp4"], checks=QUICK, cache=cache)
    assert report.verdict != "failed"


def test_what_is_not_there_fails_alone_and_is_not_kept(server: Server, cache: genlock.Cache, tmp_path: Path) -> None:
    store = tmp_path / "clips.sqlite"
    rows = [f"{server.url}/none.mp4", f"{server.url}/0.mp4"]
    found = list(genlock.scan(rows, checks=QUICK, cache=cache, store=store))
    assert found[0].error is not None
    assert found[0].error.code == "not-fetched"
    assert "404" in found[0].error.message
    assert found[1].verdict != "failed"
    (server.folder / "none.mp4").write_bytes((server.folder / "0.mp4").read_bytes())
    assert [report.verdict == "failed" for report in genlock.scan(rows, checks=QUICK, cache=cache, store=store)] == [
        False,
        False,
    ]


def test_a_scan_that_goes_on_fetches_nothing_that_has_a_result(server: Server, tmp_path: Path) -> None:
    store = tmp_path / "clips.sqlite"
    urls = [f"{server.url}/{number}.mp4" for number in range(6)]
    with genlock.scan(urls, checks=QUICK, cache=genlock.Cache(tmp_path / "a"), store=store, in_flight=2) as reports:
        for _ in range(3):
            next(reports)
    before = sum(count for (method, _), count in server.asked.items() if method == "GET")
    assert before <= 3 + 2
    found = list(genlock.scan(urls, checks=QUICK, cache=genlock.Cache(tmp_path / "b"), store=store))
    assert [report.clip for report in found] == urls
    after = sum(count for (method, _), count in server.asked.items() if method == "GET")
    assert after - before <= 3
    list(genlock.scan(urls, checks=QUICK, cache=genlock.Cache(tmp_path / "c"), store=store))
    assert sum(count for (method, _), count in server.asked.items() if method == "GET") == after
    server.tag = '"2"'
    list(genlock.scan(urls, checks=QUICK, cache=genlock.Cache(tmp_path / "c"), store=store))
    assert sum(count for (method, _), count in server.asked.items() if method == "GET") == after + 6


def test_the_cache_keeps_to_its_bound(server: Server, tmp_path: Path) -> None:
    size = (server.folder / "0.mp4").stat().st_size
    cache = genlock.Cache(tmp_path / "cache", limit_bytes=2 * size)
    largest = 0

    def look(_: genlock.Progress) -> None:
        nonlocal largest
        largest = max(largest, sum(path.stat().st_size for path in cache.folder.iterdir()))

    urls = [f"{server.url}/{number}.mp4" for number in range(6)] * 3
    found = list(genlock.scan(urls, checks=QUICK, cache=cache, progress=look, jobs=1))
    assert all(report.verdict != "failed" for report in found)
    assert largest <= 2 * size
    assert cache.used_bytes <= 2 * size


def test_closing_while_clips_are_fetched_ends_everything(server: Server, cache: genlock.Cache) -> None:
    reports = genlock.scan((f"{server.url}/{number % 6}.mp4" for number in range(10_000)), checks=QUICK, cache=cache)
    next(reports)
    reports.close()
    asked = sum(server.asked.values())
    time.sleep(1)
    # Requests under way are completed, and no further ones are made.
    assert sum(server.asked.values()) <= asked + _feed.QUESTIONS + 2 * _feed.FETCHES


@pytest.fixture(scope="module")
def bucket() -> Iterator[dict[str, Any]]:
    pytest.importorskip("moto")
    pytest.importorskip("s3fs")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = Path(sys.executable).with_name("moto_server")
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([str(program), "-H", "127.0.0.1", "-p", str(port)], stdout=quiet, stderr=quiet)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    endpoint = f"http://127.0.0.1:{port}"
    names = {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": endpoint,
        "FSSPEC_S3_ENDPOINT_URL": endpoint,
    }
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(names)
    yield {"endpoint": endpoint}
    process.terminate()
    process.wait()
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def test_objects_of_an_s3_server(bucket: dict[str, Any], media: Path, tmp_path: Path) -> None:
    import s3fs

    system = s3fs.S3FileSystem(endpoint_url=bucket["endpoint"])
    system.mkdir("corpus")
    for number in range(5):
        system.put_file(str(media / "no-audio.mp4"), f"corpus/{number}.mp4")
    urls = [f"s3://corpus/{number}.mp4" for number in range(5)] + ["s3://corpus/none.mp4"]
    store = tmp_path / "clips.sqlite"
    cache = genlock.Cache(tmp_path / "cache")
    found = list(genlock.scan(urls, checks=QUICK, cache=cache, store=store))
    assert [report.clip for report in found] == urls
    assert [report.verdict == "failed" for report in found] == [False] * 5 + [True]
    assert found[5].error is not None
    assert found[5].error.code == "not-fetched"
    empty = genlock.Cache(tmp_path / "empty")
    again = list(genlock.scan(urls[:5], checks=QUICK, cache=empty, store=store))
    assert [report.document for report in again] == [report.document for report in found[:5]]
    assert list(empty.folder.iterdir()) == []
