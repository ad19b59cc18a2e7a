#!/usr/bin/env python3
"""Draws the pictures of docs/actions.md, beside itself."""
import math
import os
import random

os.chdir(os.path.dirname(os.path.abspath(__file__)))
C = {"pour": "#4477aa", "stir": "#b85c2e", "cut": "#228833", "fry": "#aa3377", "mix": "#666666", "slice": "#666666", "unit": "#4477aa"}
RED, GREEN, BLUE = "#cc3311", "#1b6e2a", "#4477aa"


def svg(name, height, parts, title, width=640):
    with open(f"actions-{name}.svg", "w") as out:
        out.write(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
            f'aria-label="{title}" font-family="sans-serif" font-size="13" fill="#222">\n<title>{title}</title>\n'
            f'<rect width="{width}" height="{height}" fill="#fff"/>\n' + "\n".join(parts) + "\n</svg>\n")


def box(x, y, w, h, fill, more=""): return f'<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="{fill}" {more}/>'
def text(x, y, t, anchor="start", fill="#222", size=13): return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{fill}" font-size="{size}">{t}</text>'
def bar(x, y, w, label): return box(x, y, w, 22, C[label], 'rx="3"') + text(x + w / 2, y + 15, label, "middle", "#fff")


def line(x1, y1, x2, y2, dashed=False, colour=RED):
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" stroke-width="1.5"{dash}/>'


svg("matching", 124, [
    text(8, 27, "reference"), bar(90, 12, 120, "pour"), bar(210, 12, 150, "stir"), bar(360, 12, 90, "cut"), bar(470, 12, 120, "fry"),
    text(8, 107, "subject"), bar(100, 92, 110, "pour"), bar(210, 92, 70, "stir"), bar(280, 92, 80, "stir"), bar(360, 92, 90, "slice"),
    line(90, 36, 100, 90, True), line(210, 36, 210, 90, True, "#555"), line(360, 36, 360, 90, True, "#555"), line(450, 36, 450, 90, True, "#555"),
    text(150, 70, "starts late", "middle", RED), text(285, 70, "split", "middle", RED), text(405, 70, "renamed", "middle", RED), text(530, 70, "missing", "middle", RED),
], "Two rows of actions matched: one starts late, one is split, one renamed, one missing")

rng = random.Random(4)
parts = []
for k, (title, f) in enumerate((("late by one amount", lambda i: 34 + rng.gauss(0, 2)), ("scatter", lambda i: rng.gauss(0, 22)), ("runs off", lambda i: i * 3.6 + rng.gauss(0, 2)))):
    x0 = 20 + k * 210
    parts += [line(x0, 70, x0 + 185, 70, False, "#999"), text(x0 + 92, 20, title, "middle")]
    parts += [f'<circle cx="{x0 + 8 + i * 13}" cy="{70 + f(i):.1f}" r="3.5" fill="{BLUE}"/>' for i in range(14)]
svg("shift", 150, parts + [text(20, 142, "Each dot is a boundary: how far it lies below the line is how late it is.", size=12)], "Differences of boundaries: one amount, scatter, and a drift")

colours = {"a": C["pour"], "b": C["stir"], "c": C["cut"], ".": "#dddddd"}
rows = ("anna", "aaaabbbbbbcccc.."), ("ben", "aaabbbbbccccccc.")
parts = [text(8, 31 + k * 34, n) for k, (n, _) in enumerate(rows)]
parts += [box(70 + i * 34, 14 + k * 34, 31, 24, colours[l]) for k, (_, labels) in enumerate(rows) for i, l in enumerate(labels)]
same = [p == q for p, q in zip(rows[0][1], rows[1][1])]
parts += [text(85 + i * 34, 98, "=" if s else "&#8800;", "middle", GREEN if s else RED, 16) for i, s in enumerate(same)]
chance = sum(rows[0][1].count(l) * rows[1][1].count(l) for l in "abc.") / 256
kappa = (sum(same) / 16 - chance) / (1 - chance)
svg("kappa", 130, parts + [text(70, 122, f"{sum(same)} of 16 frames agree ({sum(same) / 16:.2f}); chance would give {chance:.2f}; kappa is {kappa:.2f}.", size=12)], "Two annotators frame by frame, equal and unequal")

svg("alpha", 130, [
    text(8, 30, "anna"), bar(150, 14, 180, "unit"), text(8, 70, "ben"), bar(180, 54, 200, "unit"),
    line(150, 40, 150, 105, True), line(180, 80, 180, 105, True), line(330, 40, 330, 105, True), line(380, 80, 380, 105, True),
    text(165, 104, "s", "middle", RED), text(355, 104, "e", "middle", RED), text(420, 40, "units that overlap: s&#178; + e&#178;"), text(420, 62, "a unit within a gap: its length&#178;"),
], "Two units that overlap: the squared distances of their edges count")

parts = [text(8, 30 + k * 40, n) for k, n in enumerate(("anna", "ben", "cleo"))]
parts += [bar(80, 14, 110, "pour"), bar(90, 54, 120, "pour"), bar(70, 94, 120, "pour"), bar(260, 14, 120, "stir"), bar(270, 54, 100, "mix"), bar(255, 94, 110, "stir"), bar(470, 54, 90, "cut")]
parts += [box(x, 8, w, 114, "none", f'rx="10" stroke="{RED}" stroke-dasharray="5 4"') for x, w in ((62, 156), (248, 140), (462, 106))]
parts += [text(140, 138, "apart in time", "middle", RED, 12), text(318, 138, "one name differs", "middle", RED, 12), text(515, 138, "two are missing", "middle", RED, 12)]
svg("gamma", 148, parts, "Units of three annotators put into groups")

svg("f1", 128, [
    text(8, 30, "reference"), bar(90, 14, 200, "pour"), bar(290, 14, 160, "stir"), text(8, 70, "subject"), bar(150, 54, 150, "pour"), bar(300, 54, 40, "cut"), bar(340, 54, 110, "stir"),
    text(200, 98, "140 of 210 = 0.67: found", "middle", GREEN, 12), text(320, 116, "no cut there: wrong", "middle", RED, 12), text(400, 98, "110 of 160 = 0.69: found", "start", GREEN, 12),
], "Segments found by their overlap")

parts = [text(8, 32, "reference"), text(8, 82, "subject")]
parts += [bar(100 + i * 110, 16, 100, l) for i, l in enumerate(("pour", "stir", "cut", "fry"))] + [bar(100 + i * 110, 66, 100, l) for i, l in ((0, "pour"), (1, "stir"), (3, "fry"))]
svg("edit", 124, parts + [text(370, 82, "1 to insert", "middle", RED), text(100, 114, "1 step of 4: the score is 75.", size=12)], "The order of actions, one missing")

parts = [line(20, 45, 620, 45, False, "#999"), line(20, 95, 620, 95, False, "#999")]
for x in (80, 210, 400, 520): parts += [box(x - 25, 30, 50, 80, BLUE, 'fill-opacity="0.15"'), line(x, 30, x, 60, False, BLUE)]
parts += [line(x, 80, x, 110, False, GREEN if met else RED) for x, met in ((92, 1), (190, 1), (450, 0), (523, 1))]
svg("boundaries", 136, parts + [text(80, 22, "collar", "middle", BLUE, 12), text(450, 126, "met by none", "middle", RED, 12), text(20, 128, "3 of 4 and 4 met: precision, recall and F1 are 0.75.", size=12)], "Boundaries that meet within a collar")

svg("iou", 132, [
    text(8, 30, "reference"), bar(120, 14, 240, "pour"), text(8, 70, "subject"), bar(180, 54, 260, "pour"),
    line(180, 40, 180, 104, True), line(360, 40, 360, 104, True), line(120, 40, 120, 124, True, "#555"), line(440, 80, 440, 124, True, "#555"),
    text(270, 98, "shared: 180", "middle", RED), text(280, 120, "from first to last edge: 320", "middle"), text(470, 110, "180 / 320 = 0.56"),
], "Temporal overlap: shared over whole")

points = " ".join(f"{60 + i * 4.4:.1f},{110 - 90 * (0.15 + 0.05 * math.sin(i * 1.7) + 0.75 * math.exp(-(((i - 60) / 60 + 0.18) / 0.06) ** 2)):.1f}" for i in range(121))
peak = 60 + 49.2 * 4.4
svg("recording", 140, [
    f'<polyline points="{points}" fill="none" stroke="{BLUE}" stroke-width="2"/>', line(60, 112, 590, 112, False, "#999"), line(324, 20, 324, 112, True, "#555"), line(peak, 30, peak, 112),
    text(324, 130, "the boundary", "middle"), text(peak - 14, 34, "most change, 180 ms before it: labels late", "end", RED, 12), text(60, 130, "1 s before"), text(590, 130, "1 s after", "end"),
], "Change around all boundaries together")

parts = []
for k, (n, s, e) in enumerate((("cam01", 100, 300), ("cam02", 104, 300), ("cam03", 180, 304))): parts += [text(8, 30 + k * 34, n), bar(s, 14 + k * 34, e - s, "pour")]
parts += [text(8, 142, "consensus"), bar(104, 126, 196, "pour"), box(100, 117, 80, 5, RED), box(299, 117, 5, 5, GREEN), text(330, 142, "start: far apart, look again; end: all agree", size=12)]
svg("consensus", 158, parts, "Three tracks and the median of each edge")
