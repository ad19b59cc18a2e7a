"""Sound, pictures and texts in and out, through the ffmpeg program."""
import hashlib
import json
import re
import subprocess
import wave
from pathlib import Path

import numpy as np

RATE = 48000  # what sound is moved and cut in: whole samples of it
QUIET = ["ffmpeg", "-nostdin", "-y", "-v", "error", "-threads", "1"]


def ffmpeg(*words, stdin=None):
    subprocess.run([*QUIET[:1], *QUIET[2:], *map(str, words)] if stdin is not None else [*QUIET, *map(str, words)], check=True, input=stdin)


def sound(path, rate=RATE):
    """Mono samples from the presentation's zero on, -1...1."""
    raw = subprocess.run([*QUIET, "-i", str(path), "-vn", "-af", "aresample=async=1:first_pts=0", "-ac", "1", "-ar", str(rate), "-f", "f32le", "-"],
                         check=True, capture_output=True).stdout
    return np.frombuffer(raw, np.float32)


def write_wav(path, samples, rate=RATE):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(samples, -1, 1) * 32767).round().astype("<i2").tobytes())


def seconds(path):
    told = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(path)], check=True,
                          capture_output=True, text=True).stdout
    return float(told.strip().rstrip(",") or 0)


def frame_times(path):
    """When each frame is shown, in seconds."""
    told = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "packet=pts_time", "-of", "csv=p=0", str(path)], check=True,
                          capture_output=True, text=True).stdout
    return sorted(float(line.strip(",")) for line in told.split() if line.strip(","))


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def moved(samples, ms, rate=RATE):
    """Later by so many ms (whole samples, which are given back in ms), of the same length."""
    by = round(ms * rate / 1000)
    made = np.zeros_like(samples)
    if by >= 0:
        made[by:] = samples[:len(samples) - by] if by else samples
    else:
        made[:by] = samples[-by:]
    return made, by * 1000 / rate


def with_sound(picture, samples, out, video=None, still=False, begin=0.0, length=None):
    """The picture with other sound, which begins with the picture. Pictures keep their times unless `still`: then the first one stands."""
    wav = Path(out).with_suffix(".tmp.wav")
    write_wav(wav, samples)
    length = length or len(samples) / RATE
    # Even to 0, seeking loses every frame of some files (VP6 in FLV).
    seek = ["-ss", begin] if begin else []
    if still:
        image = Path(out).with_suffix(".tmp.png")
        ffmpeg(*seek, "-i", picture, "-frames:v", 1, image)
        source = ["-loop", 1, "-framerate", 25, "-t", length, "-i", image]
    else:
        source = [*seek, "-t", length, "-i", picture]
    ffmpeg(*source, "-i", wav, "-map", "0:v:0", "-map", "1:a:0", "-vf", f"{video or 'null'},format=yuv420p", "-fps_mode", "passthrough", "-c:v", "libx264",
           "-preset", "superfast", "-crf", 18, "-c:a", "pcm_s16le", "-t", length, out)
    wav.unlink()
    if still:
        image.unlink()


def write_video(path, frames, rate):
    """Grey frames (uint8) at a constant rate."""
    height, width = frames[0].shape
    ffmpeg("-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{width}x{height}", "-r", rate, "-i", "-", "-c:v", "libx264", "-preset", "superfast", "-crf", 20,
           "-pix_fmt", "yuv420p", path, stdin=np.stack(frames).tobytes())


# ---------------------------------------------------------------------------------------------------------------- texts


def _clock(text):
    hours, minutes, rest = ([0, *text.replace(",", ".").split(":")])[-3:]
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


def _stamp(value):
    ms = round(value * 1000)
    return f"{ms // 3600000:02}:{ms // 60000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}"


def read_cues(path):
    """(start_s, end_s, text) of SubRip, WebVTT, `start_s,end_s,text`, GRID's `.align`, TextGrid (tier of words) and JSON with segments."""
    path = Path(path)
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    if path.suffix == ".align":
        rows = [line.split() for line in text.splitlines() if line.strip()]
        return [(int(a) / 25000, int(b) / 25000, word) for a, b, word in rows if word not in ("sil", "sp")]
    if path.suffix == ".csv":
        rows = [line.split(",", 2) for line in text.splitlines()[1:] if line.strip()]
        return [(float(a), float(b), word.strip('"')) for a, b, word in rows]
    if path.suffix == ".json":
        return [(s["start"], s["end"], s["text"].strip()) for s in json.loads(text)["segments"]]
    if path.suffix == ".TextGrid":
        lines = [line.strip() for line in text.splitlines()]
        for at, line in enumerate(lines):
            if line == '"IntervalTier"' and lines[at + 1].strip('"') in ("words", "word"):
                count, rest = int(lines[at + 4]), lines[at + 5:]
                found = [(float(rest[3 * i]), float(rest[3 * i + 1]), rest[3 * i + 2].strip('"')) for i in range(count)]
                return [cue for cue in found if cue[2] and cue[2] not in ("sp", "sil", "<eps>")]
        return []
    cues = []
    for block in re.split(r"\n\s*\n", text.replace("\r", "")):
        found = re.search(r"([\d:.,]+)\s*-->\s*([\d:.,]+)[^\n]*\n(.*)", block, re.S)
        if found:
            cues.append((_clock(found.group(1)), _clock(found.group(2)), " ".join(found.group(3).split())))
    return cues


def gathered(words, pause=0.25, most=9):
    """Cues of words: up to a pause, or so many words."""
    cues = []
    for start, end, text in words:
        if cues and start - cues[-1][1] < pause and cues[-1][2].count(" ") < most - 1:
            cues[-1] = (cues[-1][0], end, f"{cues[-1][2]} {text}")
        else:
            cues.append((start, end, text))
    return cues


def write_srt(path, cues):
    Path(path).write_text("".join(f"{at}\n{_stamp(a)} --> {_stamp(b)}\n{text}\n\n" for at, (a, b, text) in enumerate(cues, 1)), encoding="utf-8")


def write_words(path, words):
    Path(path).write_text("start_s,end_s,text\n" + "".join(f"{a:.3f},{b:.3f},{text}\n" for a, b, text in words), encoding="utf-8")
