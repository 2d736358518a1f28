"""Every set has a guide, and what it says of the points is what its referees do."""

import pytest

from assignments.guides.tables import END, START, filled, guides
from tests.assignments.sets import SETS

SECTIONS = ("Time", "Before", "Usual mistakes", "Marking the written question", "How the points fall")


def test_every_problem_set_has_a_guide():
    assert [name for name in guides() if name in SETS] == [name for name in SETS if name.startswith("ps")]


@pytest.mark.parametrize("name", [name for name in guides() if name in SETS])
def test_says_how_long_it_takes_what_comes_before_and_how_the_points_fall(name):
    text = guides()[name].read_text(encoding="utf-8")
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == list(SECTIONS)
    assert text.count(START) == text.count(END) == 1
    assert filled(text, name) == text, "python -m assignments.guides writes the tables anew"
