"""alignbench make | score | run | publish | croissant | tools: see bench/public/README.md."""
import argparse
import sys
from pathlib import Path

from . import table


def make(given):
    from . import sources
    from .recipes import all as recipes

    material = list(sources.test_media(given.test_media, given.synth, Path(given.folder) / "spoken")) if given.test_media else []
    if given.corpus:
        material += sources.corpus(given.corpus)
    if given.sources:
        material += sources.folder(given.sources)
    items = recipes.make(given.folder, material, given.size, given.seed, given.tracks.split(",") if given.tracks else None,
                         lambda line: print(line, file=sys.stderr, flush=True))
    print(f"{len(items)} items in {given.folder}/items.csv")


def score(given):
    from . import page

    items = table.read_items(given.items)
    if given.split:
        items = [item for item in items if item.split == given.split]
    named = [(Path(path).stem, table.read_answers(path, table.read_items(given.items))) for path in given.answers]
    if given.csv:
        page.write_scores(given.csv, items, named, given.resamples)
    else:
        print(page.text(items, named, given.resamples))


def run(given):
    from . import run as runner

    runner.run(given)


def publish(given):
    from . import page

    page.publish(given.folder, given.answers, given.results, given.command, given.resamples)


def croissant(given):
    from . import croissant as writer

    print(writer.write(given.folder))


def tools(given):
    from .tools import TOOLS, UNAVAILABLE, described

    for tool in TOOLS:
        print(described(tool))
    for name, why in UNAVAILABLE.items():
        print(f"{name}: not run: {why}")


def main():
    parser = argparse.ArgumentParser(prog="alignbench", description=__doc__)
    verbs = parser.add_subparsers(required=True)
    verb = verbs.add_parser("make", help="make the items from sources, by seed")
    verb.add_argument("folder")
    verb.add_argument("--corpus", help="and a corpus in the layout of GENLOCK_CORPUS")
    verb.add_argument("--sources", help="and a folder with sources.csv")
    verb.add_argument("--test-media", default="TestMedia", help="TestMedia of the repository; empty: without it")
    verb.add_argument("--synth", default=".build/release/genlock-speech-synth")
    verb.add_argument("--size", choices=("small", "medium", "full"), default="small")
    verb.add_argument("--seed", type=int, default=28)
    verb.add_argument("--tracks", help="only these, by commas")
    verb.set_defaults(do=make)
    verb = verbs.add_parser("score", help="score submissions against a truth table")
    verb.add_argument("items")
    verb.add_argument("answers", nargs="+")
    verb.add_argument("--split", choices=table.SPLITS)
    verb.add_argument("--csv", help="write every score here instead of a page")
    verb.add_argument("--resamples", type=int, default=1000)
    verb.set_defaults(do=score)
    verb = verbs.add_parser("run", help="run programs side by side over the items; each gives a submission")
    verb.add_argument("folder", help="what `make` made")
    verb.add_argument("output", help="folder of the submissions; what is there is not run again")
    verb.add_argument("--tools", help="names by commas (default: all that are installed)")
    verb.add_argument("--tracks")
    verb.add_argument("--limit", type=int, help="at most so many files of a track, spread over all of them")
    verb.add_argument("--timeout", type=float, default=300, help="seconds for one item")
    verb.set_defaults(do=run)
    verb = verbs.add_parser("publish", help="a page and raw rows of a run")
    verb.add_argument("folder")
    verb.add_argument("answers")
    verb.add_argument("results", help="path of the page without its ending")
    verb.add_argument("--command", default="")
    verb.add_argument("--resamples", type=int, default=1000)
    verb.set_defaults(do=publish)
    verb = verbs.add_parser("croissant", help="describe a made folder as JSON-LD")
    verb.add_argument("folder")
    verb.set_defaults(do=croissant)
    verb = verbs.add_parser("tools", help="what can be run here, and what not and why")
    verb.set_defaults(do=tools)
    given = parser.parse_args()
    try:
        given.do(given)
    except table.Flaw as flaw:
        print(f"alignbench: {flaw}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
