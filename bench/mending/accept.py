"""From a decision to the fixed file: 60 synthetic clips of six kinds are scanned, each finding is accepted by the requests
of the review page, the plan is applied, and every fixed file is re-measured.

    bench/mending/accept.py GENLOCK TESTMEDIA OUTPUT.csv

A fixed file is right if the accepted finding measures 0, against its own expectation, within 10 ms, and every other packet
equals the original's in payload and, relative to the video, in time.
"""
import csv
import http.cookiejar
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
import wave

OFFSETS = [-420, -310, -240, -170, -130, 130, 170, 240, 310, 420]
WORDS = "Maybe Bob will bring the paper boat back before evening, and we may all move to a warm place by the bay.".split()
CUES = [(0, 7), (7, 10), (10, 16), (16, 22)]


def run(*words, check=True):
    done = subprocess.run(words, capture_output=True, text=True)
    if check and done.returncode:
        sys.exit(f"{' '.join(words)}: {done.stderr}")
    return done


def ffmpeg(*words):
    run("ffmpeg", "-nostdin", "-v", "error", "-y", *words)


def clock(seconds):
    whole = round(seconds * 1000)
    return f"{whole // 3600000:02}:{whole // 60000 % 60:02}:{whole // 1000 % 60:02},{whole % 1000:03}"


def captions(start):
    """The sentence of `in-sync.mp4`, with its words spread evenly from `start` seconds on."""
    letters = sum(len(word) + 1 for word in WORDS)
    at, text = start, ""
    for number, (first, last) in enumerate(CUES, 1):
        end = at + 5.9 * sum(len(word) + 1 for word in WORDS[first:last]) / letters
        text += f"{number}\n{clock(at)} --> {clock(end)}\n{' '.join(WORDS[first:last])}\n\n"
        at = end
    return text


def samples(media, clip):
    path = f"sound-{clip}.wav"
    ffmpeg("-i", f"{media}/{clip}", "-ac", "1", "-ar", "16000", path)
    with wave.open(path) as sound:
        data = sound.readframes(sound.getnframes())
    values = struct.unpack(f"<{len(data) // 2}h", data)
    loud = [place for place in range(0, len(values) - 320, 320) if sum(map(abs, values[place:place + 320])) > 48000]
    return data[2 * loud[0]:2 * (loud[-1] + 320)]


def make(media):
    """Makes the clips; returns the rows of a manifest and the finding to accept for each."""
    rows, wanted = [], {}
    os.mkdir("in")

    def add(key, check, transcript="", group="", labels=""):
        rows.append([key, transcript, labels, group])
        wanted[key if not group else "views of " + group] = check

    endings = ["mp4", "mkv", "mov", "ts", "mp4"]
    for number, offset in enumerate(OFFSETS):
        late = f"{-offset / 1000}"
        ending = endings[number % 5]
        name = f"in/lips{number}.{ending}"
        ffmpeg("-i", f"{media}/in-sync.mp4", "-itsoffset", late, "-i", f"{media}/in-sync.mp4", "-map", "0:v", "-map", "1:a", "-c", "copy", name)
        add(name, "lips")

        name = f"in/tracks{number}.mkv"
        other = f"{OFFSETS[(number + 3) % 10] / 1000}"
        ffmpeg("-i", f"{media}/in-sync.mp4", "-itsoffset", late, "-i", f"{media}/in-sync.mp4", "-itsoffset", other, "-i", f"{media}/in-sync.mp4",
               "-map", "0:v", "-map", "1:a", "-map", "2:a", "-c", "copy", "-metadata:s:a:1", "language=deu", name)
        add(name, "lips")

        name = f"in/text{number}"
        ffmpeg("-i", f"{media}/in-sync.mp4", "-c", "copy", name + ".mp4")
        with open(name + ".srt", "w") as file:
            file.write(captions(0.7 - offset / 1000 * 1.5 if offset < 0 else max(0.0, 0.7 - offset / 1000)))
        add(name + ".mp4", "transcript", transcript=name + ".srt")

        name = f"in/container{number}.mov"
        # Audio of 44.1 kHz played at 48 kHz.
        ffmpeg("-t", f"{5 + number / 5}", "-i", f"{media}/no-face.mp4", "-af", f"aresample=48000,asetrate={48000 * 480 / 441:.3f},aresample=48000",
               "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "pcm_s16le", name)
        add(name, "container")

        start = 0.4 + number / 20
        for view, begins in [("a", 0), ("b", start)]:
            name = f"in/view{number}{view}.mp4"
            ffmpeg("-ss", f"{begins}", "-i", f"{media}/in-sync.mp4", "-t", "4.5", "-c:v", "libx264", "-g", "40", "-preset", "ultrafast", "-c:a", "aac", name)
            rows.append([name, "", "", f"event{number}"])
        wanted[f"views of event{number}"] = "views"

    one, two = samples(media, "in-sync.mp4"), samples(media, "another-sentence.mp4")
    for number, offset in enumerate(OFFSETS):
        sound, turns = b"", []
        for place in range(8):
            gap = 0.8 + (7 * place + 3 * number) % 10 / 6
            sound += b"\0\0" * int(gap * 16000)
            part = one if place % 2 == 0 else two
            turns.append((len(sound) / 32000, len(part) / 32000, "ann" if place % 2 == 0 else "ben"))
            sound += part
        name = f"in/turns{number}"
        with wave.open(name + ".wav", "wb") as file:
            file.setparams((1, 2, 16000, 0, "NONE", ""))
            file.writeframes(sound + b"\0\0" * 16000)
        with open(name + ".rttm", "w") as file:
            for start, length, speaker in turns:
                file.write(f"SPEAKER turns{number} 1 {start + offset / 500:.3f} {length:.3f} <NA> <NA> {speaker} <NA> <NA>\n")
        add(name + ".wav", "speakers", transcript=name + ".rttm")
    return rows, wanted


def accept(genlock, store, wanted):
    """Accepts each wanted finding as the page does."""
    server = subprocess.Popen([genlock, "review", store, "--as", "bench", "--all"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        address = re.search(r"http://\S+", server.stdout.readline()).group(0)
        base = address.split("?")[0].rstrip("/")
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        browser.open(address).read()
        accepted = {}
        for key, check in wanted.items():
            clip = json.load(browser.open(f"{base}/api/clip?key={urllib.parse.quote(key)}"))
            finding = next((one for one in clip["findings"] if one["check"] == check and one["offset_ms"] is not None), None)
            if finding is None:
                continue
            body = json.dumps({"key": key, "choice": "accept", "finding": finding["name"], "seen": 0}).encode()
            headers = {"Content-Type": "application/json", "Origin": base}
            browser.open(urllib.request.Request(f"{base}/api/decide", data=body, headers=headers)).read()
            accepted[key] = finding["offset_ms"]
        return accepted
    finally:
        server.terminate()


def streams(path):
    """Digests of each stream's packets, and times of all except the audio, relative to the first video packet."""
    made = run("ffprobe", "-v", "error", "-show_packets", "-show_data_hash", "md5", "-of", "json", path).stdout
    hashes, shown = {}, []
    for packet in json.loads(made)["packets"]:
        hashes.setdefault((packet["codec_type"], packet["stream_index"]), []).append(packet["data_hash"])
        if packet["codec_type"] == "video" and "pts_time" in packet:
            shown.append(float(packet["pts_time"]))
    return hashes, [round(time - shown[0], 3) for time in shown]


def measured(genlock, words, check):
    done = run(genlock, *words, "--format", "jsonl", check=False)
    findings = [finding for line in done.stdout.splitlines() for finding in json.loads(line)["findings"]]
    return next((one["worst_ms"] for one in findings if one["check"] == check and one["offset_ms"] is not None), None)


def main():
    genlock, media, output = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), os.path.abspath(sys.argv[3])
    table = []
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        rows, wanted = make(media)
        with open("list.csv", "w", newline="") as file:
            csv.writer(file).writerows([["media", "transcript", "labels", "group"]] + rows)
        run(genlock, "scan", "list.csv", "--store", "s.sqlite", "--quiet", check=False)
        accepted = accept(genlock, "s.sqlite", wanted)
        run(genlock, "fix", "s.sqlite", "-o", "out", "--plan", "p.csv")
        applied = run(genlock, "fix", "--plan", "p.csv", "--apply", check=False)
        for key, check in wanted.items():
            kind = re.match(r"(?:in/|views of )([a-z]+)", key).group(1).replace("event", "views")
            was = accepted.get(key)
            now, equal = [], True
            name = os.path.basename(key)
            if was is None:
                pass
            elif check == "views":
                number = key.removeprefix("views of event")
                pair = [f"out/view{number}{view}.mp4" for view in "ab"]
                if all(map(os.path.exists, pair)):
                    now = [measured(genlock, ["views", *pair], "views")]
            elif check in ("transcript", "speakers"):
                text = dict((row[0], row[1]) for row in rows)[key]
                fixed = "out/" + os.path.basename(text)
                if os.path.exists(fixed):
                    now = [measured(genlock, ["transcript", key, fixed], check)]
                equal = not os.path.exists("out/" + name)
            elif os.path.exists("out/" + name):
                tracks = ["0", "1"] if kind == "tracks" else ["0"]
                now = [measured(genlock, ["check", "out/" + name, "--checks", check, "--audio-stream", track], check) for track in tracks]
                before, after = streams(key), streams("out/" + name)
                others = [one for one in before[0] if check != "container" or one[0] != "audio"]
                equal = all(before[0][one] == after[0].get(one) for one in others) and before[1] == after[1]
            worst = max((abs(value) for value in now if value is not None), default=None)
            right = worst is not None and None not in now and worst <= 10 and equal
            table.append([kind, key, was, worst, equal, right])
        if applied.returncode:
            print(applied.stderr, file=sys.stderr)
    with open(output, "w", newline="") as file:
        csv.writer(file).writerows([["kind", "clip", "accepted_ms", "afterwards_ms", "others_equal", "right"]] + table)
    print("| kind | clips | accepted | right | largest afterwards, ms |\n|---|---|---|---|---|")
    for kind in dict.fromkeys(row[0] for row in table):
        own = [row for row in table if row[0] == kind]
        largest = max((row[3] for row in own if row[3] is not None), default=float("nan"))
        print(f"| {kind} | {len(own)} | {sum(row[2] is not None for row in own)} | {sum(row[5] for row in own)} | {largest:.1f} |")


main()
