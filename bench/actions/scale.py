#!/usr/bin/env python3
"""Writes 1,000,000 synthetic segments in 10,000 sessions (4 views, 25 actions); 3 % of the boundaries are moved by 300 ms, and a tenth of the sessions
lack a segment in one view. Usage: scale.py FOLDER. Files of 100 sessions each, or one per session with --files."""
import os, random, sys

folder, single = sys.argv[1], "--files" in sys.argv
os.makedirs(folder, exist_ok=True)
rng = random.Random(1)
labels = [f"action_{i:02d}" for i in range(48)]
out = None
for n in range(10_000):
    if single or n % 100 == 0:
        if out: out.close()
        out = open(os.path.join(folder, f"s{n:05d}.csv"), "w")
        out.write("session,view,start_s,end_s,label\n")
    t, truth = rng.uniform(0, 5), []
    for _ in range(25):
        e = t + rng.uniform(1, 20)
        truth.append((t, e, rng.choice(labels)))
        t = e if rng.random() < 0.8 else e + rng.uniform(0.5, 4)
    lost = rng.randrange(4) if rng.random() < 0.1 else -1
    for v in range(4):
        rows = [list(r) for r in truth]
        for r in rows:
            for k in (0, 1):
                r[k] += rng.gauss(0, 0.02)
                if rng.random() < 0.03: r[k] += rng.choice([-0.3, 0.3])
        for k, r in enumerate(rows):
            if v == lost and k == 12: continue
            out.write(f"s{n:05d},cam{v + 1},{r[0]:.4f},{max(r[1], r[0] + 0.1):.4f},{r[2]}\n")
out.close()
