#!/usr/bin/env python3
"""Compares `genlock actions --agreement` with reference implementations, on the corpus and on synthetic cases.

Usage: measures.py GENLOCK CORPUS [CASES]. Needs scikit-learn, statsmodels, krippendorff, mir_eval, scipy, pygamma-agreement.
Prints CSV: measure, cases, largest difference, reference. For gamma: differences in units of the reference's sampling error, and times.
"""
import collections, contextlib, csv, glob, json, math, os, random, resource, subprocess, sys, tempfile, time, warnings
import numpy as np
from sklearn.metrics import cohen_kappa_score, jaccard_score
from statsmodels.stats.inter_rater import fleiss_kappa
import krippendorff, mir_eval
from scipy.optimize import linear_sum_assignment

warnings.filterwarnings("ignore")
genlock, corpus = sys.argv[1], sys.argv[2]
cases = int(sys.argv[3]) if len(sys.argv) > 3 else 200
RATE = 15


def made(seed):
    """Two to five raters, 3 to 25 actions: a true sequence, with each rater's boundaries moved, and some labels renamed, missing or split."""
    rng = random.Random(seed)
    labels = [f"act{i}" for i in range(rng.randint(2, 8))]
    t, truth = rng.randint(0, 60), []
    for _ in range(rng.randint(3, 25)):
        t += rng.choice([0, 0, 0, rng.randint(5, 60)])
        n = rng.randint(15, 200)
        truth.append((t, t + n, rng.choice(labels)))
        t += n
    sd = rng.choice([0, 2, 5, 15])
    raters = {}
    for r in range(rng.randint(2, 5)):
        rows, last = [], 0
        for s, e, label in truth:
            if rng.random() < 0.05: continue
            s, e = max(last, s + round(rng.gauss(0, sd))), e + round(rng.gauss(0, sd))
            if e <= s: continue
            rows.append((s / RATE, e / RATE, rng.choice(labels) if rng.random() < 0.08 else label))
            last = e
        if rows: raters[f"r{r}"] = rows
    return raters if len(raters) > 1 else made(seed + 100000)


def load():
    sessions = {}
    for path in sorted(glob.glob(os.path.join(corpus, "actions/breakfast/*.csv"))):
        views = collections.OrderedDict()
        for row in csv.DictReader(open(path)):
            views.setdefault(row["view"], []).append((float(row["start_s"]), float(row["end_s"]), row["label"]))
        if len(views) > 1: sessions[os.path.basename(path)[:-4]] = {v: views[v] for v in sorted(views)}
    return sessions


def run(sessions, *more):
    with tempfile.TemporaryDirectory() as folder:
        for name, raters in sessions.items():
            with open(os.path.join(folder, name + ".csv"), "w") as out:
                out.write("annotator,start_s,end_s,label\n")
                for rater, rows in raters.items():
                    for s, e, label in rows: out.write(f"{rater},{s:.6f},{e:.6f},{label}\n")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([genlock, "actions", "--json", "--agreement", "--rate", str(RATE), *more, folder], capture_output=True, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return json.loads(done.stdout)["agreement"], after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def frames(raters):
    lo = min(round(r[0] * RATE) for rows in raters.values() for r in rows)
    hi = max(round(r[1] * RATE) for rows in raters.values() for r in rows)
    result = {}
    for rater, rows in raters.items():
        line = ["-"] * (hi - lo)
        for s, e, label in rows:
            for k in range(round(s * RATE) - lo, round(e * RATE) - lo): line[k] = label
        result[rater] = line
    return result


def runs(line):
    out, start = [], 0
    for k in range(1, len(line) + 1):
        if k == len(line) or line[k] != line[start]:
            if line[start] != "-": out.append((start, k, line[start]))
            start = k
    return out


def iou(a, b): return max(0, min(a[1], b[1]) - max(a[0], b[0])) / (max(a[1], b[1]) - min(a[0], b[0]))


def f1(pairs, least):
    """Segmental F1 by its definition in Lea et al. 2016, written for this bench."""
    tp = fp = fn = 0
    for truth, guess in pairs:
        used = set()
        for g in guess:
            shares = [iou(g, t) if g[2] == t[2] else 0.0 for t in truth]
            best = int(np.argmax(shares)) if shares else -1
            if best >= 0 and shares[best] >= least and best not in used and shares[best] > 0: used.add(best); tp += 1
            else: fp += 1
        fn += len(truth) - len(used)
    return 200 * tp / (2 * tp + fp + fn)


def edit(truth, guess):
    a, b = [r[2] for r in truth], [r[2] for r in guess]
    d = np.zeros((len(a) + 1, len(b) + 1))
    d[:, 0], d[0, :] = range(len(a) + 1), range(len(b) + 1)
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1): d[i, j] = min(d[i-1, j] + 1, d[i, j-1] + 1, d[i-1, j-1] + (a[i-1] != b[j-1]))
    return 100 * (1 - d[-1, -1] / max(len(a), len(b)))


def tiou(truth, guess):
    total = 0
    for label in {r[2] for r in truth}:
        a, b = [r for r in truth if r[2] == label], [r for r in guess if r[2] == label]
        if b:
            m = np.array([[iou(x, y) for y in b] for x in a])
            total += m[linear_sum_assignment(-m)].sum()
    return total / max(len(truth), len(guess))


def boundaries(pairs, collar):
    met = na = nb = 0
    for truth, guess in pairs:
        a, b = [sorted({round(t, 4) for r in rows for t in r[:2]}) for rows in (truth, guess)]
        met += len(mir_eval.util.match_events(np.array(a), np.array(b), collar + 1e-4))
        na += len(a); nb += len(b)
    return met / nb, met / na, 2 * met / (na + nb)


def compare(sessions, worst):
    found, _ = run(sessions)
    lines = {n: frames(r) for n, r in sessions.items()}
    counts, codes = [], {}
    for n, by in lines.items():
        for column in zip(*by.values()): counts.append(column)
    def note(name, ours, theirs):
        if ours is None or theirs is None or math.isnan(theirs): return
        worst[name][0] += 1
        worst[name][1] = max(worst[name][1], abs(ours - theirs))
    categories = sorted({c for column in counts for c in column})
    if len({len(c) for c in counts}) == 1:
        table = np.array([[column.count(c) for c in categories] for column in counts])
        note("fleiss_kappa", found["measures"]["fleiss_kappa"]["value"], fleiss_kappa(table))
    raters = max(len(c) for c in counts)
    data = np.full((raters, len(counts)), np.nan)
    for k, column in enumerate(counts):
        for r, c in enumerate(column): data[r, k] = categories.index(c)
    if len(categories) > 1:
        note("krippendorff_alpha", found["measures"]["krippendorff_alpha"]["value"], krippendorff.alpha(data, level_of_measurement="nominal"))
    for pair in found["pairs"]:
        a, b = pair["reference"], pair["subject"]
        both = [n for n in sessions if a in sessions[n] and b in sessions[n]]
        x, y = sum((lines[n][a] for n in both), []), sum((lines[n][b] for n in both), [])
        m = pair["measures"]
        note("cohen_kappa", m["cohen_kappa"], cohen_kappa_score(x, y))
        note("frame_iou", m["frame_iou"], jaccard_score(x, y, average="macro"))
        segments = [(runs(lines[n][a]), runs(lines[n][b])) for n in both]
        for k in (10, 25, 50): note("f1", m[f"f1@{k}"], f1(segments, k / 100))
        note("edit", m["edit"], np.mean([edit(*p) for p in segments]))
        note("temporal_iou", m["temporal_iou"], np.mean([tiou(*p) for p in segments]))
        for ms in (100, 250, 500, 1000):
            p, r, f = boundaries([(sessions[n][a], sessions[n][b]) for n in both], ms / 1000)
            for name, value in (("precision", p), ("recall", r), ("f1", f)): note("boundaries", m[f"boundary_{name}_{ms}ms"], value)


@contextlib.contextmanager
def hushed():
    """The reference's solver writes to stdout beneath Python."""
    sys.stdout.flush()
    kept, null = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    try: yield
    finally: os.dup2(kept, 1); os.close(kept); os.close(null)


def gamma(sessions):
    from pygamma_agreement import Continuum, CombinedCategoricalDissimilarity
    from pyannote.core import Segment
    rows = []
    for name, raters in sessions:
        c = Continuum()
        for rater, segments in raters.items():
            for s, e, label in segments: c.add(rater, Segment(s, e), label)
        values, spent = [], 0
        for seed in (1, 2, 3):
            np.random.seed(seed)
            start = time.process_time()
            with hushed(): values.append(c.compute_gamma(CombinedCategoricalDissimilarity(), n_samples=30).gamma)
            spent += time.process_time() - start
        found, ours = run({name: raters})
        rows.append((name, len(raters), sum(map(len, raters.values())), values, found["measures"]["gamma"]["value"], spent / 3, ours))
    return rows


def main():
    print("measure,cases,largest_difference,reference")
    references = {"cohen_kappa": "sklearn.cohen_kappa_score", "frame_iou": "sklearn.jaccard_score macro", "fleiss_kappa": "statsmodels.fleiss_kappa",
                  "krippendorff_alpha": "krippendorff.alpha nominal", "f1": "definition (Lea et al. 2016)", "edit": "definition (Lea et al. 2016)",
                  "temporal_iou": "scipy.linear_sum_assignment", "boundaries": "mir_eval.util.match_events"}
    for title, lots in (("corpus", [load()]), ("made", [{f"case{i}": made(i)} for i in range(cases)])):
        worst = collections.defaultdict(lambda: [0, 0.0])
        for sessions in lots: compare(sessions, worst)
        for name, (count, difference) in worst.items(): print(f"{name} ({title}),{count},{difference:.2e},{references[name]}", flush=True)
    chosen = [(n, r) for n, r in load().items() if sum(map(len, r.values())) <= 40][::15][:10]
    chosen += [(f"case{i}", made(i)) for i in range(1000, 1200) if len(made(i)) <= 3 and sum(map(len, made(i).values())) <= 45][:15]
    gamma(chosen[:1])  # compiles the reference's kernels
    print("gamma: session,raters,units,reference of three seeds,ours,reference processor s,our processor s")
    total = 0
    for name, raters, units, values, ours, theirs, spent in gamma(chosen):
        total += theirs
        print(f"{name},{raters},{units},{' '.join(f'{v:.3f}' for v in values)},{ours:.3f},{theirs:.2f},{spent:.3f}", flush=True)
    _, spent = run(dict(chosen))
    print(f"all {len(chosen)} in one run (ours with every other measure and its intervals),,,,,{total:.2f},{spent:.3f}")
    print(f"times faster,,,,,,{total / spent:.0f}")


if __name__ == "__main__": main()
