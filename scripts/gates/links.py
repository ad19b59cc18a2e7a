"""Gate `links`: links, anchors and paths in pages lead somewhere."""
import re
from fnmatch import fnmatchcase
from posixpath import dirname, join, normpath

from .markdown import Page
from .repository import Outcome, Violation

# Paths that begin so are paths of this repository.
ROOTS = ("Sources", "Tests", "bench", "cluster", "docs", "examples", "scripts", "training", "TestMedia")
PATH = re.compile(rf"(?<![\w./~$*-])(?:\./)?((?:{'|'.join(ROOTS)})/(?:\{{[^{{}}\s]*\}}|[^\s`'\"<>|;,()={{}}])*)")
# Made by a script or by the reader, not kept: patterns of `fnmatch`.
MADE = ("TestMedia/*",)
# Pages that tell of a day: their paths are those of the commit that they name.
OF_A_DAY = ("bench/results/*", "CHANGELOG.md")
# What stands for any name: a part in capitals without an ending, such as WING, and dots.
ANY = re.compile(r"(?<![\w.])[A-Z][A-Z_]+(?![\w.])|\.{3,}|…")
ELSEWHERE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)


def check(repository):
    paths = repository.ending(".md")
    pages = {path: Page(repository.text(path)) for path in paths}
    violations, links, mentions = [], 0, 0
    for path, page in pages.items():
        for link in page.links:
            if ELSEWHERE.match(link.text):
                continue
            links += 1
            flaw = flaw_of_link(path, link.text, pages, repository)
            if flaw:
                violations.append(Violation(path, link.line, *flaw))
        if any(fnmatchcase(path, pattern) for pattern in OF_A_DAY):
            continue
        for piece in page.code + page.fenced:
            for mention in mentioned(piece.text):
                mentions += 1
                if not is_there(mention, repository):
                    violations.append(
                        Violation(path, piece.line, f"there is no {mention}",
                                  "correct it; what a script makes is listed in scripts/gates/links.py as MADE"))
    return Outcome(violations, f"{len(paths)} pages, {links} links, {mentions} paths")


def flaw_of_link(path, target, pages, repository):
    """What is wrong with a link, and what to do; nothing where it leads somewhere."""
    file, _, anchor = target.partition("#")
    if file.startswith("/"):
        place = normpath(file.lstrip("/") or ".")
    elif file:
        place = normpath(join(dirname(path), file))
    else:
        place = path
    if place.startswith(".."):
        return f"the link to {target} leaves the repository", "name the whole address, or a file of the repository"
    if not repository.holds(place):
        return f"the link to {target} leads nowhere", f"correct it; there is no {place}"
    if anchor and place in pages and anchor not in pages[place].anchors:
        near = ", ".join(sorted(pages[place].anchors)) or "none"
        return f"the link to {target} leads to no heading", f"{place} has the anchors {near}"
    return None


def mentioned(code):
    """Paths of the repository in code, without what follows them in a sentence or names a line."""
    for match in PATH.finditer(code):
        yield re.sub(r"(?::\d+)*[.:]?$", "", match[1]) if not match[1].endswith("...") else match[1]


def expanded(path):
    """The alternatives of braces, one by one."""
    match = re.search(r"\{([^{}]*)\}", path)
    if not match:
        return [path]
    return [all for part in match[1].split(",") for all in expanded(path[:match.start()] + part + path[match.end():])]


def is_there(path, repository):
    for one in expanded(path):
        pattern = ANY.sub("*", one).rstrip("/")
        if any(fnmatchcase(pattern, made) for made in MADE):
            continue
        if repository.holds(pattern):
            continue
        if not any(mark in pattern for mark in "*?["):
            return False
        if not any(fnmatchcase(there, pattern) for there in (*repository.files, *repository.folders)):
            return False
    return True
