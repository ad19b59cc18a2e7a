"""Cameras by picture alone.

Takes of real cameras whose capture times are known; both sides of real films, each cut, scaled and coded for itself; made scenes seen from two sides; and cameras
of other events, of another take of the same strokes, and of nothing that moves.
"""
import csv

import numpy as np

from .. import media
from ..sources import MADE, Source
from .scene import Scene

SECONDS = 20.0
# Of the second camera: grain, flicker, wandering of the hand, size of what moves; frames a second (none: 25, 30 or 50).
LOOKS = {"clean": (2, 0.0, 0.0, 1.0, None), "grainy": (14, 0.0, 0.0, 1.0, None), "flicker": (4, 0.06, 0.0, 1.0, None), "in the hand": (3, 0.0, 6.0, 1.0, None),
         "small": (4, 0.0, 0.0, 0.3, None), "10 fps": (3, 0.0, 0.0, 1.0, 10)}


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
        grain, flicker, shake, size, slow = LOOKS[condition]

        def shoot(what, rate, begin, yaw, suffix, is_second=False):
            path = maker.new(".mp4", suffix)
            times = begin + np.arange(round(SECONDS * rate)) / rate
            media.write_video(path, what.frames(times, yaw, grain, flicker, shake if is_second else 0.0, size), rate)
            return path

        paths = (shoot(scene, 25, 2.0, 0.0, "a"),
                 shoot(scene, slow or maker.random.choice((25, 30, 50)), 2.0 + by, maker.random.uniform(0.3, 1.2), "b", is_second=True))
        maker.add(source, by * 1000, *paths, condition, f"the second camera begins {by:.4f} s later", 2 * SECONDS)
        # The second camera of this scene beside the first of another.
        for negative, made in (("other-episode", "another scene"), ("other-take", "another take of the same strokes"), ("still", "nothing that moves")):
            if at % 6 != {"other-episode": 1, "other-take": 3, "still": 5}[negative]:
                continue
            other = scenes[at - 1] if negative == "other-episode" else Scene(maker.noise, SECONDS + 4, scene if negative == "other-take" else None, negative == "still")
            maker.add(source, None, shoot(other, 25, 2.0, 0.0, "a"), paths[1], condition, f"camera of {made}", 2 * SECONDS, negative=negative)
    real(maker, [source for source in sources if source.kind == "camera"])
    halves(maker, [source for source in sources if source.kind in ("film", "talker") and source.device == "web"], count)


def halves(maker, films, count):
    """The left of a film and its right, which begin at different frames; of other films where they do not belong together."""
    films = [film for film in films if media.seconds(film.path) >= 8]

    def side(film, which, begin):
        """From the first frame that is shown after `begin` on: its moment, and the file."""
        times = [time for time in capture_times(film) if time >= begin]
        length = min(20.0, capture_times(film)[-1] - times[0])
        path = maker.new(".mp4", "ab"[which])
        # Counted from its own first frame; the second one in half as many frames and columns, and coded badly.
        crop = f"crop=trunc(iw*0.3)*2:ih:{'0' if which == 0 else 'iw-ow'}:0"
        shown = f"select='between(t,{times[0] - 0.001:.6f},{times[0] + length:.6f})',setpts=PTS-STARTPTS,{crop}"
        media.ffmpeg("-copyts", "-i", film.path, "-an", "-vf", shown + (",select='not(mod(n,2))',scale=-2:180" if which else ""), "-fps_mode", "vfr",
                     "-enc_time_base", "1:90000", "-c:v", "libx264", "-preset", "superfast", "-crf", 33 if which else 20, "-pix_fmt", "yuv420p", path)
        return path, times[0], length

    chosen = maker.pick(films, count)
    for at, film in enumerate(chosen):
        total = media.seconds(film.path)
        reference, a, _ = side(film, 0, maker.random.uniform(0, 0.2 * total))
        subject, b, length = side(film, 1, maker.random.uniform(0, 0.2 * total))
        maker.add(film, (b - a) * 1000, reference, subject, "real, two sides of a film", f"the right side begins {b - a:.6f} s later", 2 * length, kind="constructed", pm=1)
        others = [other for other in films if other.speaker != film.speaker]
        if at % 2 and others:
            other = maker.random.choice(others)
            reference, _, length = side(other, 0, 0.0)
            subject, _, more = side(film, 1, 0.0)
            maker.add(film, None, reference, subject, "real, two sides of a film", f"left side of {other.name}", length + more, negative="other-episode", kind="constructed", pm=0)


def capture_times(source):
    """Of each frame, from the first on."""
    if not source.other:
        return media.frame_times(source.path)
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
                    maker.add(views[b], (moments[1] - moments[0]) * 1000, *paths, f"real, {(len(times[b]) - 1) / total:.0f} fps",
                              f"first {drop[0]} and {drop[1]} frames dropped", 2 * total, pm=max(views[a].pm_ms, views[b].pm_ms))
    names = sorted(events)
    for at, name in enumerate(names):
        for view in range(2 if len(names) > 1 else 0):
            other = events[names[(at + 1) % len(names)]][view]
            source = events[name][view]
            paths = [maker.new(".mkv", "a"), maker.new(".mkv", "b")]
            for which, each in enumerate((source, other)):
                cut(each, capture_times(each), 0, paths[which], maker.folder / "frames")
            maker.add(source, None, *paths, "real", f"cameras of two events: {other.name}", media.seconds(paths[0]) + media.seconds(paths[1]), negative="other-episode")
