"""Makes long recordings with exact offsets and drift from the corpus' short ones, and lists of pairs for genlock-views-bench.

Usage: make_long.py CORPUS WORK drift|hours|peers. Segments of 4 to 9 s are played at a random speed (0.87 to 1.15) through
a random spectral tilt, one after another, so that nothing repeats. Needs numpy, scipy and the ffmpeg program.
"""
import os, sys
import numpy as np
from scipy.signal import lfilter
from scipy.io import wavfile
from make_cuts import sources, noise

RATE = 16000


def long_sound(pool, seconds, rng):
    names = list(pool)
    out = np.zeros(int(seconds * RATE), np.float32)
    place = 0
    while place < len(out):
        x = pool[names[rng.integers(len(names))]]
        length = int(rng.uniform(4, 9) * 48000)
        i = rng.integers(0, max(1, len(x) - length))
        speed = rng.uniform(0.87, 1.15)
        segment = x[i:i + length]
        t = np.arange(0, len(segment) - 2, 3 * speed)
        y = np.interp(t, np.arange(len(segment)), segment)
        y = lfilter([1, rng.uniform(-0.9, 0.5)], [1], y)
        y = y / (y.std() + 1e-9) * 10 ** rng.uniform(-0.3, 0.3)
        n = min(len(y), len(out) - place)
        out[place:place + n] = y[:n]
        place += n
    return out


def resampled(x, start, step, count):
    """x at start + k * step (samples), by a windowed sinc of 48 taps."""
    out = np.empty(count, np.float32)
    for first in range(0, count, 1 << 18):
        k = np.arange(first, min(count, first + (1 << 18)))
        position = start + k * step
        base = np.floor(position).astype(int)
        fraction = position - base
        sum_ = np.zeros(len(k))
        for tap in range(-23, 25):
            d = fraction - tap
            w = np.sinc(d) * (0.5 + 0.5 * np.cos(np.pi * d / 24.5))
            index = base + tap
            ok = (index >= 0) & (index < len(x))
            sum_ += np.where(ok, x[np.clip(index, 0, len(x) - 1)], 0) * w
        out[k] = sum_
    return out


def save(x, path):
    x = 0.12 * x / x.std()
    wavfile.write(path, RATE, (np.clip(x, -1, 1) * 32767).astype(np.int16))


def shaped_noise(n, rng):
    return np.concatenate([noise(min(1 << 22, n - i), 0, None, rng) for i in range(0, n, 1 << 22)])


def main():
    corpus, work, what = sys.argv[1:4]
    os.makedirs(work, exist_ok=True)
    rng = np.random.default_rng({"drift": 11, "hours": 12, "peers": 13}[what])
    pool = sources(corpus)
    rows = ["condition,seconds,reference,subject,truth_s,drift_ppm"]
    if what == "drift":
        for repeat in range(2):
            x = long_sound(pool, 1900, rng)
            a = x[:1850 * RATE]
            a = a + a.std() * 10 ** (-0.5) * shaped_noise(len(a), rng)
            reference = "%s/drift-%d-a.wav" % (work, repeat)
            save(a, reference)
            for ppm in (5, 50, 150):
                offset = rng.uniform(1, 30)
                sign = rng.choice([-1, 1])
                y = resampled(x, offset * RATE, 1 + sign * ppm * 1e-6, 1800 * RATE)
                for snr in (10, -5):
                    path = "%s/drift-%d-%d-%d.wav" % (work, repeat, ppm, snr)
                    save(y + y.std() * 10 ** (-snr / 20) * shaped_noise(len(y), rng), path)
                    rows.append("%dppm n%d,1800,%s,%s,%.9f,%g" % (ppm, snr, reference, path, offset, sign * ppm))
            # A buffer lost in the middle, and one repeated.
            for lost in (0.0213, 0.5, -0.04):
                y = np.concatenate([x[:900 * RATE], x[900 * RATE + int(lost * RATE):1500 * RATE]])
                path = "%s/step-%d-%d.wav" % (work, repeat, int(lost * 1000))
                save(y + y.std() * 10 ** (-0.5) * shaped_noise(len(y), rng), path)
                rows.append("lost %.0f ms at 900 s,1500,%s,%s,0,0" % (1000 * int(lost * RATE) / RATE, reference, path))
    elif what == "hours":
        x = long_sound(pool, 3600 + 900, rng)
        paths = []
        for view in range(8):
            offset = rng.uniform(0, 880)
            y = resampled(x, offset * RATE, 1 + rng.uniform(-60, 60) * 1e-6, 3600 * RATE)
            path = "%s/hour-%d.wav" % (work, view)
            save(y + y.std() * 10 ** (-0.5) * shaped_noise(len(y), rng), path)
            print(path, offset)
        return
    else:
        x = long_sound(pool, 3120, rng)
        one, two = x[:3000 * RATE], x[100 * RATE:3100 * RATE]
        save(one + one.std() * 0.1 * shaped_noise(len(one), rng), work + "/fifty-a.wav")
        save(two + two.std() * 0.1 * shaped_noise(len(two), rng), work + "/fifty-b.wav")
        save(two[1000 * RATE:1060 * RATE], work + "/minute.wav")
        rows.append("fifty,3000,%s/fifty-a.wav,%s/fifty-b.wav,100,0" % (work, work))
        rows.append("minute,60,%s/fifty-a.wav,%s/minute.wav,1100,0" % (work, work))
    with open("%s/%s.csv" % (work, what), "w") as f:
        f.write("\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
