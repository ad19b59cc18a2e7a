"""Baselines, recipes and the network's search against truth that is constructed; what needs NumPy is left out where there is none."""
import tempfile
import unittest
from pathlib import Path

from alignbench import table
from alignbench.table import Item

try:
    import numpy as np
except ImportError:
    np = None


@unittest.skipIf(np is None, "there is no numpy")
class Methods(unittest.TestCase):
    def setUp(self):
        self.noise = np.random.default_rng(5)

    def test_phase_transform_finds_what_was_cut(self):
        from alignbench.tools.own import phase_transform

        sound = self.noise.standard_normal(48000)
        # The subject begins 1234 samples later than the reference: so much is to be added to its times.
        self.assertEqual(phase_transform(sound[:30000], sound[1234:31234], 16000)[0], 1234 / 16000)
        self.assertEqual(phase_transform(sound[1234:31234], sound[:30000], 16000)[0], -1234 / 16000)

    def test_peak_finds_what_was_cut(self):
        from alignbench.tools.own import peak

        signal = self.noise.standard_normal(3000)
        self.assertAlmostEqual(peak(signal[:2000], signal[150:2150], 100, 8)[0], 1.5, places=2)
        self.assertAlmostEqual(peak(signal[150:2150], signal[:2000], 100, 8)[0], -1.5, places=2)

    def test_sound_is_moved_by_whole_samples(self):
        from alignbench import media

        samples = self.noise.standard_normal(4800).astype(np.float32)
        later, by = media.moved(samples, 10.0)
        self.assertEqual(by, 10)
        self.assertTrue(np.array_equal(later[480:], samples[:-480]) and not later[:480].any())
        earlier, by = media.moved(samples, -10.0)
        self.assertTrue(np.array_equal(earlier[:-480], samples[480:]) and not earlier[-480:].any())

    def test_a_room_keeps_the_first_sound_where_it_was(self):
        from alignbench.recipes.maker import far

        click = np.zeros(48000, np.float32)
        click[1000] = 1
        made = far(click, self.noise)
        self.assertEqual(int(np.argmax(np.abs(made))), 1000)
        self.assertLess(float(np.abs(made[:1000]).max()), 1e-6)

    def test_a_scene_moves_as_its_log_says(self):
        from alignbench.recipes.scene import Scene

        scene = Scene(self.noise, 10)
        times = np.arange(200, 800) / 100
        along = np.linalg.norm(np.diff(scene.place(times), axis=0), axis=1).sum()
        self.assertAlmostEqual(float(scene.speeds(times).sum() / 100), float(along), delta=0.02 * float(along))

    def test_another_take_has_the_same_strokes_at_other_moments(self):
        from alignbench.recipes.scene import Scene

        scene = Scene(self.noise, 20)
        other = Scene(self.noise, 20, scene)
        count = min(len(scene.places), len(other.places))
        self.assertTrue(np.array_equal(scene.places[:count], other.places[:count]))
        self.assertGreater(float(np.abs(scene.moments[:count] - other.moments[:count])[5:].min()), 0)

    def test_nothing_moves_in_a_scene_that_is_still(self):
        from alignbench.recipes.scene import Scene

        scene = Scene(self.noise, 10, is_still=True)
        self.assertEqual(float(scene.speeds(np.arange(1000) / 100).max()), 0)
        a, b = scene.frames(np.array([1.0, 7.0]), 0.0, 0.0)
        self.assertTrue(np.array_equal(a, b))

    def test_a_hand_moves_the_picture_and_comes_back(self):
        from alignbench.recipes.scene import Scene

        scene = Scene(self.noise, 10, is_still=True)
        shots = scene.frames(np.arange(200) / 25, 0.0, 0.0, shake=6.0)
        self.assertTrue(np.array_equal(shots[-1], scene.frames(np.array([0.0]), 0.0, 0.0)[0]))
        self.assertTrue(any(not np.array_equal(shot, shots[-1]) for shot in shots))

    def test_the_network_s_search_has_its_sign(self):
        from alignbench.tools.syncnet import offset

        pictures = np.cumsum(self.noise.standard_normal((80, 16)), axis=0)
        # Sound that comes three frames later than the picture that it belongs to is late: -120 ms.
        sounds = np.roll(pictures, 3, axis=0)
        ms, lse_c, lse_d = offset(pictures[20:60], sounds[20:60])
        self.assertEqual(ms, -120)
        self.assertGreater(lse_c, 1)
        self.assertLess(lse_d, lse_c)

    def test_a_network_of_made_weights_runs(self):
        try:
            import torch
        except ImportError:
            self.skipTest("there is no torch")
        from alignbench.tools import syncnet

        torch.manual_seed(1)
        made = syncnet.network()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "made.model"
            torch.save(made.state_dict(), path)
            net = syncnet.network()
            net.load_state_dict(torch.load(path, weights_only=True))
        images = self.noise.integers(0, 255, (16, 224, 224, 3)).astype(np.uint8)
        lips, sounds = syncnet.embeddings(net, images, self.noise.standard_normal(16000).astype(np.float32) / 10)
        self.assertEqual((lips.shape, sounds.shape), ((11, 1024), (11, 1024)))
        ms, lse_c, lse_d = syncnet.offset(lips, sounds)
        self.assertEqual(ms % 40, 0)
        self.assertTrue(np.isfinite([lse_c, lse_d]).all() and lse_c >= 0)


@unittest.skipIf(np is None, "there is no numpy")
class Texts(unittest.TestCase):
    def test_what_is_written_is_read(self):
        from alignbench import media

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.srt"
            media.write_srt(path, [(1.25, 3.5, "one two"), (3661.001, 3662, "three")])
            self.assertEqual(media.read_cues(path), [(1.25, 3.5, "one two"), (3661.001, 3662.0, "three")])

    def test_splits_are_by_speaker(self):
        from alignbench.recipes.maker import split_of

        self.assertEqual({split_of(f"speaker-{at}", "x") for at in range(40)}, {"dev", "test"})
        self.assertEqual(split_of("ann", "phone"), split_of("ann", "studio"))


@unittest.skipIf(np is None, "there is no numpy")
class Sets(unittest.TestCase):
    def test_a_set_that_something_else_made_is_refused(self):
        from alignbench.recipes import all as recipes

        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "made-by.txt").write_text(recipes.digest([], "small", 2))
            with self.assertRaises(table.Flaw):
                recipes.make(folder, [], "small", 1)
            # What is made already is kept, with nothing made anew.
            for track in recipes.TRACKS:
                table.write(Path(folder) / f"items-{track}.csv", [], Item)
            self.assertEqual(recipes.make(folder, [], "small", 2), [])

    def test_answers_to_another_set_are_refused(self):
        from argparse import Namespace

        from alignbench import run

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder)
            table.write(path / "items.csv", [], Item)
            (path / "made-by.txt").write_text("one")
            (path / "out").mkdir()
            given = Namespace(folder=folder, output=path / "out", tools="zero", tracks=None, limit=None, timeout=1)
            run.run(given)
            (path / "made-by.txt").write_text("two")
            with self.assertRaises(table.Flaw):
                run.run(given)

    def test_a_later_run_keeps_the_versions_of_an_earlier_one(self):
        import json

        from alignbench import run

        with tempfile.TemporaryDirectory() as folder:
            run.describe(Path(folder), ["zero"])
            run.describe(Path(folder), ["gcc-phat"])
            self.assertEqual(list(json.loads((Path(folder) / "run.json").read_text())["tools"]), ["zero", "gcc-phat"])


class Croissant(unittest.TestCase):
    def test_it_names_every_column_and_every_file(self):
        try:
            from alignbench import croissant
        except ImportError:
            self.skipTest("there is no numpy")
        import json

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder)
            table.write(path / "items.csv", [Item("a", "lips", "test", "constructed", 5.0, 0, "", "s", "", "", "", "", 3, "a.mkv", "", "", "CC0", "x")], Item)
            (path / "a.mkv").write_bytes(b"x")
            (path / "files.json").write_text(json.dumps({"files": [{"path": "a.mkv", "bytes": 1, "sha256": "0" * 64}]}))
            made = json.loads(croissant.write(path).read_text())
            self.assertEqual(len(made["recordSet"][0]["field"]), 18)
            self.assertEqual([entry["@id"] for entry in made["distribution"]], ["items.csv", "a.mkv"])
            try:
                import mlcroissant
            except ImportError:
                return
            self.assertEqual([record["items/item"] for record in mlcroissant.Dataset(str(path / "croissant.json")).records("items")], [b"a"])


if __name__ == "__main__":
    unittest.main()
