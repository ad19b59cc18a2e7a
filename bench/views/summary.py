"""Tables of the rows that genlock-views-bench wrote: summary.py KIND ROWS.csv, KIND one of cuts, unrelated, drift, pictures, closure."""
import collections, csv, statistics, sys

kind, path = sys.argv[1:3]
rows = list(csv.DictReader(open(path)))
number = lambda x: float(x) if x not in ("", None) else None


def share(values):
    values = list(values)
    return sum(values) / len(values) if values else float("nan")


def group(*names):
    found = collections.defaultdict(list)
    for row in rows:
        found[tuple(row[n] for n in names)].append(row)
    return sorted(found.items(), key=lambda item: tuple(float(x) if x.replace(".", "").isdigit() else x for x in item[0]))


if kind == "cuts":
    print("| overlap s | condition | pairs | answered | within 2 ms of the answers | median error ms | largest ms | interval holds |\n|---|---|---|---|---|---|---|---|")
    for (seconds, condition), own in group("seconds", "condition") + [(("10 and more", "all"), [r for r in rows if float(r["seconds"]) >= 10])]:
        told = [r for r in own if r["answered"] == "1"]
        errors = [abs(number(r["error_ms"])) for r in told] or [float("nan")]
        print("| %s | %s | %d | %.3f | %.3f | %.3f | %.2f | %.3f |" % (
            seconds, condition, len(own), len(told) / len(own), share(e <= 2 for e in errors), statistics.median(errors), max(errors),
            share(r["inside"] == "1" for r in told)))
elif kind == "unrelated":
    heights = sorted(number(r["height"]) or 0 for r in rows)
    print("%d unrelated pairs of sound: %d answered (%.2f %%). Height of the best guess: median %.1f, 99 %% %.1f, largest %.1f." % (
        len(rows), sum(r["answered"] == "1" for r in rows), 100 * share(r["answered"] == "1" for r in rows), statistics.median(heights),
        heights[int(0.99 * (len(heights) - 1))], heights[-1]))
elif kind == "drift":
    print("| condition | answered | offset error ms | drift error ppm | its 95 % interval ppm | pieces |\n|---|---|---|---|---|---|")
    for r in rows:
        print("| %s | %s | %s | %s | %s | %s |" % (r["condition"], r["answered"], r["error_ms"], r["drift_error_ppm"], r["drift_ci_ppm"], r["segments"]))
elif kind == "pictures":
    print("| pairs | seconds | number | answered | median error ms | within 167 ms | answered within 167 ms | within 60 ms |\n|---|---|---|---|---|---|---|---|")
    for (what, seconds), own in group("kind", "seconds"):
        told = [r for r in own if r["answered"] == "1"]
        if what != "take":
            print("| %s | %s | %d | %.4f | | | | |" % (what, seconds, len(own), len(told) / len(own)))
            continue
        errors = [abs(number(r["error_ms"])) for r in own if r["error_ms"]]
        answers = [abs(number(r["error_ms"])) for r in told]
        print("| %s | %s | %d | %.3f | %.0f | %.3f | %.3f | %.3f |" % (
            what, seconds, len(own), len(told) / len(own), statistics.median(errors), share(e <= 167 for e in errors),
            share(e <= 167 for e in answers), share(e <= 60 for e in answers)))
else:
    print("| seconds | pairs | answered alone | within 167 ms | answered after closure | median ms | within 167 ms | within 200 ms | interval holds |\n|---|---|---|---|---|---|---|---|---|")
    for (seconds,), own in group("seconds"):
        alone = [abs(number(r["error_alone_ms"])) for r in own if r["answered_alone"] == "1"]
        told = [r for r in own if r["answered"] == "1"]
        errors = [abs(number(r["error_ms"])) for r in told] or [float("nan")]
        print("| %s | %d | %.3f | %.3f | %.3f | %.0f | %.3f | %.3f | %.3f |" % (
            seconds, len(own), len(alone) / len(own), share(e <= 167 for e in alone), len(told) / len(own), statistics.median(errors),
            share(e <= 167 for e in errors), share(e <= 200 for e in errors), share(e <= number(r["ci_ms"]) for e, r in zip(errors, told))))
