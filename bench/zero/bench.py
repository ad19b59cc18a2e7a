#!/usr/bin/env python3
"""The time from the parting of the lips to the audible burst, for p and b in the GRID clips: this defines zero.

    bench/zero/run

FEATURES has the output of genlock-tracks (NAME.landmarks.npy, .times.npy, .audio.npy); ALIGN the word times of
transcripts/grid. Writes one row per event: clip, talker, word, the times of the burst and of the parting of the lips, in s.
"""
import argparse
import csv
import sys
from pathlib import Path

import numpy as np
from scipy.signal import butter, sosfiltfilt

RATE = 16000
BILABIAL = {'bin', 'place', 'blue', 'by', 'please', 'b', 'p'}
UNITS_A_SECOND = 25000              # of the .align files
STEP = 0.001                        # s between two values of the envelope
NEAR = (-0.08, 0.08)                # s around the word's time in which its burst is searched for
BEFORE, AFTER = 0.20, 0.16          # s around the burst in which the lips close and open
LEAST_RISE_DB = 6.0
LEAST_OPENING = 0.012               # face scales by which the lips have to open
COMMANDS = {'b': 'bin', 'p': 'place'}


def envelope(samples):
    """dB every ms of what lies above 500 Hz: a voiced closure is below that, a burst is not."""
    high = sosfiltfilt(butter(4, 500, 'highpass', fs=RATE, output='sos'), samples.astype(np.float64))
    hop, window = int(STEP * RATE), int(0.004 * RATE)
    power = np.concatenate([[0], np.cumsum(high ** 2)])
    centres = np.arange(0, len(samples), hop)
    low, top = np.clip(centres - window // 2, 0, len(samples)), np.clip(centres + window // 2, 0, len(samples))
    return 10 * np.log10((power[top] - power[low]) / np.maximum(top - low, 1) + 1e-9)


def burst(level, near):
    """The time in s at which the level rises fastest over 6 ms within a span; nan if it hardly rises."""
    first, last = max(8, int(near[0] / STEP)), min(len(level) - 8, int(near[1] / STEP))
    if last - first < 10:
        return np.nan
    rise = level[first + 6:last + 6] - level[first:last]
    best = int(np.argmax(rise))
    return (first + best + 3) * STEP if rise[best] >= LEAST_RISE_DB else np.nan


def gap(landmarks):
    """The distance of the inner lips in face scales, frame by frame."""
    distance = lambda a, b: np.linalg.norm(landmarks[:, a] - landmarks[:, b], axis=1)
    scale = (distance(33, 263) + distance(10, 2) + distance(234, 454)) / 3
    return distance(13, 14) / np.median(scale)


def parting(times, lips, burst_at):
    """When the lips part around a burst: the line through the steepest rise, extended down to the closed level; nan
    if they do not close and open."""
    here = np.flatnonzero((times >= burst_at - BEFORE) & (times <= burst_at + AFTER))
    if len(here) < 5:
        return np.nan
    closed = here[np.argmin(lips[here])]
    if abs(times[closed] - burst_at) > 0.12:
        return np.nan
    rising = [i for i in here if i >= closed and i + 1 <= here[-1]]
    if not rising:
        return np.nan
    steps = np.array([lips[i + 1] - lips[i] for i in rising])
    steep = rising[int(np.argmax(steps))]
    slope = (lips[steep + 1] - lips[steep]) / (times[steep + 1] - times[steep])
    if lips[here][here >= closed].max() - lips[closed] < LEAST_OPENING or slope <= 0:
        return np.nan
    return times[steep] - (lips[steep] - lips[closed]) / slope


def words_of(name, align, samples):
    """(word, time) of the words that begin with p or b: by the corpus' alignment, else the first word by its onset."""
    file = align / f'{name}.align'
    if file.exists():
        for line in file.read_text().splitlines():
            start, _, word = line.split()[:3]
            if word in BILABIAL:
                yield word, int(start) / UNITS_A_SECOND
        return
    code = next((part for part in name.replace('_', '-').split('-')[::-1] if len(part) == 6 and part[4].isdigit()
                 or len(part) == 6 and part[4] == 'z'), '')
    if code[:1] in COMMANDS:
        level = envelope(samples)
        loud = np.flatnonzero(level > np.percentile(level, 95) - 20)
        if len(loud):
            yield COMMANDS[code[0]], loud[0] * STEP


def events(folder, align):
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'training'))
    from lip_offset.corpus import load_clips
    for clip in load_clips(folder):
        if clip.kind != 'grid' or clip.talker == 'cremad-1001':
            continue
        level, lips = envelope(clip.samples), gap(clip.landmarks)
        for word, time in words_of(clip.name, align, clip.samples):
            heard = burst(level, (time + NEAR[0], time + NEAR[1]))
            seen = parting(clip.times, lips, heard) if np.isfinite(heard) else np.nan
            if np.isfinite(seen):
                yield clip.name, clip.talker, word, heard, seen


def line(label, milliseconds):
    """A row of the table: a mean with its standard error, the median and the quartiles."""
    error = milliseconds.std(ddof=1) / np.sqrt(len(milliseconds)) if len(milliseconds) > 1 else np.nan
    low, median, high = np.percentile(milliseconds, [25, 50, 75])
    return (f'| {label} | {len(milliseconds)} | {milliseconds.mean():+.1f} ({error:.1f}) | {median:+.1f} '
            f'| {low:+.1f} to {high:+.1f} |')


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('features', type=Path)
    parser.add_argument('align', type=Path)
    parser.add_argument('output', type=Path, help='rows, CSV')
    options = parser.parse_args()
    found = list(events(options.features, options.align))
    if not found:
        sys.exit(f'no clip of GRID with a p or b under {options.features}')
    with options.output.open('w', newline='') as file:
        writer = csv.writer(file)
        writer.writerow(['clip', 'talker', 'word', 'burst_s', 'parting_s', 'burst_after_parting_ms'])
        for name, speaker, word, heard, seen in found:
            writer.writerow([name, speaker, word, f'{heard:.4f}', f'{seen:.4f}', f'{1000 * (heard - seen):.1f}'])
    of = lambda keep: np.array([1000 * (heard - seen) for name, speaker, word, heard, seen in found
                                if keep(speaker, word)])
    print('| events | n | burst after parting, mean (standard error), ms | median | quartiles |')
    print('|---|---|---|---|---|')
    print(line('all', of(lambda t, w: True)))
    print(line('s1', of(lambda t, w: t == 's1')))
    others = {}
    for name, speaker, word, heard, seen in found:
        if speaker != 's1':
            others.setdefault(speaker, []).append(1000 * (heard - seen))
    if others:
        print(line(f'the {len(others)} other speakers, one mean each', np.array([np.mean(v) for v in others.values()])))
    for word in sorted({w for _, _, w, _, _ in found}):
        some = of(lambda t, w: w == word)
        if len(some) >= 5:
            print(line(f'"{word}"', some))


if __name__ == '__main__':
    main()
