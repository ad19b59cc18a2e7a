#!/usr/bin/env python3
"""A robot set of many small episodes, scanned twice: the second time it is unchanged. Then one episode is changed, and it is scanned again.

    python3 bench/sensors/unchanged.py GENLOCK ROWS.csv [--episodes 10000] [--keep FOLDER]

Writes a table to standard output and ROWS.csv. Needs the `ffmpeg` and `duckdb` programs.
"""
import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from make_set import duckdb_program  # noqa: E402

RATE, SECONDS = 30, 4


def make(root, episodes):
    """Every episode has 120 rows of three joints that swing, each with its own phase, and a video of four seconds."""
    rows = RATE * SECONDS
    os.makedirs(root + "/meta", exist_ok=True)
    video = root + "/one.mp4"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc2=size=96x96:rate={RATE}:duration={SECONDS}", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-preset", "veryfast", video], check=True)
    statements = []
    for episode in range(episodes):
        chunk = f"chunk-{episode // 1000:03d}"
        for folder in (f"{root}/data/{chunk}", f"{root}/videos/{chunk}/observation.images.front"):
            os.makedirs(folder, exist_ok=True)
        shutil.copyfile(video, f"{root}/videos/{chunk}/observation.images.front/episode_{episode:06d}.mp4")
        phase = episode * 0.37
        joints = "[" + ", ".join(f"(sin({pace} * (i + {{shift}}) + {phase + at}) + 0.4 * sin({pace * 2.7} * (i + {{shift}}) + {phase * 2}))::FLOAT" for at, pace in enumerate((0.05, 0.083, 0.11))) + "]"
        statements.append(
            f"COPY (SELECT {joints.format(shift=-2)} AS \"observation.state\", {joints.format(shift=0)} AS action, (i / {RATE})::FLOAT AS timestamp, i::BIGINT AS frame_index, {episode}::BIGINT AS episode_index, "
            f"({episode * rows} + i)::BIGINT AS index, 0::BIGINT AS task_index FROM range({rows}) AS r(i)) TO '{root}/data/{chunk}/episode_{episode:06d}.parquet' (FORMAT parquet);")
    os.remove(video)
    subprocess.run([duckdb_program(), "-batch"], input="\n".join(statements), text=True, check=True)
    with open(root + "/meta/episodes.jsonl", "w") as out:
        out.writelines(json.dumps({"episode_index": episode, "tasks": ["swing"], "length": rows}) + "\n" for episode in range(episodes))
    vector = {"dtype": "float32", "shape": [3], "names": ["base", "shoulder", "wrist"]}
    features = {"observation.state": vector, "action": vector, "timestamp": {"dtype": "float32", "shape": [1]}, "observation.images.front": {"dtype": "video", "shape": [96, 96, 3]}}
    features |= {name: {"dtype": "int64", "shape": [1]} for name in ("frame_index", "episode_index", "index", "task_index")}
    with open(root + "/meta/info.json", "w") as out:
        json.dump({
            "codebase_version": "v2.1", "robot_type": "made-arm", "total_episodes": episodes, "total_frames": episodes * rows, "fps": RATE, "chunks_size": 1000, "features": features,
            "data_path": "data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet", "video_path": "videos/chunk-{episode_chunk:03d}/{video_key}/episode_{episode_index:06d}.mp4",
        }, out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("genlock")
    parser.add_argument("rows_file", metavar="ROWS.csv")
    parser.add_argument("--episodes", type=int, default=10000)
    parser.add_argument("--keep", help="make the set in this folder, or use that which is there")
    given = parser.parse_args()
    folder = given.keep or tempfile.mkdtemp(prefix="genlock-unchanged-")
    root = folder + "/set"
    try:
        if not os.path.exists(root + "/meta/info.json"):
            make(root, given.episodes)
        store = folder + "/store.sqlite"
        if os.path.exists(store):
            os.remove(store)
        print("| scan of | seconds | processor seconds | MB in the largest process |\n|---|---|---|---|")
        with open(given.rows_file, "w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(("scan", "episodes", "seconds", "processor_s", "mb"))

            def scan(name):
                before, begun = os.times(), time.time()
                run = subprocess.run(["/usr/bin/time", "-f", "%M", given.genlock, "scan", root, "--store", store, "--quiet"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
                seconds, after = time.time() - begun, os.times()
                processor = after.children_user + after.children_system - before.children_user - before.children_system
                memory = int(run.stderr.strip().split("\n")[-1]) / 1024
                writer.writerow((name, given.episodes, f"{seconds:.2f}", f"{processor:.2f}", f"{memory:.0f}"))
                print(f"| {name} | {seconds:.1f} | {processor:.1f} | {memory:.0f} |", flush=True)

            scan("a new set")
            scan("the unchanged set")
            scan("the unchanged set again")
            os.utime(f"{root}/data/chunk-000/episode_000000.parquet")
            scan("the set with one table written anew")
    finally:
        if not given.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
