"""A memory of people on each database, and some people."""

from collections.abc import Iterator

import pytest

from classroom.people import Person
from classroom.roles import Role
from classroom.store.sql import SqlClassroom, open_classroom

ADA = Person("ada", "Ada Lovelace", email="ada@example.org", number="1815", section="Monday")
BEN = Person("ben", "Ben Bitdiddle", login="ben", section="Friday")
TINA = Person("tina", "Tina Tutor", Role.ASSISTANT)
IVA = Person("iva", "Iva Instructor", Role.INSTRUCTOR)


@pytest.fixture
def classroom(database: str) -> Iterator[SqlClassroom]:
    opened = open_classroom(database)
    opened.keep([ADA, BEN, TINA, IVA])
    yield opened
    opened.close()
