#!/usr/bin/env python3
"""Faults planted in made robot sets, one an episode, and what a scan finds of them: recall and precision by kind.

    python3 bench/sensors/planted.py GENLOCK ROWS.csv [--rows 1000] [--pictures 500]

Two sets are made under $TMPDIR and deleted:

- rows: faults of clocks and commands, found without the videos' content (`--sample 1`)
- pictures: two fixed cameras and faults of their frames, with the content of every episode (`--thorough`)

Every fault is drawn at random in place and size. The arm of an episode is one of a few courses of motion, each with its own noise, light and lag
of the controller. Writes a table to standard output and every episode to ROWS.csv. Needs numpy, ffmpeg and duckdb.
"""
import argparse
import collections
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

import numpy

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import make_set  # noqa: E402
from told import told as read  # noqa: E402

RATE, SIDE = 30, make_set.SIDE
CAMERAS = ("observation.images.front", "observation.images.side")
# What is planted, and the kind under which it is to be told.
ROW_FAULTS = {
    "lag-step": "lag-differs", "equal-actions": "action-is-state", "clock-gap": "gap", "dropped-rows": "dropped-samples", "doubled-stamp": "doubled-samples",
    "stamps-shifted": "late-start", "stamps-in-ms": "wrong-unit", "clock-jumps-back": "not-monotonic", "rate-off": "rate-differs", "jitter": "jitter",
}
PICTURE_FAULTS = {"frozen-frames": "frozen-picture", "doubled-frames": "repeated-frames", "swapped-cameras": "swapped-cameras"}
# What else follows from a fault and is no false alarm.
FOLLOWS = {"dropped-rows": {"count-differs"}, "stamps-in-ms": {"mixed-units"}}


def course(seed):
    """A course of motion of 8 s that moves for at least half of the time."""
    for attempt in range(100):
        angles = make_set.moves(numpy.random.default_rng([seed, attempt]), 9)
        speed = numpy.abs(numpy.diff(angles(numpy.arange(0, 8, 1 / RATE)), axis=0)).max(axis=1)
        if (speed > 0.01).mean() > 0.5:
            return angles
    raise SystemExit("no course of motion found")


def commands(angles, frames, generator, shift_rows):
    """Commands, and states that follow them by 50 ms (a few ms more or less from episode to episode) and smoothly, as controllers let them."""
    fine = numpy.arange(-0.5, frames / RATE + 0.5, 0.005)
    course = angles(numpy.maximum(0, fine))
    state = numpy.empty_like(course)
    state[0] = course[0]
    # A first-order controller of 25 ms after 25 ms of transport.
    delay, share = 5, 1 - numpy.exp(-0.005 / 0.025)
    for index in range(1, len(fine)):
        state[index] = state[index - 1] + share * (course[max(0, index - delay)] - state[index - 1])
    moments = numpy.arange(frames) / RATE + generator.normal(0, 0.002)
    states = numpy.stack([numpy.interp(moments, fine, state[:, joint]) for joint in range(3)], axis=1)
    sent = numpy.stack([numpy.interp(moments + shift_rows / RATE, fine, course[:, joint]) for joint in range(3)], axis=1)
    return sent, states + generator.normal(0, 0.002, states.shape)


def spoil(kind, columns, generator):
    stamps = columns["timestamp"]
    rows = len(stamps)
    at = int(generator.integers(rows // 5, rows * 4 // 5))
    if kind == "equal-actions":
        columns["action"] = columns["observation.state"]
    elif kind == "clock-gap":
        size = generator.uniform(0.3, 3)
        columns["timestamp"] = [t + (size if i >= at else 0) for i, t in enumerate(stamps)]
    elif kind == "dropped-rows":
        count = int(generator.integers(1, 5))
        columns = {name: values[:at] + values[at + count:] for name, values in columns.items()}
        columns["frame_index"] = list(range(rows - count))
    elif kind == "doubled-stamp":
        columns["timestamp"] = stamps[:at] + [stamps[at - 1]] + [t - 1 / RATE for t in stamps[at + 1:]]
    elif kind == "stamps-shifted":
        size = generator.uniform(0.05, 5) * generator.choice((-1, 1))
        columns["timestamp"] = [t + size for t in stamps]
    elif kind == "stamps-in-ms":
        columns["timestamp"] = [t * 1000 for t in stamps]
    elif kind == "clock-jumps-back":
        size = generator.uniform(0.1, 1)
        columns["timestamp"] = [t - (size if i >= at else 0) for i, t in enumerate(stamps)]
    elif kind == "rate-off":
        factor = 1 + generator.uniform(0.008, 0.05) * generator.choice((-1, 1))
        columns["timestamp"] = [t * factor for t in stamps]
    elif kind == "jitter":
        columns["timestamp"] = [t + float(generator.normal(0, 0.3 / RATE)) for t in stamps]
    return columns


def encode(path, frames):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{SIDE}x{SIDE}", "-r", str(RATE), "-i", "-", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "10",
         "-preset", "veryfast", "-crf", "24", path], input=frames.tobytes(), check=True)


def background(seed):
    generator = numpy.random.default_rng(seed)
    image = numpy.kron(generator.uniform(80, 170, (16, 16)), numpy.ones((SIDE // 16, SIDE // 16)))
    return image.astype(numpy.float32)


def drawn(angles, frames, view, ground):
    return numpy.stack([make_set.draw(row, ground, view) for row in angles(numpy.arange(frames) / RATE)])


def shown(kind, angles, frames, generator):
    """For each frame of a video the frame that the camera delivered."""
    order = numpy.arange(frames)
    if kind == "frozen-frames":
        speed = numpy.abs(numpy.diff(angles(order / RATE), axis=0)).max(axis=1)
        for _ in range(1000):
            length = int(generator.uniform(2.6, 4) * RATE)
            start = int(generator.integers(10, frames - length - 10))
            # The arm moves for a second and more meanwhile: else nothing shows it.
            if (speed[start:start + length] > 0.01).sum() > RATE and (numpy.delete(speed, slice(start, start + length)) > 0.01).sum() > RATE:
                order[start:start + length] = start
                break
        else:
            return None
    elif kind == "doubled-frames":
        every = int(generator.integers(2, 5))
        phase = int(generator.integers(every))
        order = numpy.array([max(0, i - 1) if i % every == phase else i for i in order])
    return order


def make(root, episodes, kinds, share, seed, pictures):
    generator = numpy.random.default_rng(seed)
    grounds = [background([seed, 91, view]) for view in range(2)]
    frames = 8 * RATE
    courses = [course([seed, number]) for number in range(24 if pictures else 200)]
    films = {}
    cameras = CAMERAS if pictures else CAMERAS[:1]
    tables, listed, truth, first = [], [], [], 0
    names = sorted(kinds)
    for episode in range(episodes):
        number = int(generator.integers(len(courses)))
        angles = courses[number]
        kind = names[int(generator.integers(len(names)))] if generator.random() < share else ""
        order = shown(kind, angles, frames, generator)
        if order is None:
            kind, order = "", numpy.arange(frames)
        shift = int(generator.choice((-2, -1, 1, 2))) if kind == "lag-step" else 0
        sent, states = commands(angles, frames, generator, shift)
        columns = {
            "observation.state": [[round(float(v), 6) for v in row] for row in states], "action": [[round(float(v), 6) for v in row] for row in sent],
            "timestamp": [i / RATE for i in range(frames)], "frame_index": list(range(frames)), "episode_index": [episode] * frames, "index": list(range(first, first + frames)),
            "task_index": [0] * frames,
        }
        columns = spoil(kind, columns, generator)
        first += len(columns["timestamp"])
        faulty = int(generator.integers(2))
        for view, camera in enumerate(cameras):
            path = f"{root}/videos/chunk-{episode // 1000:03d}/{camera}/episode_{episode:06d}.mp4"
            source = 1 - view if kind == "swapped-cameras" else view
            key = (number, source)
            if pictures:
                if key not in films:
                    films[key] = drawn(angles, frames, source, grounds[source])
                film = films[key] * generator.uniform(0.85, 1.1) + generator.normal(0, 2, films[key].shape).astype(numpy.float32)
                own = order if view == faulty else numpy.arange(frames)
                encode(path, numpy.clip(film[own], 0, 255).astype(numpy.uint8))
            elif not films:
                encode(path, numpy.clip(drawn(angles, frames, 0, grounds[0]), 0, 255).astype(numpy.uint8))
                films[key] = path
            else:
                os.makedirs(os.path.dirname(path), exist_ok=True)
                shutil.copyfile(next(iter(films.values())), path)
        tables.append((f"{root}/data/chunk-{episode // 1000:03d}/episode_{episode:06d}.parquet", columns))
        listed.append({"episode_index": episode, "tasks": ["reach"], "length": len(columns["timestamp"])})
        truth.append((episode, kind))
    make_set.write_tables(tables)
    os.makedirs(root + "/meta", exist_ok=True)
    with open(root + "/meta/episodes.jsonl", "w") as out:
        out.writelines(json.dumps(entry) + "\n" for entry in listed)
    features = {name: {"dtype": "float32", "shape": [3], "names": ["base", "shoulder", "wrist"]} for name in ("observation.state", "action")}
    features |= {name: {"dtype": "int64" if name.endswith("index") else "float32", "shape": [1]} for name in ("timestamp", "frame_index", "episode_index", "index", "task_index")}
    features |= {camera: {"dtype": "video", "shape": [SIDE, SIDE, 3]} for camera in cameras}
    with open(root + "/meta/info.json", "w") as out:
        json.dump({
            "codebase_version": "v2.1", "robot_type": "made-arm", "total_episodes": episodes, "total_frames": first, "fps": RATE, "chunks_size": 1000, "features": features,
            "data_path": "data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet", "video_path": "videos/chunk-{episode_chunk:03d}/{video_key}/episode_{episode_index:06d}.mp4",
        }, out)
    with open(root + "/truth.csv", "w", newline="") as out:
        csv.writer(out).writerows([("episode", "planted"), *truth])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("genlock")
    parser.add_argument("rows_file", metavar="ROWS.csv")
    parser.add_argument("--rows", type=int, default=1000, help="episodes of the set for faults of rows")
    parser.add_argument("--pictures", type=int, default=500, help="episodes of the set for faults of frames")
    parser.add_argument("--seed", type=int, default=41)
    parser.add_argument("--keep", metavar="FOLDER", help="make the sets in this folder, or use those that are there")
    parser.add_argument("--only-make", action="store_true", help="make the sets and scan nothing")
    given = parser.parse_args()
    folder = given.keep or tempfile.mkdtemp(prefix="genlock-planted-")
    out = open(given.rows_file, "w", newline="")
    writer = csv.writer(out)
    writer.writerow(("set", "episode", "planted", "told"))
    planted, found, rightly, falsely = (collections.Counter() for _ in range(4))
    healthy = wrong = 0
    try:
        for name, episodes, kinds, share, arguments in (("rows", given.rows, ROW_FAULTS, 0.72, ["--sample", "1"]), ("pictures", given.pictures, PICTURE_FAULTS, 0.6, ["--thorough"])):
            if not episodes:
                continue
            root = f"{folder}/{name}"
            if not os.path.exists(root + "/truth.csv"):
                make(root, episodes, kinds, share, given.seed, name == "pictures")
            if given.only_make:
                continue
            with open(root + "/truth.csv", newline="") as file:
                truth = [(int(row["episode"]), row["planted"]) for row in csv.DictReader(file)]
            begun = time.time()
            if os.path.exists(root + ".sqlite"):
                os.remove(root + ".sqlite")
            subprocess.run([given.genlock, "scan", root, "--store", root + ".sqlite", "--quiet", *arguments], stdout=subprocess.DEVNULL)
            print(f"Set '{name}': {episodes} episodes, scanned with `{' '.join(arguments)}` in {time.time() - begun:.0f} s.\n")
            told = read(root + ".sqlite")
            for episode, fault in truth:
                own = told.get(f"{root}/data/chunk-{episode // 1000:03d}/episode_{episode:06d}.parquet", set())
                writer.writerow((name, episode, fault, "+".join(sorted(own))))
                wanted = kinds.get(fault)
                if fault:
                    planted[fault] += 1
                    found[fault] += wanted in own
                else:
                    healthy += 1
                    wrong += bool(own)
                for kind in own:
                    if kind == wanted:
                        rightly[kind] += 1
                    elif kind not in FOLLOWS.get(fault, ()):
                        falsely[kind] += 1
    finally:
        if not given.keep:
            shutil.rmtree(folder, ignore_errors=True)
        out.close()
    print("| planted | episodes | found | recall |\n|---|---|---|---|")
    for fault in sorted(planted):
        print(f"| {fault} | {planted[fault]} | {found[fault]} | {found[fault] / planted[fault]:.3f} |")
    total = sum(planted.values())
    print(f"| all | {total} | {sum(found.values())} | {sum(found.values()) / max(1, total):.3f} |")
    print("\n| told | rightly | falsely | precision |\n|---|---|---|---|")
    for kind in sorted(set(rightly) | set(falsely)):
        print(f"| {kind} | {rightly[kind]} | {falsely[kind]} | {rightly[kind] / (rightly[kind] + falsely[kind]):.3f} |")
    good, bad = sum(rightly.values()), sum(falsely.values())
    print(f"| all | {good} | {bad} | {good / max(1, good + bad):.3f} |")
    print(f"\n{healthy} episodes in order, {wrong} of them with a fault told.")


if __name__ == "__main__":
    main()
