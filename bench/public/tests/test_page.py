"""Pages of scores: kinds of truth apart, tools side by side, the worst first."""
import csv
import io
import json
import tempfile
import unittest
from pathlib import Path

from alignbench import page, run, table
from alignbench.table import Answer, Item


def items():
    made = []
    for kind in ("constructed", "agreed"):
        for at in range(8):
            made.append(Item(f"{kind}-{at}", "text", "test", kind, 100.0, 0, "", f"source-{at % 4}", "", "", "", "noise" if at % 2 else "clean", 10, "a", "b", "", "", ""))
    made.append(Item("foreign", "text", "test", "constructed", None, 0, "dub", "source-0", "", "", "", "clean", 10, "a", "b", "", "", ""))
    return made


class Pages(unittest.TestCase):
    def setUp(self):
        self.items = items()
        # Right of what was constructed, wrong in noise of what is agreed.
        self.good = {i.item: Answer(i.item, None if i.negative else 500 if i.kind == "agreed" and i.condition == "noise" else 100.0, seconds=1) for i in self.items}
        self.zero = {i.item: Answer(i.item, 0.0) for i in self.items}

    def test_kinds_are_not_mixed(self):
        text = page.text(self.items, [("good", self.good), ("zero", self.zero)], 20)
        headings = [line for line in text.split("\n") if line.startswith("### ")]
        self.assertEqual(headings, ["### text: constructed", "### text: agreed", "### text: negatives"])
        self.assertIn("condition noise: 0 % of 4", text)
        self.assertIn("1 of 1", text)

    def test_a_tool_that_was_not_asked_is_left_out(self):
        text = page.text(self.items, [("good", self.good), ("other", {})], 20)
        self.assertNotIn("other", text)

    def test_the_worst_stands_first(self):
        share, track, kind, field, value, count = page.worst_of(self.items, self.good)[0]
        self.assertEqual((share, track, kind, field, value, count), (0, "text", "agreed", "condition", "noise", 4))

    def test_published_rows_hold_every_answer(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder)
            table.write(path / "items.csv", self.items, Item)
            (path / "out").mkdir()
            table.write(path / "out/genlock.csv", list(self.good.values()), Answer)
            (path / "out/run.json").write_text(json.dumps({"machine": "m", "python": "3", "tools": {"genlock": "1"}, "not run": {"other": "no wheel"}}))
            page.publish(path, path / "out", path / "public", "command", 20)
            rows = list(csv.DictReader(io.StringIO((path / "public.csv").read_text())))
            self.assertEqual(len(rows), len(self.items))
            scores = {(r["truth"], r["stratum"], r["score"]): r["value"] for r in csv.DictReader(io.StringIO((path / "public-scores.csv").read_text()))}
            self.assertEqual(scores["agreed", "", "right_of_all"], "0.5000")
            self.assertEqual(scores["agreed", "condition=noise", "right_of_all"], "0.0000")
            self.assertEqual(scores["negatives", "", "false_answers"], "0.0000")
            text = (path / "public.md").read_text()
            self.assertLess(text.index("| text, agreed | 50 % ("), text.index("| text, constructed | 100 % ("))
            self.assertIn(" | 8 | 4 | condition: noise | 0 % | 4 |", text)
            self.assertIn("| text | 0 % | 0 % | 0 % | 1 | 1 |", text)

    def test_a_limit_is_spread(self):
        self.assertEqual(run.spread(list(range(10)), 3), [0, 3, 6])
        self.assertEqual(run.spread([1, 2], 3), [1, 2])


if __name__ == "__main__":
    unittest.main()
