"""Scores against truth that is worked out by hand."""
import tempfile
import unittest
from pathlib import Path

from alignbench import scores, table
from alignbench.table import Answer, Item


def item(name, truth=0.0, source=None, negative="", pm=0.0, seconds=10.0, condition="plain"):
    return Item(name, "lips", "test", "constructed", None if negative else truth, pm, negative, source or name, "", "", "", condition,
                seconds, "a.mkv", "b.wav", "", "", "")


def pairs(*rows):
    """(truth, offset, confidence) -> pairs, each a source of its own."""
    return [(item(f"i{at}", truth), Answer(f"i{at}", offset, confidence=confidence)) for at, (truth, offset, confidence) in enumerate(rows)]


class Scores(unittest.TestCase):
    def test_shares(self):
        made = pairs((100, 100, .9), (100, 130, .9), (100, 170, .9), (100, None, None))
        told = scores.scored(made, scores.POSITIVE, resamples=50)
        self.assertEqual(told["answered"].value, 0.75)
        self.assertAlmostEqual(told["within_20"].value, 1 / 3)
        self.assertAlmostEqual(told["within_40"].value, 2 / 3)
        self.assertEqual(told["within_80"].value, 1)
        self.assertEqual(told["right_of_all"].value, 0.5)
        self.assertEqual(told["median_ms"].value, 30)

    def test_an_edge_counts_as_within(self):
        self.assertTrue(scores.is_right(item("a", 0), Answer("a", -40)))
        self.assertFalse(scores.is_right(item("a", 0), Answer("a", -40.1)))

    def test_risk_coverage_area(self):
        # From the surest on: right, wrong, unanswered. Risks 0, 1/2, 2/3.
        self.assertAlmostEqual(scores.risk_coverage_area(pairs((0, 0, .9), (0, 500, .5), (0, None, None))), (0 + 1 / 2 + 2 / 3) / 3)
        # Sure of what is wrong: risks 1, 1/2.
        self.assertAlmostEqual(scores.risk_coverage_area(pairs((0, 0, .5), (0, 500, .9))), 0.75)
        # Without a rank the order says nothing: the mean of both orders.
        self.assertAlmostEqual(scores.risk_coverage_area(pairs((0, 0, None), (0, 500, None))), 0.5)
        self.assertAlmostEqual(scores.risk_coverage_area(pairs((0, 500, None), (0, 0, None))), 0.5)
        # A narrow interval ranks as a confidence does.
        narrow = [(item("a"), Answer("a", 0, -5, 5)), (item("b"), Answer("b", 500, 300, 700))]
        self.assertAlmostEqual(scores.risk_coverage_area(narrow), 0.25)

    def test_nobody_who_answers_is_at_risk_throughout(self):
        self.assertEqual(scores.risk_coverage_area(pairs((0, None, None), (0, None, None))), 1)

    def test_winkler(self):
        self.assertEqual(scores.winkler(item("a", 0), Answer("a", 0, -10, 10)), 20)
        self.assertEqual(scores.winkler(item("a", 15), Answer("a", 0, -10, 10)), 20 + 40 * 5)
        self.assertEqual(scores.winkler(item("a", -12), Answer("a", 0, -10, 10)), 20 + 40 * 2)
        self.assertEqual(scores.winkler(item("a", 15, pm=5), Answer("a", 0, -10, 10)), 20)

    def test_intervals_meet_truth_as_far_as_it_is_known(self):
        self.assertFalse(scores.holds(item("a", 15), Answer("a", 0, -10, 10)))
        self.assertTrue(scores.holds(item("a", 15, pm=5), Answer("a", 0, -10, 10)))

    def test_truth_that_is_coarse_says_nothing_of_narrow_limits(self):
        made = [(item("a", 0, pm=30), Answer("a", 0))]
        told = scores.scored(made, scores.POSITIVE, resamples=10)
        self.assertIsNone(told["within_40"].value)
        self.assertEqual(told["within_80"].value, 1)

    def test_calibration(self):
        # Ten answers said 0.9 of which nine are right: nothing to mend. Said 0.9 and half right: 0.4 off.
        self.assertAlmostEqual(scores.calibration_error(pairs(*[(0, 0, .9)] * 9, (0, 500, .9)), bins=1), 0)
        self.assertAlmostEqual(scores.calibration_error(pairs(*[(0, 0, .9), (0, 500, .9)] * 5), bins=1), 0.4)
        self.assertIsNone(scores.calibration_error(pairs((0, 0, 7.5))))

    def test_negatives(self):
        made = [(item("a", negative="dub"), Answer("a", 20)), (item("b", negative="dub"), Answer("b", 300)),
                (item("c", negative="dub"), Answer("c", says="unpaired")), (item("d", negative="dub"), Answer("d"))]
        told = scores.scored(made, scores.NEGATIVE, resamples=50)
        self.assertEqual([told[name].value for name in ("false_answers", "alarms", "told_unpaired")], [0.5, 0.25, 0.25])

    def test_false_alarms_are_of_pairs_in_sync(self):
        made = [(item("a", 0), Answer("a", 150)), (item("b", 0), Answer("b", says="unpaired")), (item("c", 0), Answer("c", 60)),
                (item("d", 0), Answer("d")), (item("e", 300), Answer("e", 300))]
        told = scores.scored(made, scores.POSITIVE, resamples=50)
        self.assertEqual(told["false_alarms"].value, 0.5)
        self.assertEqual(told["false_unpaired"].value, 0.2)

    def test_files_cost_once(self):
        made = [(item(f"w#{at}", seconds=10), Answer(f"w#{at}", 0, seconds=5)) for at in range(4)]
        self.assertEqual(scores.real_time_factor(made), 0.5)

    def test_intervals_are_clustered(self):
        # 200 items of two sources that say the opposite: between nothing and everything, however many items.
        made = [(item(f"a{at}", 0, "A"), Answer(f"a{at}", 0)) for at in range(100)]
        made += [(item(f"b{at}", 0, "B"), Answer(f"b{at}", 500)) for at in range(100)]
        told = scores.scored(made, scores.POSITIVE)["within_40"]
        self.assertEqual((told.low, told.high), (0, 1))
        # One source: no interval can be told.
        self.assertIsNone(scores.scored(made[:100], scores.POSITIVE)["within_40"].low)

    def test_bootstrap_covers_as_often_as_it_says(self):
        import random
        chance, held = random.Random(3), 0
        for trial in range(60):
            made = pairs(*[(0, 0 if chance.random() < 0.7 else 500, None) for _ in range(80)])
            told = scores.scored(made, {"right": scores.POSITIVE["right_of_all"]}, resamples=200, seed=trial)["right"]
            held += told.low <= 0.7 <= told.high
        self.assertGreaterEqual(held, 51)  # of 60; 57 are expected, fewer than 51 once in 500

    def test_a_share_of_all_has_an_interval(self):
        told = scores.scored(pairs(*[(0, 0, None)] * 20), scores.POSITIVE, resamples=50)["within_40"]
        self.assertAlmostEqual(told.low, 0.025 ** (1 / 20))
        self.assertEqual(told.high, 1)

    def test_the_worst_stratum(self):
        made = [(item(f"a{at}", condition="plain"), Answer(f"a{at}", 0)) for at in range(6)]
        made += [(item(f"b{at}", condition="noise"), Answer(f"b{at}", 0 if at < 2 else 500)) for at in range(6)]
        self.assertEqual(scores.worst_stratum(made), ("condition", "noise", 2 / 6, 6))


class Tables(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name)
        self.addCleanup(self.folder.cleanup)

    def test_what_is_written_is_read(self):
        made = [item("a", 12.5, "s"), item("b", negative="dub")]
        table.write(self.path / "items.csv", made, Item)
        self.assertEqual(table.read_items(self.path / "items.csv"), made)

    def refused(self, text, words):
        (self.path / "answers.csv").write_text(text)
        with self.assertRaises(table.Flaw) as caught:
            table.read_answers(self.path / "answers.csv", [item("a"), item("b")])
        self.assertIn(words, str(caught.exception))

    def test_submissions_are_checked(self):
        self.refused("item,offset_ms\nc,5\n", "there is no item 'c'")
        self.refused("item,offset_ms\na,5\na,6\n", "twice")
        self.refused("item,offset_ms\na,much\n", "no number")
        self.refused("item,offset_ms\na,nan\n", "not finite")
        self.refused("item,offset\na,1\n", "no column 'offset_ms'")
        self.refused("item,offset_ms,low_ms,high_ms\na,1,5,2\n", "smaller one first")
        self.refused("item,offset_ms,says\na,1,unpaired\n", "without an offset")

    def test_two_columns_are_a_submission(self):
        (self.path / "answers.csv").write_text("item,offset_ms\na,5\nb,\n")
        told = table.read_answers(self.path / "answers.csv", [item("a"), item("b")])
        self.assertEqual((told["a"].offset_ms, told["b"].offset_ms), (5, None))

    def test_a_negative_has_no_offset(self):
        table.write(self.path / "items.csv", [item("a")], Item)
        text = (self.path / "items.csv").read_text().replace("constructed,0,", "constructed,,")
        (self.path / "items.csv").write_text(text)
        with self.assertRaises(table.Flaw):
            table.read_items(self.path / "items.csv")


if __name__ == "__main__":
    unittest.main()
