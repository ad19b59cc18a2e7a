"""Action boundaries: labels of two views or annotators, the second's moved as a whole and boundary by boundary, or lacking one; and labels of other sessions.

Each start is a part of its own. What is asked is where labels lie against labels, so that truth is exact where people agree on what happens.
"""
import csv
import random

from ..sources import MADE, Source

ACTIONS = ("take", "pour", "stir", "cut", "wash", "open", "close", "put", "peel", "fry", "crack", "spread")


def session(path):
    views = {}
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            views.setdefault(row["view"], []).append((float(row["start_s"]), float(row["end_s"]), row["label"]))
    return views


def made_session(chance):
    at, rows = 1.0, []
    for _ in range(chance.randrange(5, 12)):
        length = chance.uniform(1.5, 9)
        rows.append((at, at + length, chance.choice([action for action in ACTIONS if not rows or action != rows[-1][2]])))
        at += length
    return {"first": rows, "second": list(rows)}


def write(path, rows):
    path.write_text("start_s,end_s,label\n" + "".join(f"{a:.6f},{b:.6f},{label}\n" for a, b, label in rows))


def make(maker, sources, count):
    material = [(source, session(source.path)) for source in maker.pick([s for s in sources if s.kind == "labels"], count)]
    for at in range(max(6, count // 5)):
        chance = random.Random(f"{at} {maker.random.random()}")
        material.append((Source("labels", f"made-session-{at}", "", "", f"made-{at}", "", "", "constructed", 0, MADE, "made by the recipe"), made_session(chance)))
    kept = []
    for source, views in material:
        names = sorted(views)
        pairs = [(a, b) for k, a in enumerate(names) for b in names[k + 1:]
                 if [x[2] for x in views[a]] == [x[2] for x in views[b]] and len(views[a]) >= 3]
        if not pairs:
            continue
        a, b = maker.random.choice(pairs)
        if source.truth == "agreed" and any(abs(x[0] - y[0]) > 0.1 for x, y in zip(views[a], views[b])):
            continue  # The annotators do not agree themselves: no truth.
        condition = maker.random.choice(("as a whole", "single boundaries", "both", "one left out"))
        left_out = maker.random.randrange(1, len(views[b]) - 1) if condition == "one left out" else None
        whole = 0.0 if condition == "single boundaries" else maker.size(60, 900) / 1000
        rows, truths = [], {}
        for number, (start, end, label) in enumerate(views[b]):
            if number == left_out:
                continue
            moves = condition in ("single boundaries", "both") and number and maker.random.random() < 0.2
            single = maker.size(120, 500) / 1000 if moves else 0.0
            # A boundary stays between its neighbours, and away from zero.
            least = views[b][number - 1][0] + 0.3 if number else -start
            single = max(min(single, end - start - 0.3), least - start) if single else 0.0
            begun = max(0.0, start + whole + single)
            rows.append([begun, end + whole, label])
            # What was left out leaves a gap.
            if number and number - 1 != left_out:
                rows[-2][1] = begun
            truths[len(rows) - 1] = (views[a][number][0] - begun) * 1000
        reference, subject = maker.new(".csv", "a"), maker.new(".csv", "b")
        write(reference, views[a])
        write(subject, rows)
        maker.add(source, None, reference, subject, condition, f"{a} against {b}, moved", views[a][-1][1], parts=truths)
        kept.append((source, reference, subject))
    for (source, reference, _), (other, _, subject) in zip(kept[::4], kept[1::4]):
        maker.add(source, None, reference, subject, "other session", f"labels of {other.name}", 30, negative="other-episode")
