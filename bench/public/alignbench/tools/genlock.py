"""Genlock through its command line and JSON. GENLOCK_BINARY names the program."""
import json
import os
import shutil
import subprocess
import tempfile

from ..media import read_cues

PROGRAM = os.environ.get("GENLOCK_BINARY", ".build/release/genlock")


def version():
    try:
        return subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def asked(*words):
    run = subprocess.run([PROGRAM, *map(str, words), "--json"], capture_output=True, text=True)
    if not run.stdout.strip():
        raise RuntimeError(run.stderr.strip()[-200:])
    return json.loads(run.stdout)


def told(finding):
    low, high = finding.get("ci95_ms") or (None, None)
    return {"offset_ms": finding.get("offset_ms"), "low_ms": low, "high_ms": high, "confidence": finding.get("confidence"),
            "says": "unpaired" if finding["verdict"] == "unpaired" else "", "note": f"{finding['verdict']}; {'; '.join(finding.get('because', []))}"[:160]}


def first(report, check):
    found = [finding for finding in report["findings"] if finding["check"] == check]
    if not found:
        return {"offset_ms": None, "note": str(report.get("error", "no finding"))[:160]}
    return told(found[0])


def answer(track, reference, subject, parts):
    if track == "lips":
        return {None: first(asked("check", reference, "--checks", "lips"), "lips")}
    # As other tools are told.
    language = ["--language", os.environ["ALIGNBENCH_LANGUAGE"]] if os.environ.get("ALIGNBENCH_LANGUAGE") else []
    if track == "text":
        return {None: first(asked("transcript", reference, subject, *language), "transcript")}
    if track == "words":
        finding = asked("transcript", reference, subject, "--words", "--thorough", *language)["findings"][0]
        if "install" in (finding["evidence"].get("words") or {}):
            raise RuntimeError(finding["evidence"]["words"]["install"][0])
        if finding["verdict"] == "unpaired":
            return {part: told(finding) for part in parts}
        common = finding.get("offset_ms") or 0.0
        made = {}
        for item in finding.get("items", []):
            if "wrong-text" in item["flags"]:
                made[item["index"]] = {"offset_ms": None, "says": "unpaired", "note": "wrong-text"}
            elif item.get("offset_ms") is not None:
                made[item["index"]] = word(item, common)
        return made
    if track in ("recorders", "cameras"):
        return {None: first(asked("views", reference, subject, "--expect", "unknown", "--jobs", 1), "views")}
    if track == "sensors":
        return {None: first(asked("views", reference, subject, "--expect", "unknown", "--columns", "time=time_s:s,speed=speed", "--jobs", 1), "sensor")}
    if track == "masters":
        return {None: first(asked("compare", reference, subject), "compare")}
    if track == "actions":
        return boundaries(reference, subject)
    raise ValueError(track)


def word(item, common):
    """A word's place, where it is known: it was moved, or it is likelier where it is stated than not. What two aligners hear at different
    places is known to nobody."""
    trust, moved = item.get("trust"), "moved" in item["flags"]
    if not moved and (trust is None or trust < 0.5):
        return {"offset_ms": None, "confidence": trust, "note": "; ".join(item["flags"]) or "not known"}
    return {"offset_ms": common + item["offset_ms"], "confidence": 1 - trust if moved and trust is not None else trust}


def boundaries(reference, subject):
    """What it says of the second annotator as a whole, and of single boundaries beyond that; what it matched and does not name agrees."""
    with tempfile.TemporaryDirectory() as folder:
        # Two folders with a file of one name are two annotators of one session.
        for name, path in (("first", reference), ("second", subject)):
            os.mkdir(f"{folder}/{name}")
            shutil.copy(path, f"{folder}/{name}/session.csv")
        findings = asked("actions", f"{folder}/first", f"{folder}/second", "--tolerance", 1, "--no-agreement")["findings"]
        count = len(read_cues(f"{folder}/second/session.csv"))
    whole = [finding["offset_ms"] for finding in findings if finding["evidence"]["kind"] in ("early-annotator", "late-annotator")]
    told = {part: whole[0] if whole else 0.0 for part in range(count)}
    for finding in findings:
        kind, rows = finding["evidence"]["kind"], finding["evidence"]["rows"]
        if kind in ("early-annotator", "late-annotator"):
            continue
        # A file's first row of labels is its second line. Of a boundary between two rows the second one's start is meant.
        if kind == "moved-boundary" and "starts" in finding["evidence"]["detail"]:
            told[rows[-1] - 2] = (whole[0] if whole else 0.0) + finding["offset_ms"]
        elif kind != "moved-boundary":
            for row in rows:
                told.pop(row - 2, None)
    return {part: {"offset_ms": offset} for part, offset in told.items()}


def tool(name):
    return answer
