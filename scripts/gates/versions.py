"""Gate `versions`: one version of the program everywhere, and the resolved packages are those of `dependencies.lock`.

The version is the one in `Version.swift`. The Python package states it, the first section of the changelog is about it,
and pages and configurations that name a package, an image or a tag of Genlock name that one.

Package.resolved itself is not kept: it names commits, and a mirror of the packages, as some of our machines use, has
other commits than GitHub for the same version. The lock keeps what is equal everywhere. Wheels are pinned by hash in
scripts/setup.
"""
import json
import os
import re

from .repository import Outcome, Violation, line_of

TOOL = "Sources/Values/SyncModel/Version.swift"
CHANGES = "CHANGELOG.md"
NUMBER = r"(\d+\.\d+\.\d+)"
#: Files that have to state the version, and how.
STATED = {
    "python/pyproject.toml": rf'^version = "{NUMBER}"',
    "python/src/genlock/__init__.py": rf'^__version__ = "{NUMBER}"',
    CHANGES: rf"\A# Changes\n\n## {NUMBER}",
}
#: How other files name a wheel, an image, a Debian package or a tag; and which are read.
NAMED = re.compile(rf"\bgenlock(?:-voices|-words)?(?:==|:|_|-|@v){NUMBER}|^ *rev: v{NUMBER}", re.M)
NAMING = (".md", ".toml", ".yml", ".yaml", "Dockerfile")

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


def tool(repository):
    """The program's version; none where it is not stated."""
    if TOOL not in repository.files:
        return None
    found = re.search(rf'static let tool = "{NUMBER}"', repository.text(TOOL))
    return found and found[1]


def disagreements(repository):
    """Where another version than the program's is stated, or none."""
    version = tool(repository)
    if version is None:
        return [Violation(TOOL, 1, "the program's version is not stated", 'write static let tool = "1.2.3"')]
    found = []
    for path, pattern in STATED.items():
        match = re.search(pattern, repository.text(path), re.M) if path in repository.files else None
        if match is None:
            found.append(Violation(path, 1, "it does not state a version where it should", f"state {version}"))
        elif match[1] != version:
            line = line_of(repository.text(path), match.start(1))
            found.append(Violation(path, line, f"it states {match[1]}, but {TOOL} states {version}", f"write {version}"))
    for path in repository.ending(*NAMING):
        if path == CHANGES or path.startswith("bench/results/"):
            continue
        for match in NAMED.finditer(repository.text(path)):
            named = match[1] or match[2]
            if named != version:
                line = line_of(repository.text(path), match.start())
                found.append(
                    Violation(path, line, f"it names Genlock {named}, but {TOOL} states {version}", f"write {version}"))
    return found


def check(repository):
    packages = resolution(repository)
    return Outcome(
        disagreements(repository) + packages.violations, f"version {tool(repository)}; packages: {packages.looked_at}")


def resolution(repository):
    """Whether the resolved packages are those of the lock."""
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
    return Outcome(violations, f"{len(present)}")


def accept(repository):
    """Writes what is resolved into the lock."""
    present = resolved((repository.root / RESOLVED).read_text(encoding="utf-8"))
    head = "# Packages and the versions that were tested; scripts/lint versions --accept writes this.\n"
    body = "".join(f"{identity} {version}\n" for identity, version in sorted(present.items()) if version)
    (repository.root / LOCK).write_text(head + body, encoding="utf-8")
