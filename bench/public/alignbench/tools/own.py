"""Baselines in few lines each: what a tool has to beat."""
import csv
import json
import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from .. import media


def zero(track, reference, subject, parts):
    """Everything is in sync."""
    return {part: {"offset_ms": 0.0} for part in parts}


def peak(a, b, rate, least):
    """The lag, in seconds, to be added to b's times, and how far the best stands above the rest; lags that leave `least` seconds in common.

    Correlation is divided by how much of both meets, so that long and short overlaps compare.
    """
    size = 1 << (len(a) + len(b)).bit_length()

    def correlation(x, y):
        return np.fft.irfft(np.fft.rfft(x, size) * np.conj(np.fft.rfft(y, size)), size)

    one_a, one_b = np.ones(len(a)), np.ones(len(b))
    lags = np.arange(size)
    lags[lags >= len(a)] -= size
    common = correlation(one_a, one_b)
    energy = np.sqrt(np.maximum(1e-12, correlation(a * a, one_b) * correlation(one_a, b * b)))
    value = np.where((common >= least * rate) & (lags > -len(b)), correlation(a, b) / energy, -np.inf)
    best = int(np.argmax(value))
    rest = value[(np.abs(lags - lags[best]) > 0.3 * rate) & np.isfinite(value)]
    around = value[[best - 1, best, (best + 1) % size]]
    bend = around[0] - 2 * around[1] + around[2]
    part = 0.5 * (around[0] - around[2]) / bend if np.all(np.isfinite(around)) and bend < 0 else 0.0
    return (lags[best] + part) / rate, float((value[best] - rest.mean()) / (rest.std() + 1e-9)) if len(rest) else 0.0


def gcc_phat(track, reference, subject, parts):
    """Phase transform over all of both sounds (Knapp and Carter 1976), at 16 kHz."""
    lag, height = phase_transform(media.sound(reference, 16000), media.sound(subject, 16000), 16000)
    return {None: {"offset_ms": lag * 1000, "confidence": height}}


def phase_transform(a, b, rate):
    size = 1 << (len(a) + len(b)).bit_length()
    cross = np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size))
    value = np.fft.irfft(cross / (np.abs(cross) + 1e-9), size)
    best = int(np.argmax(value))
    return (best - size if best >= len(a) else best) / rate, float(value[best] / (value.std() + 1e-12))


def frames(path, width=160):
    """(moment, grey picture) of each frame."""
    import av
    import cv2

    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        for frame in container.decode(stream):
            image = frame.to_ndarray(format="gray")
            height = round(image.shape[0] * width / image.shape[1])
            yield float(frame.pts * stream.time_base), cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32)


def on_grid(moments, values, rate=100):
    times = np.arange(int(moments[0] * rate), int(moments[-1] * rate)) / rate
    return times[0], np.interp(times, moments, values)


def level(values):
    """Logarithm, less its mean over two seconds, in units of its spread."""
    values = np.log(np.maximum(values, np.percentile(values, 5) + 1e-6))
    width = min(200, len(values) // 2)
    values = values - np.convolve(values, np.ones(width) / width, "same")
    return values / (values.std() + 1e-9)


def motion(path):
    """How much changes between frames; of noise as much as of motion."""
    moments, values, last = [], [], None
    for moment, image in frames(path):
        if last is not None:
            moments.append((moment + last[0]) / 2)
            values.append(float(np.abs(image - last[1]).mean()) / max(1e-3, moment - last[0]))
        last = moment, image
    begin, values = on_grid(np.array(moments), np.array(values))
    return begin, level(values)


def motion_energy(track, reference, subject, parts):
    """Frame differences of both cameras, or of the camera and the log's speeds, correlated."""
    begin_a, a = motion(reference)
    if track == "sensors":
        with open(subject, newline="") as file:
            rows = [(float(row["time_s"]), float(row["speed"])) for row in csv.DictReader(file)]
        begin_b, b = on_grid(np.array([r[0] for r in rows]), np.array([abs(r[1]) for r in rows]))
        b = level(b)
    else:
        begin_b, b = motion(subject)
    lag, height = peak(a, b, 100, 0.6 * min(len(a), len(b)) / 100)
    return {None: {"offset_ms": (lag + begin_a - begin_b) * 1000, "confidence": height}}


def motion_and_gcc(track, reference, subject, parts):
    """Masters: the copy's picture on the master's by motion energy, its sound by the phase transform; the skew is the difference."""
    begin_a, a = motion(reference)
    begin_b, b = motion(subject)
    picture, height = peak(a, b, 100, 0.6 * min(len(a), len(b)) / 100)
    sound, sharp = phase_transform(media.sound(reference, 16000), media.sound(subject, 16000), 16000)
    return {None: {"offset_ms": (sound - (picture + begin_a - begin_b)) * 1000, "confidence": min(height, sharp)}}


def mouth_motion(track, reference, subject, parts):
    """Frame differences in the lower half of the face (Haar cascade of OpenCV) against the loudness of the sound."""
    import cv2

    finder = cv2.CascadeClassifier(cv2.data.haarcascades + "haarcascade_frontalface_default.xml")
    images = list(frames(reference, 320))
    boxes = [max(found, key=lambda box: box[2]) for _, image in images[::5] for found in [finder.detectMultiScale(image.astype(np.uint8), 1.1, 4)] if len(found)]
    if not boxes:
        return {None: {"offset_ms": None, "note": "no face"}}
    x, y, w, h = np.median(np.array(boxes), axis=0).astype(int)
    mouths = [image[y + h * 3 // 5:y + h, x + w // 4:x + w * 3 // 4] for _, image in images]
    moments = np.array([moment for moment, _ in images])
    values = np.array([np.abs(two - one).mean() for one, two in zip(mouths, mouths[1:])])
    begin, values = on_grid((moments[1:] + moments[:-1]) / 2, values)
    samples = media.sound(reference, 16000)
    loudness = np.array([np.sqrt(np.mean(samples[at:at + 160] ** 2)) for at in range(0, len(samples) - 160, 160)])
    a, b = level(values), level(np.convolve(loudness, np.ones(5) / 5, "same"))
    lag, height = peak(a, b, 100, max(0.5, min(len(a), len(b)) / 100 - 1))
    return {None: {"offset_ms": (lag + begin) * 1000, "confidence": height}}


def in_order(track, reference, subject, parts):
    """The k-th start of the one is the k-th of the other, where both have as many of the same names."""
    rows = []
    for path in (reference, subject):
        with open(path, newline="") as file:
            rows.append([(float(row["start_s"]), row["label"]) for row in csv.DictReader(file)])
    if [label for _, label in rows[0]] != [label for _, label in rows[1]]:
        return {}
    return {at: {"offset_ms": (a - b) * 1000} for at, ((a, _), (b, _)) in enumerate(zip(*rows))}


VOICES = {"en": "en-us", "de": "de", "fr": "fr-fr", "es": "es", "da": "da"}


def spoken_warp(track, reference, subject, parts):
    """A forced aligner in few lines: espeak-ng speaks the text, and dynamic time warping on mel cepstra lays that on the recording."""
    import librosa

    from .genlock import PROGRAM
    from .syncnet import cepstra

    rows = media.read_cues(subject)
    voice = VOICES.get(os.environ.get("ALIGNBENCH_LANGUAGE", "en"))
    owners = [at for at, (_, _, text) in enumerate(rows) for _ in text.split()]
    if not voice or not owners:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        synth = os.environ.get("GENLOCK_SYNTH") or str(Path(PROGRAM).parent / "genlock-speech-synth")
        run = subprocess.run([synth, "--voice", voice, "--output", f"{folder}/spoken.wav", "--", " ".join(t for _, _, t in rows)],
                             check=True, capture_output=True, text=True)
        spoken, words = media.sound(f"{folder}/spoken.wav", 16000), json.loads(run.stdout)["words"]
    if len(words) != len(owners):
        return {}

    def features(samples):
        values = cepstra(samples)
        return ((values - values.mean(0)) / (values.std(0) + 1e-6)).T

    _, path = librosa.sequence.dtw(features(spoken), features(media.sound(reference, 16000)))
    path = path[::-1]
    starts = np.interp([word["start_s"] * 100 for word in words], path[:, 0], path[:, 1]) / 100
    firsts = [owners.index(at) for at in range(len(rows)) if at in owners]
    moves = {at: (starts[first] - rows[at][0]) * 1000 for at, first in zip((owners[first] for first in firsts), firsts)}
    if track == "text":
        return {None: {"offset_ms": float(np.median(list(moves.values())))}}
    return {at: {"offset_ms": float(move)} for at, move in moves.items()}


def tool(name):
    return {"zero": zero, "spoken-warp": spoken_warp, "gcc-phat": gcc_phat, "motion-energy": motion_energy, "motion-and-gcc": motion_and_gcc, "mouth-motion": mouth_motion,
            "in-order": in_order}[name]
