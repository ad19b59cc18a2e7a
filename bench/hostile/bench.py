"""Scans mutated media files in batches, and reports whether every one was answered.

A file depends only on its number and the seed, so that a single one can be reproduced (`--only N`). Counted per batch: files without an
answer or with two, scans that ended otherwise than the contract allows, processes left over, peak memory of the scan's process, and clips
that killed their worker or took too long, which are answered and counted separately.
"""

import argparse
import collections
import csv
import json
import pathlib
import random
import shutil
import subprocess
import sys
import threading
import time

# Container and codecs: file extension and ffmpeg's arguments. Small frames, since their number and not their size costs time here.
KINDS = [
    ("h264-aac.mp4", "-c:v libx264 -preset ultrafast -c:a aac"),
    ("h264-aac-fragmented.mp4", "-c:v libx264 -preset ultrafast -c:a aac -movflags frag_keyframe+empty_moov"),
    ("hevc-ac3.mp4", "-c:v libx265 -preset ultrafast -x265-params log-level=error -c:a ac3"),
    ("mpeg4-alac.mov", "-c:v mpeg4 -c:a alac"),
    ("prores-pcm.mov", "-c:v prores_ks -profile:v 0 -c:a pcm_s16le"),
    ("mjpeg-adpcm.avi", "-c:v mjpeg -pix_fmt yuvj420p -c:a adpcm_ms"),
    ("msmpeg4-mp3.avi", "-c:v msmpeg4v2 -c:a libmp3lame"),
    ("vp9-opus.webm", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus"),
    ("vp8-vorbis.webm", "-c:v libvpx -deadline realtime -cpu-used 8 -c:a libvorbis"),
    ("h264-flac.mkv", "-c:v libx264 -preset ultrafast -c:a flac"),
    ("ffv1-pcm.mkv", "-c:v ffv1 -c:a pcm_s24le"),
    ("av1-opus.mkv", "-c:v libsvtav1 -preset 12 -c:a libopus"),
    ("h264-aac.ts", "-c:v libx264 -preset ultrafast -c:a aac"),
    ("mpeg2-mp2.ts", "-c:v mpeg2video -c:a mp2"),
    ("mpeg1-mp2.mpg", "-c:v mpeg1video -c:a mp2"),
    ("mpeg2-ac3.vob", "-c:v mpeg2video -c:a ac3 -f vob"),
    ("flv-mp3.flv", "-c:v flv -c:a libmp3lame -ar 44100"),
    ("wmv2-wma.wmv", "-c:v wmv2 -c:a wmav2"),
    ("theora-vorbis.ogv", "-c:v libtheora -c:a libvorbis"),
    ("mpeg2-pcm.mxf", "-c:v mpeg2video -c:a pcm_s16le -ar 48000"),
    ("h263-aac.3gp", "-c:v h263 -s 176x144 -c:a aac -ac 1"),
    ("dv-pcm.dv", "-c:v dvvideo -s 720x576 -r 25 -pix_fmt yuv420p -c:a pcm_s16le -ar 48000 -ac 2"),
    ("sound.wav", "-vn -c:a pcm_s16le"),
    ("sound.flac", "-vn -c:a flac"),
    ("sound.mp3", "-vn -c:a libmp3lame"),
    ("sound.ogg", "-vn -c:a libopus"),
]
SOURCES = ["in-sync.mp4", "sound-late-120ms.mp4", "no-face.mp4", "flash-and-beep-late-120ms.mp4"]
# Marks at the start of a file or of a part of it in these containers.
MAGIC = [
    b"ftyp", b"moov", b"trak", b"mdat", b"stts", b"stsz", b"stco", b"elst", b"moof", b"RIFF", b"AVI ", b"LIST", b"idx1", b"WAVE", b"data",
    b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67", b"\x1f\x43\xb6\x75", b"OggS", b"fLaC", b"FLV\x01", b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3",
    b"\x00\x00\x00\x01", b"\x47\x40\x00", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", b"\x06\x0e\x2b\x34", b"ID3", b"\xff\xd8\xff", b"#!AMR",
]
# The same of recordings of robots.
RECORDING_MAGIC = [
    b"\x89MCAP0\r\n", b"ros2msg", b"cdr", b"zstd", b"lz4", b"\x89HDF\r\n\x1a\n", b"TREE", b"HEAP", b"SNOD", b"GCOL", b"OHDR", b"FRHP", b"BTHD", b"SQLite format 3",
    b"\xff\xd8\xff", b"\x0a\x00\x00\x00", b"\x0d\x00\x00\x00",
]
NUMBERS = [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x7FFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF]


def place(draw, length):
    """Half of the positions are in the header, where the structure is."""
    return draw.randrange(min(length, 2048)) if draw.random() < 0.5 else draw.randrange(length)


def truncated(data, draw):
    del data[draw.randrange(len(data)):]


def flipped(data, draw):
    for _ in range(draw.choice([1, 2, 8, 64, 512])):
        data[place(draw, len(data))] ^= 1 << draw.randrange(8)


def overwritten(data, draw):
    for _ in range(draw.choice([1, 4, 16])):
        data[draw.randrange(min(len(data), 1024))] = draw.randrange(256)


def numbered(data, draw):
    """Sizes, counts and times at their limits."""
    for _ in range(draw.choice([1, 2, 4])):
        width = draw.choice([1, 2, 4, 8])
        at = place(draw, len(data))
        number = draw.choice(NUMBERS) & (1 << 8 * width) - 1
        data[at:at + width] = number.to_bytes(width, draw.choice(["big", "little"]))


def marked(data, draw):
    """Magic numbers at wrong positions, or exchanged."""
    for _ in range(draw.choice([1, 3])):
        mark = draw.choice(MAGIC)
        known = draw.choice(MAGIC)
        at = data.find(known)
        if at < 0 or draw.random() < 0.5:
            at = place(draw, len(data))
        data[at:at + len(mark)] = mark


def holed(data, draw):
    """Zeros, as of a disk or a download that missed a block; or the block removed."""
    at = place(draw, len(data))
    length = draw.choice([16, 512, 4096, 65536])
    if draw.random() < 0.5:
        end = min(len(data), at + length)
        data[at:end] = bytes(end - at)
    else:
        del data[at:at + length]


def repeated(data, draw):
    at = place(draw, len(data))
    block = data[at:at + draw.choice([4, 64, 4096, 65536])]
    data[at:at] = block * draw.choice([1, 2, 16])


def swapped(data, draw):
    """Exchanges two blocks."""
    length = draw.choice([8, 188, 512, 4096])
    one, other = place(draw, len(data)), place(draw, len(data))
    first, second = bytes(data[one:one + length]), bytes(data[other:other + length])
    data[one:one + len(second)] = second
    data[other:other + len(first)] = first


MUTATIONS = [truncated, flipped, overwritten, numbered, marked, holed, repeated, swapped]


def originals(media, work, seconds):
    """The beginning of each source in each kind: {name: bytes}; kinds that this ffmpeg cannot write are named and left out."""
    folder = work / "originals"
    folder.mkdir(parents=True, exist_ok=True)
    made = {}
    for place_, (name, words) in enumerate(KINDS):
        source = SOURCES[place_ % len(SOURCES)]
        path = folder / name
        if not path.exists():
            partial = folder / ("partial-" + name)
            command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-ss", "0.5", "-i", str(media / source), "-t", str(seconds), "-map", "0:v:0?", "-map",
                       "0:a:0", "-vf", "scale=160:-2", *words.split(), str(partial)]
            if "-vn" in words or "-s " in words:
                command = [part for part in command if part not in ("-vf", "scale=160:-2")]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode != 0 or partial.stat().st_size == 0:
                print(f"left out: {name}: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
                partial.unlink(missing_ok=True)
                continue
            partial.rename(path)
        made[name] = path.read_bytes()
    return made


def recordings(folder):
    """The recordings of robots in a folder and below: {name: bytes}."""
    endings = {".mcap", ".hdf5", ".h5", ".db3"}
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.suffix in endings}


def mutant(number, seed, made):
    """The file of a number: its name and bytes."""
    draw = random.Random(f"{seed}/{number}")
    name = sorted(made)[number % len(made)]
    data = bytearray(made[name])
    used = []
    for _ in range(draw.choice([1, 1, 2, 3])):
        if not data:
            break
        mutation = draw.choice(MUTATIONS)
        mutation(data, draw)
        used.append(mutation.__name__)
    stem, _, ending = name.rpartition(".")
    return f"{number:07d}-{stem}-{'-'.join(used)}.{ending}", bytes(data)


class Watch(threading.Thread):
    """Peak memory of a process in kB, and its memory after the first quarter and at the end."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid = pid
        self.seen = []

    def run(self):
        while True:
            try:
                text = pathlib.Path(f"/proc/{self.pid}/status").read_text()
            except OSError:
                return
            for line in text.splitlines():
                if line.startswith("VmRSS:"):
                    self.seen.append(int(line.split()[1]))
            time.sleep(0.5)


def descendants(session):
    """Processes of a session that are still running."""
    left = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            left.append(int(entry.name))
    return left


def batch(arguments, made, first, count, work):
    folder = work / "files"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    names = []
    for number in range(first, first + count):
        name, data = mutant(number, arguments.seed, made)
        (folder / name).write_bytes(data)
        names.append(name)
    store = work / "store.sqlite"
    for path in work.glob("store.sqlite*"):
        path.unlink()
    started = time.monotonic()
    with open(work / "answers.jsonl", "wb") as output, open(work / "errors.txt", "wb") as errors:
        # A list, since a scan of the folder would omit what is not media by its name.
        scan = subprocess.Popen(
            [arguments.genlock, "scan", "-", "--store", str(store), "--format", "jsonl", "--quiet", "--jobs", str(arguments.jobs),
             "--clip-timeout", str(arguments.clip_timeout), *(["--checks", arguments.checks] if arguments.checks else [])],
            stdin=subprocess.PIPE, stdout=output, stderr=errors, start_new_session=True)
        watch = Watch(scan.pid)
        watch.start()
        scan.stdin.write("\n".join(str(folder / name) for name in names).encode())
        scan.stdin.close()
        try:
            status = scan.wait(timeout=arguments.clip_timeout * count)
        except subprocess.TimeoutExpired:
            scan.kill()
            status = "hung"
    seconds = time.monotonic() - started
    time.sleep(0.2)
    left = descendants(scan.pid)
    answers = collections.Counter()
    verdicts = collections.Counter()
    codes = collections.Counter()
    slow = []
    for line in (work / "answers.jsonl").read_text().splitlines():
        report = json.loads(line)
        name = pathlib.Path(report["clip"]).name
        answers[name] += 1
        verdicts[report["verdict"]] += 1
        code = (report.get("error") or {}).get("code")
        if code:
            codes[code] += 1
        if code in ("worker-died", "timed-out", "too-much-memory"):
            slow.append((name, code, report["error"]["message"]))
            kept = work / "found"
            kept.mkdir(exist_ok=True)
            shutil.copy(folder / name, kept / name)
    quarter = watch.seen[len(watch.seen) // 4:] or [0]
    row = {
        "seed": arguments.seed, "checks": arguments.checks.replace(",", " ") or ("recordings" if arguments.recordings else "all"), "first": first, "files": count, "status": status, "unanswered": sum(1 for name in names if answers[name] == 0),
        "doubled": sum(1 for name in names if answers[name] > 1), "processes_left": len(left), "seconds": round(seconds, 1),
        "memory_mb": max(watch.seen or [0]) // 1024, "memory_after_quarter_mb": quarter[0] // 1024, "memory_end_mb": quarter[-1] // 1024,
        "worker_died": codes["worker-died"], "timed_out": codes["timed-out"], "too_much_memory": codes["too-much-memory"],
        "failed": verdicts["failed"], "in_sync": verdicts["in-sync"], "inconclusive": verdicts["inconclusive"],
        "not_applicable": verdicts["not-applicable"], "other": sum(verdicts.values()) - sum(
            verdicts[word] for word in ("failed", "in-sync", "inconclusive", "not-applicable")),
    }
    return row, slow


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--genlock", required=True)
    parser.add_argument("--media", type=pathlib.Path, required=True)
    parser.add_argument("--recordings", type=pathlib.Path, help="mutate the MCAP, HDF5 and bags of this folder instead of media")
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--rows", type=pathlib.Path, help="the table to add to (default: pieces.csv in the work folder)")
    parser.add_argument("--files", type=int, default=100_000, help="how many in all")
    parser.add_argument("--piece", type=int, default=1000, help="how many a scan")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=1.2, help="length of the mutated files; a work folder keeps its first value")
    parser.add_argument("--checks", default="", help="which checks (default: all; a file costs eight times less without lips)")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--clip-timeout", type=float, default=60)
    parser.add_argument("--only", type=int, help="make this one file in the work folder, and scan nothing")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    if arguments.recordings:
        made = recordings(arguments.recordings)
        MAGIC[:] = RECORDING_MAGIC
    else:
        made = originals(arguments.media, arguments.work, arguments.seconds)
    if arguments.only is not None:
        name, data = mutant(arguments.only, arguments.seed, made)
        (arguments.work / name).write_bytes(data)
        print(arguments.work / name)
        return 0
    table = arguments.rows or arguments.work / "pieces.csv"
    rows = list(csv.DictReader(table.open())) if table.exists() else []
    first = max((int(row["first"]) + int(row["files"]) for row in rows if int(row["seed"]) == arguments.seed), default=0)
    while first < arguments.files:
        count = min(arguments.piece, arguments.files - first)
        row, slow = batch(arguments, made, first, count, arguments.work)
        is_new = not table.exists()
        with table.open("a", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(row))
            if is_new:
                writer.writeheader()
            writer.writerow(row)
        with (arguments.work / "costly.csv").open("a", newline="") as file:
            csv.writer(file).writerows(slow)
        print(", ".join(f"{name} {value}" for name, value in row.items()), flush=True)
        first += count
    rows = list(csv.DictReader(table.open()))

    def total(name):
        return sum(int(row[name]) for row in rows)

    ended = sum(1 for row in rows if row["status"] not in ("0", "1", "2"))
    print(f"\n{total('files')} files in {len(rows)} scans, {len(made)} kinds: {ended} scans ended, {total('unanswered')} unanswered, "
          f"{total('doubled')} doubled, {total('processes_left')} processes left; {total('worker_died')} killed their worker, "
          f"{total('timed_out')} took too long, {total('too_much_memory')} took too much memory; the scan's own process took "
          f"{max(int(row['memory_mb']) for row in rows)} MB at most")
    return 1 if ended or total("unanswered") or total("doubled") or total("processes_left") else 0


if __name__ == "__main__":
    sys.exit(main())
