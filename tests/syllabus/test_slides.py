import re
from math import prod

import pytest

from syllabus.errata import errata, erratum
from syllabus.questions import check
from syllabus.slides import PROMPT, slide_of, slides
from syllabus.tables import frozen, row, said, table
from tests.syllabus.addresses import assert_sets_what_the_lab_has

SLIDES = slides()
LINES = [(id, *line) for id, entry in table("slides").items() for line in entry["right"]]
COUNTED = re.compile(r"\d[\d,.]*\d")  # two digits or more: a figure that has to come from somewhere


def figures(text):
    return {float(found.replace(",", "")) for found in COUNTED.findall(text) if found.replace(",", "").count(".") < 2}


def worth(sum_of_products):
    """16·(5·5·6) + 16, worked out."""
    terms = re.sub("[() ]", "", sum_of_products).split("+")
    return sum(prod(int(factor.replace(",", "")) for factor in term.split("·")) for term in terms)


def grounds(rests):
    """All figures of some rows: ours as a reader writes it, what the lecture has if it is right, and the reason."""
    found = set()
    for entry in (row("numbers", id) for id in rests.split()):
        stated = "" if entry["verdict"] == "lecture is wrong" else entry["stated"]
        ours = said(frozen(entry["ours"])) if "ours" in entry else ""
        found |= figures(f"{entry['quantity']} {stated} {ours} {entry['reason']}")
    return found


def test_makes_one_of_every_erratum_and_of_nothing_else():
    assert [slide.id for slide in SLIDES] == [found.id for found in errata()]
    assert set(table("slides")) == {found.id for found in errata()}


@pytest.mark.parametrize("slide", SLIDES, ids=lambda slide: slide.id)
def test_has_a_heading_and_one_wrong_line_among_right_ones(slide):
    assert slide.kind == "slide"
    assert slide.prompt == PROMPT
    assert slide.title
    assert len(slide.options) >= 4
    assert len(set(slide.options)) == len(slide.options)
    assert slide.options.count(slide.answer) == 1
    assert [check(slide, line) for line in slide.options].count(True) == 1
    assert slide.lectures == erratum(slide.id).lectures
    assert slide.why.endswith(".")
    assert erratum(slide.id).correct in slide.why


@pytest.mark.parametrize("slide", SLIDES, ids=lambda slide: slide.id)
def test_does_not_give_the_wrong_line_away_by_its_length(slide):
    others = [len(line) for line in slide.options if line != slide.answer]
    assert 0.4 * min(others) <= len(slide.answer) <= 2 * max(others)


def test_has_the_wrong_line_in_every_place():
    places = [slide.options.index(slide.answer) for slide in SLIDES]
    assert all(places.count(place) / len(places) > 0.15 for place in range(4))


@pytest.mark.parametrize(("id", "line", "rests"), LINES, ids=[f"{id}-{line[:30]}" for id, line, _ in LINES])
def test_has_right_lines_with_figures_of_the_same_lecture(id, line, rests):
    if not rests:
        assert not figures(line)
        return
    assert figures(line) <= figures(table("slides")[id]["title"]) | grounds(rests)
    for other in rests.split():
        assert set(row("numbers", other)["lectures"].split()) & set(erratum(id).lectures)


@pytest.mark.parametrize(("id", "line", "rests"), LINES, ids=[f"{id}-{line[:30]}" for id, line, _ in LINES])
def test_has_sums_that_come_out_right(id, line, rests):
    for left, right in re.findall(r"([\d,·+() ]{5,}) = ([\d,]+)", line):
        assert worth(left) == float(right.replace(",", ""))


@pytest.mark.parametrize("slide", SLIDES, ids=lambda slide: slide.id)
def test_points_to_a_lab_or_to_its_erratum(slide):
    assert_sets_what_the_lab_has(slide.page)


def test_knows_no_slide_without_an_erratum():
    with pytest.raises(KeyError, match="'N18' is no erratum"):
        slide_of("N18")


def test_has_a_wrong_line_where_a_sum_comes_out_wrong():
    for id in ("N11", "N12", "N15"):
        left, right = re.search(r": ([\d,·+() ]{5,}) = ([\d,]+)", slide_of(id).answer).groups()
        assert worth(left) == table("numbers")[id]["claim"]
        assert worth(left) != float(right.replace(",", ""))
