"""Sensors: a camera and a log of speeds of one made scene, on clocks of their own; and logs of other scenes."""
import numpy as np

from .. import media
from .cameras import LOOKS, made_source
from .scene import Scene

SECONDS = 30.0


def make(maker, sources, count):
    logs = []
    for at in range(count):
        condition = list(LOOKS)[at % len(LOOKS)]
        scene = Scene(maker.noise, SECONDS + 4)
        source = made_source(f"scene-{at}", "sensor")
        by = maker.random.uniform(-1.0, 1.0)
        grain, flicker = LOOKS[condition]
        video, log = maker.new(".mp4", "a"), maker.new(".csv", "b")
        media.write_video(video, scene.frames(2.0 + np.arange(round(SECONDS * 25)) / 25, maker.random.uniform(0, 0.8), grain, flicker), 25)
        rate = maker.random.choice((50, 100, 200))
        times = 2.0 + by + np.arange(round(SECONDS * rate)) / rate
        speeds = scene.speeds(times) + maker.noise.normal(0, 0.03, len(times))
        rows = [f"{k / rate:.6f},{speed:.6f}" for k, speed in enumerate(speeds)]
        log.write_text("time_s,speed\n" + "\n".join(rows) + "\n")
        logs.append(log)
        # A log's times begin where its recording began, so many seconds after the camera's.
        maker.add(source, by * 1000, video, log, condition, f"the log begins {by:.4f} s later, {rate} a second", SECONDS)
        if at % 3 == 2:
            maker.add(source, None, video, logs[at - 1], condition, "log of another scene", SECONDS, negative="other-episode")
