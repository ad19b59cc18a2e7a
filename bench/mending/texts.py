"""Round trips of `genlock fix` on every text format that it writes: moved by N, measured against a clip's audio, fixed and re-measured.

Truth: the answer for the unmoved text. Usage: texts.py GENLOCK OUTPUT.csv [CLIP]
"""
import csv
import html
import json
import os
import subprocess
import sys
import tempfile

genlock, output = sys.argv[1], sys.argv[2]
clip = os.path.abspath(sys.argv[3] if len(sys.argv) > 3 else "TestMedia/in-sync.mp4")
# The clip's sentence as cues, spread by letters: the times are only roughly right, and the same before and after.
CUES = ["Maybe Bob will bring the paper boat", "back before evening,", "and we may all move", "to a warm place by the bay."]
letters = sum(len(c) + 1 for c in CUES)


def cues(moved):
    at, rows = 0.7 + moved, []
    for text in CUES:
        end = at + 5.9 * (len(text) + 1) / letters
        rows.append((at, end, text))
        at = end
    return rows


def words(rows):
    for start, end, text in rows:
        parts = text.split()
        total, at = sum(len(p) + 1 for p in parts), start
        for part in parts:
            stop = at + (end - start) * (len(part) + 1) / total
            yield at, stop, part
            at = stop


def clock(t, mark="."):
    ms = round(t * 1000)
    return f"{ms // 3600000:02}:{ms // 60000 % 60:02}:{ms // 1000 % 60:02}{mark}{ms % 1000:03}"


def textgrid(rows):
    last = max(10.0, rows[-1][1])
    spans, at = [], 0.0
    for start, end, text in rows:
        if start > at:
            spans.append((at, start, ""))
        spans.append((start, end, text))
        at = end
    spans.append((at, last, ""))
    body = "".join(f'        intervals [{i + 1}]:\n            xmin = {a:.6f}\n            xmax = {b:.6f}\n            text = "{t}"\n' for i, (a, b, t) in enumerate(spans))
    return (f'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\nxmax = {last}\ntiers? <exists>\nsize = 1\nitem []:\n    item [1]:\n        class = "IntervalTier"\n'
            f'        name = "utterances"\n        xmin = 0\n        xmax = {last}\n        intervals: size = {len(spans)}\n{body}')


def elan(rows):
    slots = "".join(f'<TIME_SLOT TIME_SLOT_ID="ts{2 * i + 1}" TIME_VALUE="{round(a * 1000)}"/><TIME_SLOT TIME_SLOT_ID="ts{2 * i + 2}" TIME_VALUE="{round(b * 1000)}"/>' for i, (a, b, _) in enumerate(rows))
    notes = "".join(f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{i}" TIME_SLOT_REF1="ts{2 * i + 1}" TIME_SLOT_REF2="ts{2 * i + 2}"><ANNOTATION_VALUE>{html.escape(t)}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>' for i, (_, _, t) in enumerate(rows))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<ANNOTATION_DOCUMENT VERSION="3.0"><HEADER TIME_UNITS="milliseconds"/><TIME_ORDER>{slots}</TIME_ORDER><TIER LINGUISTIC_TYPE_REF="d" TIER_ID="speech">{notes}</TIER><LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="d" TIME_ALIGNABLE="true"/></ANNOTATION_DOCUMENT>\n'


FORMATS = {
    "srt": lambda rows: "".join(f"{i + 1}\n{clock(a, ',')} --> {clock(b, ',')}\n{t}\n\n" for i, (a, b, t) in enumerate(rows)),
    "vtt": lambda rows: "WEBVTT\n\n" + "".join(f"{clock(a)} --> {clock(b)}\n{t}\n\n" for a, b, t in rows),
    "ass": lambda rows: "[Script Info]\nScriptType: v4.00+\n\n[Events]\nFormat: Layer, Start, End, Style, Text\n" + "".join(f"Dialogue: 0,{clock(a)[1:11]},{clock(b)[1:11]},Default,{t}\n" for a, b, t in rows),
    "ttml": lambda rows: '<?xml version="1.0" encoding="utf-8"?>\n<tt xmlns="http://www.w3.org/ns/ttml"><body><div>' + "".join(f'<p begin="{clock(a)}" end="{clock(b)}">{t}</p>' for a, b, t in rows) + "</div></body></tt>\n",
    "lrc": lambda rows: "".join(f"[{int(a) // 60:02}:{a % 60:05.2f}]{t}\n" for a, b, t in rows) + f"[{int(rows[-1][1]) // 60:02}:{rows[-1][1] % 60:05.2f}]\n",
    "sub": lambda rows: "{1}{1}25\n" + "".join(f"{{{round(a * 25)}}}{{{round(b * 25)}}}{t}\n" for a, b, t in rows),
    "TextGrid": textgrid,
    "eaf": elan,
    "json": lambda rows: json.dumps({"language": "en", "segments": [{"start": round(a, 3), "end": round(b, 3), "text": t} for a, b, t in rows]}, indent=1),
    "jsonl": lambda rows: "".join(json.dumps({"start": round(a, 3), "end": round(b, 3), "text": t}) + "\n" for a, b, t in rows),
    "csv": lambda rows: "start_s,end_s,text\n" + "".join(f'{a:.3f},{b:.3f},"{t}"\n' for a, b, t in rows),
    "tsv": lambda rows: "start\tend\tword\n" + "".join(f"{a:.3f}\t{b:.3f}\t{t}\n" for a, b, t in words(rows)),
    "txt": lambda rows: "".join(f"{a:.6f}\t{b:.6f}\t{t}\n" for a, b, t in rows),
    "ctm": lambda rows: "".join(f"talk 1 {a:.3f} {b - a:.3f} {t}\n" for a, b, t in words(rows)),
    "stm": lambda rows: "".join(f"talk 1 bob {a:.3f} {b:.3f} {t}\n" for a, b, t in rows),
    "align": lambda rows: "".join(f"{round(a * 25000)} {round(b * 25000)} {t}\n" for a, b, t in words(rows)),
}


def measured(path):
    done = subprocess.run([genlock, "transcript", clip, path, "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    findings = json.loads(done)["findings"] if done else []
    return findings[0]["offset_ms"] if findings else None


rows = []
with tempfile.TemporaryDirectory() as folder:
    for ending, write in FORMATS.items():
        for moved in (-400, 400):
            at, fixed = f"{folder}/moved.{ending}", f"{folder}/fixed.{ending}"
            plain = f"{folder}/plain.{ending}"
            open(plain, "w").write(write(cues(0)))
            open(at, "w").write(write(cues(moved / 1000)))
            own, was = measured(plain), measured(at)
            done = subprocess.run([genlock, "fix", clip, at, "-o", fixed, "--force", "--checks", "impacts", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            now = measured(fixed) if done.returncode == 0 and os.path.exists(fixed) else None
            rows.append([ending, moved, own, was, now, "" if now is not None else done.stderr.strip().replace("\n", " ")[:160]])
with open(output, "w", newline="") as file:
    table = csv.writer(file)
    table.writerow(["format", "moved_ms", "unmoved_ms", "measured_ms", "mended_ms", "said"])
    table.writerows(rows)
told = [r for r in rows if r[2] is not None and r[3] is not None]
fixed = [r for r in rows if r[4] is not None]
print(f"\nTexts: {len(rows)} round trips in {len(FORMATS)} formats, {len(fixed)} fixed; N measured within 10 ms of the answer for the unmoved text in "
      f"{sum(abs(r[3] - r[2] + r[1]) <= 10 for r in told)} of {len(told)}, 0 after the fix in {sum(abs(r[4]) <= 10 for r in fixed)} of {len(fixed)}.\n")
print("| format | unmoved, ms | moved by 400: measured | fixed |\n|---|---|---|---|")
for r in rows:
    if r[1] == 400:
        print(f"| {r[0]} | {r[2]} | {r[3]} | {r[4] if r[4] is not None else r[5]} |")
