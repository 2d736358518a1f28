"""The memory of people that the server keeps open: none is left open at its end."""

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.serve import ROOT

SERVED = """
import asyncio
import psutil
from pages._kit import people, server

def held():
    return any("ledger.sqlite" in each.path for each in psutil.Process().open_files())

async def serve():
    async with server.lifespan(None):
        known = people.classroom_of()
        print(known is people.classroom_of(), known.people(), held())
    print(people._open, held())

asyncio.run(serve())
"""


def test_the_server_lets_go_of_its_database_at_its_end(tmp_path: Path) -> None:
    own = {"FOVEA_LEDGER": str(tmp_path / "ledger.sqlite"), "FOVEA_GRADER": "elsewhere"}
    ran = subprocess.run(
        [sys.executable, "-c", SERVED], cwd=ROOT, env={**os.environ, **own}, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[-2:] == ["True () True", "{} False"]
