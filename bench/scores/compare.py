"""compare.py GENLOCK FOLDER CASES ROWS.csv: the same synthetic annotations scored by sed_eval, pyannote.metrics and genlock.

Every number that both sides give is compared. Cases are drawn by seeds: overlapping, touching and empty ones, labels on one side
only, events of many lengths, boundaries within, on and beyond the collar.
"""
import csv
import json
import math
import os
import random
import subprocess
import sys
import warnings

import importlib.metadata

import sed_eval
from pyannote.core import Annotation, Segment
from pyannote.metrics.detection import DetectionErrorRate
from pyannote.metrics.diarization import DiarizationCoverage, DiarizationErrorRate, DiarizationPurity, JaccardErrorRate

warnings.simplefilter("ignore")


def made(rng, labels, case):
    """-> reference, estimate: lists of (start, end, label)."""

    def some(count, longest=8.0):
        rows = []
        at = 0.0
        for _ in range(count):
            at += rng.choice([0.0, rng.uniform(0, 3), rng.uniform(0, 0.3)])
            length = rng.choice([rng.uniform(0.05, longest), rng.uniform(0.1, 1.0)])
            rows.append([round(at, 3), round(at + length, 3), rng.choice(labels)])
            at = at + length if rng.random() < 0.5 else at + length * rng.random()
        return rows

    reference = some(rng.choice([0, 1, 3, 8, 20, 40]) if case % 10 == 0 else rng.randint(2, 30))
    estimate = []
    for start, end, label in reference:
        chance = rng.random()
        if chance < 0.12:
            continue
        spread = rng.choice([0.0, 0.05, 0.2, 0.2, 0.5])
        start2 = round(max(0.0, start + rng.choice([rng.uniform(-spread, spread), spread, -spread])), 3)
        end2 = round(max(start2 + 0.01, end + rng.uniform(-2 * spread, 2 * spread)), 3)
        estimate.append([start2, end2, rng.choice(labels + ["other"]) if rng.random() < 0.2 else label])
        if rng.random() < 0.1:
            estimate.append([start2, end2, rng.choice(labels)])
    estimate += some(rng.randint(0, 4), 3.0) if case % 3 else []
    if case % 25 == 7:
        estimate = []
    rng.shuffle(estimate) if case % 2 else estimate.sort()
    return reference, estimate


def events(rows):
    return [{"event_onset": a, "event_offset": b, "event_label": label, "file": "x"} for a, b, label in rows]


def annotation(rows):
    result = Annotation()
    for number, (a, b, label) in enumerate(rows):
        result[Segment(a, b), number] = label
    return result


def genlock(program, arguments):
    done = subprocess.run([program, "actions", *arguments, "--json"], capture_output=True, text=True)
    if not done.stdout:
        return None
    return json.loads(done.stdout)


def main():
    program, folder, count, out = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
    os.makedirs(folder + "/cases", exist_ok=True)
    rows, largest, compared, undefined = [], {}, {}, 0

    def compare(case, peer, name, theirs, ours):
        nonlocal undefined
        theirs = None if theirs is None or math.isnan(theirs) or theirs > 1e9 else float(theirs)
        if theirs is None and ours is None:
            undefined += 1
            return
        difference = math.inf if (theirs is None) != (ours is None) else abs(theirs - ours)
        rows.append([case, peer, name, theirs, ours, difference])
        key = (peer, name.split("/")[0])
        largest[key] = max(largest.get(key, 0.0), difference)
        compared[key] = compared.get(key, 0) + 1

    for case in range(count):
        rng = random.Random(4000 + case)
        labels = rng.sample(["dog", "horn", "speech", "door", "alarm", "keys"], rng.randint(1, 5))
        reference, estimate = made(rng, labels, case)
        names = sorted({row[2] for row in reference + estimate})
        paths = [f"{folder}/cases/{case}-reference.tsv", f"{folder}/cases/{case}-estimate.tsv"]
        for path, side in zip(paths, (reference, estimate)):
            with open(path, "w") as file:
                file.write("onset\toffset\tevent_label\n" + "".join(f"{a:.3f}\t{b:.3f}\t{label}\n" for a, b, label in side))
        collar, share = rng.choice([0.2, 0.1, 0.25]), rng.choice([0.5, 0.2])
        segment, onset_only = rng.choice([1.0, 0.1, 0.5]), case % 4 == 3
        ours = genlock(program, [*paths, "--scores", "events", "--collar", str(collar), "--length-share", str(share), "--segment", str(segment)] + (["--onset-only"] if onset_only else []))
        if names and ours:
            peer = sed_eval.sound_event.EventBasedMetrics(
                event_label_list=names, t_collar=collar, percentage_of_length=share, evaluate_onset=True, evaluate_offset=not onset_only,
                event_matching_type="optimal")
            peer.evaluate(events(reference), events(estimate))
            segments = sed_eval.sound_event.SegmentBasedMetrics(event_label_list=names, time_resolution=segment)
            if reference and estimate:
                segments.evaluate(events(reference), events(estimate))
            for kind, metric in (("event_based", peer), ("segment_based", segments if reference and estimate else None)):
                if metric is None:
                    continue
                told, own = metric.results(), ours[kind]
                overall = own["overall"]
                for part in ("f_measure", "precision", "recall"):
                    compare(case, "sed_eval", f"{kind}.overall.{part}", told["overall"]["f_measure"][part], overall[part])
                for part in ("error_rate", "substitution_rate", "deletion_rate", "insertion_rate"):
                    compare(case, "sed_eval", f"{kind}.overall.{part}", told["overall"]["error_rate"][part], overall[part])
                compare(case, "sed_eval", f"{kind}.average.f_measure", told["class_wise_average"]["f_measure"]["f_measure"], own["class_wise_average"]["f_measure"])
                compare(case, "sed_eval", f"{kind}.average.error_rate", told["class_wise_average"]["error_rate"]["error_rate"], own["class_wise_average"]["error_rate"])
                for label in names:
                    theirs, mine = told["class_wise"][label], own["class_wise"][label]
                    for part in ("f_measure", "precision", "recall"):
                        compare(case, "sed_eval", f"{kind}.class.{part}/{label}", theirs["f_measure"][part], mine[part])
                    for part in ("error_rate", "deletion_rate", "insertion_rate"):
                        compare(case, "sed_eval", f"{kind}.class.{part}/{label}", theirs["error_rate"][part], mine[part])

        # Speakers: the same segments, with other names in the estimate.
        rttm = [path.replace(".tsv", ".rttm") for path in paths]
        other = {label: f"spk{number}" for number, label in enumerate(names)} if case % 2 else {label: label for label in names}
        turns = [reference, [[a, b, other[label]] for a, b, label in estimate]]
        for path, side in zip(rttm, turns):
            with open(path, "w") as file:
                for a, b, label in side:
                    file.write(f"SPEAKER x 1 {a:.3f} {b - a:.3f} <NA> <NA> {label} <NA> <NA>\n")
        collar, skip = rng.choice([0.0, 0.25, 0.5]), case % 3 == 1
        ours = genlock(program, [*rttm, "--scores", "speakers", "--collar", str(collar)] + (["--skip-overlap"] if skip else []))
        if not ours:
            continue
        own, others = annotation(turns[0]), annotation(turns[1])
        detail = DiarizationErrorRate(collar=collar, skip_overlap=skip)(own, others, detailed=True)
        for theirs, mine in (("diarization error rate", "diarization_error_rate"), ("total", "total_s"), ("correct", "correct_s"), ("confusion", "confusion_s"), ("missed detection", "missed_s"), ("false alarm", "false_alarm_s")):
            compare(case, "pyannote", mine, detail[theirs], ours[mine])
        compare(case, "pyannote", "jaccard_error_rate", JaccardErrorRate(collar=collar, skip_overlap=skip)(own, others), ours["jaccard_error_rate"])
        detail = DetectionErrorRate(collar=collar, skip_overlap=skip)(own, others, detailed=True)
        for theirs, mine in (("detection error rate", "detection_error_rate"), ("total", "detection_total_s"), ("miss", "detection_missed_s"), ("false alarm", "detection_false_alarm_s")):
            compare(case, "pyannote", mine, detail[theirs], ours[mine])
        compare(case, "pyannote", "purity", DiarizationPurity()(own, others), ours["purity"])
        compare(case, "pyannote", "coverage", DiarizationCoverage()(own, others), ours["coverage"])

    with open(out, "w", newline="") as file:
        table = csv.writer(file)
        table.writerow("case,peer,score,theirs,genlock,difference".split(","))
        # There are too many by class: those of the largest differences are kept.
        table.writerows([row for row in rows if "/" not in row[2]])
        table.writerows(sorted((row for row in rows if "/" in row[2]), key=lambda row: -row[5])[:1000])
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("sed_eval", "pyannote.metrics"))
    print(f"{count} made cases; {versions}. {len(rows)} numbers compared, {undefined} undefined on both sides.\n")
    print("| peer | score | compared | largest difference |\n|---|---|---|---|")
    for (peer, name), difference in sorted(largest.items()):
        print(f"| {peer} | {name} | {compared[peer, name]} | {difference:.2e} |")
    print(f"\nLargest of all: {max(largest.values()):.2e}.")


main()
