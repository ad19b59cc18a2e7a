"""bench/cuts/material.py CORPUS WORK: WORK/clean, windows of long faces and joined clips of one speaker, each with one offset throughout; WORK/other,
the windows with another recording's audio in their second half."""

import subprocess
import sys
from pathlib import Path

#: Seconds of the windows, and the most windows of one length from one recording.
LENGTHS = (12, 16, 22, 30, 45)
MOST = 4
CODING = ["-c:v", "libx264", "-crf", "20", "-preset", "veryfast", "-c:a", "aac", "-b:a", "128k"]


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, arguments)], check=True)


def seconds(path):
    command = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(path)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def windows(source, folder):
    """Windows that overlap by a third."""
    made = []
    whole = seconds(source)
    for length in LENGTHS:
        for number in range(MOST):
            start = number * (length * 2 // 3)
            if start + length > whole:
                break
            place = folder / f"w-{source.stem}-{length}-{start}.mp4"
            ffmpeg("-ss", start, "-i", source, "-t", length, *CODING, place)
            made.append((source.stem, place))
    return made


def joined(sources, place):
    """The clips one after the other, in one frame size and rate."""
    inputs, chains, names = [], [], ""
    for index, source in enumerate(sources):
        inputs += ["-i", source]
        chains.append(f"[{index}:v]setpts=PTS-STARTPTS,fps=25,scale=360:288[v{index}]")
        chains.append(f"[{index}:a]asetpts=PTS-STARTPTS,aresample=44100[a{index}]")
        names += f"[v{index}][a{index}]"
    graph = ";".join(chains) + f";{names}concat=n={len(sources)}:v=1:a=1[v][a]"
    ffmpeg(*inputs, "-filter_complex", graph, "-map", "[v]", "-map", "[a]", *CODING, place)


def with_other_end(clip, other, place):
    """The clip with the audio of another recording from its middle on."""
    whole = seconds(clip)
    plain = "aresample=44100,aformat=channel_layouts=mono"
    graph = (
        f"[0:a]{plain},atrim=0:{whole / 2},asetpts=PTS-STARTPTS[own];"
        f"[1:a]{plain},asetpts=PTS-STARTPTS[one];[2:a]{plain},asetpts=PTS-STARTPTS[two];"
        f"[one][two]concat=n=2:v=0:a=1[other];[own][other]concat=n=2:v=0:a=1,atrim=0:{whole}[a]"
    )
    ffmpeg("-i", clip, "-i", other, "-i", other, "-filter_complex", graph, "-map", "0:v", "-map", "[a]", "-c:v", "copy", "-c:a", "aac", place)


def main():
    lips, work = Path(sys.argv[1]), Path(sys.argv[2])
    clean, other = work / "clean", work / "other"
    clean.mkdir()
    other.mkdir()
    sources = sorted(lips.glob("faces/web-*.mp4")) + sorted(lips.glob("faces/hdtf-*.mp4")) + sorted(lips.glob("wild/*.mp4"))
    made = [window for source in sources for window in windows(source, clean)]
    speakers = {"s1": sorted(lips.glob("grid/s1-*.mpg")), "s31": sorted(lips.glob("faces/grid-s31-*.mpg"))}
    for name, clips in speakers.items():
        for number, first in enumerate(range(0, min(len(clips), 64) - 7, 8)):
            joined(clips[first : first + 5], clean / f"c-{name}_{number}-5.mp4")
            joined(clips[first : first + 8], clean / f"c-{name}_{number}-8.mp4")
    joined(sorted(lips.glob("faces/cremad-*.flv")), clean / "c-cremad-5.mp4")
    for index, (source, clip) in enumerate(made):
        for step in (7, 19):
            others = [place for name, place in made if name != source]
            with_other_end(clip, others[(index + step) % len(others)], other / f"{clip.stem}-{step}.mp4")


main()
