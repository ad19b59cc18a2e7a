"""Recordings joined from GRID clips, and transcripts of them: moved, at another rate, cut, or of other speech."""
import os
import random
import subprocess
import wave

RATES = {"23.976": 24000 / 1001, "24": 24.0, "25": 25.0, "29.97": 30000 / 1001, "30": 30.0}
UNIT = 1 / 25000


def sentences(corpus):
    """{clip: [(start, end, word)]} of every clip with word times."""
    folder = f"{corpus}/transcripts/grid"
    result = {}
    for name in sorted(os.listdir(folder)):
        rows = [line.split() for line in open(f"{folder}/{name}")]
        result[name[:-6]] = [(int(a) * UNIT, int(b) * UNIT, w) for a, b, w in rows if w not in ("sil", "sp")]
    return result


def samples(corpus, clip, cache={}):
    """16 kHz mono samples of a clip as bytes, exactly three seconds."""
    if clip not in cache:
        command = ["ffmpeg", "-v", "error", "-i", f"{corpus}/lips/grid/{clip}.mpg", "-ac", "1", "-ar", "16000", "-f", "s16le", "-"]
        raw = subprocess.run(command, capture_output=True, check=True).stdout
        cache[clip] = (raw + bytes(96000))[:96000]
    return cache[clip]


def recording(corpus, path, clips):
    """Writes the clips one after another as a WAV file."""
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        for clip in clips:
            file.writeframes(samples(corpus, clip))


def cues(all_sentences, clips, start=0.0):
    """One cue per clip: (start, end, text), from the first to the last word."""
    result = []
    for index, clip in enumerate(clips):
        words = all_sentences[clip]
        base = start + 3.0 * index
        result.append((base + words[0][0], base + words[-1][1], " ".join(w for _, _, w in words)))
    return result


def words(all_sentences, clips, start=0.0):
    return [(start + 3.0 * i + a, start + 3.0 * i + b, w) for i, clip in enumerate(clips) for a, b, w in all_sentences[clip]]


def chosen(all_sentences, count, seed):
    """A seeded sequence of clips of speaker s1, none twice in succession."""
    generator = random.Random(seed)
    names = [name for name in all_sentences if name.startswith("s1-")]
    result = []
    while len(result) < count:
        name = generator.choice(names)
        if not result or result[-1] != name:
            result.append(name)
    return result


def srt(path, items):
    def clock(seconds):
        milliseconds = max(0, round(seconds * 1000))
        return "%02d:%02d:%02d,%03d" % (milliseconds // 3600000, milliseconds // 60000 % 60, milliseconds // 1000 % 60, milliseconds % 1000)

    with open(path, "w") as file:
        number = 0
        for start, end, text in items:
            if end <= 0:
                continue
            number += 1
            file.write(f"{number}\n{clock(start)} --> {clock(end)}\n{text}\n\n")


def table(path, items):
    with open(path, "w") as file:
        file.write("start_s,end_s,word\n")
        for start, end, text in items:
            file.write(f"{start:.4f},{end:.4f},{text}\n")
