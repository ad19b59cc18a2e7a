"""Where the program is, and one run of it."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ._options import PathName

#: The variable that names another program than the one in this package.
VARIABLE = "GENLOCK_PROGRAM"
#: The program's exit statuses that tell of clips and not of itself.
TELLING = (0, 1, 2)


class GenlockError(Exception):
    """The program could not do what it was asked for.

    A clip that cannot be read is no exception: it is a report with the verdict `failed` and an `error`.
    """

    def __init__(self, message: str, remedy: str, status: int | None = None) -> None:
        super().__init__(f"{message}: {remedy}")
        #: What went wrong, with the file.
        self.message = message
        #: What to do about it.
        self.remedy = remedy
        #: How the program ended; None: it did not run.
        self.status = status


def program() -> str:
    """The path of the program: `$GENLOCK_PROGRAM`, else the one in this package, else one on the PATH."""
    named = os.environ.get(VARIABLE)
    if named:
        if not os.access(named, os.X_OK):
            raise GenlockError(f"{VARIABLE} names {named}, which is no program", "name the program, or unset it")
        return named
    own = Path(__file__).with_name("program") / "genlock"
    if os.access(own, os.X_OK):
        return str(own)
    on_path = shutil.which("genlock")
    # A console script of this package would lead back here.
    if on_path and not Path(on_path).parent.samefile(Path(sys.executable).parent):
        return on_path
    raise GenlockError("this package holds no genlock program", f"install the wheel, or set {VARIABLE} to the program")


def environment() -> dict[str, str]:
    """This process's environment, where the inference library lies, and the Python that has what training needs."""
    result = dict(os.environ)
    result.setdefault("GENLOCK_PYTHON", sys.executable)
    if not result.get("GENLOCK_OPENVINO"):
        found = importlib.util.find_spec("openvino")
        for place in (found.submodule_search_locations or []) if found else []:
            libraries = os.path.join(place, "libs")
            if os.path.isdir(libraries):
                result["GENLOCK_OPENVINO"] = libraries
                break
    return result


def failure(status: int, said: str) -> GenlockError:
    """What the program said on stderr, as an exception."""
    lines = [line for line in said.strip().splitlines() if line.strip()]
    marks = ("genlock: ", "Error: ")
    own = [line.split(": ", 1)[1] for line in lines if line.startswith(marks)]
    text = own[-1] if own else (lines[-1] if lines else f"genlock ended with status {status}")
    if status < 0:
        return GenlockError(f"genlock was ended by signal {-status}", "run 'genlock doctor'", status)
    for mark in ("; ", ": "):
        message, found, remedy = text.rpartition(mark)
        if found:
            return GenlockError(message, remedy, status)
    return GenlockError(text, "see 'genlock --help'" if status == 64 else "run 'genlock doctor'", status)


def hold(status: int, said: str, *, has_answered: bool) -> None:
    """Raises GenlockError where the program did not do what it was asked for.

    - status: how it ended; below 0: by which signal.
    - said: what it said on stderr.
    - has_answered: it gave what it was asked for. Status 2 then tells of clips that cannot be read.
    """
    if status not in TELLING or (status == 2 and not has_answered):
        raise failure(status, said)


def run(arguments: Sequence[str], *, output: PathName | None = None) -> str:
    """Runs the program and returns what it printed.

    - output: the file that it is to write its answer to, if it does not print it.

    Raises GenlockError where it complained and gave no answer.
    """
    command = [program(), *arguments]
    before = _stamp(output)
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, env=environment(), check=False)
    has_answered = bool(done.stdout.strip()) or _stamp(output) not in (None, before)
    hold(done.returncode, done.stderr.decode("utf-8", "replace"), has_answered=has_answered)
    return done.stdout.decode("utf-8")


def _stamp(path: PathName | None) -> tuple[int, int] | None:
    """What changes when a file is written anew; None: there is none."""
    try:
        found = None if path is None else os.stat(path)
    except OSError:
        return None
    return None if found is None else (found.st_mtime_ns, found.st_ino)


def document(arguments: Sequence[str]) -> dict[str, Any]:
    """Runs the program with `--json` and returns its document."""
    result = json.loads(run([*arguments, "--json", "--quiet"]))
    if not isinstance(result, Mapping):
        raise GenlockError("genlock printed no JSON object", "install a package and a program of the same version")
    return dict(result)


def main() -> None:
    """The command `genlock`: becomes the program."""
    try:
        path = program()
    except GenlockError as error:
        print(f"genlock: {error}", file=sys.stderr)
        sys.exit(2)
    os.execve(path, ["genlock", *sys.argv[1:]], environment())
