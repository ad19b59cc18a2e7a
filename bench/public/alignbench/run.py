"""Runs programs side by side: item by item, all tools that know its track one after another, so that they meet the same conditions."""
import json
import os
import platform
import select
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

from . import table
from .table import Answer
from .tools import TOOLS, UNAVAILABLE, usable, version


class Worker:
    """A tool's process; started when it is first asked, and again after it hung or died."""

    def __init__(self, name, log):
        self.name, self.log, self.process = name, log, None

    def start(self):
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1", "TQDM_DISABLE": "1",
                       "PYTHONPATH": str(Path(__file__).parent.parent)}
        self.process = subprocess.Popen([sys.executable, "-B", "-W", "ignore", "-m", "alignbench.worker", self.name], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.log, text=True, env=environment)
        if self.read(120) is None:
            raise RuntimeError(f"{self.name} did not start: see its log")

    def read(self, seconds):
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        line = self.process.stdout.readline() if ready else ""
        return json.loads(line) if line else None

    def ask(self, question, seconds):
        if self.process is None or self.process.poll() is not None:
            self.start()
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        told = self.read(seconds)
        if told is None:
            self.stop()
            return {"parts": [], "problem": f"no answer within {seconds:.0f} s", "seconds": None}
        return told

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


def spread(files, limit):
    """At most so many, evenly over all of them: sources, conditions and negatives stand in order."""
    if not limit or limit >= len(files):
        return files
    return [files[at * len(files) // limit] for at in range(limit)]


def machine():
    """The processor's name and how many of it."""
    told = Path("/proc/cpuinfo")
    names = [line.split(":")[1].strip() for line in told.read_text().splitlines() if line.startswith("model name")] if told.exists() else []
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores"


def describe(output, names):
    """`run.json`: where and with which versions, beside those of an earlier run over other tools."""
    path = output / "run.json"
    earlier = json.loads(path.read_text())["tools"] if path.exists() else {}
    told = {**earlier, **{name: version(name) for name in names}}
    about = {"machine": machine(), "python": platform.python_version(), "tools": {name: told[name] for name in TOOLS if name in told}, "not run": UNAVAILABLE}
    path.write_text(json.dumps(about, indent=1))


def run(given):
    folder, output = Path(given.folder).resolve(), Path(given.output)
    output.mkdir(parents=True, exist_ok=True)
    items = table.read_items(folder / "items.csv")
    # Answers belong to the set that was asked.
    made, asked = folder / "made-by.txt", output / "made-by.txt"
    if made.exists():
        if asked.exists() and asked.read_text() != made.read_text():
            raise table.Flaw(f"{output} holds answers to another set than {folder}: remove it, or name another folder")
        asked.write_text(made.read_text())
    groups = defaultdict(list)
    for item in items:
        groups[item.files].append(item)
    names = given.tools.split(",") if given.tools else usable()
    for name in names:
        if name not in TOOLS:
            raise table.Flaw(f"there is no tool '{name}'; there are {', '.join(TOOLS)}")
    # What is answered already is kept: a run goes on where it stopped.
    answers = {name: (table.read_answers(output / f"{name}.csv", items) if (output / f"{name}.csv").exists() else {}) for name in names}
    workers = {name: Worker(name, open(output / f"{name}.log", "a")) for name in names}
    describe(output, names)
    chosen = given.tracks.split(",") if given.tracks else table.TRACKS
    begun, done = time.time(), 0
    for files, group in ((files, groups[files]) for track in chosen for files in spread([f for f, g in groups.items() if g[0].track == track], given.limit)):
        item = group[0]
        asked = []
        for name in names:
            if item.track not in TOOLS[name][1] or group[0].item in answers[name]:
                continue
            question = {"track": item.track, "reference": str(folder / item.reference), "subject": str(folder / item.subject) if item.subject else "",
                        "parts": [each.part for each in group], "language": item.language or "en"}
            told = workers[name].ask(question, given.timeout)
            by_part = {part: fields for part, fields in told["parts"]}
            for each in group:
                fields = dict(by_part.get(each.part, {}))
                if not fields:
                    fields["note"] = told.get("problem", "")
                answers[name][each.item] = Answer(each.item, seconds=told["seconds"], **fields)
            asked.append(name)
        if asked:
            done += 1
            for name in asked:
                table.write(output / f"{name}.csv", list(answers[name].values()), Answer)
            if done % 10 == 0:
                print(f"{files}: {done} files in {time.time() - begun:.0f} s", file=sys.stderr, flush=True)
    for worker in workers.values():
        worker.stop()
        worker.log.close()
    print(f"submissions of {len(names)} tools in {output}")
