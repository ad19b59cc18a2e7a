"""Cost and robustness of the engine; see `run`. Uses only Python's standard library."""

import csv
import datetime
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

GENLOCK = os.environ["GENLOCK_BINARY"]


def workers(kind):
    """The environment of a scan whose workers answer without decoding, or fail as requested."""
    return {"GENLOCK_WORKER": os.path.join(os.path.dirname(GENLOCK), "genlock-test-worker"), "GENLOCK_TEST_WORKER": kind}


CORPUS = os.path.abspath(os.environ["GENLOCK_CORPUS"])
WORK = os.path.abspath(os.environ.get("GENLOCK_BENCH_WORK", ".build/bench-corpus"))
GRID = sorted(os.path.join(CORPUS, "lips/grid", name) for name in os.listdir(os.path.join(CORPUS, "lips/grid")))
ROWS = []
LINES = []


def note(part, name, value, unit, asked=""):
    """Adds a figure to the table and to the raw rows, and prints it."""
    shown = f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    ROWS.append([part, name, value, unit, asked])
    LINES.append(f"| {part} | {name} | {shown} {unit} | {asked} |")
    print(f"{part}: {name}: {shown} {unit}" + (f" (asked: {asked})" if asked else ""), flush=True)


def fresh(name):
    folder = os.path.join(WORK, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    return folder


def links(folder, count, sources):
    """`count` links under different names, a thousand per folder."""
    for index in range(count):
        inner = os.path.join(folder, f"d{index // 1000:03d}")
        if index % 1000 == 0:
            os.makedirs(inner)
        source = sources[index % len(sources)]
        os.symlink(source, os.path.join(inner, f"clip-{index:06d}{os.path.splitext(source)[1]}"))


class Run:
    """Runs a command; returns status, output, processor and wall seconds, and the largest memory of one process in MB."""

    def __init__(self, command, env=None, output=None):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.monotonic()
        out = open(output, "wb") if output else subprocess.DEVNULL
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE, env={**os.environ, **(env or {})})
        self.errors = process.stderr.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.status = process.returncode
        self.wall = time.monotonic() - started
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        self.memory = usage.ru_maxrss / 1024
        if output:
            out.close()


def leftover(folder):
    """Worker processes left over by the scans of a folder; there must be none."""
    own = os.path.realpath(GENLOCK)
    left = 0
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            words = open(f"/proc/{pid}/cmdline", "rb").read().split(b"\0")
            parent = open(f"/proc/{pid}/status").read().split("PPid:\t")[1].split("\n")[0]
            if words[1:2] == [b"worker"] and os.path.realpath(words[0].decode()) == own and parent == "1":
                left += 1
        except (OSError, IndexError):
            pass
    return left


def part_idle():
    count = int(os.environ.get("CLIPS", "100000"))
    folder = fresh("idle")
    links(folder, count, GRID)
    store = os.path.join(WORK, "idle.sqlite")
    for ending in ("", "-wal", "-shm", "-lock"):
        if os.path.exists(store + ending):
            os.remove(store + ending)
    env = workers("idle")
    scan = [GENLOCK, "scan", folder, "--store", store, "--format", "jsonl", "--quiet", "--jobs", "2"]
    lines = os.path.join(WORK, "idle.jsonl")
    run = Run(scan, env, lines)
    note("idle", "clips", count, "")
    note("idle", "processor time a clip: plan, identity, pipes, store, output", 1000 * run.processor / count, "ms", "at most 2")
    note("idle", "memory of the scan", run.memory, "MB", "at most 300")
    note("idle", "wall time", run.wall, "s")
    note("idle", "size of the store a clip", os.path.getsize(store) / count, "bytes")
    again = Run(scan, env, os.path.join(WORK, "idle-again.jsonl"))
    note("idle", "the same scan again, nothing changed: processor time a clip", 1000 * again.processor / count, "ms")
    same = open(lines, "rb").read() == open(os.path.join(WORK, "idle-again.jsonl"), "rb").read()
    note("idle", "its output the same byte for byte", "yes" if same else "NO", "", "yes")
    for name in ("text", "jsonl", "json", "csv", "markdown", "junit", "parquet"):
        report = Run([GENLOCK, "report", store, "--format", name, "--limit", "0", "--quiet", "--output", os.path.join(WORK, "report." + name)])
        note("idle", f"report as {name}: wall time", report.wall, "s", "under 5")
        note("idle", f"report as {name}: memory", report.memory, "MB")
    same = open(lines, "rb").read() == open(os.path.join(WORK, "report.jsonl"), "rb").read()
    note("idle", "report as jsonl equals the scan's output", "yes" if same else "NO", "", "yes")


def part_real():
    count = int(os.environ.get("REAL_CLIPS", "1000"))
    folder = fresh("real")
    links(folder, count, GRID)
    clips = sorted(os.path.join(base, name) for base, _, names in os.walk(folder) for name in names)
    outputs = []
    walls = {}
    processor_a_clip = {}
    for jobs in (1, 2):
        output = os.path.join(WORK, f"real-{jobs}.jsonl")
        run = Run([GENLOCK, "scan", folder, "--jobs", str(jobs), "--format", "jsonl", "--quiet"], output=output)
        walls[jobs] = run.wall
        processor_a_clip[jobs] = 1000 * run.processor / count
        outputs.append(open(output, "rb").read())
        note("real", f"{count} clips of 3 s, {jobs} worker(s): processor time a clip", 1000 * run.processor / count, "ms")
        note("real", f"{jobs} worker(s): wall time a clip", 1000 * run.wall / count, "ms")
    note("real", "speed of two workers relative to one", walls[1] / walls[2], "", "at least 1.8")
    note("real", "one and two workers: the same bytes", "yes" if outputs[0] == outputs[1] else "NO", "", "yes")
    processor = wall = 0.0
    for clip in clips[: min(count, 200)]:
        run = Run(["ffmpeg", "-v", "error", "-nostdin", "-threads", "1", "-i", clip, "-f", "null", "-"])
        processor += run.processor
        wall += run.wall
    decoding = 1000 * processor / min(count, 200)
    note("real", "ffmpeg starts and decodes one to nothing: processor time a clip", decoding, "ms")
    idle = Run([GENLOCK, "scan", folder, "--jobs", "1", "--format", "jsonl", "--quiet"], workers("idle"))
    note("real", "where the time goes: engine alone", 1000 * idle.processor / count, "ms a clip")
    bare = Run([GENLOCK, "scan", folder, "--jobs", "1", "--format", "jsonl", "--quiet"], {"GENLOCK_HOME": "/nonexistent"})
    note("real", "where the time goes: engine, and opening each clip", 1000 * bare.processor / count, "ms a clip")
    note("real", "where the time goes: decoding, faces, mouths, sound and correlation", processor_a_clip[1] - 1000 * bare.processor / count, "ms a clip")


def killed(name, folder, env, kills, seed, longest):
    """Scans a folder, killed N times at random moments, and compares with an uninterrupted scan."""
    generator = random.Random(seed)

    def scan(store):
        return [GENLOCK, "scan", folder, "--store", store, "--format", "jsonl", "--quiet", "--jobs", "2"]

    def report(store):
        output = store + ".jsonl"
        Run([GENLOCK, "report", store, "--format", "jsonl", "--quiet"], output=output)
        return open(output, "rb").read()

    home = fresh("kills-" + name)
    calm = os.path.join(home, "calm.sqlite")
    Run(scan(calm), env, os.path.join(home, "calm.out"))
    harried = os.path.join(home, "harried.sqlite")
    hits, lost = 0, 0
    kept_before = 0
    while hits < kills:
        process = subprocess.Popen(scan(harried), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **env})
        time.sleep(generator.uniform(0.05, longest))
        if process.poll() is not None:
            break
        process.send_signal(signal.SIGKILL)
        process.wait()
        hits += 1
        try:
            kept = sqlite3.connect(harried).execute("SELECT count(*) FROM clip").fetchone()[0]
        except sqlite3.OperationalError:
            kept = 0
        lost += max(0, kept_before - kept)
        kept_before = kept
    Run(scan(harried), env, os.path.join(home, "harried.out"))
    note("kills", f"{name}: times killed", hits, "")
    note("kills", f"{name}: clips lost", lost, "", "0")
    calm_bytes, harried_bytes = report(calm), report(harried)
    clips = [json.loads(line)["clip"] for line in harried_bytes.splitlines()]
    total = sum(len(names) for _, _, names in os.walk(folder))
    note("kills", f"{name}: clips in the store, each once", f"{len(clips)} of {total}" + ("" if len(set(clips)) == len(clips) else " DOUBLED"), "")
    note("kills", f"{name}: the report's bytes as undisturbed", "yes" if calm_bytes == harried_bytes else "NO", "", "yes")
    intact = sqlite3.connect(harried).execute("PRAGMA integrity_check").fetchone()[0]
    note("kills", f"{name}: integrity of the store", intact, "", "ok")
    time.sleep(0.5)
    note("kills", f"{name}: workers left over", leftover(folder), "", "0")


def part_kills():
    folder = fresh("kills-idle-clips")
    links(folder, 30000, GRID)
    killed("answers made of nothing", folder, workers("idle"), 20, 1, 1.2)
    folder = fresh("kills-real-clips")
    links(folder, 150, GRID)
    killed("real clips", folder, {}, 20, 2, 2.5)


def part_hostile():
    folder = fresh("hostile")
    links(folder, 100, GRID)
    for kind in ("crash", "hang", "hog"):
        os.symlink(GRID[0], os.path.join(folder, "d000", f"clip-000050.{kind}.mpg"))
    env = workers("faults")
    output = os.path.join(WORK, "hostile.jsonl")
    run = Run([GENLOCK, "scan", folder, "--jobs", "2", "--format", "jsonl", "--quiet", "--clip-timeout", "30", "--clip-memory", "1000"], env, output)
    reports = [json.loads(line) for line in open(output, encoding="utf-8")]
    failed = {os.path.basename(report["clip"]).split(".")[1]: report["error"]["code"] for report in reports if "error" in report}
    alone = os.path.join(WORK, "hostile-alone.jsonl")
    names = [report["clip"] for report in reports if "error" not in report]
    Run([GENLOCK, "scan", *names, "--jobs", "1", "--format", "jsonl", "--quiet"], output=alone)
    good = [line for line in open(output, encoding="utf-8") if '"error":' not in line]
    note("hostile", "good clips answered as they are without the three", sum(a == b for a, b in zip(good, open(alone, encoding="utf-8"))), "of 100", "100")
    note("hostile", "failures named", ", ".join(f"{kind}: {code}" for kind, code in sorted(failed.items())), "", "3")
    note("hostile", "wall time", run.wall, "s")
    note("hostile", "exit status", run.status, "")
    time.sleep(0.5)
    note("hostile", "workers left over", leftover(folder), "", "0")


def damage(data, generator):
    kind = generator.choice(["truncated", "flipped", "replaced", "noise", "head", "zeroed"])
    data = bytearray(data)
    if kind == "truncated":
        data = data[: generator.randrange(len(data))]
    elif kind == "flipped":
        for _ in range(generator.choice([1, 10, 100, 1000])):
            data[generator.randrange(len(data))] ^= 1 << generator.randrange(8)
    elif kind == "replaced":
        for _ in range(generator.choice([1, 5, 20])):
            start, other = generator.randrange(len(data)), generator.randrange(len(data))
            length = generator.randrange(1, 4096)
            data[start : start + length] = data[other : other + length]
    elif kind == "noise":
        data = bytearray(generator.randbytes(generator.choice([1, 100, 10_000, 200_000])))
    elif kind == "head":
        for index in range(min(len(data), generator.choice([64, 512, 4096]))):
            if generator.random() < 0.05:
                data[index] = generator.randrange(256)
    else:
        start = generator.randrange(len(data))
        length = generator.randrange(1, 100_000)
        data[start : start + length] = bytes(min(length, len(data) - start))
    return kind, bytes(data)


def part_damaged():
    folder = fresh("damaged")
    generator = random.Random(3)
    sources = GRID[::9] + [
        os.path.join(base, name) for part in ("lips/wild", "lips/no-speech", "views", "transcripts")
        for base, _, names in os.walk(os.path.join(CORPUS, part)) for name in sorted(names)
        if name.endswith((".mp4", ".mpg", ".wav", ".mp3", ".ogg", ".flac")) and os.path.getsize(os.path.join(base, name)) < 4_000_000
    ]
    for index in range(300):
        source = sources[index % len(sources)]
        kind, data = damage(open(source, "rb").read(), generator)
        with open(os.path.join(folder, f"damaged-{index:03d}-{kind}{os.path.splitext(source)[1]}"), "wb") as file:
            file.write(data)
    good = GRID[:20]
    for index, source in enumerate(good):
        os.symlink(source, os.path.join(folder, f"good-{index:02d}.mpg"))
    output = os.path.join(WORK, "damaged.jsonl")
    run = Run([GENLOCK, "scan", folder, "--jobs", "2", "--format", "jsonl", "--quiet"], output=output)
    reports = [json.loads(line) for line in open(output, encoding="utf-8")]
    bad = [report for report in reports if "/damaged-" in report["clip"]]
    note("damaged", "files", 300, "")
    note("damaged", "with an answer or a named failure", sum(1 for report in bad if report["findings"] or report["error"]["code"]), "", "300")
    codes = {}
    for report in bad:
        code = report.get("error", {}).get("code") or report["verdict"]
        codes[code] = codes.get(code, 0) + 1
    note("damaged", "what was said", ", ".join(f"{code} {count}" for code, count in sorted(codes.items(), key=lambda item: -item[1])), "")
    plain = os.path.join(WORK, "damaged-plain.jsonl")
    Run([GENLOCK, "scan", *good, "--jobs", "1", "--format", "jsonl", "--quiet"], output=plain)
    expected = [json.loads(line)["findings"] for line in open(plain, encoding="utf-8")]
    found = [report["findings"] for report in reports if "/good-" in report["clip"]]
    note("damaged", "good clips with the findings that they have alone", sum(a == b for a, b in zip(expected, found)), "of 20", "20")
    note("damaged", "offsets beyond 100 ms among damaged GRID clips (moved timestamps are real offsets)", sum(
        1 for report in bad if report["clip"].endswith(".mpg") for finding in report["findings"] if finding["check"] == "lips" and abs(finding["offset_ms"] or 0) > 100), "")
    note("damaged", "wall time", run.wall, "s")
    note("damaged", "the scan came to its end with exit status", run.status, "", "1 or 2")


def part_spark():
    run = subprocess.run(["cluster/test"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    last = [line for line in run.stdout.splitlines() if "byte for byte" in line or "skipped" in line]
    note("spark", "two local workers", (last or ["no answer: " + run.stdout[-200:]])[-1], "", "equal")


def main():
    parts = sys.argv[1:] or ["idle", "real", "kills", "hostile", "damaged", "spark"]
    os.makedirs(WORK, exist_ok=True)
    for part in parts:
        globals()["part_" + part]()
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
    stamp = f"bench/results/corpus-{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d}-{commit}"
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown")
    is_new = not os.path.exists(stamp + ".md")
    with open(stamp + ".md", "a", encoding="utf-8") as file:
        if is_new:
            ffmpeg = subprocess.run(["ffmpeg", "-version"], capture_output=True, text=True, check=True).stdout.split("\n")[0]
            file.write(f"# The engine, {os.path.basename(stamp)[7:]}\n\nCommand: `bench/corpus/run {' '.join(parts)}`. {model}, {os.cpu_count()} cores, ")
            file.write(f"{' '.join(ffmpeg.split()[:3])}. Load when it ended: {os.getloadavg()[1]:.1f} (other work may have run beside it).\n\n")
            file.write("| part | what | measured | asked |\n|---|---|---|---|\n")
        file.write("\n".join(LINES) + "\n")
    with open(stamp + ".csv", "a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        if is_new:
            writer.writerow(["part", "what", "value", "unit", "asked"])
        writer.writerows(ROWS)


main()
