"""Tests of the gates on small repositories that are made and broken on purpose.

    python3 -m unittest discover scripts/gates -t scripts
"""
import contextlib
import json
import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from . import architecture, classes, columns, figures, formatting, links, markdown, modules, room_table, swift_source, versions
from .repository import Repository

TABLE = """
| wing | module | what it knows | what it may import |
|---|---|---|---|
| Values | `Core` | values | nothing |
| Libraries | `CSound` | a C library | nothing |
| Signals | `Waves`, `Marks` | signals | `Core`, `CSound` |
| Programs | `Tool` | the program | `Core`, `Waves`, `Marks`, `Parser` |
"""


def target(name, path, *dependencies, kind="regular"):
    entries = [{"product": [other, "package", None, None]} if other == "Parser" else {"byName": [other, None]}
               for other in dependencies]
    return {"name": name, "type": kind, "path": path, "dependencies": entries, "exclude": []}


def package():
    """A package in which all is well: its targets by name, and its files."""
    found = [
        target("Core", "Sources/Values/Core"),
        target("CSound", "Sources/Libraries/CSound", kind="system"),
        target("Waves", "Sources/Signals/Waves", "Core", "CSound"),
        target("Marks", "Sources/Signals/Marks", "Core", "CSound"),
        target("the-tool", "Sources/Programs/Tool", "Core", "Waves", "Marks", "Parser", kind="executable"),
        target("CoreTests", "Tests/Values/CoreTests", "Core", "the-tool", kind="test"),
    ]
    files = {
        "CONTRIBUTING.md": TABLE,
        "Package.swift": "".join(f'    .target(name: "{entry["name"]}"),\n' for entry in found),
        "Sources/Values/Core/Core.swift": "import Foundation\n",
        "Sources/Libraries/CSound/module.modulemap": "module CSound {}\n",
        "Sources/Signals/Waves/Waves.swift": "public import Core\nimport CSound\n",
        "Sources/Signals/Marks/Marks.swift": "internal import Core\npackage import struct CSound.Frame\n",
        "Sources/Programs/Tool/Tool.swift": "import Core\nimport Marks\nimport Waves\nimport Parser\n",
        "Tests/Values/CoreTests/CoreTests.swift": "import Testing\n@testable import Core\n",
    }
    return {entry["name"]: entry for entry in found}, files


class Made(unittest.TestCase):
    def made(self, files):
        """A repository without history that holds these files."""
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        for path, text in files.items():
            file = Path(place.name) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return Repository(place.name)

    def told(self, outcome, *parts):
        """Asserts that the gate says one thing a part, and that each part is in what it says."""
        said = [str(violation) for violation in sorted(outcome.violations)]
        self.assertEqual(len(said), len(parts), said)
        for part in parts:
            self.assertTrue(any(part in line for line in said), (part, said))


class ClassesGate(Made):
    MAKER = "import pathlib, sys\nsys.exit(pathlib.Path('docs.json').read_text() != pathlib.Path('made').read_text())\n"

    def outcome(self, made):
        repository = self.made({"python/generate": self.MAKER, "docs.json": "schema", "made": made})
        with contextlib.chdir(repository.root):
            return classes.check(repository)

    def test_classes_of_the_schemas_are_well(self):
        self.told(self.outcome("schema"))

    def test_classes_of_an_earlier_schema_are_told(self):
        self.told(self.outcome("earlier"), "_models.py:1: it is not what docs/*.schema.json say: run python/generate")


class ModulesGate(Made):
    def outcome(self, targets, files):
        with mock.patch.object(modules, "dumped", return_value={"targets": list(targets.values())}):
            return modules.check(self.made(files))

    def check_broken(self, change, *parts):
        targets, files = package()
        change(targets, files)
        self.told(self.outcome(targets, files), *parts)

    def test_all_is_well(self):
        self.check_broken(lambda targets, files: None)

    def test_folder_outside_a_wing(self):
        def change(targets, files):
            targets["Waves"]["path"] = "Sources/Waves"
            files["Sources/Waves/Waves.swift"] = files.pop("Sources/Signals/Waves/Waves.swift")
        self.check_broken(change, "Package.swift:3: `Waves` lies in Sources/Waves")

    def test_path_left_to_swiftpm(self):
        def change(targets, files):
            targets["Waves"].pop("path")
            files["Sources/Waves/Waves.swift"] = files.pop("Sources/Signals/Waves/Waves.swift")
        self.check_broken(change, "`Waves` lies in Sources/Waves")

    def test_other_wing_than_the_table(self):
        def change(targets, files):
            targets["Waves"]["path"] = "Sources/Reading/Waves"
            files["Sources/Reading/Waves/Waves.swift"] = files.pop("Sources/Signals/Waves/Waves.swift")
        self.check_broken(
            change, "CONTRIBUTING.md:6: `Waves` stands in the wing Signals and lies in Sources/Reading/Waves")

    def test_module_without_a_row(self):
        def change(targets, files):
            files["CONTRIBUTING.md"] = TABLE.replace("`Waves`, `Marks` |", "`Waves` |")
        self.check_broken(change, "`Marks` has no row")

    def test_row_without_a_module_and_two_rows(self):
        def change(targets, files):
            files["CONTRIBUTING.md"] = TABLE + "| Values | `Ghost`, `Core` | | nothing |\n"
        self.check_broken(
            change, "CONTRIBUTING.md:8: `Ghost` is no folder", "CONTRIBUTING.md:8: `Core` has a row already")

    def test_declared_and_not_allowed(self):
        def change(targets, files):
            files["CONTRIBUTING.md"] = TABLE.replace("`Marks`, `Parser`", "`Marks`")
        self.check_broken(change, "Package.swift:5: `Tool` depends on `Parser`, which its row does not allow")

    def test_allowed_and_not_declared(self):
        def change(targets, files):
            files["CONTRIBUTING.md"] = TABLE.replace("values | nothing", "values | `CSound`")
        self.check_broken(change, "CONTRIBUTING.md:4: `Core` may import `CSound`, which Package.swift does not declare")

    def test_later_wing(self):
        def change(targets, files):
            targets["Core"]["dependencies"] = [{"byName": ["Waves", None]}]
            files["CONTRIBUTING.md"] = TABLE.replace("values | nothing", "values | `Waves`")
            files["Sources/Values/Core/Core.swift"] = "import Waves\n"
        self.check_broken(change, "`Core` of Values depends on `Waves` of the later wing Signals")

    def test_imported_and_not_declared(self):
        def change(targets, files):
            files["Sources/Values/Core/Core.swift"] = "import Foundation\n\n@testable import Waves\nimport Parser\n"
        self.check_broken(
            change, "Sources/Values/Core/Core.swift:3: `Waves` is imported, and `Core` does not declare it",
            "Core.swift:4: `Parser` is imported, and `Core` does not declare it")

    def test_imported_and_unknown(self):
        def change(targets, files):
            files["Sources/Values/Core/Core.swift"] = "import Sockets\n"
        self.check_broken(change, "`Sockets` is imported, of which Package.swift says nothing")

    def test_declared_and_not_imported(self):
        def change(targets, files):
            files["Sources/Signals/Waves/Waves.swift"] = "public import Core\n// import CSound\n"
        self.check_broken(change, "Package.swift:3: `Waves` declares `CSound` and imports it nowhere")

    def test_tests_in_another_wing_or_in_none(self):
        def other(targets, files):
            targets["CoreTests"]["path"] = "Tests/Signals/CoreTests"
            files["Tests/Signals/CoreTests/CoreTests.swift"] = files.pop("Tests/Values/CoreTests/CoreTests.swift")
        self.check_broken(other, "`CoreTests` lies in the wing Signals, Core in Values")

        def none(targets, files):
            targets["CoreTests"]["path"] = "Tests/CoreTests"
            files["Tests/CoreTests/CoreTests.swift"] = files.pop("Tests/Values/CoreTests/CoreTests.swift")
        self.check_broken(none, "`CoreTests` lies in Tests/CoreTests: move it to Tests/WING/CoreTests")

    def test_sources_of_no_target_and_target_without_sources(self):
        def change(targets, files):
            files["Sources/Signals/Old/Old.swift"] = ""
            files.pop("Sources/Values/Core/Core.swift")
        self.check_broken(change, "Sources/Signals/Old belongs to no target", "`Core` has no sources")

    def test_dependency_on_what_is_no_module(self):
        def change(targets, files):
            targets["bench"] = target("bench", "bench/it", kind="executable")
            targets["Core"]["dependencies"] = [{"byName": ["bench", None]}]
            files["bench/it/main.swift"] = ""
            files["Sources/Values/Core/Core.swift"] = "import bench\n"
            files["CONTRIBUTING.md"] = TABLE.replace("values | nothing", "values | `it`")
        self.check_broken(change, "`Core` depends on `bench`, which lies outside Sources")

    def test_line_of_a_declaration(self):
        manifest = 'library(name: "A", targets: ["B"])\n.target(\n  name: "A", uses: ["B"])\n'
        manifest += 'module(\n  .values, "B", uses: [\n"A"])'
        self.assertEqual([modules.declared_on(manifest, name) for name in ("A", "B", "C")], [3, 5, 1])

    def test_no_table(self):
        self.check_broken(lambda targets, files: files.update({"CONTRIBUTING.md": ""}), "0 tables are headed")


class RoomTable(unittest.TestCase):
    def test_rows(self):
        rows, problems = room_table.parse(
            "x\n| wing | module | what it knows | what it may import |\n|---|---|---|---|\n"
            "| Values | `A`, `B C` | `x` \\| y | nothing |\n| `Signals` | `D` | d | `A`, `GRDB` (loaded) and `B` |\n\n"
            "| Values | `Z` | a table of its own | nothing |\n")
        self.assertEqual(problems, [])
        self.assertEqual(
            [(row.line, row.wing, row.modules, sorted(row.imports)) for row in rows],
            [(4, "Values", ("A", "B", "C"), []), (5, "Signals", ("D",), ["A", "B", "GRDB"])])

    def test_flaws(self):
        flawed = [
            "| Sky | `E` | | nothing |", "| Values | E | | nothing |", "| Values | `F` | | the above |",
            "| Values | `G` | nothing |", "| Values | `H` | | nothing, `A` |", "| Values | `H` | | |",
            "| Values | `H`, `H` | | nothing |", "| Values | `H` | | `A`, `A` |",
        ]
        head = "| wing | module | what it knows | what it may import |\n|---|---|---|---|\n"
        rows, problems = room_table.parse(head + "\n".join(flawed))
        self.assertEqual((rows, [problem.line for problem in problems]), ([], list(range(3, 3 + len(flawed)))))


class SwiftSource(unittest.TestCase):
    def test_imports(self):
        text = '\n'.join([
            "@testable import A", "public import B", "/* import C /* import D */", "import E */",
            "import struct F.G // import H", 'let s = """', "import I", '"""',
            "@_spi(X) @preconcurrency package import J; import K", "#if canImport(L)", "  import L", "#endif",
            'let glob = "clips/**/*.mp4"', "internal import M", 'let r = #"import N"#',
        ])
        found = [(statement.module, statement.line) for statement in swift_source.imports(text)]
        self.assertEqual(found, [("A", 1), ("B", 2), ("F", 5), ("J", 9), ("K", 9), ("L", 11), ("M", 14)])


class ColumnsGate(Made):
    def test_width(self):
        self.assertEqual(columns.width("e\u0301" * 3), 3)
        self.assertEqual(columns.width("\U0001f469\u200d\U0001f469\u200d\U0001f467"), 1)

    def test_lines(self):
        files = {"a.swift": "x" * 120 + "\n" + "é" * 120 + "\r\n" + "x" * 121, "b.txt": "x" * 200}
        self.told(columns.check(self.made(files)), "a.swift:3: 121 characters")


class FormatGate(Made):
    def test_what_swift_format_says(self):
        files = {".swift-format": '{"version": 1, "lineLength": 120, "indentation": {"spaces": 4}}',
                 "a.swift": "let bad_name = 1\n", "b.swift": "func f() {\n  print(1)\n}\n", "c.swift": "let good = 1\n"}
        self.told(formatting.check(self.made(files)), "a.swift:1: rename the constant", "b.swift:2: ")

    def test_what_cannot_be_read(self):
        self.told(formatting.check(self.made({"a.swift": "let = 1\n"})), "a.swift:1: ")


class LinksGate(Made):
    def test_page(self):
        page = markdown.Page("\n".join([
            "# Top", "", "## Two", "## Two", "", 'Text `[no](a.md)` [yes](b%20c.md "t") [![p](p.png)](q.md#x)', "```",
            "[no](z.md)", "# not a heading", "```", "[r]: ref.md", '<img src="i.svg"> a', "Under", "---", "`a",
            "b` ``x ` y``",
        ]))
        self.assertEqual([link.text for link in page.links], ["b c.md", "p.png", "q.md#x", "ref.md", "i.svg"])
        self.assertEqual([link.line for link in page.links], [6, 6, 6, 11, 12])
        self.assertEqual(page.anchors, {"top", "two", "two-1", "under"})
        self.assertEqual([piece.text for piece in page.code], ["[no](a.md)", "a\nb", "x ` y"])

    def test_slug(self):
        self.assertEqual(
            markdown.slug("A `code` & [link](x.md): what's _this_ snake_case?"), "a-code--link-whats-this-snake_case")

    def test_mentions(self):
        def mentioned(text):
            return list(links.mentioned(text))
        self.assertEqual(mentioned("docs/{a,b}.md x"), ["docs/{a,b}.md"])
        self.assertEqual(
            mentioned("./scripts/test, bench/x/run:12: /usr/docs/a ../docs/b $X/bench/c"),
            ["scripts/test", "bench/x/run"])
        self.assertEqual(
            mentioned("Sources/WING/NAME bench/a-....csv docs/..."),
            ["Sources/WING/NAME", "bench/a-....csv", "docs/..."])
        self.assertEqual(links.expanded("a/{b,c}/{d,e}"), ["a/b/d", "a/b/e", "a/c/d", "a/c/e"])

    def test_check(self):
        files = {
            "README.md": "\n".join([
                "# One",
                "[good](docs/a.md#a-heading) [good](#one) [good](docs) [far](https://example.org/x) `docs/*.md`",
                "[bad](docs/b.md)", "[bad](docs/a.md#none)", "![bad](docs/p.png)", "[bad](#two)", "[bad](../out.md)",
                "`docs/c.md` `docs/x-*.md` `docs/{a,b}.md` `TestMedia/made.mp4` `docs/NAME`",
                "```", "scripts/gone now", "```",
            ]),
            "docs/a.md": "## A heading\n[good](../README.md) [bad](README.md)\n",
            "bench/results/old.md": "`Sources/Old` is of its day; [bad](gone.csv)\n",
        }
        self.told(
            links.check(self.made(files)),
            "README.md:3: the link to docs/b.md", "README.md:4: the link to docs/a.md#none",
            "README.md:5: the link to docs/p.png", "README.md:6: the link to #two",
            "README.md:7: the link to ../out.md leaves", "README.md:8: there is no docs/c.md",
            "README.md:8: there is no docs/x-*.md", "README.md:8: there is no docs/{a,b}.md",
            "README.md:10: there is no scripts/gone", "docs/a.md:2: the link to README.md",
            "old.md:1: the link to gone.csv")


class VersionsGate(Made):
    STATED = {
        versions.TOOL: 'public enum Version {\n    public static let tool = "1.2.3"\n}\n',
        "python/pyproject.toml": '[project]\nversion = "1.2.3"\nvoices = ["genlock-voices==1.2.3"]\n',
        "python/src/genlock/__init__.py": '__version__ = "1.2.3"\n',
        "CHANGELOG.md": "# Changes\n\n## 1.2.3, 2026-01-02\n\n## 1.2.2\n",
    }

    def test_one_version_everywhere(self):
        pages = {
            "README.md": "pip install genlock-1.2.3-*.whl\n", "docs/use.md": "genlock_1.2.3-1_amd64.deb, rev:\n  rev: v1.2.3\n",
            "bench/results/a.md": "genlock==1.0.0\n", "Dockerfile": "# docker build -t genlock:1.2.3 .\n",
        }
        with mock.patch.dict(os.environ, {"CI": ""}):
            self.told(versions.check(self.made(self.STATED | pages)))
            self.told(
                versions.check(self.made(self.STATED | {
                    "python/pyproject.toml": '[project]\nversion = "1.2.2"\nvoices = ["genlock-voices==1.2.1"]\n',
                    "python/src/genlock/__init__.py": "\n", "CHANGELOG.md": "# Changes\n\n## 1.3.0, not released\n",
                    "docs/use.md": "uses: OWNER/genlock@v1.2.2\n  rev: v1.2.0\n",
                })),
                "CHANGELOG.md:3: it states 1.3.0", "docs/use.md:1: it names Genlock 1.2.2", "docs/use.md:2: it names Genlock 1.2.0",
                "python/pyproject.toml:2: it states 1.2.2", "python/pyproject.toml:3: it names Genlock 1.2.1",
                "python/src/genlock/__init__.py:1: it does not state a version")
            self.told(versions.check(self.made({"README.md": "x\n"})), "the program's version is not stated")

    def repository(self, lock, pins):
        states = {name: {"version": version} if version else {"branch": "main"} for name, version in pins.items()}
        document = {"pins": [{"identity": name, "state": state} for name, state in states.items()]}
        files = {"Package.resolved": json.dumps(document)} if pins else {}
        return self.made(self.STATED | files | ({"dependencies.lock": lock} if lock is not None else {}))

    def test_equal(self):
        self.told(versions.check(self.repository("# words\na 1.0\nb 2.0\n", {"a": "1.0", "b": "2.0"})))

    def test_differences(self):
        pins = {"a": "1.1", "b": "2.0", "c": None, "d": "4.0"}
        found = versions.check(self.repository("a 1.0\nc 3.0\nd 4.0\nx\nd 4.0\n", pins))
        self.told(
            found, "dependencies.lock:1: `a` is 1.1, not 1.0 as listed: run 'swift package resolve a --version 1.0'",
            "`b` 2.0 is resolved and not listed", "`c` is taken from a branch", "dependencies.lock:4: 'x' is not",
            "dependencies.lock:5: `d` stands here twice")
        self.told(versions.check(self.repository("a 1.0\nb 2.0\n", {"a": "1.0"})), "`b` is listed and not resolved")
        self.told(versions.check(self.repository(None, {"a": "1.0"})), "there is no such file")

    def test_not_resolved(self):
        with mock.patch.dict(os.environ, {"CI": ""}):
            self.told(versions.check(self.repository("a 1.0\n", {})))
        with mock.patch.dict(os.environ, {"CI": "true"}):
            self.told(versions.check(self.repository("a 1.0\n", {})), "the packages are not resolved")

    def test_accept(self):
        repository = self.repository("a 1.0\n", {"b": "2.0", "a": "1.1"})
        versions.accept(repository)
        self.told(versions.check(repository))


class Architecture(Made):
    TABLE = ("# Working\n\n| wing | module | what it knows | what it may import |\n|---|---|---|---|\n"
             "| Values | `SyncModel` | values | nothing |\n| Signals | `SignalCore` | FFT | `SyncModel` |\n")

    def test_the_picture_is_that_of_the_table(self):
        repository = self.made({"CONTRIBUTING.md": self.TABLE})
        self.told(architecture.check(repository), "docs/pictures/architecture.svg:1: it is not what the table")
        architecture.accept(repository)
        self.told(architecture.check(Repository(repository.root)))
        picture = (repository.root / architecture.PICTURE).read_text()
        for name in ("SyncModel", "SignalCore", "Values", "Signals"):
            self.assertIn(f">{name}</text>", picture)
        (repository.root / "CONTRIBUTING.md").write_text(self.TABLE.replace("SignalCore", "Correlation"))
        self.told(architecture.check(Repository(repository.root)), "it is not what the table")


class Figures(Made):
    RESULTS = {
        "bench/results/speed-2026-01-02-abcdef0.md": "Took 48 s, of 96 clips.\n\n| what | within | within |\n|---|---|---|\n| a | 0.982 (55/56) | 1.5 |\n| b | 0.5 | - |\n",
        "bench/results/speed-2026-01-02-abcdef0.csv": "tool,score,value\none,right,0.4567\ntwo,right,0.9\n",
    }

    def page(self, *marks):
        page = "# Page\n" + "".join(f"<!-- figure: speed-2026-01-02-abcdef0.{mark}<!-- /figure -->\n" for mark in marks)
        return self.made({**self.RESULTS, "docs/page.md": page})

    def test_figures_that_agree(self):
        repository = self.page("md:a[within] -->98 %", "md:a[within] -->0.98", "md:a[within#2] -->1.5", "md:/Took (\\d+) s/ -->48",
                               "csv:tool=one,score=right[value] -->46 %", "csv:tool=one[#] -->1", "csv:*[#score=right] -->2", "csv:*[#score=wrong] -->0", "csv:tool!=two[value] -->46 %")
        self.assertEqual(figures.check(repository).violations, [])

    def test_figures_that_differ_and_are_filled_in(self):
        repository = self.page("md:a[within] -->97 %", "csv:tool=one,score=right[value] -->0.4")
        self.assertEqual([each.line for each in figures.check(repository).violations], [2, 3])
        self.assertEqual(figures.accept(repository), ["docs/page.md"])
        text = (repository.root / "docs/page.md").read_text()
        self.assertIn(" -->98 %<!--", text)
        self.assertIn(" -->0.5<!--", text)
        self.assertEqual(figures.check(Repository(repository.root)).violations, [])

    def test_figures_that_cannot_be_looked_up(self):
        for mark in ("txt:a[b] -->1", "md:c[within] -->1", "md:a[without] -->1", "md:/Gave (\\d+)/ -->1", "md:a -->1", "csv:score=right[value] -->1", "csv:*[#what=1] -->1", "csv:right[value] -->1"):
            self.assertEqual(len(figures.check(self.page(mark)).violations), 1, mark)

    def test_figures_that_nothing_makes(self):
        mark = "<!-- figure: speed-2026-01-02-abcdef0.md:a[within] -->98 %<!-- /figure -->\n"
        for pieces, count in (('PIECES = (("speed", "run", ""),)\nBY_HAND = {}\n', 0), ('PIECES = (("zero", "run", ""),)\nBY_HAND = {"speed": "page"}\n', 0),
                              ('PIECES = (("speeds", "run", ""),)\nBY_HAND = {}\n', 1)):
            repository = self.made({**self.RESULTS, "docs/page.md": mark, "bench/all": pieces})
            self.assertEqual(len(figures.check(repository).violations), count, pieces)

    def table(self, names, *rows):
        page = "# Page\n<!-- table: speed-2026-01-02-abcdef0.md" + names + " -->\n" + "\n".join(rows) + "\n<!-- /table -->\n"
        return self.made({**self.RESULTS, "docs/page.md": page})

    def test_tables_that_agree(self):
        for names, rows in (("", ("| | within |", "|---|---|", "| **a** | 98 % |")),
                            ("; first = a;\nclose = within; by = -; c = -", ("| what | by | close |", "|---|---|---|", "| first | 5 ways | 0.98 |", "| c | | 9 |")),
                            ("; both = a + b", ("| | within | within |", "|---|---|---|", "| both | 98 % (0.50) | 0.98 (55 of 56), 0.5 |")), ("; d = -", ("| | within |", "|---|---|", "| d | 7 |"))):
            self.assertEqual(figures.check(self.table(names, *rows)).violations, [], names)

    def test_tables_that_differ_and_are_filled_in(self):
        repository = self.table("; both = a + b; number = within#2", "| | within | number |", "|---|---|---|", "| both | 98 % (0.4) | |", "| a | 90 % | 1.4 |")
        self.assertEqual([each.line for each in figures.check(repository).violations], [5, 6, 6])
        self.assertEqual(figures.accept(repository), ["docs/page.md"])
        self.assertIn("| both | 98 % (0.5) | |\n| a | 98 % | 1.5 |\n", (repository.root / "docs/page.md").read_text())
        self.assertEqual(figures.check(Repository(repository.root)).violations, [])

    def test_tables_that_cannot_be_looked_up(self):
        for names, rows in (("", ("| | without |", "|---|---|", "| a | 1 |")), ("", ("| | within |", "|---|---|", "| d | 1 |")), ("; what", ("| | within |", "|---|---|", "| a | 98 % |"))):
            self.assertEqual(len(figures.check(self.table(names, *rows)).violations), 1, names)

    def test_a_comment_that_is_not_closed(self):
        repository = self.made({**self.RESULTS, "docs/page.md": "<!-- figure: speed-2026-01-02-abcdef0.md:a[within] -->98 %\n"})
        self.assertEqual(len(figures.check(repository).violations), 1)


if __name__ == "__main__":
    unittest.main()
