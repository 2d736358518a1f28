"""The papers around FCN."""

import re

import pytest

from core.segment.papers import PAPERS


@pytest.mark.parametrize(("name", "year"), [("Farabet", 2013), ("Pinheiro", 2014), ("Long", 2015), ("Noh", 2015)])
def test_names_the_papers_of_the_lectures_in_their_order(name: str, year: int) -> None:
    (paper,) = (each for each in PAPERS if each.who.startswith(name))
    assert paper.who.endswith(str(year))
    assert re.search(r"[A-Z].+\. .+\.$", paper.where)
    assert paper.what.endswith(".")
    assert [each.who[-4:] for each in PAPERS] == sorted(each.who[-4:] for each in PAPERS)
