"""The errata page as a visitor uses it, without a browser."""

from dataclasses import replace
from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from pages._kit.discovery import discover
from pages._parts.errata.cards import cards, counts
from syllabus.errata import errata, erratum
from tests.pages import boards

opened = partial(boards.opened, "errata")


def drawn(page: AppTest) -> str:
    return next((part.proto.body for part in page.get("html") if 'class="errata"' in part.proto.body), "")


def ids(page: AppTest) -> list[str]:
    return [part.partition('"')[0] for part in drawn(page).split('href="?find=')[1:]]


def test_shows_them_all() -> None:
    assert ids(opened()) == [each.id for each in errata()]


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ({"find": "N54"}, ["N54"]),
        ({"find": "n54"}, ["N54"]),
        ({"find": "bottleneck"}, ["N100", "N101"]),
        ({"lecture": "D", "kind": "a figure"}, ["N176"]),
        ({"find": "sigmoid"}, ["N33"]),
        ({"find": "no such words"}, []),
    ],
)
def test_opens_at_what_is_looked_for(address: dict[str, str], found: list[str]) -> None:
    page = opened(**address)
    assert ids(page) == found
    assert bool(page.info) == (not found)


def test_puts_both_statements_side_by_side_with_the_way_to_try_it_and_the_working() -> None:
    html = drawn(opened(find="N54"))
    assert html.index("[0, ax+by+cz, bx+cy+dz, cx+dy, 0]") < html.index("ay+bz, ax+by+cz, bx+cy+dz, cx+dy")
    assert 'href="convolution?example=' in html
    assert "@ours(&quot;N54&quot;)" in html


def test_leads_from_every_card_only_to_labs_that_exist() -> None:
    labs = discover()
    html = cards(errata(), labs)
    addresses = {part.partition('"')[0].partition("?")[0] for part in html.split('<a href="')[1:]}
    assert addresses - {""} <= {lab.name for lab in labs}


def test_writes_markup_of_a_statement_as_text() -> None:
    html = cards([replace(erratum("N11"), stated="<b>bold</b>")], [])
    assert "&lt;b&gt;bold" in html


def test_counts_every_figure_under_each_of_its_lectures() -> None:
    counted = counts().set_index("lecture")
    wrong = [each for each in errata() if each.is_figure]
    assert counted["wrong"].to_dict() == {letter: sum(letter in each.lectures for each in wrong) for letter in "ABCDE"}
