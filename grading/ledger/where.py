"""Where the ledger of a course is: one answer for the command line and for every page."""

import os
from pathlib import Path

LEDGER = "FOVEA_LEDGER"  # a path or a database URL; in the environment, since a URL may hold a password
FILE = "ledger.sqlite"  # in the course's folder, where the environment says nothing


def database(course: Path) -> str:
    """What the environment says, or a file in the course's folder."""
    return os.environ.get(LEDGER) or str(course / FILE)
