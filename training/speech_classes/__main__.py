"""Trains the speech classes and writes them as JSON.

    training/train-speech-classes ../shared/corpus Sources/Analysis/Transcripts/Resources/speech-classes-1.json
"""
import argparse
import json
import tempfile

from .corpus import recordings
from .fit import fit, training_set
from .letters import CLASSES
from .sound import INPUTS, TAPS, samples
from .synthetic import spoken


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("output")
    parser.add_argument("--without", default="", help="talkers to leave out, separated by commas (s1, michael, mary, ...)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    left_out = set(options.without.split(",")) - {""}
    with tempfile.TemporaryDirectory() as folder:
        chosen = [r for r in recordings(options.corpus) + spoken(folder) if r[1] not in left_out]
        x, y, talkers = training_set(chosen, samples, options.seed)
    weights, bias, prior = fit(x, y, talkers)
    taps = list(TAPS)
    document = {
        "method": "transcript-1", "classes": CLASSES, "taps": len(taps), "dilation": taps[1] - taps[0], "inputs": INPUTS,
        "credit": "Learnt from the GRID corpus (Cooke, Barker, Cunningham, Shao 2006, CC BY 4.0), the example recordings of the Montreal "
                  "Forced Aligner and of praatIO (MIT), and speech of flite's voices (BSD)",
        "left_out": sorted(left_out), "kernel": [round(float(v), 5) for v in weights.ravel()],
        "bias": [round(float(v), 5) for v in bias], "prior": [round(float(v), 5) for v in prior],
    }
    with open(options.output, "w") as file:
        json.dump(document, file, separators=(",", ":"))
        file.write("\n")
    print(f"{len(chosen)} recordings, {len(x)} frames, classes {dict(zip(CLASSES, prior.round(3).tolist()))}")


if __name__ == "__main__":
    main()
