"""nbgrader's own command line, as an instructor calls it in a course's folder."""

import os
import subprocess
import sys
from pathlib import Path


def run_nbgrader(course: Path, *words: str) -> str:
    """What it said; a failure shows all of it."""
    tools = {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])}
    ran = subprocess.run(
        [sys.executable, "-m", "nbgrader", *words],
        cwd=course,
        env=os.environ | tools,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout + ran.stderr
