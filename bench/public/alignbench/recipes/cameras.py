"""Cameras by picture alone: takes of real cameras whose capture times are known, made scenes seen from two sides, and cameras of other events."""
import csv

import numpy as np

from .. import media
from ..sources import MADE, Source
from .scene import Scene

SECONDS = 20.0
LOOKS = {"clean": (2, 0.0), "grainy": (14, 0.0), "flicker": (4, 0.06)}


def made_source(name, kind="camera"):
    return Source(kind, name, "", "", name, "rendered", "", "constructed", 0, MADE, "scene made by the recipe")


def make(maker, sources, count):
    scenes = []
    for at in range(count):
        condition = list(LOOKS)[at % len(LOOKS)]
        scene = Scene(maker.noise, SECONDS + 4)
        scenes.append(scene)
        source = made_source(f"scene-{at}")
        by = maker.random.uniform(-1.5, 1.5)
        rates = (25, maker.random.choice((25, 30, 50)))
        grain, flicker = LOOKS[condition]
        paths = []
        for which, (rate, begin, yaw) in enumerate(zip(rates, (2.0, 2.0 + by), (0.0, maker.random.uniform(0.3, 1.2)))):
            times = begin + np.arange(round(SECONDS * rate)) / rate
            paths.append(maker.new(".mp4", "ab"[which]))
            media.write_video(paths[-1], scene.frames(times, yaw, grain, flicker), rate)
        maker.add(source, by * 1000, *paths, condition, f"the second camera begins {by:.4f} s later", 2 * SECONDS)
        if at % 4 == 3:
            # The second camera of this scene beside the first of the one before.
            other = scenes[at - 1]
            path = maker.new(".mp4", "a")
            media.write_video(path, other.frames(2.0 + np.arange(round(SECONDS * 25)) / 25, 0.0, grain, flicker), 25)
            maker.add(source, None, path, paths[1], condition, "cameras of two scenes", 2 * SECONDS, negative="other-episode")
    real(maker, [source for source in sources if source.kind == "camera"])


def capture_times(source):
    """Of each frame, from the first on."""
    if not source.other:
        told = media.subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "packet=pts_time", "-of", "csv=p=0", source.path],
                                    check=True, capture_output=True, text=True).stdout
        return sorted(float(line.strip(",")) for line in told.split() if line.strip(","))
    path, camera = source.other.split("#")
    with open(path, newline="") as file:
        rows = [(int(row["frame_index"]), float(row["frame_time"])) for row in csv.DictReader(file) if int(row["cam_id"]) == int(camera)]
    return [time for _, time in sorted(rows)]


def cut(source, times, first, out, folder):
    """The frames from `first` on, at their capture times counted from it; gives the moment of the first."""
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*"):
        old.unlink()
    media.ffmpeg("-i", source.path, "-fps_mode", "passthrough", "-vf", "scale=640:640:force_original_aspect_ratio=decrease:force_divisible_by=2", "-q:v", 2,
                 folder / "%05d.jpg")
    names = sorted(folder.glob("*.jpg"))[:len(times)]
    lines = ["ffconcat version 1.0"]
    for at in range(first, len(names)):
        lines += [f"file {names[at].name}", f"duration {max(0.001, (times[at + 1] if at + 1 < len(names) else times[at] + 0.1) - times[at]):.6f}"]
    (folder / "list.txt").write_text("\n".join(lines) + "\n")
    media.ffmpeg("-safe", 0, "-f", "concat", "-i", folder / "list.txt", "-fps_mode", "vfr", "-enc_time_base", "1:1000", "-c:v", "libx264", "-preset", "superfast",
                 "-crf", 20, "-pix_fmt", "yuv420p", out)
    for old in folder.glob("*"):
        old.unlink()
    folder.rmdir()
    return times[first]


def real(maker, cameras):
    events = {}
    for source in cameras:
        events.setdefault(source.name, []).append(source)
    for name, views in sorted(events.items()):
        times = [capture_times(view) for view in views]
        for a in range(len(views)):
            for b in range(a + 1, len(views)):
                for _ in range(2 if views[a].other else 1):
                    total = times[b][-1] - times[b][0]
                    drop = [maker.random.randrange(0, max(2, len(times[k]) // (4 if total > 5 else 12))) for k in (a, b)]
                    paths = [maker.new(".mkv", "ab"[which]) for which in (0, 1)]
                    moments = [cut(views[k], times[k], drop[which], paths[which], maker.folder / "frames") for which, k in enumerate((a, b))]
                    maker.add(views[b], (moments[1] - moments[0]) * 1000, *paths, f"real, {len(times[b]) / total:.0f} fps",
                              f"first {drop[0]} and {drop[1]} frames dropped", 2 * total)
    names = sorted(events)
    for at, name in enumerate(names):
        for view in range(2 if len(names) > 1 else 0):
            other = events[names[(at + 1) % len(names)]][view]
            source = events[name][view]
            paths = [maker.new(".mkv", "a"), maker.new(".mkv", "b")]
            for which, each in enumerate((source, other)):
                cut(each, capture_times(each), 0, paths[which], maker.folder / "frames")
            maker.add(source, None, *paths, "real", f"cameras of two events: {other.name}", media.seconds(paths[0]) + media.seconds(paths[1]), negative="other-episode")
