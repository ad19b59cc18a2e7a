"""Other people's programs, as their pages say they are to be used; each answer in Genlock's sign: what is to be added to the subject's times."""
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .. import media

HERE = Path(sys.executable).parent


def program(*words, **more):
    return subprocess.run(list(map(str, words)), capture_output=True, text=True, **more)


def audio_offset_finder(track, reference, subject, parts):
    from audio_offset_finder.audio_offset_finder import find_offset_between_files

    told = find_offset_between_files(str(reference), str(subject))
    return {None: {"offset_ms": float(told["time_offset"]) * 1000, "confidence": float(told["standard_score"])}}


def audalign(track, reference, subject, parts):
    """Correlation, as its page recommends for recordings of one event; its file shifts are the delays that line the files up."""
    import audalign as ad

    with contextlib.redirect_stdout(sys.stderr):
        recognizer = ad.CorrelationRecognizer()
        recognizer.config.multiprocessing = False
        told = ad.align_files(str(reference), str(subject), recognizer=recognizer)
    if not told:
        return {None: {"offset_ms": None}}
    names = [Path(reference).name, Path(subject).name]
    if not all(name in told for name in names):
        return {None: {"offset_ms": None}}
    return {None: {"offset_ms": (told[names[1]] - told[names[0]]) * 1000}}


def syncstart(track, reference, subject, parts):
    """It names the file of which the beginning is to be cut, and by how many seconds."""
    from syncstart import file_offset

    with contextlib.redirect_stdout(sys.stderr):
        told = file_offset(in1=str(reference), in2=str(subject), take=60, show=False, quiet=True)
    # What is cut off the reference is what the subject began later.
    sign = 1 if Path(told[0]) == Path(reference) else -1
    return {None: {"offset_ms": sign * float(told[1]) * 1000}}


def audio_video_sync(track, reference, subject, parts):
    from audio_video_sync.sync import find_offset
    from loguru import logger

    logger.remove()
    offset, confidence, _ = find_offset(Path(reference), Path(subject))
    return {None: {"offset_ms": offset * 1000, "confidence": float(confidence)}}


def _first_start(path):
    found = re.search(r"([\d:,.]+)\s*-->", Path(path).read_text(encoding="utf-8", errors="replace")) if Path(path).exists() else None
    return media._clock(found.group(1)) if found else None


def ffsubsync(track, reference, subject, parts):
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.srt"
        run = program(HERE / "ffsubsync", reference, "-i", subject, "-o", out, "--no-fix-framerate")
        found = re.search(r"offset seconds:\s*([-\d.]+)", run.stderr + run.stdout)
        after, before = _first_start(out), _first_start(subject)
        score = re.search(r"score:\s*([-\d.]+)", run.stderr + run.stdout)
        if after is None or before is None:
            return {None: {"offset_ms": None, "note": (run.stderr.strip().splitlines() or [""])[-1].strip()[-160:]}}
        offset = float(found.group(1)) if found else after - before
        return {None: {"offset_ms": offset * 1000, "confidence": float(score.group(1)) if score else None}}


def autosubsync(track, reference, subject, parts):
    """Its own quality of fit decides whether it answers; shift at the text's zero."""
    from autosubsync import synchronize

    with tempfile.TemporaryDirectory() as folder:
        good, quality, skew, shift = synchronize(str(reference), str(subject), str(Path(folder) / "out.srt"), parallelism=1, return_parameters=True,
                                                 fixed_skew="1")
    return {None: {"offset_ms": float(shift) * 1000 if good else None, "confidence": float(quality) if good else None}}


def pocketsphinx(track, reference, subject, parts):
    """Forced alignment with its own English model: all words of the text in order; words that its dictionary lacks are left out."""
    import numpy as np
    from pocketsphinx import Decoder

    rows = media.read_cues(subject)
    decoder = Decoder(samprate=16000, loglevel="FATAL", bestpath=False, beam=1e-100, wbeam=1e-80, pbeam=1e-100)
    known = [(at, re.sub(r"[^a-z']", "", word.lower())) for at, (_, _, word) in enumerate(rows)]
    known = [(at, word) for at, word in known if word and decoder.lookup_word(word)]
    if len(known) < max(2, len(rows) // 2):
        return {}
    decoder.set_align_text(" ".join(word for _, word in known))
    samples = (np.clip(media.sound(reference, 16000), -1, 1) * 32767).astype("<i2").tobytes()
    decoder.start_utt()
    decoder.process_raw(samples, full_utt=True)
    decoder.end_utt()
    found = [segment for segment in (decoder.seg() or []) if not segment.word.startswith(("<", "[")) ]
    if len(found) != len(known):
        return {}
    return {at: {"offset_ms": (segment.start_frame / 100 - rows[at][0]) * 1000} for (at, _), segment in zip(known, found)}


def video_offset_finder(track, reference, subject, parts):
    """By picture; of masters, its offset of the pictures with that of the sound by the phase transform."""
    from video_offset_finder.finder import find_offset

    told = find_offset(Path(reference), Path(subject), fine_fps=25.0, quiet=True)
    # Its offset is where in the first video the second one begins.
    picture = float(told.offset_seconds) * 1000
    if track == "masters":
        from .own import phase_transform

        sound, _ = phase_transform(media.sound(reference, 16000), media.sound(subject, 16000), 16000)
        return {None: {"offset_ms": sound * 1000 - picture, "confidence": float(told.confidence)}}
    return {None: {"offset_ms": picture, "confidence": float(told.confidence)}}


def pygamma_agreement(track, reference, subject, parts):
    """The best alignment of units by its combined dissimilarity; what it pairs is compared."""
    import csv

    from pygamma_agreement import CombinedCategoricalDissimilarity, Continuum
    from pyannote.core import Segment

    continuum, index = Continuum(), {}
    for name, path in (("a", reference), ("b", subject)):
        with open(path, newline="") as file:
            for at, row in enumerate(csv.DictReader(file)):
                start, end = float(row["start_s"]), float(row["end_s"])
                if end > start:
                    continuum.add(name, Segment(start, end), row["label"])
                    index[name, start, end] = at
    told = {}
    for aligned in continuum.get_best_alignment(CombinedCategoricalDissimilarity(delta_empty=1, alpha=0.75, beta=0.25)):
        units = dict(aligned.n_tuple)
        if units.get("a") is not None and units.get("b") is not None:
            a, b = units["a"].segment, units["b"].segment
            told[index["b", b.start, b.end]] = {"offset_ms": (a.start - b.start) * 1000}
    return told


def tool(name):
    return {"audio-offset-finder": audio_offset_finder, "audalign": audalign, "syncstart": syncstart, "audio-video-sync": audio_video_sync, "ffsubsync": ffsubsync,
            "autosubsync": autosubsync, "pocketsphinx": pocketsphinx, "video-offset-finder": video_offset_finder,
            "pygamma-agreement": pygamma_agreement}[name]
