"""A small course whose class is live."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from classroom.live.port import Lecture
from tests.classroom.conftest import IVA
from tests.classroom.course import SmallCourse, small


@pytest.fixture
def course(tmp_path: Path) -> Iterator[SmallCourse]:
    """Iva holds a lecture."""
    with small(tmp_path, str(tmp_path / "ledger.db")) as opened:
        opened.desk.lectures.begin(Lecture(0, IVA.key, opened.now))
        yield opened
