"""Finds and runs the program."""

from __future__ import annotations

import importlib.util
import itertools
import json
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ._options import PathName

#: The environment variable for a program other than the one in this package.
VARIABLE = "GENLOCK_PROGRAM"
#: Exit statuses of the program that are about clips, not about the program.
TELLING = (0, 1, 2)


class GenlockError(Exception):
    """The program could not run, was used wrongly, or gave no answer.

    Answers about clips do not raise this, also not bad ones: a clip that cannot be read is a report with the verdict
    `failed` and an `error`, and what `fix` refuses is in its document.
    """

    def __init__(self, message: str, remedy: str, status: int | None = None) -> None:
        super().__init__(f"{message}: {remedy}")
        #: What went wrong, and with which file.
        self.message = message
        #: What to do about it.
        self.remedy = remedy
        #: The program's exit status; None: it did not run.
        self.status = status


def program() -> str:
    """The path of the program: `$GENLOCK_PROGRAM`, else the one in this package, else the first on the PATH.

    The command `genlock` of this package is none: it would call this function again.
    """
    named = os.environ.get(VARIABLE)
    if named:
        if not os.access(named, os.X_OK):
            raise GenlockError(f"{VARIABLE} is {named}, which is not a program", "set it to the program, or unset it")
        return named
    own = Path(__file__).with_name("program") / "genlock"
    if os.access(own, os.X_OK):
        return str(own)
    scripts = Path(sys.executable).parent
    for folder in os.get_exec_path():
        found = shutil.which("genlock", path=folder)
        if found and not Path(found).parent.samefile(scripts):
            return found
    raise GenlockError("this package has no genlock program", f"install the wheel, or set {VARIABLE} to the program")


def environment() -> dict[str, str]:
    """This process's environment, with the inference library's path and the Python interpreter for training."""
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
    """The program's message on stderr, as an exception."""
    lines = [line for line in said.strip().splitlines() if line.strip()]
    marks = ("genlock: ", "Error: ")
    own = [line.split(": ", 1)[1] for line in lines if line.startswith(marks)]
    text = own[-1] if own else (lines[-1] if lines else f"genlock ended with status {status}")
    if own and text.endswith(":"):
        # A list of what is allowed, up to the usage.
        last = max(index for index, line in enumerate(lines) if line.startswith(marks))
        listed = itertools.takewhile(lambda line: not line.startswith(("Usage:", "Help:")), lines[last + 1 :])
        choices = [line.strip().removeprefix("- ").split("  ")[0] for line in listed]
        return GenlockError(text.removesuffix("following:").rstrip(":. "), ", ".join(choices), status)
    if status < 0:
        return GenlockError(f"genlock was killed by signal {-status}", "run 'genlock doctor'", status)
    for mark in ("; ", ": "):
        message, found, remedy = text.rpartition(mark)
        if found:
            return GenlockError(message, remedy, status)
    return GenlockError(text, "see 'genlock --help'" if status == 64 else "run 'genlock doctor'", status)


def hold(status: int, said: str, *, has_answered: bool) -> None:
    """Raises GenlockError if the program did not do what was requested.

    - status: its exit status; below 0: the signal that ended it.
    - said: its output on stderr.
    - has_answered: whether it gave a result. Status 2 is then about clips that cannot be read.
    """
    if status not in TELLING or (status == 2 and not has_answered):
        raise failure(status, said)


def run(arguments: Sequence[str], *, output: PathName | None = None, warns: bool = False) -> str:
    """Runs the program and returns its output.

    - output: the file to which it writes its answer, if it does not print it.
    - warns: what it could not use, and says beside its answer, becomes Python warnings.

    Raises GenlockError if it failed without an answer.
    """
    command = [program(), *arguments]
    before = _stamp(output)
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, env=environment(), check=False)
    has_answered = bool(done.stdout.strip()) or _stamp(output) not in (None, before)
    said = done.stderr.decode("utf-8", "replace")
    hold(done.returncode, said, has_answered=has_answered)
    for line in said.splitlines() if warns else ():
        if line.startswith("genlock: "):
            # Of the caller of the verb.
            warnings.warn(line.removeprefix("genlock: "), stacklevel=4)
    return done.stdout.decode("utf-8")


def _stamp(path: PathName | None) -> tuple[int, int] | None:
    """A value that changes when a file is rewritten; None: no file."""
    try:
        found = None if path is None else os.stat(path)
    except OSError:
        return None
    return None if found is None else (found.st_mtime_ns, found.st_ino)


def document(arguments: Sequence[str], *, warns: bool = False) -> dict[str, Any]:
    """Runs the program with `--json` and returns its document."""
    result = json.loads(run([*arguments, "--json", "--quiet"], warns=warns))
    if not isinstance(result, Mapping):
        raise GenlockError("genlock printed no JSON object", "install the same version of package and program")
    return dict(result)


def main() -> None:
    """The command `genlock`: becomes the program."""
    try:
        path = program()
    except GenlockError as error:
        print(f"genlock: {error}", file=sys.stderr)
        sys.exit(2)
    os.execve(path, ["genlock", *sys.argv[1:]], environment())
