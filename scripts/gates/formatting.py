"""Gate `format`: every Swift file is as `swift format` would leave it, and its rules of style are kept."""
import re
import subprocess

from .repository import Outcome, Violation

SAID = re.compile(r"^(?P<file>.+?):(?P<line>\d+):\d+: (?:error|warning): (?:\[(?P<rule>\w+)\] )?(?P<what>.*)$")


def check(repository):
    files = repository.ending(".swift")
    command = ["swift", "format", "lint", "--strict", "--parallel", *files]
    try:
        ran = subprocess.run(command, cwd=repository.root, capture_output=True, text=True)
    except FileNotFoundError:
        wrong = Violation("scripts/lint", 1, "there is no swift to format with", "install Swift from swift.org/install")
        return Outcome([wrong], "nothing")
    violations = []
    for line in ran.stderr.splitlines():
        said = SAID.match(line)
        if not said:
            continue
        file = said["file"].removeprefix(f"{repository.root}/")
        remedy = f"run 'swift format -i {file}'; what that leaves as it was is changed by hand"
        violations.append(Violation(file, int(said["line"]), f"{said['what']} [{said['rule'] or 'syntax'}]", remedy))
    if ran.returncode != 0 and not violations:
        last = (ran.stderr.strip().splitlines() or ["it said nothing"])[-1]
        violations.append(
            Violation(".swift-format", 1, f"swift format ended with {ran.returncode} ({last})", "run it by hand"))
    return Outcome(violations, f"{len(files)} Swift files")
