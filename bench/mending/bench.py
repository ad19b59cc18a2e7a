"""Round trips: the audio of a clip with speech is moved by N in a container, measured, fixed and re-measured by the program.

Truth: the answer for the unmoved clip. Usage: bench.py GENLOCK OUTPUT.csv CLIP...
"""
import csv
import json
import os
import subprocess
import sys
import tempfile

VIDEO = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-pix_fmt", "yuv420p"]
CONTAINERS = {
    "mp4": VIDEO + ["-c:a", "aac"], "mov": VIDEO + ["-c:a", "pcm_s16le"], "mkv": VIDEO + ["-c:a", "flac"],
    "webm": ["-c:v", "libvpx", "-deadline", "realtime", "-b:v", "2M", "-c:a", "libopus"], "ts": VIDEO + ["-c:a", "aac"],
    "mpg": ["-c:v", "mpeg1video", "-q:v", "3", "-c:a", "mp2"], "avi": ["-c:v", "mpeg4", "-q:v", "3", "-c:a", "pcm_s16le"],
    "mxf": ["-c:v", "mpeg2video", "-q:v", "3", "-c:a", "pcm_s16le", "-ar", "48000"],
}
OFFSETS = [int(word) for word in os.environ.get("OFFSETS", "-400,-150,150,400").split(",")]


def run(words):
    return subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def measured(genlock, clip):
    finding = next((f for f in json.loads(run([genlock, "check", clip, "--checks", "lips", "--json"]).stdout)["findings"]), {})
    return finding.get("offset_ms")


def hashes(clip):
    lines = run(["ffmpeg", "-v", "error", "-i", clip, "-map", "0", "-c", "copy", "-f", "streamhash", "-"]).stdout.split()
    return sorted(line.split(",", 1)[1] for line in lines if "," in line)


def main():
    genlock, output, clips = sys.argv[1], sys.argv[2], sys.argv[3:]
    rows = []
    with tempfile.TemporaryDirectory() as folder, open(output, "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["clip", "container", "moved_ms", "unmoved_ms", "measured_ms", "outcome", "mended_ms", "beside_ms", "packets_equal"])
        for clip in clips:
            for ending, coding in CONTAINERS.items():
                for moved in OFFSETS:
                    made, fixed = f"{folder}/a.{ending}", f"{folder}/b.{ending}"
                    plain = f"{folder}/p.{ending}"
                    # Later: silence before it; earlier: its beginning is cut, so that every container can store it.
                    sound = f"adelay={moved}:all=1" if moved > 0 else f"atrim=start={-moved / 1000},asetpts=PTS-STARTPTS"
                    run(["ffmpeg", "-nostdin", "-y", "-v", "error", "-i", clip] + coding + [plain])
                    run(["ffmpeg", "-nostdin", "-y", "-v", "error", "-i", clip, "-af", sound] + coding + [made])
                    own, before = measured(genlock, plain), measured(genlock, made)
                    done = json.loads(run([genlock, "fix", made, "-o", fixed, "--force", "--checks", "lips", "--json"]).stdout or "{}")
                    after = done["written"][0]["is_ms"] if done.get("written") else None
                    equal = "" if after is None else all(one in hashes(fixed) for one in hashes(made) if one.startswith("v,")) if ending in ("avi", "mxf") else hashes(made) == hashes(fixed)
                    beside = "" if after is None or own is None else round(after - own, 1)
                    row = [os.path.basename(clip), ending, moved, own, before, done.get("outcome") or "refused", after, beside, equal]
                    rows.append(row)
                    table.writerow(row)
                    file.flush()
    fixed = [row for row in rows if row[7] != ""]
    told = [row for row in rows if row[3] is not None and row[4] is not None]
    print(f"{len(rows)} round trips of {len(clips)} speakers in {len(CONTAINERS)} containers, {len(fixed)} fixed, packets equal in {sum(row[8] is True for row in fixed)}.")
    print(f"Moved by N, N is measured within 10 ms (the difference from the unmoved clip's own answer) in {sum(abs(row[4] - row[3] + row[2]) <= 10 for row in told)} of {len(told)}; "
          f"fixed, 0 is measured within 10 ms in {sum(abs(row[6]) <= 10 for row in fixed)} of {len(fixed)}, largest {max((abs(row[6]) for row in fixed), default=0):.1f} ms.")
    print("A fixed clip is moved by the whole measured offset, including that of its unmoved original (up to 18 ms here).\n")
    print("| container | largest miss of N, ms | largest after the fix, ms |\n|---|---|---|")
    for ending in CONTAINERS:
        some = [row for row in fixed if row[1] == ending and row[3] is not None]
        if some:
            print(f"| {ending} | {max(abs(row[4] - row[3] + row[2]) for row in some):.1f} | {max(abs(row[6]) for row in some):.1f} |")


main()
