"""One tool in a process of its own: a question a line of standard input, an answer a line of standard output, with the processor time that it took."""
import json
import os
import resource
import sys
import traceback


def spent():
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def main():
    # What a program prints itself does not mix with the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    from .tools import load

    answer = load(sys.argv[1])
    sys.argv = sys.argv[:1]  # some read the command line that they think is theirs
    print(json.dumps({"ready": True}), file=answers, flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        os.environ["ALIGNBENCH_LANGUAGE"] = asked["language"]
        before = spent()
        try:
            parts = answer(asked["track"], asked["reference"], asked["subject"], asked["parts"])
            made = {"parts": [[part, told] for part, told in parts.items()]}
        except Exception as problem:  # a program's own failure is an answer: it abstains, and its words are kept
            traceback.print_exc(limit=3)
            made = {"parts": [], "problem": f"{type(problem).__name__}: {problem}"[:200]}
        made["seconds"] = spent() - before
        print(json.dumps(made), file=answers, flush=True)


main()
