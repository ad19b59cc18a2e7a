"""Gate `figures`: figures in pages are those of the results that they name; `scripts/lint figures --accept` fills them in.

In a page a figure stands between two comments: `<!-- figure: FILE:KEY -->0.96<!-- /figure -->`. FILE lies in bench/results; KEY is

  ROW[COLUMN]            of a table of a page: the row whose first cell is ROW, the column with that head (COLUMN#2: the second of that name)
  NAME=VALUE,...[COLUMN] of a table of values (.csv): the one row that has these values; NAME!=VALUE: that has others
  NAME=VALUE,...[#NAME=VALUE,...]  how many rows have these values (*: any) and those, if any
  /REGEX/                of a page's text: the first group of the first match

FILE is of a kind that a piece of bench/all makes, or that its BY_HAND names. The figure is written with as many decimals as the page gives it; `98 %` is 0.982 of the results.

A whole table stands between `<!-- table: FILE -->` and `<!-- /table -->`. Each of its cells is that of the table of a page in FILE whose row begins
with the same words and whose column has the same head; its numbers are held, one after another, and its words are not. After FILE, each after a semicolon:

  NAME = OTHER           the row or column NAME is called OTHER there; OTHER + OTHER: the cells of several rows, one after another
  NAME = -               the row or column is not held, as is a column without a head
"""
import ast
import csv
import io
import re

from .repository import Outcome, Violation, line_of

MARK = re.compile(r"<!-- figure: ([^\s:]+):(.+?) -->(.*?)<!-- /figure -->", re.DOTALL)
TABLE = re.compile(r"<!-- table: ([^\s;]+)([^>]*?)-->\n(.*?)<!-- /table -->", re.DOTALL)
BEGUN = re.compile(r"<!-- (?:figure|table):")
NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")
FOLDER = "bench/results/"
PIECES = "bench/all"
# Pages of a day are what figures are read from.
OF_A_DAY = ("bench/results/", "CHANGELOG.md")


class Missing(Exception):
    """A figure cannot be looked up; says why."""


def check(repository):
    violations, count, pages, made = [], 0, 0, made_kinds(repository)
    for path in marked(repository):
        text = repository.text(path)
        pages += 1
        found, tables = list(MARK.finditer(text)), list(TABLE.finditer(text))
        if len(found) + len(tables) != len(BEGUN.findall(text)):
            violations.append(Violation(path, 1, "a figure's comment is not closed", "end each with <!-- /figure -->, a table's with <!-- /table -->"))
        for mark in [*found, *tables]:
            if made is not None and kind_of(mark.group(1)) not in made:
                violations.append(Violation(path, line_of(text, mark.start()), f"no piece of {PIECES} makes {mark.group(1)}", f"name one in {PIECES}"))
        for mark in tables:
            for at, start, end, right in cells(repository, mark):
                count += 1
                line = line_of(text, mark.start(3) + at)
                if isinstance(right, Missing):
                    violations.append(Violation(path, line, str(right), "correct the comment before the table"))
                elif right != text[start:end]:
                    violations.append(Violation(path, line, f"'{text[start:end]}' is '{right}' in {mark.group(1)}", "scripts/lint figures --accept fills it in"))
        for mark in found:
            count += 1
            try:
                right = filled(mark.group(3), looked_up(repository, mark.group(1), mark.group(2)))
            except Missing as problem:
                violations.append(Violation(path, line_of(text, mark.start()), str(problem), "correct the comment"))
                continue
            if right != mark.group(3):
                violations.append(Violation(path, line_of(text, mark.start()), f"'{mark.group(3)}' is '{right}' in {mark.group(1)}",
                                            "scripts/lint figures --accept fills it in"))
    return Outcome(violations, f"{count} figures of {pages} pages")


def made_kinds(repository):
    """What the pieces of bench/all make, and what is made by hand; None where there is no such file."""
    if not repository.holds(PIECES):
        return None
    lists = {node.targets[0].id: ast.literal_eval(node.value) for node in ast.parse(repository.text(PIECES)).body
             if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in ("PIECES", "BY_HAND")}
    return {piece[0] for piece in lists["PIECES"]} | set(lists["BY_HAND"])


def kind_of(file):
    """A results file without its day and what follows it."""
    return re.split(r"-\d{4}-\d\d-\d\d", file)[0]


def accept(repository):
    """Fills every figure in; gives the pages that changed."""
    changed = []
    for path in marked(repository):
        text = repository.text(path)

        def right(mark):
            try:
                value = filled(mark.group(3), looked_up(repository, mark.group(1), mark.group(2)))
            except Missing:
                return mark.group(0)
            return mark.group(0)[:mark.start(3) - mark.start()] + value + mark.group(0)[mark.end(3) - mark.start():]

        made = MARK.sub(right, TABLE.sub(lambda mark: table_filled(repository, mark), text))
        if made != text:
            (repository.root / path).write_text(made, encoding="utf-8")
            changed.append(path)
    return changed


def marked(repository):
    return [path for path in repository.ending(".md") if not path.startswith(OF_A_DAY) and BEGUN.search(repository.text(path))]


def cells(repository, mark):
    """Of a table's mark: (place within the table, begin and end of the cell in the page, what it has to be or why that cannot be told)."""
    file, names = mark.group(1), {}
    for pair in filter(None, (each.strip() for each in mark.group(2).split(";"))):
        name, is_pair, other = pair.partition(" = ")
        if not is_pair:
            yield 0, mark.start(3), mark.start(3), Missing(f"'{pair}' is not NAME = OTHER")
        names[name.strip()] = other.strip()
    head, at = None, 0
    for number, line in enumerate(mark.group(3).split("\n")):
        if line.startswith("|"):
            parts = line.strip()[1:-1].split("|")
            plain = [part.strip().strip("*`") for part in parts]
            if head is None:
                head = plain
            elif not set("".join(plain)) <= set("-: ") and names.get(plain[0]) != "-":
                place = at + 1 + len(parts[0]) + 1
                for column, (title, part) in enumerate(zip(head[1:], parts[1:]), 1):
                    start = mark.start(3) + place + len(part) - len(part.lstrip())
                    place += len(part) + 1
                    if names.get(title, title or "-") == "-":
                        continue
                    try:
                        rows = [row.strip() for row in names.get(plain[0], plain[0]).split(" + ")]
                        right = all_filled(part.strip(), [looked_up(repository, file, f"{row}[{names.get(title, title)}]") for row in rows])
                    except Missing as problem:
                        right = problem
                    yield at, start, start + len(part.strip()), right
        at += len(line) + 1


def table_filled(repository, mark):
    """The table with every cell that can be told filled in."""
    text, begin = mark.group(0), mark.start()
    for _, start, end, right in sorted(cells(repository, mark), key=lambda cell: -cell[1]):
        if not isinstance(right, Missing):
            text = text[:start - begin] + right + text[end - begin:]
    return text


def all_filled(written, found):
    """What is written with each of its numbers replaced by that of the results' cells: by all of them, by the first of each, or of one by the first ones.

    Where they are more than the results have, the results' cells.
    """
    own = list(NUMBER.finditer(written))
    every = [[number + (" %" if "%" in cell else "") for number in NUMBER.findall(cell)] for cell in found]
    flat = [number for numbers in every for number in numbers]
    if not own:
        return written
    if len(own) == len(flat) or len(found) == 1 and len(own) < len(flat):
        other = flat
    elif len(own) == len(found) and all(every):
        other = [numbers[0] for numbers in every]
    else:
        return " ".join(found)
    made, last = "", 0
    for number, right in zip(own, other):
        percent = " %" if written[number.end():].lstrip().startswith("%") else ""
        made += written[last:number.start()] + filled(number.group() + percent, right).removesuffix(percent)
        last = number.end()
    return made + written[last:]


def filled(written, cell):
    """What is written, with the number of the results in the place of its own."""
    own, other = NUMBER.search(written), NUMBER.search(cell)
    if not own or not other:
        return cell
    decimals = len(own.group().partition(".")[2])
    value = float(other.group().replace(",", ""))
    if "%" in written and "%" not in cell:
        value *= 100
    # Away from zero at the half, as people round.
    value = f"{value + (1e-9 if value >= 0 else -1e-9):{',' if ',' in own.group() else ''}.{decimals}f}"
    if own.group().startswith("+") and not value.startswith("-"):
        value = "+" + value
    return written[:own.start()] + value + written[own.end():]


def looked_up(repository, file, key):
    path = FOLDER + file
    if not repository.holds(path):
        raise Missing(f"there is no {path}")
    text = repository.text(path)
    if key.startswith("/") and key.endswith("/"):
        found = re.search(key[1:-1], text)
        if not found or not found.groups():
            raise Missing(f"{key} is nowhere in {file}")
        return found.group(1)
    named = re.fullmatch(r"(.+)\[(.+)\]", key)
    if not named:
        raise Missing(f"'{key}' is neither ROW[COLUMN] nor /REGEX/")
    return (of_values if file.endswith(".csv") else of_page)(text, named.group(1), named.group(2), file)


def of_values(text, row, column, file):
    is_count = column.startswith("#")
    conditions = ([] if row == "*" else row.split(",")) + (column[1:].split(",") if is_count and column != "#" else [])
    table, wanted = csv.DictReader(io.StringIO(text)), []
    for condition in conditions:
        found = re.fullmatch(r"([^=!]+)(!?)=(.*)", condition)
        if not found or found.group(1) not in (table.fieldnames or []):
            raise Missing(f"'{condition}' is not a value of a column of {file}")
        wanted.append(found.groups())
    rows = [each for each in table if all((each[name] == value) == (negated == "") for name, negated, value in wanted)]
    if is_count:
        return str(len(rows))
    if len(rows) != 1 or column not in rows[0]:
        raise Missing(f"{len(rows)} rows of {file} have {row}" if len(rows) != 1 else f"{file} has no column '{column}'")
    return rows[0][column]


def of_page(text, row, column, file):
    name, _, which = column.partition("#")
    found, head = [], []
    lines = [[cell.strip() for cell in line.strip()[1:-1].split("|")] if line.startswith("|") else None for line in text.split("\n")]
    for at, cells in enumerate(lines):
        if cells is None:
            continue
        if at + 1 < len(lines) and lines[at + 1] and set("".join(lines[at + 1])) <= set("-: "):
            # The head of a table; rows go on after a line of text between them.
            head = cells
        elif cells[0] == row:
            columns = [place for place, title in enumerate(head) if title == name]
            place = int(which or 1) - 1
            if place < len(columns) and columns[place] < len(cells):
                found.append(cells[columns[place]])
    if len(found) != 1:
        raise Missing(f"{len(found)} cells of {file} are '{row}' in '{column}'")
    return found[0]
