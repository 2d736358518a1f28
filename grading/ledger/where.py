"""Where the ledger of a course is: one answer for the command line and for every page."""

from pathlib import Path

from grading.configuration import current

LEDGER = "FOVEA_LEDGER"  # a path or a database URL; in the environment, since a URL may hold a password
FILE = "ledger.sqlite"  # in the course's folder, where the environment says nothing


def database(course: Path) -> str:
    """What was said, or a file in the course's folder."""
    return current().ledger or str(course / FILE)
