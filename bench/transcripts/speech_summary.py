"""Tables of `genlock-transcripts-bench`: by condition and style, by language, wrong texts, moved texts."""
import csv
import statistics
import sys
from collections import defaultdict

LIMIT = {"whole seconds": 300}


def counted(rows):
    """answered near the truth, answered elsewhere, misaligned though in time, unpaired, inconclusive, of these with a right best guess."""
    n = defaultdict(int)
    for r in rows:
        n["texts"] += 1
        limit = LIMIT.get(r["style"], 200)
        if r["error_ms"]:
            n["right" if abs(float(r["error_ms"])) <= limit else "elsewhere"] += 1
            if r["verdict"] == "misaligned" and float(r["move_s"]) == 0:
                n["misaligned"] += 1
        else:
            n["unpaired" if r["verdict"] == "unpaired" else "inconclusive"] += 1
            if r["candidate_error_ms"] and abs(float(r["candidate_error_ms"])) <= 300:
                n["best guess right"] += 1
    return n


def table(title, groups):
    columns = ("texts", "right", "elsewhere", "misaligned", "unpaired", "inconclusive", "best guess right")
    print(f"\n| {title} | " + " | ".join(columns) + " |\n|" + "---|" * (len(columns) + 1))
    for name, rows in groups.items():
        n = counted(rows)
        print(f"| {name} | " + " | ".join(str(n[c]) for c in columns) + " |")


def main():
    rows = list(csv.DictReader(open(sys.argv[1])))
    print("# Captions on real speech\n\nCommand: `bench/transcripts/run-speech`. Right: within 200 ms of the stated times (300 of whole seconds), which are",
          "good to 100 to 300 ms themselves. Misaligned: of texts that are in time. The judging model was trained without the speaker and the source.",
          "Music, voices and noise lie 5 dB beneath, by their power above 200 Hz; the hall has 1.2 s of reverberation, 4 dB stronger than the direct sound.")
    still = [r for r in rows if r["move_s"] in ("0.0", "-0.0") and not r["condition"].endswith(" moved")]
    groups = defaultdict(list)
    for r in still:
        groups[f"{r['condition']}, {r['style']}"].append(r)
    table("condition, style", groups)
    groups = defaultdict(list)
    for r in still:
        if r["condition"] == "clean":
            groups[r["language"]].append(r)
    table("language (clean, all styles)", groups)
    wrong = defaultdict(lambda: defaultdict(int))
    for r in rows:
        if r["move_s"] == "wrong":
            n = wrong[r["condition"] + (", 100 words and more" if int(r["words"]) >= 100 else ", fewer")]
            n["texts"] += 1
            n["an offset" if r["error_ms"] else r["verdict"]] += 1
    if wrong:
        print("\n| wrong texts of the same language | texts | an offset | unpaired | inconclusive |\n|---|---|---|---|---|")
        for name, n in wrong.items():
            print(f"| {name} | {n['texts']} | {n['an offset']} | {n['unpaired']} | {n['inconclusive']} |")
    parts = defaultdict(lambda: defaultdict(int))
    for r in rows:
        if r["condition"].endswith(" moved"):
            n = parts[r["condition"]]
            n["texts"] += 1
            n[r["verdict"]] += 1
            n["named"] += "are not heard where" in r["because"] or int(r["pieces"]) > 1
    if parts:
        print("\n| cues moved alone | texts | named | in-sync | marginal | misaligned | inconclusive |\n|---|---|---|---|---|---|---|")
        for name, n in sorted(parts.items()):
            counts = " | ".join(str(n[c]) for c in ("texts", "named", "in-sync", "marginal", "misaligned", "inconclusive"))
            print(f"| {name} | {counts} |")
        named = sum("are not heard where" in r["because"] for r in rows if r["move_s"] != "wrong" and not r["condition"].endswith(" moved"))
        whole = sum(r["move_s"] != "wrong" and not r["condition"].endswith(" moved") for r in rows)
        print(f"\nOf {whole} right texts of which no cues were moved alone, some were named in {named}.")
    base = {(r["recording"], r["style"]): r for r in rows if r["condition"].endswith("clean") and r["move_s"] == "0.0"}
    moves = [(r, base.get((r["recording"], r["style"]))) for r in rows if r["condition"].endswith("clean") and r["move_s"] not in ("0.0", "wrong")]
    differences = [abs(float(r["error_ms"]) - float(b["error_ms"])) for r, b in moves if b and r["error_ms"] and b["error_ms"]]
    if differences:
        print(f"\nMoved by 1.7, 30 and 540 s either way: {len(differences)} answered both ways, {sum(d <= 20 for d in differences)} within 20 ms;",
              f"median difference {statistics.median(differences):.1f} ms.")
    times = [float(r["seconds"]) for r in still]
    if times:
        print(f"\nSeconds a text, search and judgement alone: median {statistics.median(times):.2f}, largest {max(times):.2f}.")


if __name__ == "__main__":
    main()
