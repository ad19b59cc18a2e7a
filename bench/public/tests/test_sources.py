"""Folders of recordings that `alignbench make --sources` cannot use are refused with their fault."""
import tempfile
import unittest
from pathlib import Path

from alignbench import sources, table

FAULTS = (
    (None, "does not exist"),
    ("kind,name,path\ntalker,a,\n", "row 2 has no path"),
    ("kind,name,path\ntalker,a,gone.mp4\n", "gone.mp4, which does not exist"),
    ("kind,name,path,pm_ms\ntalker,a,a.mp4,wide\n", "'wide', which is no number"),
)


class Sources(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_a_fault_is_told(self):
        for text, fault in FAULTS:
            with self.subTest(fault):
                if text is not None:
                    (self.folder / "sources.csv").write_text(text)
                with self.assertRaisesRegex(table.Flaw, fault):
                    list(sources.folder(self.folder))

    def test_a_folder_is_read(self):
        (self.folder / "sources.csv").write_text("kind,name,path,pm_ms\nspeech,a,a.wav,20\n")
        (self.folder / "a.wav").write_bytes(b"")
        (made,) = sources.folder(self.folder)
        self.assertEqual((made.kind, made.path, made.pm_ms), ("speech", str(self.folder / "a.wav"), 20))


if __name__ == "__main__":
    unittest.main()
