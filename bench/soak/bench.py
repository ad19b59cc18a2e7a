"""One scan of a given duration, fed with mixed recordings row by row, while its memory, open files and processes are sampled.
Every row must be answered once and in order; memory, files and processes must not grow from the first half to the second.
"""

import argparse
import csv
import json
import pathlib
import statistics
import subprocess
import sys
import threading
import time


def status(pid):
    """Resident memory in kB, open files, and child processes."""
    try:
        text = pathlib.Path(f"/proc/{pid}/status").read_text()
        memory = next((int(line.split()[1]) for line in text.splitlines() if line.startswith("VmRSS:")), 0)
        files = len(list(pathlib.Path(f"/proc/{pid}/fd").iterdir()))
        children = []
        for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
            children += (task / "children").read_text().split()
    except OSError:
        return None
    return memory, files, children


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--genlock", required=True)
    parser.add_argument("--media", type=pathlib.Path, required=True, help="a folder of recordings, good and bad")
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--every", type=float, default=5, help="seconds between samples")
    parser.add_argument("--ahead", type=int, default=32, help="rows sent ahead of the answers")
    parser.add_argument("--rows", type=pathlib.Path, required=True, help="the table of samples to write")
    arguments = parser.parse_args()
    clips = sorted(str(path) for path in arguments.media.iterdir() if path.is_file() and path.suffix != ".md")
    scan = subprocess.Popen(
        [arguments.genlock, "scan", "-", "--stream", "--format", "jsonl", "--quiet", "--jobs", str(arguments.jobs)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    end = time.monotonic() + 60 * arguments.minutes
    asked, wrong, answered = [], [], 0
    room = threading.Semaphore(arguments.ahead)

    def feed():
        while time.monotonic() < end and scan.poll() is None:
            room.acquire()
            clip = clips[len(asked) % len(clips)]
            asked.append(clip)
            scan.stdin.write(json.dumps({"media": clip}) + "\n")
            scan.stdin.flush()
        scan.stdin.close()

    samples = []

    def watch():
        start = time.monotonic()
        while scan.poll() is None:
            seen = status(scan.pid)
            if seen:
                below = [status(child) for child in seen[2]]
                below = [one for one in below if one]
                samples.append({
                    "seconds": round(time.monotonic() - start, 1), "answered": answered, "memory_kb": seen[0], "files": seen[1],
                    "workers": len(below), "workers_memory_kb": sum(one[0] for one in below), "workers_files": sum(one[1] for one in below)})
            time.sleep(arguments.every)

    threads = [threading.Thread(target=feed, daemon=True), threading.Thread(target=watch, daemon=True)]
    for thread in threads:
        thread.start()
    first = {}
    for line in scan.stdout:
        report = json.loads(line)
        clip = report["clip"]
        if clip != asked[answered]:
            wrong.append(clip)
        # The same clip must have the same answer each time.
        if first.setdefault(clip, line) != line:
            wrong.append(f"{clip} has another answer ({(report.get('error') or {}).get('code') or report['verdict']})")
        answered += 1
        room.release()
    code = scan.wait()
    threads[1].join()
    with arguments.rows.open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(samples[0]))
        writer.writeheader()
        writer.writerows(samples)
    # The first tenth is left out, since models are loaded then.
    settled = samples[len(samples) // 10:]
    halves = settled[:len(settled) // 2], settled[len(settled) // 2:]
    print(f"{samples[-1]['seconds'] / 60:.0f} minutes, {answered} of {len(asked)} rows answered, {len(wrong)} wrong {wrong[:3]}, status {code}")
    for name in ("memory_kb", "files", "workers", "workers_memory_kb", "workers_files"):
        values = [[sample[name] for sample in half] for half in halves]
        print(f"{name}: median {statistics.median(values[0]):.0f} in the first half, {statistics.median(values[1]):.0f} in the second; "
              f"most {max(values[0])}, {max(values[1])}")
    return 0 if answered == len(asked) and not wrong and code in (0, 1, 2) else 1


if __name__ == "__main__":
    sys.exit(main())
