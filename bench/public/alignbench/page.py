"""Scores as a page and as rows."""
import csv
from collections import defaultdict

from . import scores, table

HEADS = {"answered": "answered", "within_20": "within 20 ms", "within_40": "within 40 ms", "within_80": "within 80 ms", "right_of_all": "right of all",
         "median_ms": "median miss, ms", "risk_coverage": "risk-coverage area", "interval_holds": "interval holds", "winkler_ms": "Winkler, ms",
         "calibration": "calibration error", "false_unpaired": "false `unpaired`", "false_alarms": "false alarms", "real_time": "real-time factor",
         "false_answers": "false answers", "alarms": "alarms", "told_unpaired": "told `unpaired`"}
SHARES = {name for name, (_, is_share) in {**scores.POSITIVE, **scores.NEGATIVE}.items() if is_share}
FIRST = ("answered", "within_20", "within_40", "within_80", "right_of_all", "median_ms", "risk_coverage")
SECOND = ("interval_holds", "winkler_ms", "calibration", "false_unpaired", "false_alarms", "real_time")


def shown(name, score):
    if score.value is None:
        return "-"

    def cell(value):
        if name in SHARES:
            return f"{100 * value:.0f}"
        return f"{value:.0f}" if name.endswith("_ms") else f"{value:.2f}" if value >= 0.095 else f"{value:.3f}"

    tail = " %" if name in SHARES else ""
    return cell(score.value) + tail + ("" if score.low is None else f" ({cell(score.low)} to {cell(score.high)})")


def groups(items, named):
    """(track, kind or `negatives`) -> [(tool, pairs)]: kinds of truth are never mixed; tools that were not run on a track are left out."""
    for track in table.TRACKS:
        for kind in (*table.KINDS, "negatives"):
            chosen = [item for item in items if item.track == track and (item.kind == kind and not item.negative if kind != "negatives" else item.negative)]
            told = [(tool, [(item, answers[item.item]) for item in chosen if item.item in answers]) for tool, answers in named]
            told = [(tool, pairs) for tool, pairs in told if pairs]
            if told:
                yield track, kind, told


class Scored:
    """The scores of each tool on each track and kind of truth, computed once."""

    def __init__(self, resamples):
        self.resamples, self.kept = resamples, {}

    def of(self, tool, track, kind, pairs):
        if (tool, track, kind) not in self.kept:
            self.kept[tool, track, kind] = scores.scored(pairs, scores.NEGATIVE if kind == "negatives" else scores.POSITIVE, self.resamples)
        return self.kept[tool, track, kind]


def count(pairs):
    files = len({item.files for item, _ in pairs})
    return f"{len(pairs)} items" + ("" if files == len(pairs) else f" in {files} files") + f", {len({item.source for item, _ in pairs})} sources"


def rows(heads, lines):
    return ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads), *("| " + " | ".join(line) + " |" for line in lines), ""]


def text(items, named, resamples, scored=None):
    lines, scored = [], scored or Scored(resamples)
    for track, kind, told in groups(items, named):
        lines += [f"### {track}: {kind}", "", count(told[0][1]) + ".", ""]
        if kind == "negatives":
            kinds = sorted({item.negative for item, _ in told[0][1]})
            lines.append("")
            table_rows = []
            for tool, pairs in told:
                result = scored.of(tool, track, kind, pairs)
                by_kind = []
                for each in kinds:
                    part = [(item, answer) for item, answer in pairs if item.negative == each]
                    by_kind.append(f"{sum(a.offset_ms is not None for _, a in part)} of {len(part)}")
                table_rows.append([tool, *(shown(name, result[name]) for name in scores.NEGATIVE), *by_kind])
            lines += rows(["", *(HEADS[name] for name in scores.NEGATIVE), *(f"answered: {each}" for each in kinds)], table_rows)
            continue
        results = [(tool, pairs, scored.of(tool, track, kind, pairs)) for tool, pairs in told]
        lines += rows(["", *(HEADS[name] for name in FIRST)], [[tool, *(shown(name, result[name]) for name in FIRST)] for tool, _, result in results])
        lines += rows(["", *(HEADS[name] for name in SECOND), "worst stratum (right of all)"],
                      [[tool, *(shown(name, result[name]) for name in SECOND), worst(pairs)] for tool, pairs, result in results])
    lse = lse_beside(items, named)
    return "\n".join(lines + lse)


def worst(pairs):
    found = scores.worst_stratum(pairs)
    if found and found[2] == 1:
        return "none below 100 %"
    return "-" if found is None else f"{found[0]} {found[1]}: {100 * found[2]:.0f} % of {found[3]}"


def lse_beside(items, named):
    """What LSE-C and LSE-D say of clips that lie so many ms apart, of the tools that give them."""
    lines = []
    by_name = {item.item: item for item in items}
    for tool, answers in named:
        told = [(by_name[name], answer) for name, answer in answers.items() if answer.lse_d is not None and not by_name[name].negative]
        if not told:
            continue
        bands = defaultdict(list)
        for item, answer in told:
            size = abs(item.truth_ms)
            bands["up to 20 ms" if size <= 20 else "20 to 80 ms" if size <= 80 else "80 to 200 ms" if size <= 200 else "more"].append(answer)
        lines += [f"### {tool}: LSE-C and LSE-D beside the offset that was made", ""]
        lines += rows(["made offset", "clips", "LSE-C", "LSE-D"], [[band, str(len(bands[band])), f"{scores.mean(a.lse_c for a in bands[band]):.2f}",
                                                                  f"{scores.mean(a.lse_d for a in bands[band]):.2f}"]
                                                                 for band in ("up to 20 ms", "20 to 80 ms", "80 to 200 ms", "more") if bands[band]])
    return lines


def write_scores(path, items, named, resamples, scored=None):
    """Every score of every tool, track and kind of truth, and of every stratum its share right."""
    scored = scored or Scored(resamples)
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["tool", "track", "truth", "stratum", "score", "value", "low", "high", "items", "sources"])

        def number(value):
            return "" if value is None else f"{value:.4f}"

        for track, kind, told in groups(items, named):
            for tool, pairs in told:
                for name, score in scored.of(tool, track, kind, pairs).items():
                    writer.writerow([tool, track, kind, "", name, number(score.value), number(score.low), number(score.high), len(pairs),
                                     len({item.source for item, _ in pairs})])
                if kind == "negatives":
                    continue
                for (field, value), part in sorted(scores.strata(pairs).items()):
                    if field in ("condition", "device", "language"):
                        for name in ("answered", "within_40", "right_of_all"):
                            writer.writerow([tool, track, kind, f"{field}={value}", name, number(scores.POSITIVE[name][0](part)), "", "", len(part),
                                             len({item.source for item, _ in part})])


def worst_of(items, answers):
    """Of one tool: (share, track, kind, field, value, items) of its worst strata, the worst of each track and kind of truth, worst first."""
    found = []
    for track, kind, told in groups(items, [("", answers)]):
        if kind != "negatives":
            stratum = scores.worst_stratum(told[0][1])
            if stratum:
                found.append((stratum[2], track, kind, stratum[0], stratum[1], stratum[3]))
    return sorted(found)


def summary(items, tool, answers, scored):
    """What stands first about one tool: each track with its worst stratum, the worst first; and what it says of negatives."""
    worst_of_track = {(track, kind): (share, field, value, count_) for share, track, kind, field, value, count_ in worst_of(items, answers)}
    lines, negatives = [], []
    for track, kind, told in groups(items, [(tool, answers)]):
        pairs = told[0][1]
        sources = len({item.source for item, _ in pairs})
        result = scored.of(tool, track, kind, pairs)
        if kind == "negatives":
            negatives.append([track, *(shown(name, result[name]) for name in ("false_answers", "alarms", "told_unpaired")), str(len(pairs)), str(sources)])
            continue
        counted = [pair for pair in pairs if scores.is_counted(pair[0], scores.RIGHT)]
        result = result["right_of_all"]
        share, field, value, count_ = worst_of_track.get((track, kind), (None, "", "", 0))
        lines.append((2 if result.value is None else result.value if share is None else share,
                      [f"{track}, {kind}", shown("right_of_all", result), str(len(counted)), str(len({item.source for item, _ in counted})),
                       *(["-", "-", "-"] if share is None else [f"{field}: {value}", f"{100 * share:.0f} %", str(count_)])]))
    return [*rows(["track, truth", "right of all", "items", "sources", "worst stratum", "right there", "of"], [line for _, line in sorted(lines)]),
            *rows(["negatives", "false answers", "alarms", "told `unpaired`", "items", "sources"], negatives)]


def publish(folder, output, results, command, resamples):
    """A page and raw rows: `RESULTS.md`, `RESULTS.csv` (every answer of every tool) and `RESULTS-scores.csv`."""
    import json
    from pathlib import Path

    items = table.read_items(Path(folder) / "items.csv")
    about = json.loads((Path(output) / "run.json").read_text())
    named = [(tool, table.read_answers(Path(output) / f"{tool}.csv", items)) for tool in about["tools"] if (Path(output) / f"{tool}.csv").exists()]
    asked = {name for _, answers in named for name in answers}
    by_name = {item.item: item for item in items}
    with open(f"{results}.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["tool", "item", "track", "split", "truth", "truth_ms", "pm_ms", "negative", "source", "speaker", "device", "language", "condition", "offset_ms",
                         "low_ms", "high_ms", "confidence", "says", "seconds", "media_seconds", "note"])
        for tool, answers in named:
            for name, answer in answers.items():
                item = by_name[name]
                writer.writerow([tool, name, item.track, item.split, item.kind, *map(table._cell, (item.truth_ms, item.pm_ms)), item.negative, item.source, item.speaker,
                                 item.device, item.language, item.condition, *map(table._cell, (answer.offset_ms, answer.low_ms, answer.high_ms, answer.confidence)),
                                 answer.says, table._cell(answer.seconds), table._cell(item.seconds), answer.note])
    scored = Scored(resamples)
    write_scores(f"{results}-scores.csv", items, named, resamples, scored)
    lines = [f"# Public benchmark, {Path(results).name}", "", f"Command: `{command}`. {about['machine']}, shared with other work; times are of processor. "
             f"Python {about['python']}. Raw rows: `{Path(results).name}.csv`; every score with its interval: `{Path(results).name}-scores.csv`.", "",
             f"{len({by_name[name].files for name in asked})} files with {len(asked)} items were asked, each of all tools of its track one after another. 95 % intervals by bootstrap over "
             "sources; kinds of truth are never mixed. What each column means: bench/public/README.md. A program's first item carries what it "
             "compiles when it starts. Genlock's lip model has learnt from GRID: on studio clips `lips` flatters it (docs/lips.md has talkers left out).", ""]
    for tool, answers in named:
        if tool == "genlock":
            lines += ["## Where Genlock is worst", "", "Right within 40 ms, of all true pairs whose truth is known to 20 ms; the worst stratum first.", "",
                      *summary([item for item in items if item.item in answers], tool, answers, scored)]
    lines += ["## Programs", "", *rows(["", "version", "tracks"], [[tool, version, ", ".join(sorted({by_name[name].track for name in answers}))]
                                                                for (tool, answers), version in zip(named, (about["tools"][tool] for tool, _ in named))])]
    lines += ["Not run:", ""] + [f"- {name}: {why}." for name, why in about["not run"].items()] + ["", "## Scores", "", text(items, named, resamples, scored)]
    Path(f"{results}.md").write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
