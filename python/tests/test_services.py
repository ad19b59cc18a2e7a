"""The GitHub action and the pre-commit hooks, run as their services run them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import genlock

ROOT = Path(__file__).resolve().parents[2]
#: In sync, and late by 120 ms: fast, because flash and beep are measured.
GOOD, LATE = "claps-in-sync.mp4", "flash-and-beep-late-120ms.mp4"


@pytest.fixture
def path_with_program(tmp_path: Path) -> str:
    """A PATH with `genlock` and this Python."""
    place = tmp_path / "bin"
    place.mkdir()
    (place / "genlock").symlink_to(genlock.program())
    return f"{place}:{Path(sys.executable).parent}:{os.environ['PATH']}"


class Action:
    """`action.yml` with its steps."""

    def __init__(self, folder: Path, search: str) -> None:
        yaml = pytest.importorskip("yaml")
        self.document: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
        self.folder = folder
        self.search = search
        self.temporary = folder / "temporary"
        self.temporary.mkdir()

    def run(self, **inputs: str) -> tuple[int, dict[str, str], str]:
        """The status, the outputs and the summary, as a runner has them."""
        known = self.document["inputs"]
        assert set(inputs) <= set(known)
        values = {name: inputs.get(name, said.get("default", "")) for name, said in known.items()}
        assert all(values[name] for name, said in known.items() if said.get("required"))
        files = {name: self.temporary / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH")}
        for file in files.values():
            file.write_text("")
        search = self.search
        status = 0
        for step in self.document["runs"]["steps"]:
            assert step.get("if") in (None, "inputs.package != 'none'")
            if "if" in step and values["package"] == "none":
                continue
            assert step["shell"] == "bash"
            more = {name: self.filled(text, values) for name, text in step["env"].items()}
            environment = {**os.environ, **more, "PATH": search, "RUNNER_TEMP": str(self.temporary)}
            environment |= {name: str(file) for name, file in files.items()}
            environment.pop("GENLOCK_PROGRAM", None)
            # As a runner starts `shell: bash`.
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            done = subprocess.run(command, cwd=self.folder, env=environment, check=False)
            status = done.returncode
            if status:
                break
            search = ":".join([*files["GITHUB_PATH"].read_text().split(), search])
        lines = files["GITHUB_OUTPUT"].read_text().splitlines()
        return status, dict(line.split("=", 1) for line in lines), files["GITHUB_STEP_SUMMARY"].read_text()

    @staticmethod
    def filled(text: str, values: dict[str, str]) -> str:
        """A text with its expressions filled in; only inputs are used."""
        return re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda found: values[found[1]], text)


def test_the_action_fails_where_a_clip_is_misaligned(media: Path, tmp_path: Path, path_with_program: str) -> None:
    (tmp_path / "my clips").mkdir()
    shutil.copy(media / GOOD, tmp_path / "my clips")
    action = Action(tmp_path, path_with_program)
    inputs = {"paths": "my clips\n", "checks": "impacts", "package": "none", "junit": "sync.xml"}
    status, outputs, summary = action.run(**inputs)
    assert (status, outputs) == (0, {"clips": "1", "faults": "0"})
    shutil.copy(media / LATE, tmp_path / "my clips")
    status, outputs, summary = action.run(**inputs)
    assert (status, outputs) == (1, {"clips": "2", "faults": "1"})
    assert LATE in summary
    assert "<failure" in (tmp_path / "sync.xml").read_text()
    status, outputs, summary = action.run(**{**inputs, "fail-on": "misaligned>50%", "arguments": "--jobs 1"})
    assert (status, outputs) == (0, {"clips": "2", "faults": "1"})
    status, outputs, summary = action.run(**{**inputs, "tolerance": "200,300"})
    assert (status, outputs) == (0, {"clips": "2", "faults": "0"})


def test_the_action_fails_where_it_is_misused(tmp_path: Path, path_with_program: str) -> None:
    status, outputs, _ = Action(tmp_path, path_with_program).run(paths="a.mp4", tolerance="nonsense", package="none")
    assert (status, outputs) == (64, {})


def test_the_action_brings_the_package(media: Path, tmp_path: Path) -> None:
    wheel = os.environ.get("GENLOCK_WHEEL")
    if not wheel:
        pytest.skip("GENLOCK_WHEEL names no wheel")
    shutil.copy(media / GOOD, tmp_path)
    action = Action(tmp_path, "/usr/bin:/bin")
    status, outputs, _ = action.run(paths=GOOD, checks="impacts", package=str(Path(wheel).resolve()))
    assert (status, outputs) == (0, {"clips": "1", "faults": "0"})


def repository(folder: Path) -> None:
    """Makes a repository of a folder, with everything committed."""
    folder.mkdir(exist_ok=True)
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "--allow-empty", "-m", "All of it"]):
        git(folder, *command)


def git(folder: Path, *command: str, **more: Any) -> subprocess.CompletedProcess[str]:
    names = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    return subprocess.run(["git", *names, *command], cwd=folder, check=True, capture_output=True, text=True, **more)


def test_the_hooks_refuse_a_commit(media: Path, tmp_path: Path, path_with_program: str) -> None:
    pytest.importorskip("pre_commit")
    hooks = tmp_path / "hooks"
    (hooks / "packaging").mkdir(parents=True)
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", hooks)
    shutil.copy(ROOT / "packaging" / "hook-texts", hooks / "packaging")
    repository(hooks)
    revision = git(hooks, "rev-parse", "HEAD").stdout.strip()
    work = tmp_path / "work"
    work.mkdir()
    (work / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {hooks}\n  rev: {revision}\n  hooks:\n"
        "  - id: genlock\n    args: [--quiet, --checks, impacts]\n  - id: genlock-texts\n"
    )
    repository(work)
    environment = {**os.environ, "PATH": path_with_program, "PRE_COMMIT_HOME": str(tmp_path / "home")}

    def run(*names: str) -> tuple[int, str]:
        git(work, "add", *names)
        command = [sys.executable, "-m", "pre_commit", "run", "--color", "never"]
        done = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, check=False)
        git(work, "reset", "-q")
        return done.returncode, done.stdout + done.stderr

    shutil.copy(media / GOOD, work / "my take.mp4")
    shutil.copy(media / LATE, work / "late.MP4")
    (work / "notes.txt").write_text("not media")
    status, said = run("my take.mp4", "notes.txt")
    assert status == 0, said
    assert "Passed" in said
    status, said = run("my take.mp4", "late.MP4")
    assert status == 1, said
    assert "late.MP4" in said
    # Captions: unreadable ones beside their media are refused, those without media pass.
    (work / "my take.en.srt").write_text("this is no caption")
    (work / "alone.srt").write_text("this is no caption")
    status, said = run("alone.srt")
    assert status == 0, said
    status, said = run("my take.en.srt")
    assert status == 1, said
    assert "my take.en.srt" in said
