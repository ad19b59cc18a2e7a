"""Sensors: a camera and a log of speeds of one made scene, on clocks of their own; and logs of other scenes, of another take, and of nothing that moves."""
import numpy as np

from .. import media
from .cameras import made_source
from .scene import Scene

SECONDS = 30.0
# Of the camera: grain, flicker, wandering of the hand, size of what moves; of the log: samples a second (none: 50, 100 or 200), noise, gaps a minute.
LOOKS = {"clean": (2, 0.0, 0.0, 1.0, None, 0.03, 0), "grainy": (14, 0.0, 0.0, 1.0, None, 0.03, 0), "flicker": (4, 0.06, 0.0, 1.0, None, 0.03, 0),
         "in the hand": (3, 0.0, 6.0, 1.0, None, 0.03, 0), "small": (4, 0.0, 0.0, 0.3, None, 0.03, 0), "log 20 Hz": (3, 0.0, 0.0, 1.0, 20, 0.03, 0),
         "log noisy": (3, 0.0, 0.0, 1.0, None, 0.6, 0), "log with gaps": (3, 0.0, 0.0, 1.0, None, 0.03, 8)}


def make(maker, sources, count):
    last = None
    for at in range(count):
        condition = list(LOOKS)[at % len(LOOKS)]
        grain, flicker, shake, size, rate, noise, gaps = LOOKS[condition]
        scene = Scene(maker.noise, SECONDS + 4)
        source = made_source(f"scene-{at}", "sensor")
        by = maker.random.uniform(-1.0, 1.0)
        rate = rate or maker.random.choice((50, 100, 200))

        def logged(what, path, begin):
            times = np.arange(round(SECONDS * rate)) / rate
            speeds = what.speeds(2.0 + begin + times) + maker.noise.normal(0, noise, len(times))
            kept = np.ones(len(times), bool)
            for _ in range(round(gaps * SECONDS / 60)):
                lost = maker.random.uniform(1, SECONDS - 2)
                kept[(times >= lost) & (times < lost + maker.random.uniform(0.1, 0.7))] = False
            path.write_text("time_s,speed\n" + "\n".join(f"{time:.6f},{speed:.6f}" for time, speed in zip(times[kept], speeds[kept])) + "\n")
            return path

        video = maker.new(".mp4", "a")
        frames = scene.frames(2.0 + np.arange(round(SECONDS * 25)) / 25, maker.random.uniform(0, 0.8), grain, flicker, shake, size)
        media.write_video(video, frames, 25)
        # A log's times begin where its recording began, so many seconds after the camera's.
        maker.add(source, by * 1000, video, logged(scene, maker.new(".csv", "b"), by), condition, f"the log begins {by:.4f} s later, {rate} a second", SECONDS)
        negative = {1: "other-episode", 3: "other-take", 5: "still"}.get(at % 6)
        if negative:
            other = last if negative == "other-episode" else Scene(maker.noise, SECONDS + 4, scene if negative == "other-take" else None, negative == "still")
            made = {"other-episode": "another scene", "other-take": "another take of the same strokes", "still": "nothing that moves"}[negative]
            maker.add(source, None, video, logged(other, maker.new(".csv", "b"), 0.0), condition, f"log of {made}", SECONDS, negative=negative)
        last = scene
