"""Gate `classes`: the classes of the Python package are what the schemas in docs/ say."""
import subprocess
import sys

from .repository import Outcome, Violation

MAKER = "python/generate"
MADE = "python/src/genlock/_models.py"


def check(repository):
    command = [sys.executable, "-B", str(repository.root / MAKER), "--check"]
    is_same = subprocess.run(command, capture_output=True).returncode == 0
    violations = [] if is_same else [Violation(MADE, 1, "it is not what docs/*.schema.json say", f"run {MAKER}")]
    return Outcome(violations, "docs/*.schema.json")
