#!/usr/bin/env python3
"""Plants faults in a copy of the corpus' labels, runs `genlock actions`, and scores its findings by kind.

Usage: faults.py GENLOCK CORPUS [SEED...]. Prints one row of CSV per kind and seed.
Each fault is planted in a separate session (drawn by the seed), those of a class or an annotator in all sessions of one view.
Findings that the untouched labels also give are left out.
"""
import collections, csv, glob, json, os, random, subprocess, sys, tempfile

genlock, corpus = sys.argv[1], sys.argv[2]
seeds = [int(x) for x in sys.argv[3:]] or [1, 2, 3]


def load():
    sessions = {}
    for path in sorted(glob.glob(os.path.join(corpus, "actions/breakfast/*.csv"))):
        views = collections.OrderedDict()
        for row in csv.DictReader(open(path)):
            views.setdefault(row["view"], []).append([float(row["start_s"]), float(row["end_s"]), row["label"]])
        sessions[os.path.basename(path)[:-4]] = views
    return sessions


def write(sessions, folder, column="view"):
    for name, views in sessions.items():
        with open(os.path.join(folder, name + ".csv"), "w") as out:
            out.write(f"{column},start_s,end_s,label\n")
            for view, rows in views.items():
                for s, e, label in rows:
                    out.write(f"{view},{s:.6f},{e:.6f},{label}\n")


def run(sessions, column="view"):
    with tempfile.TemporaryDirectory() as folder:
        write(sessions, folder, column)
        done = subprocess.run([genlock, "actions", "--json", folder], capture_output=True, text=True)
        return json.loads(done.stdout)["findings"]


def key(f):
    e = f["evidence"]
    return (e["kind"], e["session"], f["subject"], e["label"], tuple(e["rows"]))


def move(rows, instants, delta):
    """Moves the boundaries at these instants, of all segments that begin or end there."""
    for r in rows:
        for k in (0, 1):
            if any(abs(r[k] - t) < 1e-4 for t in instants):
                r[k] = max(0.0, r[k] + delta)


def clean(views):
    rows = list(views.values())
    return all(len(r) == len(rows[0]) and all(a[2] == b[2] and abs(a[0] - b[0]) < 0.02 and abs(a[1] - b[1]) < 0.02 for a, b in zip(r, rows[0])) for r in rows)


def fault(kind, sessions, rng):
    """Plants the faults of one kind; returns (sessions, truths as a set of (session, view[, detail]))."""
    copy = {n: collections.OrderedDict((v, [list(r) for r in rows]) for v, rows in views.items()) for n, views in sessions.items()}
    good = [n for n, v in copy.items() if len(v) >= 3 and clean(v)]
    chosen = sorted(rng.sample(good, 40))
    truth = set()
    if kind in ("late-view", "late-annotator", "late-annotator with scatter", "late-class"):
        delta = {"late-view": 0.08, "late-class": 0.2}.get(kind, 0.2)
        if kind == "late-view":
            for n in chosen:
                view = rng.choice(list(copy[n]))
                for r in copy[n][view]:
                    r[0] += delta; r[1] += delta
                truth.add((n, view))
        elif kind.startswith("late-annotator"):
            if "scatter" in kind:  # of every boundary of every track
                for views in copy.values():
                    for rows in views.values():
                        times = {t: t + rng.gauss(0, 0.02) for r in rows for t in r[:2]}
                        for r in rows: r[0], r[1] = times[r[0]], max(times[r[0]] + 0.05, times[r[1]])
            view = rng.choice(["cam01", "webcam02", "cam02", "stereo01", "webcam01"])
            for n in copy:
                if view in copy[n] and len(copy[n]) > 1:
                    for r in copy[n][view]:
                        r[0] += delta; r[1] += delta
            truth.add((None, view))
        else:
            view = rng.choice(["cam01", "webcam02", "cam02", "stereo01", "webcam01"])
            counts = collections.Counter(r[2] for n in copy if view in copy[n] and len(copy[n]) > 1 for r in copy[n][view])
            label = rng.choice(sorted(l for l, c in counts.items() if c >= 5))
            for n in copy:
                if view in copy[n] and len(copy[n]) > 1:
                    rows = copy[n][view]
                    instants = {t for r in rows if r[2] == label for t in r[:2]}
                    for r in rows:  # neighbours give way
                        for k in (0, 1):
                            if any(abs(r[k] - t) < 1e-4 for t in instants): r[k] += delta
            truth.add((None, view, label))
        return copy, truth
    if kind == "moved-boundary":
        for n in good:
            moved = []  # two views that move the same boundary alike would be the majority
            for view, rows in copy[n].items():
                instants = sorted({t for r in rows for t in r[:2]})
                for t in instants:
                    if rng.random() < 0.03:
                        sign = rng.choice([-1, 1])
                        if any(abs(t - u) < 0.7 for u in moved): continue
                        if any(abs(t + sign * 0.3 - u) < 0.35 for u in instants if u != t) or t + sign * 0.3 < 0: continue
                        move(rows, [t], sign * 0.3)
                        moved.append(t)
                        truth.add((n, view, round(t + sign * 0.3, 2)))
        return copy, truth
    for n in chosen:
        view = rng.choice(list(copy[n]))
        rows = copy[n][view]
        i = rng.randrange(len(rows))
        if kind == "split":
            s, e, label = rows[i]
            if e - s < 0.5: continue
            m = s + (e - s) * rng.uniform(0.25, 0.75)
            rows[i:i + 1] = [[s, m, label], [m, e, label]]
        elif kind == "merged":
            if len(rows) < 2: continue
            i = rng.randrange(len(rows) - 1)
            rows[i:i + 2] = [[rows[i][0], rows[i + 1][1], rng.choice([rows[i][2], rows[i + 1][2]])]]
        elif kind == "missing":
            if len(rows) < 2: continue
            del rows[i]
        elif kind == "extra":
            s, e, label = rows[i]
            gap = rows[-1][1]
            rows.append([gap + 1, gap + 4, rng.choice([r[2] for v in copy.values() for rs in v.values() for r in rs])])
        elif kind == "renamed":
            rows[i][2] = "something_else"
        elif kind == "swapped":
            pairs = [(a, b) for a in range(len(rows)) for b in range(a) if rows[a][2] != rows[b][2]]
            if not pairs: continue
            a, b = rng.choice(pairs)
            rows[a][2], rows[b][2] = rows[b][2], rows[a][2]
        elif kind == "reordered":
            labels = [r[2] for r in rows]
            if len(set(labels)) < 3: continue
            order = list(range(len(rows)))
            while [labels[k] for k in order] == labels or sum(labels[k] != labels[j] for j, k in enumerate(order)) < 3: rng.shuffle(order)
            lengths = [rows[k][1] - rows[k][0] for k in order]
            t = rows[0][0]
            made = []
            for k, l in zip(order, lengths):
                made.append([t, t + l, labels[k]]); t += l
            copy[n][view] = made
        elif kind == "rows-out-of-order":
            if len(rows) < 2: continue
            before = list(rows)
            while rows == before: rng.shuffle(rows)
        truth.add((n, view))
    return copy, truth


def main():
    sessions = load()
    base = collections.Counter(key(f) for f in run(sessions))
    print("kind,seed,made,found,recall,named,right,precision")
    for kind in ["late-view", "late-annotator", "late-annotator with scatter", "late-class", "moved-boundary", "swapped", "split", "merged", "missing", "extra", "renamed", "reordered", "rows-out-of-order"]:
        for seed in seeds:
            rng = random.Random(seed)
            made, truth = fault(kind, sessions, rng)
            column = "annotator" if kind.startswith("late-annotator") else "view"
            known = base if column == "view" else collections.Counter(key(f) for f in run(sessions, column))
            findings = run(made, column)
            fresh = list((collections.Counter(key(f) for f in findings) - known).elements())
            if kind.startswith("late-"): fresh = [k for k in fresh if k[1] is None or clean(sessions[k[1]])]
            def matches(k, t):
                if k[0] != kind.split()[0]: return False
                if kind == "rows-out-of-order": return t[0] in k[2]
                if t[0] is None: return k[1] is None and k[2] == t[1] and (len(t) < 3 or k[3] == t[2])
                if kind == "moved-boundary": return k[1] == t[0] and k[2] == t[1]
                return k[1] == t[0] and k[2] == t[1]
            if kind == "moved-boundary":
                times = collections.defaultdict(set)
                for f in findings:
                    if key(f) in fresh and f["evidence"]["kind"] == kind: times[(f["evidence"]["session"], f["subject"])].add(round(f["evidence"]["time_s"], 2))
                found = sum(any(abs(t[2] - u) < 0.02 for u in times[(t[0], t[1])]) for t in truth)
                places = {(t[0], t[1]): {u[2] for u in truth if u[:2] == t[:2]} for t in truth}
                right = sum(any(abs(u - t) < 0.02 for t in places.get(k, ())) for k, us in times.items() for u in us)
                named = len([k for k in fresh if k[0] != kind]) + sum(len(u) for u in times.values())
            else:
                found = sum(any(matches(k, t) for k in fresh) for t in truth)
                right = sum(any(matches(k, t) for t in truth) for k in fresh)
                named = len(fresh)
            print(f"{kind},{seed},{len(truth)},{found},{found / max(1, len(truth)):.3f},{named},{right},{right / max(1, named):.3f}", flush=True)
            if os.environ.get("SHOW"):
                for k in fresh:
                    if not any(matches(k, t) for t in truth): print("   wrong:", k, file=sys.stderr)
                for t in sorted(truth, key=str):
                    if kind == "moved-boundary" and any(abs(t[2] - u) < 0.02 for u in times[(t[0], t[1])]): continue
                    if kind == "moved-boundary" or not any(matches(k, t) for k in fresh): print("   lost:", t, file=sys.stderr)


main()
