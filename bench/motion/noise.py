"""A bright square that moves for a minute under conditions of real cameras, with the log of its position: `noise.py GENLOCK FOLDER SCENES [CONDITION...]`.

Every scene is rendered once per condition below, encoded as H.264, and compared by `genlock views` with its own log and with the log of
another scene. Logs have 100 samples a second unless stated otherwise, on a clock with another zero. Rows go to stdout as CSV; a summary to stderr.
Needs NumPy, opencv-python-headless and the ffmpeg program.
"""

import csv
import json
import os
import subprocess
import sys

import cv2
import numpy as np

WIDTH, HEIGHT, SECONDS = 320, 240, 60

# Standard deviation of pixel noise, side of the square, its contrast, and other differences.
CONDITIONS = {
    "clean": {},
    "noise-10": dict(noise=10),
    "noise-25": dict(noise=25),
    "noise-40": dict(noise=40),
    "small": dict(noise=10, side=8),
    "faint": dict(noise=10, contrast=30),
    "flicker": dict(noise=8, flicker=0.06),
    "exposure": dict(noise=8, exposure=0.25),
    "coded-hard": dict(noise=10, quality=36),
    "background": dict(noise=8, background=True),
    "hand-camera": dict(noise=8, shake=6.0),
    "6-a-second": dict(noise=10, rate=6),
    "60-a-second": dict(noise=10, rate=60),
    "jitter": dict(noise=10, jitter=0.004),
    "steps": dict(noise=10, steps=1 / 200),
    "log-10": dict(noise=10, log=10),
    "log-1000": dict(noise=10, log=1000, jitter=0.002),
}


def motion(rng):
    """Positions from 0 to 1 across and down, 1,000 a second: from pose to pose with minimum jerk, with rests."""
    times = np.arange((SECONDS + 2) * 1000) / 1000
    places = np.empty((len(times), 2))
    pose, now = rng.uniform(0, 1, 2), 0.0
    places[:] = pose
    while now < SECONDS + 2:
        now += rng.uniform(0, 1.6)
        length, target = rng.uniform(0.4, 1.5), rng.uniform(0, 1, 2)
        u = np.clip((times - now) / length, 0, 1)[:, None]
        part = times >= now
        places[part] = (pose + (target - pose) * (10 * u**3 - 15 * u**4 + 6 * u**5))[part]
        pose, now = target, now + length
    return times, places


def frames(rng, times, places, rate, noise=0, side=20, contrast=120, flicker=0, exposure=0, background=False, shake=0.0, **_):
    room = cv2.GaussianBlur(rng.uniform(0, 255, (HEIGHT + 80, WIDTH + 80)).astype(np.float32), (0, 0), 6)
    room = 70 + 2 * (room - room.mean())
    leaves = cv2.GaussianBlur(rng.uniform(0, 255, (HEIGHT, WIDTH)).astype(np.float32), (0, 0), 4)
    leaves = 3 * (leaves - leaves.mean())
    sway = rng.uniform(0, 6.28, 6)
    rows, columns = np.arange(HEIGHT)[:, None], np.arange(WIDTH)[None, :]
    for index in range(int(SECONDS * rate)):
        time = index / rate
        x, y = (np.interp(time, times, places[:, axis]) for axis in (0, 1))
        dx, dy = (shake * sum(np.sin(2 * np.pi * f * time + sway[k + 3 * axis]) for k, f in enumerate((0.3, 0.7, 1.3))) for axis in (0, 1))
        image = cv2.warpAffine(
            room, np.float32([[1, 0, dx - 40], [0, 1, dy - 40]]), (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)
        if background:
            blow = 4 * np.sin(2 * np.pi * 0.4 * time) + 2 * np.sin(2 * np.pi * 1.1 * time)
            part = np.roll(leaves, int(round(blow)), axis=1)
            image[:, : WIDTH // 3] += part[:, : WIDTH // 3]
        left, top = 10 + x * (WIDTH - side - 20), 10 + y * (HEIGHT - side - 20)
        across = np.clip(columns + 1 - left, 0, 1) - np.clip(columns - left - side, 0, 1)
        down = np.clip(rows + 1 - top, 0, 1) - np.clip(rows - top - side, 0, 1)
        covered = across * down
        image = image * (1 - covered) + (70 + contrast) * covered
        # Lamps of 50 Hz light a rolling shutter row by row.
        image = image * (1 + exposure * np.sin(2 * np.pi * 0.13 * time) * (1 + 0.5 * np.sin(2 * np.pi * 0.9 * time)))
        image = image * (1 + flicker * np.sin(2 * np.pi * (100.3 * time + 1.5 * rows / HEIGHT)))
        yield np.clip(image + rng.normal(0, noise, image.shape), 0, 255).astype(np.uint8) if noise else np.clip(image, 0, 255).astype(np.uint8)


def video(path, rng, times, places, rate=30, quality=28, **condition):
    coder = subprocess.Popen(
        ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(rate), "-i", "-",
         "-c:v", "libx264", "-preset", "veryfast", "-crf", str(quality), "-pix_fmt", "yuv420p", path], stdin=subprocess.PIPE)
    for frame in frames(rng, times, places, rate, **condition):
        coder.stdin.write(frame.tobytes())
    coder.stdin.close()
    assert coder.wait() == 0


def log(path, rng, times, places, late, log=100, jitter=0.0, steps=0.0, **_):
    moments = np.arange(0.5, SECONDS, 1 / log)
    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["time_s", "position[0]", "position[1]"])
        for moment in moments:
            place = [np.interp(moment, times, places[:, axis]) + rng.normal(0, jitter or 1e-9) for axis in (0, 1)]
            if steps:
                place = [round(value / steps) * steps for value in place]
            out.writerow([f"{moment + late:.6f}"] + [f"{value:.6f}" for value in place])


def ask(genlock, clip, path):
    run = subprocess.run([genlock, "views", clip, path, "--json", "--jobs", "1"], capture_output=True, text=True)
    document = json.loads(run.stdout)
    return next(finding for finding in document["findings"] if finding["check"] == "sensor")


def main():
    genlock, folder, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    os.makedirs(folder, exist_ok=True)
    out = csv.writer(sys.stdout)
    out.writerow(["condition", "scene", "log", "truth_ms", "verdict", "offset_ms", "error_ms", "height"])
    tally = {}
    wanted = sys.argv[4:] or list(CONDITIONS)
    for name, condition in CONDITIONS.items():
        if name not in wanted:
            continue
        for scene in range(count):
            rng = np.random.default_rng(1000 * scene + list(CONDITIONS).index(name))
            times, places = motion(np.random.default_rng(scene))
            clip, own, other = (os.path.join(folder, f"{name}-{scene}{end}") for end in (".mp4", ".csv", "-other.csv"))
            late = round(float(rng.uniform(-0.4, 0.4)), 4)
            if not os.path.exists(clip):
                video(clip, rng, times, places, **condition)
            log(own, rng, times, places, late, **condition)
            log(other, rng, *motion(np.random.default_rng(scene + 500)), late, **condition)
            for path, kind in ((own, "own"), (other, "other")):
                found = ask(genlock, clip, path)
                # Offsets count from the first stamp, which is half a second into the scene.
                error = "" if found["offset_ms"] is None or kind == "other" else round(found["offset_ms"] - 500, 2)
                height = found["evidence"].get("height")
                out.writerow([name, scene, kind, 500, found["verdict"], found["offset_ms"], error, height])
                sys.stdout.flush()
                tally.setdefault((name, kind), []).append((found["offset_ms"], error))
            os.remove(clip)
    print("| condition | scenes | answered | within 40 ms | beyond 100 ms | other logs answered |\n|---|---|---|---|---|---|", file=sys.stderr)
    for name in wanted:
        own, other = tally[name, "own"], tally[name, "other"]
        errors = [abs(error) for offset, error in own if offset is not None]
        print(
            f"| {name} | {len(own)} | {len(errors)} | {sum(e <= 40 for e in errors)} | {sum(e > 100 for e in errors)} |"
            f" {sum(offset is not None for offset, _ in other)} |", file=sys.stderr)


if __name__ == "__main__":
    main()
