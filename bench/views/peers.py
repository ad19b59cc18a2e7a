"""Processor time, wall time and peak memory of commands, one after another in one run.

Usage: peers.py GENLOCK REFERENCE SUBJECT MINUTE VENV-PYTHON. The second recording is 100 s after the first, the minute 1100 s.
"""
import os, re, resource, subprocess, sys, time

genlock, reference, subject, minute, python = sys.argv[1:6]
SCIPY = """
import sys, numpy as np
from scipy.io import wavfile
from scipy.signal import correlate
a, b = (wavfile.read(p)[1].astype(np.float64) for p in sys.argv[1:3])
c = correlate(a, b, method='fft')
print((np.argmax(c) - (len(b) - 1)) / 16000)
"""
AOF = """
import sys
from audio_offset_finder.audio_offset_finder import find_offset_between_files
r = find_offset_between_files(sys.argv[1], sys.argv[2], trim=60 * 60)
print(r['time_offset'], r['standard_score'])
"""
rows = [
    ("genlock views, two of 50 min", [genlock, "views", reference, subject, "--format", "jsonl", "--expect", "unknown", "--jobs", "1", "--quiet"]),
    ("SciPy FFT correlation, two of 50 min", [python, "-c", SCIPY, reference, subject]),
    ("genlock views, 1 min in 50 min", [genlock, "views", reference, minute, "--format", "jsonl", "--expect", "unknown", "--jobs", "1", "--quiet"]),
    ("audio-offset-finder, 1 min in 50 min", [python, "-c", AOF, reference, minute]),
    ("audio-offset-finder, two of 50 min", [python, "-c", AOF, reference, subject]),
]
print("| what | answer s | processor s | wall s | peak MB |\n|---|---|---|---|---|")
for name, command in rows:
    start = time.time()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    out, err = process.stdout.read(), process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    answer = re.search(r'"offset_ms":([-0-9.]+)', out)
    answer = "%.4f" % (float(answer.group(1)) / 1000) if answer else (out.strip().splitlines() or [err.strip()[-60:]])[-1]
    print("| %s | %s | %.1f | %.1f | %.0f |" % (name, answer, usage.ru_utime + usage.ru_stime, time.time() - start, usage.ru_maxrss / 1024), flush=True)
