"""Gate `modules`: the folders, Package.swift, the imports and the table in CONTRIBUTING.md say the same."""
import json
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from . import room_table
from .repository import Outcome, Violation, line_of
from .room_table import PAGE, WINGS
from .swift_source import imports

MANIFEST = "Package.swift"
# What comes with the compiler and the system, of all that is used here.
TOOLCHAIN = {
    "Swift", "Foundation", "FoundationEssentials", "FoundationNetworking", "FoundationXML", "Dispatch",
    "Synchronization", "RegexBuilder", "Observation", "Glibc", "Musl", "Darwin", "Testing", "XCTest",
    "PackageDescription",
}
SOURCE_ENDINGS = (".swift", ".c", ".cpp", ".h", ".modulemap")


class Unreadable(Exception):
    """Package.swift cannot be asked."""


@dataclass
class Target:
    name: str
    kind: str
    # None: Package.swift leaves it to SwiftPM.
    stated_path: str
    # Of targets and products alike, in the order declared.
    dependencies: list
    products: set
    exclude: list
    line: int
    files: list = field(default_factory=list)

    @property
    def path(self):
        return self.stated_path or ("Tests/" if self.kind == "test" else "Sources/") + self.name

    @property
    def parts(self):
        return PurePosixPath(self.path).parts

    @property
    def module(self):
        """The name by which Swift imports it."""
        return re.sub(r"\W", "_", self.name)

    @property
    def room(self):
        """The name by which the table knows it: that of its folder, as programs have names with hyphens."""
        return self.parts[-1]

    @property
    def is_source(self):
        return self.parts[0] == "Sources"

    @property
    def wing(self):
        return self.parts[1] if len(self.parts) == 3 and self.parts[1] in WINGS else None


def dumped(repository):
    try:
        ran = subprocess.run(
            ["swift", "package", "dump-package"], cwd=repository.root, capture_output=True, text=True, check=True)
        return json.loads(ran.stdout)
    except FileNotFoundError:
        raise Unreadable("there is no swift to read it with", "install Swift from swift.org/install")
    except (subprocess.CalledProcessError, json.JSONDecodeError) as error:
        said = [line for line in (getattr(error, "stderr", "") or "").splitlines() if "error:" in line]
        what = said[0].strip() if said else error
        raise Unreadable(f"it cannot be read ({what})", "run 'swift package dump-package'")


def declared_on(manifest, name):
    """The line of Package.swift that declares a target: the last call that opens with its name, or a wing and it."""
    quoted = re.escape(f'"{name}"')
    for pattern in (rf"\w\(\s*(?:\.\w+,\s*)?(?:\w+:\s*)?{quoted}", quoted):
        found = list(re.finditer(pattern, manifest))
        if found:
            return line_of(manifest, found[-1].end())
    return 1


def targets(document, repository):
    manifest = repository.text(MANIFEST)
    result = []
    for entry in document["targets"]:
        dependencies, products = [], set()
        for dependency in entry["dependencies"]:
            (kind, value), = dependency.items()
            dependencies.append(value[0])
            if kind == "product":
                products.add(value[0])
        target = Target(
            entry["name"], entry["type"], (entry.get("path") or "").rstrip("/"), dependencies, products,
            entry.get("exclude", []), declared_on(manifest, entry["name"]))
        left_out = tuple(f"{target.path}/{path}" for path in target.exclude)
        target.files = [
            path for path in repository.files
            if path.startswith(target.path + "/") and path.endswith(SOURCE_ENDINGS)
            and not any(path == out or path.startswith(out + "/") for out in left_out)
        ]
        result.append(target)
    return result


def check(repository):
    try:
        found = targets(dumped(repository), repository)
    except Unreadable as error:
        return Outcome([Violation(MANIFEST, 1, *error.args)], "nothing")
    rows, problems = room_table.parse(repository.text(PAGE))
    violations = [Violation(PAGE, problem.line, problem.wrong, problem.remedy) for problem in problems]
    by_name = {target.name: target for target in found}
    violations += places(found, repository)
    if rows:
        violations += table(found, rows, by_name)
    violations += directions(found, by_name)
    for target in found:
        violations += uses(target, found, by_name, repository)
    sources = sum(target.is_source for target in found)
    return Outcome(violations, f"{sources} modules, {len(found) - sources} other targets, {len(rows)} rows")


def places(found, repository):
    """Every target lies in a wing, and no source lies outside a target."""
    for target in found:
        if target.kind == "test":
            yield from test_place(target, found)
        elif target.is_source:
            if target.wing is None:
                yield Violation(
                    MANIFEST, target.line, f"`{target.name}` lies in {target.path}",
                    f"move it to Sources/WING/NAME with one of {', '.join(WINGS)}, and say so with 'path:'")
            elif target.kind != "executable" and target.room != target.name:
                yield Violation(
                    MANIFEST, target.line, f"`{target.name}` lies in a folder of another name, {target.path}",
                    f"rename the folder to {target.name}")
        if not target.files:
            yield Violation(
                MANIFEST, target.line, f"`{target.name}` has no sources in {target.path}",
                "set its path right, or drop it")
    told = set()
    homes = tuple(target.path + "/" for target in found)
    for path in repository.files:
        folder = str(PurePosixPath(path).parent)
        if not path.startswith(("Sources/", "Tests/")) or not path.endswith(SOURCE_ENDINGS) or folder in told:
            continue
        if not path.startswith(homes):
            told.add(folder)
            yield Violation(path, 1, f"{folder} belongs to no target", f"declare it in {MANIFEST}, or remove it")


def test_place(target, found):
    if target.parts[0] != "Tests" or target.wing is None or target.room != target.name:
        yield Violation(
            MANIFEST, target.line, f"`{target.name}` lies in {target.path}",
            f"move it to Tests/WING/{target.name} with the wing of what it tests, and say so with 'path:'")
        return
    tested = [other for other in found if other.is_source and other.room + "Tests" == target.name]
    if tested and tested[0].wing not in (None, target.wing):
        yield Violation(
            MANIFEST, target.line,
            f"`{target.name}` lies in the wing {target.wing}, {tested[0].room} in {tested[0].wing}",
            f"move it to Tests/{tested[0].wing}/{target.name}")


def table(found, rows, by_name):
    """Every module has one row, in its wing, and the row's imports are what Package.swift declares."""
    rooms = {target.room: target for target in found if target.is_source}
    row_of = {}
    for row in rows:
        for name in row.modules:
            if name in row_of:
                yield Violation(
                    PAGE, row.line, f"`{name}` has a row already, in line {row_of[name].line}", "keep one of the two")
            elif name not in rooms:
                yield Violation(PAGE, row.line, f"`{name}` is no folder of a target in Sources", "correct or remove it")
            row_of.setdefault(name, row)
    for name, target in rooms.items():
        row = row_of.get(name)
        if row is None:
            yield Violation(
                MANIFEST, target.line, f"`{name}` has no row in the table of {PAGE}",
                "write one: its wing, what it knows, what it may import")
            continue
        if target.wing is not None and row.wing != target.wing:
            yield Violation(
                PAGE, row.line, f"`{name}` stands in the wing {row.wing} and lies in {target.path}",
                "move the folder, or correct the row")
        declared = {by_name[other].room if other in by_name else other for other in target.dependencies}
        for other in sorted(declared - row.imports):
            yield Violation(
                MANIFEST, target.line, f"`{name}` depends on `{other}`, which its row does not allow",
                f"drop it, or add it to the row ({PAGE}:{row.line})")
        for other in sorted(row.imports - declared):
            yield Violation(
                PAGE, row.line, f"`{name}` may import `{other}`, which {MANIFEST} does not declare for it",
                f"take it out of the row, or declare it ({MANIFEST}:{target.line})")


def directions(found, by_name):
    """No module depends on one of a later wing, or on what is no module. Circles in a wing SwiftPM refuses itself."""
    for target in found:
        for name in target.dependencies if target.is_source else ():
            other = by_name.get(name)
            if other is None:
                continue
            if not other.is_source:
                yield Violation(
                    MANIFEST, target.line, f"`{target.name}` depends on `{name}`, which lies outside Sources",
                    "modules build on modules only")
            elif target.wing and other.wing and WINGS.index(other.wing) > WINGS.index(target.wing):
                yield Violation(
                    MANIFEST, target.line,
                    f"`{target.name}` of {target.wing} depends on `{name}` of the later wing {other.wing}",
                    "turn the dependency round, or move what both need into an earlier wing")


def uses(target, found, by_name, repository):
    """What a target's files import is declared, and what is declared is imported."""
    modules = {other.module: other for other in found}
    products = {name for other in found for name in other.products}
    imported = set()
    for path in target.files:
        if not path.endswith(".swift"):
            continue
        for statement in imports(repository.text(path)):
            name = statement.module
            imported.add(name)
            if name == target.module or name in TOOLCHAIN or name.startswith("_"):
                continue
            declared = modules[name].name if name in modules else name
            if declared in target.dependencies:
                continue
            if name in modules or name in products:
                remedy = f"declare it in {MANIFEST} and in the module's row, or do without"
                wrong = f"`{name}` is imported, and `{target.name}` does not declare it"
            else:
                wrong = f"`{name}` is imported, of which {MANIFEST} says nothing"
                remedy = "declare its product; if the toolchain brings it, list it in scripts/gates/modules.py"
            yield Violation(path, statement.line, wrong, remedy)
    for name in target.dependencies:
        other = by_name.get(name)
        # Programs are built for a test that runs them.
        if target.kind == "test" and other is not None and other.kind == "executable":
            continue
        if (other.module if other else name) not in imported:
            yield Violation(
                MANIFEST, target.line, f"`{target.name}` declares `{name}` and imports it nowhere",
                "drop the dependency")
