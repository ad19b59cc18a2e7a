#!/usr/bin/env python3
"""Synthetic robot sets: time and memory for the clocks of many episodes, faults found and false reports, and the error of pooled offsets.

    python3 bench/sensors/sets.py GENLOCK ROWS.csv [hygiene] [faults] [pooled]

Writes its measurements as a table to standard output and as rows to ROWS.csv. Sets are made under $TMPDIR and deleted.
"""
import collections
import csv
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

from told import told

HERE = os.path.dirname(os.path.abspath(__file__))
GENLOCK, ROWS = sys.argv[1], sys.argv[2]
PARTS = sys.argv[3:] or ["hygiene", "faults", "pooled"]
FOLDER = tempfile.mkdtemp(prefix="genlock-sets-")
rows = []
# The name under which a fault is reported, and its consequences.
TOLD = {"short-video": "count-differs", "lost-rows": "count-differs", "bad-video": "no-video"}
FOLLOWS = {"dropped-samples": {"count-differs"}, "lost-rows": {"count-differs"}, "mixed-units": {"wrong-unit"}, "wrong-unit": {"mixed-units"}}


def make(name, *arguments):
    subprocess.run([sys.executable, HERE + "/make_set.py", f"{FOLDER}/{name}", *map(str, arguments)], check=True)
    return f"{FOLDER}/{name}"


def scan(root, *arguments):
    store = root + ".sqlite"
    if os.path.exists(store):
        os.remove(store)
    before, start = os.times(), time.time()
    run = subprocess.run(["/usr/bin/time", "-f", "%M", GENLOCK, "scan", root, "--store", store, "--quiet", *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    after = os.times()
    memory = int(run.stderr.strip().split("\n")[-1]) / 1024
    return store, time.time() - start, after.children_user + after.children_system - before.children_user - before.children_system, memory


def faults(root, store, what):
    found = told(store)
    made, hit, named, false = (collections.Counter() for _ in range(4))
    healthy = wrong = 0
    for truth in csv.DictReader(open(root + "/truth.csv")):
        number = int(truth["episode"])
        kinds = found.get(f"{root}/data/chunk-{number // 1000:03d}/episode_{number:06d}.parquet", set())
        fault = truth["fault"]
        rows.append((what, number, fault, "+".join(sorted(kinds)), "", "", ""))
        if not fault:
            healthy += 1
            wrong += bool(kinds)
        wanted = TOLD.get(fault, fault)
        if fault:
            made[fault] += 1
            hit[fault] += wanted in kinds
        for kind in kinds:
            if fault and (kind == wanted or kind in FOLLOWS.get(fault, ())):
                named[kind] += kind == wanted
            else:
                false[kind] += 1
    print("\n| made | episodes | found | recall |\n|---|---|---|---|")
    for fault in sorted(made):
        print(f"| {fault} | {made[fault]} | {hit[fault]} | {hit[fault] / made[fault]:.3f} |")
    print("\n| told | rightly | falsely | precision |\n|---|---|---|---|")
    for kind in sorted(set(named) | set(false)):
        if named[kind] + false[kind]:
            print(f"| {kind} | {named[kind]} | {false[kind]} | {named[kind] / (named[kind] + false[kind]):.3f} |")
    print(f"\n{healthy} episodes in order, {wrong} of them with a fault told.")


def hygiene():
    root = make("many", "--episodes", 10000, "--same-video", 40, "--faults", 0.02, "--late", 0, "--seed", 9)
    store, seconds, processor, memory = scan(root, "--sample", 1)
    count = sum(1 for _ in open(root + "/truth.csv")) - 1
    rows.append(("hygiene", count, "", "", f"{seconds:.1f}", f"{processor:.1f}", f"{memory:.0f}"))
    print(f"\n## Clocks of {count} episodes\n\n`genlock scan SET --store S --sample 1` (tables, list, videos' headers, one episode's pictures): {seconds:.0f} s, {processor:.0f} s of processor, {memory:.0f} MB in the largest process.")
    again = time.time()
    subprocess.run([GENLOCK, "scan", root, "--store", store, "--quiet", "--sample", "1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    print(f"The same again, with the store there: {time.time() - again:.0f} s.")
    shutil.rmtree(root)


def planted():
    root = make("faulty", "--episodes", 1000, "--same-video", 30, "--faults", 0.8, "--late", 0, "--seed", 31)
    print("\n## Faults planted in 1,000 episodes, one an episode")
    faults(root, scan(root, "--sample", 1)[0], "faults")
    shutil.rmtree(root)


def pool(store):
    document = json.loads(subprocess.run([GENLOCK, "report", store, "--json", "--quiet"], capture_output=True, text=True).stdout)
    return [one for one in document["corpus"]["pools"] if one["day"] is None][0]


def pooled():
    print("\n## Offsets pooled over 50 episodes\n\nEach set: 50 episodes of 5 to 12 s at 30 frames a second; four sets of pictures, each with the joints late by other amounts.\n")
    print("| pictures | sensor late, ms | pooled, ms late | 95 % | error, ms | answered alone | wrong alone |\n|---|---|---|---|---|---|---|")
    dice = random.Random(4)
    errors, inside, given, alone, wrong = [], 0, 0, 0, 0
    for seed in (101, 202, 303, 404):
        version = "v3.0" if seed in (202, 404) else "v2.1"
        for turn in range(5):
            late = round(dice.uniform(-180, 180), 1)
            root = make(f"pool-{seed}", "--episodes", 50, "--seconds", 5, 12, "--seed", seed, "--late", late, "--version", version, "--noise", round(0.002 + 0.003 * turn, 3), *(["--tables-only"] if turn else []))
            store = scan(root, "--thorough")[0]
            found = pool(store)
            own = [-value - late for (value,) in sqlite3.connect(store).execute("SELECT offset_ms FROM finding WHERE check_name = 'sensor' AND offset_ms IS NOT NULL")]
            alone += len(own)
            wrong += sum(abs(error) > 40 for error in own)
            if found["offset_ms"] is None:
                print(f"| {seed} {version} | {late} | not told: {found['because'][0]} | | | {len(own)} | |", flush=True)
                rows.append(("pooled", seed, late, "", "", "", found["because"][0]))
                continue
            low, high = -found["ci95_ms"][1], -found["ci95_ms"][0]
            error = -found["offset_ms"] - late
            errors.append(abs(error))
            given += 1
            inside += low <= late <= high
            rows.append(("pooled", seed, late, -found["offset_ms"], low, high, len(own)))
            print(f"| {seed} {version} | {late} | {-found['offset_ms']:.1f} | {low:.1f} to {high:.1f} | {error:+.1f} | {len(own)} | {sum(abs(e) > 40 for e in own)} |", flush=True)
        late = 40
        root = make(f"pool-{seed}", "--episodes", 50, "--seconds", 5, 12, "--seed", seed, "--late", late, "--version", version, "--unrelated", "--tables-only")
        store = scan(root, "--thorough")[0]
        found = pool(store)
        own = sqlite3.connect(store).execute("SELECT count(*) FROM finding WHERE check_name = 'sensor' AND offset_ms IS NOT NULL").fetchone()[0]
        rows.append(("unrelated", seed, "", found["offset_ms"] if found["offset_ms"] is not None else "", "", "", own))
        print(f"| {seed} {version}, logs of other episodes | | {'not told' if found['offset_ms'] is None else found['offset_ms']} | | | {own} | {own} |", flush=True)
        shutil.rmtree(root)
    errors.sort()
    print(f"\nTold: {given} of 20; median error {errors[len(errors) // 2]:.1f} ms, largest {errors[-1]:.1f} ms; {inside} of {given} intervals hold the truth. {alone} of 1,000 episodes answered alone, {wrong} of them off by more than 40 ms.")


try:
    for part, body in (("hygiene", hygiene), ("faults", planted), ("pooled", pooled)):
        if part in PARTS:
            body()
finally:
    shutil.rmtree(FOLDER, ignore_errors=True)
    with open(ROWS, "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("part", "episode_or_seed", "made", "told", "a", "b", "c"))
        writer.writerows(rows)
