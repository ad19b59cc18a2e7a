"""Makes long recordings and conversations with known truth, measures them, and writes rows and a table."""
import argparse
import csv
import glob
import json
import os
import random
import resource
import subprocess
import sys

# Upsampled to 96 kHz and played at these rates in Hz: the audio's clock is fast, so its drift is positive.
DRIFTS = {'drift +104.17 ppm': (96010, 104.1667), 'drift -52.08 ppm': (95995, -52.0833)}
STEP_AT, STEP_BY = 150.0, 0.2


def ffmpeg(*arguments):
    subprocess.run(['ffmpeg', '-v', 'error', '-nostdin', '-y', *arguments], check=True)


def processor_seconds(command):
    """Runs a command; returns its output and processor time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    output = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return output, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


class Maker:
    def __init__(self, corpus, work):
        clips = sorted(glob.glob(f'{corpus}/lips/grid/*.mpg'))
        self.one = [c for c in clips if os.path.basename(c).startswith('s1-')]
        self.others = [c for c in clips if c not in self.one]
        self.work = work
        os.makedirs(f'{work}/parts', exist_ok=True)

    def part(self, clip):
        """A clip as exactly three seconds of H.264 and PCM."""
        path = f'{self.work}/parts/{os.path.basename(clip)[:-4]}.mkv'
        if not os.path.exists(path):
            ffmpeg('-i', clip, '-t', '3', '-vf', 'fps=25,scale=360:288', '-af', 'apad=whole_dur=3,atrim=0:3,aresample=44100', '-ac', '1',
                   '-c:v', 'libx264', '-crf', '16', '-preset', 'veryfast', '-c:a', 'pcm_s16le', path)
        return path

    def joined(self, minutes, seed):
        """Clips end to end, in another order for every seed."""
        path = f'{self.work}/joined-{minutes}-{seed}.mkv'
        if not os.path.exists(path):
            generator = random.Random(seed)
            names = [self.part(generator.choice(self.one + self.others * 4)) for _ in range(minutes * 20)]
            with open(f'{self.work}/list.txt', 'w') as file:
                file.writelines(f"file '{os.path.abspath(n)}'\n" for n in names)
            ffmpeg('-f', 'concat', '-safe', '0', '-i', f'{self.work}/list.txt', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20',
                   '-c:a', 'pcm_s16le', path)
        return path

    def drifting(self, source, rate, name):
        path = f'{self.work}/{name}.mp4'
        if not os.path.exists(path):
            ffmpeg('-i', source, '-af', f'aresample=96000,asetrate={rate},aresample=44100', '-c:v', 'copy', '-c:a', 'aac', path)
        return path

    def stepped(self, source, name):
        path = f'{self.work}/{name}.mp4'
        if not os.path.exists(path):
            ffmpeg('-i', source, '-filter_complex',
                   f'[0:a]asplit[a][b];[a]atrim=0:{STEP_AT}[x];[b]atrim={STEP_AT + STEP_BY}[y];[y]asetpts=PTS-STARTPTS[z];'
                   '[x][z]concat=n=2:v=0:a=1[o]', '-map', '0:v', '-map', '[o]', '-c:v', 'copy', '-c:a', 'aac', path)
        return path

    def conversation(self, turns, seed):
        """Two speakers side by side, whose audio alternates every three seconds; both move their lips throughout."""
        path = f'{self.work}/conversation-{seed}.mp4'
        generator = random.Random(seed)
        parts = []
        for turn in range(turns):
            pair = [self.part(generator.choice(self.one)), self.part(generator.choice(self.others))]
            part = f'{self.work}/turn-{seed}-{turn}.mkv'
            if not os.path.exists(path):
                ffmpeg('-i', pair[0], '-i', pair[1], '-filter_complex', '[0:v][1:v]hstack[v]', '-map', '[v]', '-map', f'{turn % 2}:a',
                       '-c:v', 'libx264', '-crf', '18', '-preset', 'veryfast', '-c:a', 'pcm_s16le', part)
            parts.append(part)
        if not os.path.exists(path):
            with open(f'{self.work}/list.txt', 'w') as file:
                file.writelines(f"file '{os.path.abspath(p)}'\n" for p in parts)
            ffmpeg('-f', 'concat', '-safe', '0', '-i', f'{self.work}/list.txt', '-c:v', 'copy', '-c:a', 'aac', path)
        return path


def right_speaker(faces, turns):
    """The share of the speaking time (the middle 1.8 s of each turn: GRID is silent at both ends) assigned to the right face."""
    right = total = 0
    for turn in range(turns):
        for step in range(18):
            moment = 3 * turn + 0.6 + 0.1 * step
            total += 1
            speaking = [f for f in faces if any(a <= moment < b for a, b in f['turns'])]
            right += len(speaking) == 1 and (speaking[0]['box'][0] < 360) == (turn % 2 == 0)
    return right / total


def main():
    parser = argparse.ArgumentParser()
    for name in ('--genlock', '--work', '--rows'):
        parser.add_argument(name, required=True)
    options = parser.parse_args()
    make = Maker(os.environ['GENLOCK_CORPUS'], options.work)
    rows = []

    def measure(kind, seed, path, truth, *more):
        output, seconds = processor_seconds([options.genlock, 'check', '--json', '--checks', 'lips', *more, path])
        _, bare = processor_seconds(['ffmpeg', '-v', 'error', '-nostdin', '-threads', '1', '-i', path, '-f', 'null', '-'])
        found = json.loads(output)['findings'][0]
        rows.append({'kind': kind, 'seed': seed, 'truth': truth, 'verdict': found['verdict'], 'offset_ms': found['offset_ms'],
                     'worst_ms': found['worst_ms'], 'drift_ppm': found['drift_ppm'], 'drift_ci95_ppm': found['drift_ci95_ppm'],
                     'segments': found['segments'] and [(s['start_s'], s['end_s'], s['offset_ms']) for s in found['segments']],
                     'speaker_share': '', 'processor_s': round(seconds, 2), 'bare_s': round(bare, 2)})
        print(kind, seed, 'done', file=sys.stderr)
        return found

    for seed in (5, 6):
        long = make.joined(30, seed)
        for kind, (rate, ppm) in DRIFTS.items():
            measure(f'30 min, {kind}', seed, make.drifting(long, rate, f'drift-{rate}-{seed}'), f'{ppm:.1f} ppm')
        measure('30 min, unmoved', seed, make.drifting(long, 96000, f'plain-{seed}'), '0')
    for seed in (5, 6, 7):
        short = make.joined(5, seed)
        measure('5 min, 200 ms of sound dropped at 150 s', seed, make.stepped(short, f'step-{seed}'), '0 then +200 ms')
        measure('5 min, unmoved', seed, make.drifting(short, 96000, f'short-{seed}'), '0')
    for seed in (1, 2, 3, 4):
        path = make.conversation(10, seed)
        found = measure('30 s, conversation of two', seed, path, '0', '--thorough')
        rows[-1]['speaker_share'] = round(right_speaker(found['evidence'].get('faces', []), 10), 3)
    with open(options.rows, 'w', newline='') as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    print('# Long recordings and conversations\n')
    print(f'Command: `bench/long/run`. Joined GRID clips, 360x288 H.264; the packaged model, which was trained on these speakers. Rows: '
          f'`{os.path.basename(options.rows)}`.\n')
    print('| recording | seed | truth | verdict | offset, ms | drift, ppm | segments | right speaker | processor s | bare decoding s | ratio |')
    print('|---|---|---|---|---|---|---|---|---|---|---|')
    for row in rows:
        drift = '' if row['drift_ppm'] is None else f"{row['drift_ppm']} ({row['drift_ci95_ppm'][0]} to {row['drift_ci95_ppm'][1]})"
        segments = '; '.join(f'{a:.1f}-{b:.1f} s: {o} ms' for a, b, o in row['segments'] or [])
        print(f"| {row['kind']} | {row['seed']} | {row['truth']} | {row['verdict']} | {row['offset_ms']} | {drift} | {segments} | {row['speaker_share']} "
              f"| {row['processor_s']} | {row['bare_s']} | {row['processor_s'] / row['bare_s']:.2f} |")


if __name__ == '__main__':
    main()
