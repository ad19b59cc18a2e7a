"""The repository as the gates see it: its files, their text, and what a gate says of them."""
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Violation:
    """One line for people: where, what is wrong, what to do about it."""

    file: str
    line: int
    wrong: str
    remedy: str

    def __str__(self):
        return f"{self.file}:{self.line}: {self.wrong}: {self.remedy}"


@dataclass
class Outcome:
    """What a gate found; `looked_at` says in words what it has seen, so that an empty look is noticed."""

    violations: list
    looked_at: str


class Repository:
    def __init__(self, root):
        self.root = Path(root).resolve()
        self._files = None
        self._folders = None
        self._texts = {}

    @property
    def files(self):
        """Paths of all files that are tracked, or new and not ignored, relative to the root, in order."""
        if self._files is None:
            self._files = sorted(path for path in self._listed() if (self.root / path).is_file())
        return self._files

    def _listed(self):
        if (self.root / ".git").exists():
            command = ["git", "-C", str(self.root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
            try:
                listed = subprocess.run(command, capture_output=True, check=True).stdout.decode()
                return {path for path in listed.split("\0") if path}
            except (FileNotFoundError, subprocess.CalledProcessError):
                pass
        # An archive without history, or no git that reads it: all but what is hidden or made.
        found = set()
        for folder, inner, names in os.walk(self.root):
            inner[:] = [name for name in inner if not name.startswith(".") and name != "__pycache__"]
            found.update(str((Path(folder) / name).relative_to(self.root)) for name in names)
        return found

    @property
    def folders(self):
        """All folders that hold a file, at any depth."""
        if self._folders is None:
            self._folders = {str(parent) for path in self.files for parent in Path(path).parents}
        return self._folders

    def ending(self, *endings):
        return [path for path in self.files if path.endswith(endings)]

    def text(self, path):
        if path not in self._texts:
            self._texts[path] = (self.root / path).read_text(encoding="utf-8")
        return self._texts[path]

    def lines(self, path):
        return self.text(path).split("\n")

    def holds(self, path):
        return path in self.folders or (self.root / path).is_file() and path in self.files


def line_of(text, offset):
    """The number of the line, from 1, in which a place of the text lies."""
    return text.count("\n", 0, offset) + 1
