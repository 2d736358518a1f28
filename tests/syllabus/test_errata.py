import pytest

from syllabus.errata import address, errata, erratum, matching, working
from syllabus.numbers import number
from syllabus.tables import table


def test_holds_every_wrong_figure_and_every_discrepancy_once():
    ids = [found.id for found in errata()]
    wrong = [id for id, entry in table("numbers").items() if entry["verdict"] == "lecture is wrong"]
    assert ids == wrong + list(table("discrepancies"))
    assert len(wrong) == 30
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("id", "lectures", "stated", "correct"),
    [
        pytest.param("N11", ("A",), "16·5·5 + 16", "2,416", id="N11-lenet-conv2"),
        pytest.param("N51", ("B",), "4x4", "3", id="N51-transposed"),
        pytest.param("N100", ("B",), "358 M", "271,351,808", id="N100-inception"),
        pytest.param("N74", ("C",), "60 M", "62,378,344, 60,965,224", id="N74-alexnet"),
    ],
)
def test_says_what_is_stated_and_what_is_right(id, lectures, stated, correct):
    found = erratum(id)
    assert (found.lectures, found.stated, found.correct) == (lectures, stated, correct)
    assert found.reason.endswith(".")


def test_takes_a_statement_as_well_as_a_figure():
    assert erratum("D52").correct == "a locally connected layer"


@pytest.mark.parametrize("found", errata(), ids=lambda found: found.id)
def test_corrects_something_and_says_why(found):
    assert found.correct
    assert found.correct != found.stated
    assert len(found.reason) > 20


def test_refuses_a_figure_that_is_right():
    with pytest.raises(KeyError, match="N18 is no erratum: its verdict is 'agrees'"):
        erratum("N18")


def test_finds_by_id_by_words_and_by_lecture():
    every = errata()
    assert matching(every, "") == every
    assert [found.id for found in matching(every, "n51")] == ["N51"]
    assert [found.id for found in matching(every, "N51", "A")] == []  # it is in lecture B
    assert all("B" in found.lectures for found in matching(every, "", "B"))
    assert {found.id for found in matching(every, "N5")} >= {"N51", "N54"}  # no id by itself, so part of a text


@pytest.mark.parametrize("found", errata(), ids=lambda found: found.id)
def test_is_found_by_every_word_of_its_own(found):
    assert found in matching(errata(), f"{found.quantity} {found.reason}")


@pytest.mark.parametrize("found", [each for each in errata() if each.is_figure], ids=lambda found: found.id)
def test_shows_the_function_that_computes_it_if_there_is_one(found):
    assert (f'@ours("{found.id}")' in working(found.id)) == number(found.id).computed


def test_knows_where_it_can_be_tried():
    assert address("N54").startswith("convolution?example=")
    assert address("D36") == ""
