"""Tables of the rows of bench.py. usage: summary.py ROWS.csv"""
import csv, sys

rows = [{k: float(v) if k not in ("kind", "language", "recording", "case", "verdict", "aligners") and v else v for k, v in row.items()} for row in csv.DictReader(open(sys.argv[1]))]
groups = list(dict.fromkeys((r["kind"], r["language"]) for r in rows))


def chosen(case, group=None):
    return [r for r in rows if r["case"] == case and (group is None or (r["kind"], r["language"]) == group)]


def total(key, of):
    return sum(r[key] for r in of)


def share(a, b):
    return f"{a / b:.2f} ({a:.0f}/{b:.0f})" if b else "-"


def precision_recall(found, false, all_of):
    return f"{share(found, found + false)} | {share(found, all_of)}"


def faults(name, of):
    late = [abs(r["offset_ms"] + (r["words_offset_ms"] or 0) + 60) for r in of if r["offset_ms"] != ""]
    return (f"| {name} | {of[0]['aligners'] if of else '-'} | {precision_recall(total('moved_found', of), total('moved_false', of), total('moved', of))} "
            f"| {precision_recall(total('wrong_cues_found', of), total('wrong_cues_false', of), total('wrong_cues', of))} "
            f"| {precision_recall(total('wrong_found', of), total('wrong_false', of), total('wrong', of))} "
            f"| {precision_recall(total('missing_found', of), total('missing_false', of), total('missing', of))} "
            f"| {sum(x <= 10 for x in late)} of {len(late)}, {max(late, default=0):.1f} |")


print("All faults at once (with one aligner `doubtful` counts as found):\n")
print("| recordings | aligners | moved: precision | recall | wrong sentence: precision | recall | its words: precision | recall | missing: precision | recall | 60 ms within 10, largest miss in ms |")
print("|---|---|---|---|---|---|---|---|---|---|---|")
for group in groups:
    print(faults(" ".join(group), chosen("faults", group)))
print(faults("English together", [r for r in chosen("faults") if r["language"] == "en"]))
print(faults("other languages together", [r for r in chosen("faults") if r["language"] != "en"]))
print(faults("English, rendering alone", chosen("alone")))
print("\nCues (SubRip) of which one has another sentence:\n")
print("| recordings | wrong cues: precision | recall | right cues flagged where all are right |")
print("|---|---|---|---|")
for group in groups:
    of, right = chosen("cues", group), chosen("cues right", group)
    if of:
        print(f"| {' '.join(group)} | {precision_recall(total('wrong_found', of), total('wrong_false', of), total('wrong', of))} | {share(total('flagged_right', right), total('right', right))} |")
print("\nRight transcripts: words flagged (and the share that is inconclusive):\n")
print("| recordings | alone | noise at 0 dB | another speaker at 0 dB | music at 0 dB |")
print("|---|---|---|---|---|")
for group in groups:
    cells = []
    for case in ("right", "noise", "talker", "music"):
        of = chosen(case, group)
        cells.append(f"{share(total('flagged_right', of), total('right', of))}; cannot tell {share(total('cannot_tell', of), total('items', of))}; wrong text {total('wrong_false', of):.0f}" if of else "-")
    print(f"| {' '.join(group)} | {' | '.join(cells)} |")
print("\nCost of `transcript --words --thorough` (all processes together, including reading the audio and judging the whole):\n")
print("| recordings | processor time / sound | memory of all processes, MB |")
print("|---|---|---|")
for group in groups:
    of = chosen("right", group)
    print(f"| {' '.join(group)} | {total('cpu_s', of) / max(1, total('seconds', of)):.2f} | {max(r['memory_mb'] for r in of):.0f} |")
