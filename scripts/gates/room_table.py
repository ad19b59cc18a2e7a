"""The table of modules in CONTRIBUTING.md: a row says the wing, the modules, what they know, what they may import."""
import re
from dataclasses import dataclass

PAGE = "CONTRIBUTING.md"
WINGS = (
    "Values", "Libraries", "Signals", "Reading", "Perception", "Analysis", "Scanning", "Corpus", "Repair", "Presenting",
    "Programs",
)
HEAD = ["wing", "module", "what it knows", "what it may import"]
NONE = "nothing"


@dataclass(frozen=True)
class Row:
    line: int
    wing: str
    modules: tuple
    imports: frozenset


@dataclass(frozen=True)
class Problem:
    line: int
    wrong: str
    remedy: str


def cells(line):
    """The cells of a table's line; none where it is no such line. A bar after a backslash is a bar."""
    line = line.strip()
    if not line.startswith("|"):
        return None
    return [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))]


def names(cell):
    """Names in backticks, several in a pair too; and what else the cell says, but for commas and bracketed remarks."""
    found = [name for span in re.findall(r"`([^`]*)`", cell) for name in span.split()]
    rest = re.sub(r"\([^()]*\)|`[^`]*`|,|;|\band\b", " ", cell).split()
    return found, " ".join(rest)


def parse(text):
    """The rows of the table, and what is wrong with it."""
    lines = text.split("\n")
    starts = [number for number, line in enumerate(lines) if cells(line) and [c.lower() for c in cells(line)] == HEAD]
    if len(starts) != 1:
        heading = " | ".join(HEAD)
        return [], [Problem(1, f"{len(starts)} tables are headed '{heading}'", "keep one, with all modules")]
    rows, problems = [], []
    for number, line in enumerate(lines[starts[0] + 2:], starts[0] + 3):
        row = cells(line)
        if row is None:
            break
        problem = flaw(row)
        if problem:
            problems.append(Problem(number, *problem))
            continue
        imports, _ = names(row[3])
        rows.append(Row(number, row[0].strip("` "), tuple(names(row[1])[0]), frozenset(imports)))
    return rows, problems


def flaw(row):
    """What is wrong with one row, and what to do; nothing where it can be read."""
    if len(row) != len(HEAD):
        return f"the row has {len(row)} cells", f"give it {len(HEAD)}: {', '.join(HEAD)}"
    wing = row[0].strip("` ")
    if wing not in WINGS:
        return f"'{wing}' is no wing", f"name one of {', '.join(WINGS)}"
    modules, rest = names(row[1])
    if not modules or rest:
        return f"'{row[1]}' does not name modules", "name them in backticks, with commas, and nothing else"
    if len(set(modules)) < len(modules):
        return f"'{row[1]}' names a module twice", "name it once"
    imports, rest = names(row[3])
    if (rest != NONE) if not imports else rest:
        return f"'{row[3]}' does not name what may be imported", f"name all in backticks, or say {NONE}"
    if len(set(imports)) < len(imports):
        return f"'{row[3]}' names one twice", "name it once"
    return None
