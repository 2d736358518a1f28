"""Winners and sizes of ImageNet: what the lectures state, and what belongs together."""

import re

import pytest

from core.data.imagenet import CHALLENGE, CLAIMS, COLLECTION, ENTRANTS, HUMAN_ERROR, TURING_AWARD, Size, parts
from core.nets.depth import depth
from core.nets.zoo import names, network
from syllabus.tables import table


@pytest.mark.parametrize("entrant", [each for each in ENTRANTS if each.source[0] == "N"], ids=lambda each: each.source)
def test_has_the_error_the_lecture_states(entrant):
    stated = [float(value) for value in re.findall(r"([\d.]+) %", table("numbers")[entrant.source]["stated"])]
    assert entrant.error == stated[-1]


def test_names_a_source_for_every_figure():
    from core.data import imagenet

    for each in ENTRANTS:
        assert each.source in imagenet.__doc__ or table("numbers")[each.source]["verdict"] == "not computable"


def test_has_one_winner_a_year_and_ever_smaller_errors():
    winners = [each for each in ENTRANTS if each.place == 1]
    assert [each.year for each in winners] == list(range(2010, 2018))
    errors = [each.error for each in winners]
    assert errors == sorted(errors, reverse=True)
    assert [each.name for each in winners if each.error < HUMAN_ERROR] == ["ResNet", "Trimps-Soushen", "SENet"]
    for second in (each for each in ENTRANTS if each.place == 2):
        assert second.error > next(each.error for each in winners if each.year == second.year)


def test_points_to_networks_of_our_zoo():
    known = [each.ours for each in ENTRANTS if each.ours]
    assert set(known) <= set(names())
    assert [depth(network(name)) for name in known] == [8, 22, 19, 152]


@pytest.mark.parametrize(
    ("lecture", "belongs"),
    [
        ("A", ("neither", "neither")),
        ("C", ("the whole collection", "the whole collection")),
        ("D", ("the whole collection", "the challenge")),
    ],
)
def test_says_what_a_claim_belongs_to(lecture, belongs):
    assert parts(next(claim.size for claim in CLAIMS if claim.lecture == lecture)) == belongs


def test_knows_both_parts_and_what_lies_between():
    assert parts(COLLECTION) == ("the whole collection",) * 2
    assert parts(CHALLENGE) == ("the challenge",) * 2
    assert parts(Size(5_000_000, 5000)) == ("neither",) * 2


def test_names_the_three_of_the_turing_award_of_2018() -> None:
    year, winners = TURING_AWARD
    assert (year, [name.split()[-1] for name in winners]) == (2018, ["Bengio", "Hinton", "LeCun"])
