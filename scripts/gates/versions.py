"""Gate `versions`: the packages that were resolved are those that `dependencies.lock` names.

Package.resolved itself is not kept: it names commits, and a mirror of the packages, as some of our machines use, has
other commits than GitHub for the same version. The lock keeps what is equal everywhere. Wheels are pinned by hash in
scripts/setup.
"""
import json
import os

from .repository import Outcome, Violation

LOCK = "dependencies.lock"
RESOLVED = "Package.resolved"
ACCEPT = "run 'scripts/lint versions --accept' after reading what changed in it"


def parse(text):
    """Versions by identity, the lines of each, and violations."""
    versions, lines, violations = {}, {}, []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if len(words) != 2:
            violations.append(Violation(LOCK, number, f"'{line}' is not a package and its version", ACCEPT))
        elif words[0] in versions:
            violations.append(Violation(LOCK, number, f"`{words[0]}` stands here twice", ACCEPT))
        else:
            versions[words[0]], lines[words[0]] = words[1], number
    return versions, lines, violations


def resolved(text):
    """Versions by identity; none for a package that is not taken by version."""
    return {pin["identity"]: pin["state"].get("version") for pin in json.loads(text)["pins"]}


def check(repository):
    if not (repository.root / RESOLVED).is_file():
        if os.environ.get("CI") == "true":
            wrong = Violation(RESOLVED, 1, "the packages are not resolved", "run 'swift package resolve' first")
            return Outcome([wrong], "nothing")
        return Outcome([], "nothing: not resolved yet")
    present = resolved((repository.root / RESOLVED).read_text(encoding="utf-8"))
    if not (repository.root / LOCK).is_file():
        return Outcome([Violation(LOCK, 1, "there is no such file", ACCEPT)], "nothing")
    locked, lines, violations = parse((repository.root / LOCK).read_text(encoding="utf-8"))
    for identity, version in sorted(present.items()):
        if version is None:
            violations.append(
                Violation("Package.swift", 1, f"`{identity}` is taken from a branch or a commit", "name a version"))
        elif identity not in locked:
            violations.append(Violation(LOCK, 1, f"`{identity}` {version} is resolved and not listed", ACCEPT))
        elif locked[identity] != version:
            back = f"run 'swift package resolve {identity} --version {locked[identity]}' to go back, or {ACCEPT}"
            violations.append(
                Violation(LOCK, lines[identity], f"`{identity}` is {version}, not {locked[identity]} as listed", back))
    for identity in sorted(set(locked) - set(present)):
        violations.append(Violation(LOCK, lines[identity], f"`{identity}` is listed and not resolved", ACCEPT))
    return Outcome(violations, f"{len(present)} packages")


def accept(repository):
    """Writes what is resolved into the lock."""
    present = resolved((repository.root / RESOLVED).read_text(encoding="utf-8"))
    head = "# Packages and the versions that were tested; scripts/lint versions --accept writes this.\n"
    body = "".join(f"{identity} {version}\n" for identity, version in sorted(present.items()) if version)
    (repository.root / LOCK).write_text(head + body, encoding="utf-8")
