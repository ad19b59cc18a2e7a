"""make.py FOLDER: scenes of synthetic sounds with known onsets and ends, and label files with known errors.

Claps, tones, barks of noise, long hums and rising whistles over coloured background noise at 6 to 30 dB, some overlapping, each class
in separate bands. Labels: jitter of human annotators (20 ms), all moved by a common offset, and one in eight moved by 300 to 600 ms.
Half of the seeds are for tuning (dev), half for measuring (test).
"""
import json
import sys

import numpy as np
import wave

RATE = 16000
SCENES = 24


def band(random, length, low, high):
    spectrum = np.fft.rfft(random.standard_normal(length))
    frequency = np.fft.rfftfreq(length, 1 / RATE)
    spectrum[(frequency < low) | (frequency > high)] = 0
    x = np.fft.irfft(spectrum, length)
    return x / (np.sqrt(np.mean(x**2)) + 1e-12)


def sound(random, kind):
    if kind == "clap":
        x = band(random, int(0.18 * RATE), 500, 7500)
        return x * np.exp(-np.arange(len(x)) / RATE / 0.035)
    if kind == "tone":
        length = int(random.uniform(0.3, 1.5) * RATE)
        t = np.arange(length) / RATE
        x = np.sqrt(2) * np.sin(2 * np.pi * random.uniform(600, 1400) * t)
        return x * np.minimum(1, np.minimum(t / 0.01, t[::-1] / 0.02))
    if kind == "bark":
        parts = []
        for _ in range(random.integers(1, 4)):
            x = band(random, int(random.uniform(0.1, 0.2) * RATE), 300, 3000)
            parts += [x * np.hanning(len(x)) ** 0.4, np.zeros(int(random.uniform(0.08, 0.2) * RATE))]
        return np.concatenate(parts[:-1])
    if kind == "hum":
        length = int(random.uniform(1.5, 4.0) * RATE)
        t = np.arange(length) / RATE
        x = sum(np.sin(2 * np.pi * 120 * k * t + k) / k for k in range(1, 7))
        return x / np.sqrt(np.mean(x**2)) * np.minimum(1, np.minimum(t / 0.06, t[::-1] / 0.1))
    length = int(random.uniform(0.4, 1.0) * RATE)
    t = np.arange(length) / RATE
    x = np.sqrt(2) * np.sin(2 * np.pi * (2200 * t + random.uniform(300, 1500) * t**2))
    return x * np.minimum(1, np.minimum(t / 0.02, t[::-1] / 0.05))


def main():
    folder = sys.argv[1]
    truth = []
    for half, base in (("dev", 300), ("test", 700)):
        for number in range(SCENES):
            random = np.random.default_rng(base + number)
            length = int(60 * RATE)
            tilt = random.uniform(0, 1)
            background = np.cumsum(random.standard_normal(length))
            background -= np.convolve(background, np.ones(400) / 400, "same")
            x = background / np.std(background) * tilt + random.standard_normal(length) * (1 - tilt)
            x *= 0.01 / np.std(x)
            snr = float(random.choice([6, 12, 20, 30]))
            kinds = list(random.choice(["clap", "tone", "bark", "hum", "whistle"], size=random.integers(2, 5), replace=False))
            rows, at = [], 1.0
            while True:
                at += random.uniform(0.3, 3.5)
                kind = str(random.choice(kinds))
                y = sound(random, kind)
                start = int(at * RATE)
                if start + len(y) > length - RATE:
                    break
                gain = 0.01 * 10 ** ((snr + random.uniform(-2, 2)) / 20)
                x[start : start + len(y)] += gain * y
                rows.append([start / RATE, (start + len(y)) / RATE, kind])
                at += (len(y) / RATE) * (1 if random.random() < 0.8 else random.uniform(0.4, 1))
            x = np.clip(x / max(1, np.max(np.abs(x)) / 0.95), -1, 1)
            name = f"{half}-{number}"
            with wave.open(f"{folder}/{name}.wav", "wb") as file:
                file.setnchannels(1), file.setsampwidth(2), file.setframerate(RATE)
                file.writeframes((x * 32767).astype("<i2").tobytes())
            common = float(random.choice([0.0, 0.06, -0.15, 0.5, -0.4, 1.2]))
            labels = []
            for index, (start, end, kind) in enumerate(rows):
                moved = float(random.choice([-1, 1]) * random.uniform(0.3, 0.6)) if index % 8 == 5 else 0.0
                jitter = random.normal(0, 0.02, 2)
                labels.append([max(0.0, start + common + moved + jitter[0]), max(0.05, end + common + moved + jitter[1]), kind, start, end, moved != 0, common])
            labels.sort()
            with open(f"{folder}/{name}.tsv", "w") as file:
                file.write("onset\toffset\tevent_label\n")
                for row in labels:
                    file.write(f"{row[0]:.3f}\t{max(row[1], row[0] + 0.02):.3f}\t{row[2]}\n")
            truth.append({"name": name, "half": half, "snr": snr, "common": common, "rows": labels})
    json.dump(truth, open(folder + "/truth.json", "w"))


main()
