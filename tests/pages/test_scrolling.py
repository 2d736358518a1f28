"""A wide table: words to the left, numbers to the right, ways in cells, and nothing that others wrote as markup."""

import pandas as pd
import pytest

from pages._kit.scrolling import Way, scrolling

EVIL = '"><script>alert(1)</script>'


def drawn(*column: object, index: object = "row") -> str:
    return scrolling(pd.DataFrame({"c": column}, index=[index] * len(column)), label="all")


@pytest.mark.parametrize(
    "column",
    [(1, 2), (0.5, "-"), ("3 of 6", "-"), ("12 %", "1e-3"), ("1,234", "-5"), ("-", "-"), ("0.5", "none", "0.7"), ()],
    ids=str,
)
def test_numbers_stand_to_the_right(column: tuple[object, ...]) -> None:
    assert 'class="words"' not in drawn(*column)


@pytest.mark.parametrize("column", [("graded", "-"), ("Ada", "1815"), ("2 x 2",), (Way("a", "12 words"),)], ids=str)
def test_words_stand_to_the_left(column: tuple[object, ...]) -> None:
    assert drawn(*column).count('class="words"') == 1 + len(column)


def test_a_cell_and_a_name_may_lead_somewhere() -> None:
    assert '<td class="words"><a href="a?b=1&amp;c=2" target="_self">There</a></td>' in drawn(Way("a?b=1&c=2", "There"))
    assert '<th scope="row"><a href="a" target="_self">Ada</a></th>' in drawn(1, index=Way("a", "Ada"))


def test_nothing_in_it_is_markup() -> None:
    table = pd.DataFrame({EVIL: [EVIL, Way(EVIL, EVIL)]}, index=pd.Index([EVIL, Way(EVIL, EVIL)], name=EVIL))
    assert "<script" not in scrolling(table, label=EVIL)
