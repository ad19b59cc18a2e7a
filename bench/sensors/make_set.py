#!/usr/bin/env python3
"""Makes a robot set in the LeRobot layout: an arm that reaches and rests, recorded by a camera, and its joints as a table.

    python3 bench/sensors/make_set.py SET [--episodes 50] [--late 80] [--version v2.1|v3.0] ...

The joints are written LATE milliseconds late: row i has the arm's position that long before the row's time. So the sensor is late by
LATE ms, which `genlock` should report. Needs numpy, the `ffmpeg` program and the `duckdb` program (that of scripts/setup, or one on the PATH).
With --faults about every tenth episode has one fault; truth.csv in the set names them.
"""
import argparse
import csv
import json
import os
import shutil
import subprocess

import numpy

SIDE = 128


def moves(generator, seconds, joints=3):
    """Targets that are reached by minimum jerk with rests between: angles by time, as a function (n,) -> (n, joints)."""
    at, times, goals = 0.0, [], [generator.uniform(-1, 1, joints)]
    while at < seconds + 1:
        rest, length = generator.exponential(0.35) + 0.05, generator.uniform(0.35, 1.3)
        step = generator.normal(0, 0.9, joints) * (generator.random(joints) < 0.75)
        times.append((at + rest, length))
        goals.append(numpy.clip(goals[-1] + step, -1.6, 1.6))
        at += rest + length

    def angles(moments):
        result = numpy.tile(goals[0], (len(moments), 1))
        for (start, length), before, after in zip(times, goals, goals[1:]):
            share = numpy.clip((moments - start) / length, 0, 1)
            curve = 10 * share**3 - 15 * share**4 + 6 * share**5
            result += curve[:, None] * (after - before)
        return result

    return angles


def draw(angles, background, view):
    """One grey frame of the arm, from one of two sides."""
    y, x = numpy.mgrid[0:SIDE, 0:SIDE].astype(numpy.float32)
    image = background.copy()
    place, heading = numpy.array([SIDE * (0.5 if view == 0 else 0.35), SIDE * 0.9]), -numpy.pi / 2
    for length, width, grey, angle in zip((42, 34, 24), (9, 7, 5), (70, 190, 40), angles):
        heading += 0.8 * angle
        end = place + length * (1 if view == 0 else 0.8) * numpy.array([numpy.cos(heading), numpy.sin(heading)])
        along = end - place
        share = numpy.clip(((x - place[0]) * along[0] + (y - place[1]) * along[1]) / (along @ along), 0, 1)
        distance = numpy.hypot(x - place[0] - share * along[0], y - place[1] - share * along[1])
        cover = numpy.clip(width - distance, 0, 1)
        image = image * (1 - cover) + grey * cover
        place = end
    return image


def film(path, angles, rate, generator, view):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    coarse = generator.uniform(90, 160, (9, 9))
    grid = numpy.linspace(0, 7.99, SIDE)
    low, share = grid.astype(int), grid - grid.astype(int)
    rows = coarse[low] * (1 - share)[:, None] + coarse[low + 1] * share[:, None]
    background = rows[:, low] * (1 - share)[None] + rows[:, low + 1] * share[None]
    encoder = subprocess.Popen(
        ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{SIDE}x{SIDE}", "-r", str(rate), "-i", "-", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "10",
         "-preset", "veryfast", "-crf", "24", *(["-bf", "0", "-f", "h264"] if path.endswith(".h264") else []), path], stdin=subprocess.PIPE)
    for row in angles:
        image = draw(row, background, view) + generator.normal(0, 2.0, (SIDE, SIDE))
        encoder.stdin.write(numpy.clip(image, 0, 255).astype(numpy.uint8).tobytes())
    encoder.stdin.close()
    if encoder.wait():
        raise SystemExit(f"ffmpeg could not write {path}")


def duckdb_program():
    own = os.path.expanduser("~/.local/share/genlock/duckdb/duckdb")
    return own if os.access(own, os.X_OK) else shutil.which("duckdb") or "duckdb"


def write_tables(tables):
    """Each of (path, columns) as Parquet: columns are lists of numbers, or of lists of numbers."""
    lines = []
    for path, columns in tables:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        source = path + ".jsonl"
        names = list(columns)
        with open(source, "w") as out:
            for row in zip(*columns.values()):
                out.write(json.dumps(dict(zip(names, row))) + "\n")
        kinds = ", ".join(f"'{name}': '{'FLOAT[]' if name in ('observation.state', 'action') else 'BIGINT' if name.endswith('index') else 'DOUBLE' if name == 'timestamp64' else 'FLOAT'}'" for name in names)
        if columns[names[0]]:
            names = "* RENAME (timestamp64 AS timestamp)" if "timestamp64" in columns else "*"
            lines.append(f"COPY (SELECT {names} FROM read_json('{source}', format = 'newline_delimited', columns = {{{kinds}}})) TO '{path}' (FORMAT parquet);")
        else:
            lines.append(f"COPY (SELECT NULL::FLOAT[] AS \"observation.state\", NULL::FLOAT[] AS action, NULL::FLOAT AS timestamp, NULL::BIGINT AS frame_index, NULL::BIGINT AS episode_index, NULL::BIGINT AS index, NULL::BIGINT AS task_index WHERE false) TO '{path}' (FORMAT parquet);")
    subprocess.run([duckdb_program(), "-batch"], input="\n".join(lines), text=True, check=True)
    for path, _ in tables:
        os.remove(path + ".jsonl")


FAULTS = [
    "dropped-samples", "doubled-samples", "not-monotonic", "gap", "jitter", "rate-differs", "wrong-unit", "mixed-units", "mixed-clocks", "short-video", "no-video", "bad-video", "empty-table", "bad-table",
    "no-values", "constant-channel", "no-column", "other-episode", "no-table", "lost-rows",
]


def spoil(kind, columns, rate, generator):
    """The columns with one fault."""
    rows = len(columns["timestamp"])
    at = int(generator.integers(rows // 4, rows * 3 // 4))

    def without(first, count):
        return {name: values[:first] + values[first + count:] for name, values in columns.items()}

    stamps = columns["timestamp"]
    if kind == "dropped-samples":
        columns = without(at, 2)
        columns["frame_index"] = list(range(rows - 2))
    elif kind == "gap":
        columns["timestamp"] = [t + (1.2 if i >= at else 0) for i, t in enumerate(stamps)]
    elif kind == "doubled-samples":
        columns["timestamp"] = stamps[:at] + [stamps[at - 1]] + [t - 1 / rate for t in stamps[at + 1:]]
    elif kind == "not-monotonic":
        columns["timestamp"] = [t - (0.3 if i >= at else 0) for i, t in enumerate(stamps)]
    elif kind == "jitter":
        columns["timestamp"] = [t + float(generator.normal(0, 0.3 / rate)) for t in stamps]
    elif kind == "rate-differs":
        columns["timestamp"] = [t * 1.02 for t in stamps]
    elif kind == "wrong-unit":
        columns["timestamp"] = [t * 1000 for t in stamps]
    elif kind == "mixed-units":
        columns["timestamp"] = [t * 1000 if i >= at else t for i, t in enumerate(stamps)]
    elif kind == "mixed-clocks":
        columns["timestamp64"] = [t + 1.7e9 if i >= at else t for i, t in enumerate(stamps)]
    elif kind == "empty-table":
        columns = {name: [] for name in columns}
    elif kind == "no-values":
        for i in range(at, at + 4):
            columns["observation.state"][i] = [None] + columns["observation.state"][i][1:]
    elif kind == "constant-channel":
        columns["observation.state"] = [columns["observation.state"][0]] * rows
    elif kind == "no-column":
        del columns["action"]
    elif kind == "other-episode":
        columns["episode_index"] = [value + 3 for value in columns["episode_index"]]
    elif kind == "lost-rows":
        columns = without(rows - 12, 12)
    return columns


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set")
    parser.add_argument("--episodes", type=int, default=50)
    parser.add_argument("--seconds", type=float, nargs=2, default=(6, 12), help="lengths of episodes: from, to")
    parser.add_argument("--late", type=float, default=80, help="how late the joints are, in ms")
    parser.add_argument("--scatter", type=float, default=0, help="how much that differs from episode to episode, in ms (one standard deviation)")
    parser.add_argument("--rate", type=float, default=30)
    parser.add_argument("--version", default="v2.1", choices=("v2.1", "v3.0"))
    parser.add_argument("--cameras", type=int, default=1, choices=(1, 2))
    parser.add_argument("--same-video", type=int, default=0, help="draw only N videos and use each for many episodes: for large sets")
    parser.add_argument("--faults", type=float, default=0, help="share of episodes that get one fault each")
    parser.add_argument("--noise", type=float, default=0.002, help="of the joints, in radians")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--robot", default="made-arm")
    parser.add_argument("--unrelated", action="store_true", help="the tables are of other episodes than the videos")
    parser.add_argument("--tables-only", action="store_true", help="the videos exist from an earlier run with the same seed")
    given = parser.parse_args()
    root, rate = given.set, given.rate
    cameras = ["observation.images.front", "observation.images.side"][:given.cameras]
    os.makedirs(root + "/meta", exist_ok=True)
    tables, listed, truth, first = [], [], [], 0
    shared, clock = {name: [] for name in ("observation.state", "action", "timestamp", "frame_index", "episode_index", "index", "task_index")}, 0.0
    drawn, spoiled = [], []
    for episode in range(given.episodes):
        generator = numpy.random.default_rng([given.seed, episode])
        kept = drawn[episode % given.same_video] if given.same_video and len(drawn) >= given.same_video else None
        if kept is None:
            seconds = generator.uniform(*given.seconds)
            angles = moves(generator, seconds)
            frames = int(seconds * rate)
        else:
            angles, frames, paths = kept
        shown = angles
        if given.unrelated:
            angles = moves(numpy.random.default_rng([given.seed + 7919, episode]), 60)
        late = given.late + generator.normal(0, given.scatter) if given.scatter else given.late
        moments = numpy.arange(frames) / rate
        state = angles(moments - late / 1000) + generator.normal(0, given.noise, (frames, 3))
        command = angles(moments - late / 1000 + 0.05)
        columns = {
            "observation.state": [[round(float(v), 6) for v in row] for row in state], "action": [[round(float(v), 6) for v in row] for row in command],
            "timestamp": [i / rate for i in range(frames)], "frame_index": list(range(frames)), "episode_index": [episode] * frames, "index": list(range(first, first + frames)), "task_index": [0] * frames,
        }
        first += frames
        fault = ""
        if given.faults and generator.random() < given.faults:
            fault = FAULTS[int(generator.integers(len(FAULTS)))]
        truth.append((episode, round(late, 3), fault, frames))
        videos = [f"{root}/videos/chunk-{episode // 1000:03d}/{camera}/episode_{episode:06d}.mp4" if given.version == "v2.1" else f"{root}/videos/{camera}/part-{episode:06d}.h264" for camera in cameras]
        if given.tables_only:
            pass
        elif kept is None:
            for view, path in enumerate(videos):
                film(path, shown(moments), rate, generator, view)
            drawn.append((shown, frames, videos))
        else:
            for source, path in zip(paths, videos):
                os.makedirs(os.path.dirname(path), exist_ok=True)
                shutil.copyfile(source, path)
        columns = spoil(fault, columns, rate, generator)
        day = f"2026-03-{1 + episode * 3 // max(1, given.episodes):02d}"
        entry = {"episode_index": episode, "tasks": ["reach"], "length": frames, "recorded": day}
        if given.version == "v2.1":
            table = f"{root}/data/chunk-{episode // 1000:03d}/episode_{episode:06d}.parquet"
            if "timestamp64" in columns:
                del columns["timestamp"]
            tables.append((table, columns))
            spoiled.append((fault, videos, frames))
        else:
            for name in shared:
                shared[name] += columns[name]
            for camera in cameras:
                entry[f"videos/{camera}/chunk_index"] = entry[f"videos/{camera}/file_index"] = 0
                entry[f"videos/{camera}/from_timestamp"], entry[f"videos/{camera}/to_timestamp"] = clock, clock + frames / rate
            entry["data/chunk_index"] = entry["data/file_index"] = 0
            clock += frames / rate
        listed.append(entry)
    # When all are drawn, since a video may be used for many episodes.
    for fault, videos, frames in spoiled:
        if fault == "short-video":
            for path in videos:
                subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", path, "-frames:v", str(frames - 20), "-c:v", "libx264", "-preset", "veryfast", path + ".mp4"], check=True)
                os.replace(path + ".mp4", path)
        elif fault == "no-video":
            os.remove(videos[0])
        elif fault == "bad-video":
            with open(videos[0], "r+b") as file:
                file.truncate(2000)
    if given.version == "v2.1":
        write_tables(tables)
        for (episode, _, fault, _), (path, _) in zip(truth, tables):
            if fault == "bad-table":
                with open(path, "r+b") as file:
                    file.truncate(600)
            elif fault == "no-table":
                os.remove(path)
        with open(root + "/meta/episodes.jsonl", "w") as out:
            out.writelines(json.dumps(entry) + "\n" for entry in listed)
    else:
        write_tables([(root + "/data/chunk-000/file-000.parquet", shared)])
        os.makedirs(root + "/meta/episodes/chunk-000", exist_ok=True)
        with open(root + "/meta/episodes.tmp.jsonl", "w") as out:
            out.writelines(json.dumps(entry) + "\n" for entry in listed)
        subprocess.run([duckdb_program(), "-batch", "-c", f"COPY (SELECT * FROM read_json('{root}/meta/episodes.tmp.jsonl')) TO '{root}/meta/episodes/chunk-000/file-000.parquet' (FORMAT parquet)"], check=True)
        os.remove(root + "/meta/episodes.tmp.jsonl")
        for camera in [] if given.tables_only else cameras:
            parts = sorted(name for name in os.listdir(f"{root}/videos/{camera}") if name.startswith("part-"))
            os.makedirs(f"{root}/videos/{camera}/chunk-000", exist_ok=True)
            # Frames are joined with new timestamps: files joined with their own would be some ms late.
            with open(f"{root}/videos/{camera}/all.h264", "wb") as out:
                for name in parts:
                    with open(f"{root}/videos/{camera}/{name}", "rb") as part:
                        shutil.copyfileobj(part, out)
            subprocess.run(["ffmpeg", "-v", "error", "-y", "-framerate", str(rate), "-i", f"{root}/videos/{camera}/all.h264", "-c", "copy", f"{root}/videos/{camera}/chunk-000/file-000.mp4"], check=True)
            for name in parts + ["all.h264"]:
                os.remove(f"{root}/videos/{camera}/{name}")
    features = {name: {"dtype": "float32", "shape": [3], "names": ["base", "shoulder", "wrist"]} for name in ("observation.state", "action")}
    features |= {name: {"dtype": "int64" if name.endswith("index") else "float32", "shape": [1]} for name in ("timestamp", "frame_index", "episode_index", "index", "task_index")}
    features |= {camera: {"dtype": "video", "shape": [SIDE, SIDE, 3], "names": ["height", "width", "channel"]} for camera in cameras}
    info = {
        "codebase_version": given.version, "robot_type": given.robot, "total_episodes": given.episodes, "total_frames": first, "fps": rate, "chunks_size": 1000, "features": features,
        "data_path": "data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet" if given.version == "v2.1" else "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet",
        "video_path": "videos/chunk-{episode_chunk:03d}/{video_key}/episode_{episode_index:06d}.mp4" if given.version == "v2.1" else "videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4",
    }
    with open(root + "/meta/info.json", "w") as out:
        json.dump(info, out, indent=1)
    with open(root + "/truth.csv", "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("episode", "late_ms", "fault", "rows"))
        writer.writerows(truth)


if __name__ == "__main__":
    main()
