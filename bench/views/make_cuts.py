"""Makes cuts of real recordings with exact truth, and lists of pairs for genlock-views-bench.

Usage: make_cuts.py CORPUS WORK [--pairs N] [--seed S]. Needs numpy, scipy and the ffmpeg program.
"""
import argparse, glob, os, subprocess
import numpy as np
from scipy.signal import fftconvolve

RATE = 48000


def decode(path):
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-ac", "1", "-ar", str(RATE), "-f", "f32le", "-"],
                         capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.float32).astype(np.float64)


def sources(corpus):
    """Recordings of at least 20 s; the short studio sentences of one speaker are joined."""
    found = {}
    paths = sorted(glob.glob(corpus + "/views/audio/timbl_1.mp3") + glob.glob(corpus + "/views/audio/*.ogg") +
                   glob.glob(corpus + "/transcripts/*/*.wav") + glob.glob(corpus + "/transcripts/*/*.flac") +
                   glob.glob(corpus + "/transcripts/*/*.mp3") + glob.glob(corpus + "/lips/wild/*.mp4"))
    for path in paths:
        if os.path.basename(path) in ("acoustic_corpus.wav", "cold_corpus.wav"):
            continue  # both are parts of michaelandsickmichael.wav
        try:
            x = decode(path)
        except subprocess.CalledProcessError:
            continue
        if len(x) > 20 * RATE and x.std() > 1e-4:
            found[os.path.basename(path)] = x / x.std()
    clips = [decode(p) for p in sorted(glob.glob(corpus + "/lips/grid/s1-*.mpg"))]
    for part in range(3):
        found["grid%d" % part] = np.concatenate([c / (c.std() + 1e-9) for c in clips[part::3]])
    others = [decode(p) for p in sorted(glob.glob(corpus + "/lips/grid/*.mpg")) if "/s1-" not in p]
    found["grid-others"] = np.concatenate([c / (c.std() + 1e-9) for c in others])
    return found


def room(x, seconds, rng):
    n = int(seconds * RATE)
    t = np.arange(n) / RATE
    h = rng.normal(size=n) * np.exp(-6.9 * t / seconds)
    h[: int(0.002 * RATE)] = 0
    h *= 1 / np.sqrt(np.sum(h ** 2))
    h[0] = 1
    return fftconvolve(x, h)[: len(x)]


def noise(n, kind, pool, rng):
    if kind == 0:
        X = np.fft.rfft(rng.normal(size=n))
        X /= np.sqrt(np.maximum(np.arange(len(X)), 1))
        z = np.fft.irfft(X, n)
    else:
        z = np.zeros(n)
        for _ in range(4):
            y = pool[rng.integers(len(pool))]
            i = rng.integers(0, max(1, len(y) - n))
            y = y[i:i + n]
            z[: len(y)] += y
    return z / z.std()


def write(x, path, arguments):
    x = (0.3 * x / (np.abs(x).max() + 1e-9) * 3).clip(-1, 1).astype(np.float32)
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "f32le", "-ar", str(RATE), "-ac", "1", "-i", "-"] + arguments + [path],
                   input=x.tobytes(), check=True)


CODECS = {
    "wav": (".wav", []), "mp3-48k": (".mp3", ["-ar", "44100", "-c:a", "libmp3lame", "-b:a", "48k"]),
    "aac-64k": (".m4a", ["-ar", "44100", "-c:a", "aac", "-b:a", "64k"]),
    "telephone": (".wav", ["-ar", "8000", "-c:a", "pcm_mulaw"]),
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus")
    parser.add_argument("work")
    parser.add_argument("--pairs", type=int, default=24, help="pairs a condition and length")
    parser.add_argument("--unrelated", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    a = parser.parse_args()
    rng = np.random.default_rng(a.seed)
    os.makedirs(a.work, exist_ok=True)
    pool = sources(a.corpus)
    names = list(pool)
    print({k: round(len(v) / RATE) for k, v in pool.items()})
    rows = []
    conditions = ["wav", "mp3-48k", "aac-64k", "telephone", "clipped", "echo", "n10", "n5", "n0", "n-5", "echo+n5+mp3-48k"]
    for overlap in (3, 5, 10, 20):
        for condition in conditions:
            for repeat in range(a.pairs):
                total = overlap * 1.8
                fitting = [k for k in names if len(pool[k]) > total * RATE]
                x = pool[fitting[repeat % len(fitting)]]
                # Both cuts contain the overlap, each with more on one side.
                start = rng.integers(0, len(x) - int(total * RATE))
                whole = x[start: start + int(total * RATE)]
                lead = rng.integers(0, int(0.8 * overlap * RATE))
                length = len(whole) - int(0.8 * overlap * RATE) + lead
                one, two = whole[:length], whole[length - int(overlap * RATE):]
                truth = (length - int(overlap * RATE)) / RATE
                if "echo" in condition:
                    one, two = room(one, 0.3, rng), room(two, 0.5, rng)
                for part in condition.split("+"):
                    others = [v for v in pool.values() if v is not x]
                    if part[0] == "n" and part[1:].lstrip("-").isdigit():
                        snr = float(part[1:])
                        two = two + two.std() * 10 ** (-snr / 20) * noise(len(two), repeat % 2, others, rng)
                        snr = max(snr, 10)
                        one = one + one.std() * 10 ** (-snr / 20) * noise(len(one), repeat % 2, others, rng)
                if condition == "clipped":
                    two = np.clip(two, -0.5 * two.std(), 0.5 * two.std())
                codec = next((c for c in CODECS if c in condition), "wav")
                paths = []
                for label, y in (("a", one), ("b", two)):
                    extension, arguments = CODECS[codec if label == "b" or codec != "telephone" else "wav"]
                    path = "%s/%s-%d-%d-%s%s" % (a.work, condition, overlap, repeat, label, extension)
                    write(y, path, arguments)
                    paths.append(path)
                if repeat % 2:
                    paths, truth = paths[::-1], -truth
                rows.append("%s,%d,%s,%s,%.9f," % (condition, overlap, *paths, truth))
    with open(a.work + "/cuts.csv", "w") as f:
        f.write("condition,seconds,reference,subject,truth_s,drift_ppm\n" + "\n".join(rows) + "\n")
    made = {}
    rows = []
    for repeat in range(a.unrelated):
        one, two = rng.choice(len(names), 2, replace=False)
        pair = []
        for which in (one, two):
            x = pool[names[which]]
            seconds = min(len(x) / RATE, [5, 10, 20, 60][repeat % 4])
            key = (which, seconds, rng.integers(3))
            if key not in made:
                i = rng.integers(0, max(1, len(x) - int(seconds * RATE)))
                codec = list(CODECS)[len(made) % 4]
                made[key] = "%s/null-%d%s" % (a.work, len(made), CODECS[codec][0])
                y = room(x[i:i + int(seconds * RATE)], 0.4, rng)
                write(y + 0.3 * y.std() * noise(len(y), 0, None, rng), made[key], CODECS[codec][1])
            pair.append(made[key])
        rows.append("unrelated,%d,%s,%s,," % ([5, 10, 20, 60][repeat % 4], *pair))
    with open(a.work + "/unrelated.csv", "w") as f:
        f.write("condition,seconds,reference,subject,truth_s,drift_ppm\n" + "\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
