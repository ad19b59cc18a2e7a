#!/usr/bin/env python3
"""Clips of silence with the labels of one view beside them, for faults of labels: `clips.py LABELS FOLDER`.

LABELS: the folder of Breakfast's tables in the shared corpus (view, start_s, end_s, label). The first view of each session is used. The labels alone
are compared, so that a second of silence is enough.
"""
import csv
import pathlib
import sys
import wave


def main():
    source, folder = map(pathlib.Path, sys.argv[1:])
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        rows = [row for row in rows if row["view"] == rows[0]["view"]]
        with (folder / path.name).open("w", newline="", encoding="utf-8") as file:
            out = csv.DictWriter(file, ["label", "start_s", "end_s"], extrasaction="ignore", lineterminator="\n")
            out.writeheader()
            out.writerows(rows)
        with wave.open(str(folder / f"{path.stem}.wav"), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(8000)
            sound.writeframes(bytes(16000))


if __name__ == "__main__":
    main()
