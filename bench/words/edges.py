"""Errors of word boundaries of correct transcripts by aligner and language, beside published ones.

usage: edges.py GENLOCK-WORDS-BENCH CORPUS WORK ROWS.csv
Each word's start and end count once; passages are words between pauses, with 0.6 s of audio before and after.
"""
import csv, json, os, statistics, subprocess, sys
from recordings import all_recordings

program, corpus, work, rows_path = sys.argv[1:5]
os.makedirs(work, exist_ok=True)
asking = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def ask(wav, words, language):
    asking.stdin.write(json.dumps({
        "sound": wav, "from": max(0, words[0][1] - 0.6), "to": words[-1][2] + 0.6, "words": [w[0] for w in words], "language": language}) + "\n")
    asking.stdin.flush()
    return json.loads(asking.stdout.readline())


def passages(words):
    result = []
    for word in words:
        part = result[-1] if result else []
        pause = word[1] - part[-1][2] if part else 9
        if pause > 1 or word[2] - part[0][1] > 7 or pause > 0.25 and len(part) >= 4 and word[2] - part[0][1] > 2:
            result.append([word])
        else:
            part.append(word)
    return result


rows = []
for kind, language, name, wav, words in all_recordings(corpus, os.path.dirname(program), work):
    for part in passages(words):
        for answer in ask(wav, part, language):
            for word, found in zip(part, answer["words"]):
                rows.append(dict(
                    kind=kind, language=language, recording=name, aligner=answer["aligner"], word=word[0], start_s=round(word[1], 3), end_s=round(word[2], 3),
                    start_error_ms=round(1000 * (found["start_s"] - word[1]), 1) if found else "", end_error_ms=round(1000 * (found["end_s"] - word[2]), 1) if found else ""))
with open(rows_path, "w", newline="") as file:
    writer = csv.DictWriter(file, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)

print("| recordings | aligner | words found | mean, ms | median, ms | within 20 ms | 40 ms | 100 ms |")
print("|---|---|---|---|---|---|---|---|")
for group in dict.fromkeys((r["kind"], r["language"], r["aligner"]) for r in rows):
    of = [r for r in rows if (r["kind"], r["language"], r["aligner"]) == group]
    errors = [abs(r[edge]) for r in of for edge in ("start_error_ms", "end_error_ms") if r[edge] != ""]
    within = " | ".join(f"{sum(e <= limit for e in errors) / len(errors):.2f}" for limit in (20, 40, 100))
    print(f"| {group[0]} {group[1]} | {group[2]} | {len(errors) // 2} of {len(of)} | {statistics.fmean(errors):.0f} | {statistics.median(errors):.0f} | {within} |")
print("""
Published means of word boundary errors in ms, on other speech than ours: TIMIT (read) and Buckeye (spontaneous), both labelled by people.

| | TIMIT | Buckeye | median, within 20 / 40 / 100 ms |
|---|---|---|---|
| Montreal Forced Aligner 3.0 | 21.0 | 26.9 | not in the source |
| WhisperX | 46.2 | 58.7 | not in the source |
| NeMo Forced Aligner (NFA) | 77.1 | 95.5 | not in the source |

Source: benchmarks of the Montreal Forced Aligner's models, `docs/source/_static/benchmarks/word_alignment.csv` in github.com/MontrealCorpusTools/mfa-models.
TIMIT and Buckeye cannot be had freely, and those aligners load their models from hubs: they were not run beside ours on the same words.""")
