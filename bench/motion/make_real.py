"""Episodes of 60 s of real motion from the shared corpus: `make_real.py CORPUS FOLDER`.

The video is from one camera, the log from what another camera saw at the same moments: the mean speed of all points less the
median (dense inverse search flow, Kroeger et al. 2016, through OpenCV), at its own capture times, resampled to 100-200 samples a
second with noise, on a separate clock. Both are joined from the same segments of takes in the same shuffled order, forwards or
backwards, since the takes are short. `jobs.csv` names each video with its log and the offset to add to the log's stamps, and
videos with logs of other episodes.
"""
import csv
import os
import sys
from fractions import Fraction

import av
import cv2
import numpy as np

CORPUS, FOLDER = sys.argv[1], sys.argv[2]
SECONDS = 60.0


def frames(path, width):
    with av.open(path) as container:
        out = []
        for frame in container.decode(video=0):
            image = frame.to_ndarray(format="bgr24")
            out.append(cv2.resize(image, (width, round(image.shape[0] * width / image.shape[1] / 2) * 2), interpolation=cv2.INTER_AREA))
        return out


def speeds(images, times):
    """-> moments between frames, and the mean speed there."""
    flow = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    grey = [cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) for image in images]
    moments, values = [], []
    for k in range(1, len(grey)):
        field = flow.calc(grey[k - 1], grey[k], None)
        field = field - np.median(field, axis=(0, 1))
        moments.append((times[k] + times[k - 1]) / 2)
        values.append(np.hypot(field[..., 0], field[..., 1]).mean() / (times[k] - times[k - 1]))
    return np.array(moments), np.array(values)


def takes():
    """Name -> cameras: frames, capture times, speeds."""
    stamps = {}
    with open(os.path.join(CORPUS, "views/caliscope/timestamps.csv")) as file:
        for row in csv.DictReader(file):
            stamps.setdefault(int(row["cam_id"]), []).append((int(row["frame_index"]), float(row["frame_time"])))
    result = {"caliscope": []}
    for camera in range(4):
        images = frames(os.path.join(CORPUS, f"views/caliscope/cam_{camera}.mp4"), 320)
        times = [t for _, t in sorted(stamps[camera])][: len(images)]
        result["caliscope"].append((images[: len(times)], np.array(times)))
    # Cameras 3 and 4 of the take with several people see other people, at uncertain times.
    for take, cameras in (("pose2sim-single", (1, 2, 3, 4)), ("pose2sim-multi", (1, 2))):
        result[take] = []
        for camera in cameras:
            images = frames(os.path.join(CORPUS, f"views/{take}/cam{camera:02d}.mp4"), 200)
            result[take].append((images, np.arange(len(images)) / 60))
    return {name: [(i, t, *speeds(i, t)) for i, t in cameras] for name, cameras in result.items()}


def segments(rng, first, last, shortest, longest):
    """(from, to, backwards) in take seconds, one after the other, until the episode is full."""
    result, total = [], 0.0
    while total < SECONDS + 8:
        length = min(last - first, rng.uniform(shortest, longest))
        start = rng.uniform(first, last - length)
        result.append((start, start + length, rng.random() < 0.5))
        total += length
    return result


def laid(times, parts, begin, seconds):
    """Indices of the samples in each segment, and their times in the episode, which begins `begin` seconds into the segments."""
    order, moments, now = [], [], -begin
    for start, end, backwards in parts:
        inside = np.flatnonzero((times >= start) & (times < end))
        place = now + (end - times[inside] if backwards else times[inside] - start)
        keep = np.argsort(place)
        order += list(inside[keep])
        moments += list(place[keep])
        now += end - start
    order, moments = np.array(order), np.array(moments)
    kept = (moments >= 0) & (moments < seconds)
    return order[kept], moments[kept]


def write_video(path, images, moments):
    container = av.open(path, "w")
    stream = container.add_stream("libx264", rate=30, options={"crf": "20", "preset": "veryfast"})
    stream.height, stream.width = images[0].shape[:2]
    stream.pix_fmt = "yuv420p"
    stream.codec_context.time_base = Fraction(1, 90000)
    last = -1
    for image, moment in zip(images, moments):
        frame = av.VideoFrame.from_ndarray(image, format="bgr24")
        last = max(last + 90, round(moment * 90000))
        frame.pts, frame.time_base = last, Fraction(1, 90000)
        container.mux(stream.encode(frame))
    container.mux(stream.encode())
    container.close()


def write_log(path, moments, values, rng, shift):
    """Samples at 100-200 Hz; -> what is to be added to the stamps."""
    rate = float(rng.choice([100, 125, 150, 200]))
    zero = float(rng.choice([0.0, 137.25, 1_770_000_000.5]))
    at = shift + np.arange(int(SECONDS * rate)) / rate + rng.normal(0, 0.02 / rate, int(SECONDS * rate))
    value = np.interp(at, moments, values)
    value = np.maximum(0, value * (1 + rng.normal(0, 0.1, len(at))) + rng.normal(0, 0.05 * value.std(), len(at)))
    stamps = zero + (at - shift) * (1 + rng.uniform(-50e-6, 50e-6))
    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["timestamp", "speed"])
        out.writerows((f"{t:.6f}", f"{v:.5f}") for t, v in zip(stamps, value))
    return shift - zero


def main():
    os.makedirs(FOLDER, exist_ok=True)
    made = []
    for name, cameras in takes().items():
        for one in range(len(cameras)):
            for other in range(len(cameras)):
                if one == other:
                    continue
                for turn in range(2 if name == "caliscope" else 1):
                    rng = np.random.default_rng([len(made), 5])
                    images, times, _, _ = cameras[one]
                    _, _, moments, values = cameras[other]
                    first, last = max(times[0], moments[0]), min(times[-1], moments[-1])
                    parts = segments(rng, first, last, *((1.5, 4.0) if name == "caliscope" else (0.7, 1.5)))
                    step = 1 if name == "caliscope" else 2
                    picked = np.arange(int(rng.integers(step)), len(times), step)
                    order, shown = laid(times[picked], parts, 4.0, SECONDS)
                    stem = os.path.join(FOLDER, f"{name}-{one}{other}-{turn}")
                    shift = rng.uniform(-3.5, 3.5)
                    logged, at = laid(moments, parts, 0.0, SECONDS + 8)
                    # A recording's timeline begins with its first frame.
                    truth = write_log(stem + ".csv", at - 4.0, values[logged], rng, shift) - shown[0]
                    write_video(stem + ".mp4", [images[picked[k]] for k in order], shown - shown[0])
                    made.append((name, stem, truth))
    with open(os.path.join(FOLDER, "jobs.csv"), "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["set", "video", "log", "truth_ms"])
        for name, stem, truth in made:
            out.writerow([name, stem + ".mp4", stem + ".csv", f"{truth * 1000:.3f}"])
        for number, (name, stem, _) in enumerate(made):
            others = [m for m in made if m[1] != stem]
            for pick in np.random.default_rng(number).permutation(len(others))[:6]:
                out.writerow([f"unrelated-{name}", stem + ".mp4", others[pick][1] + ".csv", ""])


main()
