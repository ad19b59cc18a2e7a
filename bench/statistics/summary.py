"""summary.py ROWS.csv SOURCE: a table of the simulated corpora, as Markdown."""
import csv
import sys

rows = list(csv.DictReader(open(sys.argv[1])))
print(f"""# Statistics of a corpus

## Simulated

Command: `bench/statistics/run simulate`. **Simulated**: nothing was decoded. Each clip's answer (error, interval, refusal) is drawn from the 9 s rows of
`{sys.argv[2]}`, which were measured on real clips with known truth, by measured speaker; 3,000 clips, 30 speakers, five encoders, three
cameras, eight folders. Raw rows: `{sys.argv[1].split('/')[-1]}`.

| corpus | speakers | n | result |
|---|---|---:|---|""")
for speakers in ("known", "unknown"):
    moved = [r for r in rows if r["corpus"] == "moved" and r["talkers"] == speakers]
    off = [abs(float(r["bias_ms"]) - float(r["unmoved_ms"]) + 30) for r in moved]
    named = sum(r["first_named"] == "file.encoder = HandBrake 1.6.1" for r in moved)
    only = sum(r["first_named"] == "file.encoder = HandBrake 1.6.1" and r["named"] == "1" for r in moved)
    swaps = sum(int(r["swaps"]) for r in moved)
    unpaired = sum(int(r["swaps_unpaired"]) for r in moved)
    answered = sum(int(r["swaps_with_offset"]) for r in moved)
    print(f"| 30 ms late, one encoder 80 ms more, 2 % swapped | {speakers} | {len(moved)} | bias less that of the same corpus unmoved, less 30 ms: at most {max(off):.1f} ms |")
    print(f"| | {speakers} | {len(moved)} | the encoder is named first in {named}, and alone in {only} |")
    print(f"| | {speakers} | {swaps} swaps | unpaired {100 * unpaired / swaps:.0f} %, with an offset {100 * answered / swaps:.1f} % |")
    none = [r for r in rows if r["corpus"] == "without-fault" and r["talkers"] == speakers]
    print(f"| without a fault | {speakers} | {len(none)} | a group is named in {sum(int(r['named']) > 0 for r in none)}; two populations are told in {sum(r['mixture'] != '' for r in none)} |")
    sample = [r for r in rows if r["corpus"] == "sample-of-400" and r["talkers"] == speakers]
    holds = sum(r["first_named"] == "holds" for r in sample)
    width = sorted(float(r["ci_high_ms"]) - float(r["ci_low_ms"]) for r in sample)[len(sample) // 2]
    print(f"| samples of 400 of the first corpus | {speakers} | {len(sample)} | the interval holds the whole corpus' bias in {holds}; middle width {width:.1f} ms |")
