"""Gate `columns`: no line of a Swift file has more than 120 characters."""
import unicodedata

from .repository import Outcome, Violation

MOST = 120
JOINER = "\u200d"


def width(line):
    """Characters as Swift counts them, but for flags: marks, and what is joined to the character before, add none."""
    count, is_joined = 0, False
    for character in unicodedata.normalize("NFC", line):
        if character == JOINER:
            is_joined = True
        elif unicodedata.category(character)[0] != "M":
            count += 0 if is_joined else 1
            is_joined = False
    return count


def check(repository):
    files = repository.ending(".swift")
    violations = []
    for path in files:
        for number, line in enumerate(repository.lines(path), 1):
            columns = width(line.removesuffix("\r")) if len(line) > MOST else 0
            if columns > MOST:
                violations.append(
                    Violation(path, number, f"{columns} characters, {MOST} are allowed",
                              "break it; a long text becomes a multi-line literal with '\\' at its lines' ends"))
    return Outcome(violations, f"{len(files)} Swift files")
