"""What may be given as an answer, and how all answers are counted."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.errors import ClassroomError
from classroom.live.answers import Bar, kept, read, right_options, tally
from classroom.live.port import Vote
from syllabus.questions import Question, asked_live, check, question
from syllabus.written import read as written

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CLICK = written("Where is the ship?\npicture scene 7\nregion 0.2 0.3 0.4 0.5\nbecause it is there.", id="own-1")
EVERY_KIND = [question(id) for id in ("Q04", "Q39", "Q08")] + [question("D36"), CLICK]
BY_KIND = {one.kind: one for one in (*asked_live(), CLICK)}


def right_answer(asked: Question) -> object:
    if asked.kind == "click":
        left, top, right, bottom = asked.regions[0]
        return (left + right) / 2, (top + bottom) / 2
    return asked.answer if isinstance(asked.answer, str | tuple) else str(asked.answer)


def answers_to(asked: Question) -> st.SearchStrategy[object]:
    """Whatever may be given."""
    if asked.kind == "click":
        return st.tuples(st.floats(0, 1), st.floats(0, 1))
    if asked.kind == "several":
        return st.lists(st.sampled_from(asked.options), min_size=1, unique=True)
    if asked.options:
        return st.sampled_from(asked.options)
    sides = st.lists(st.integers(1, 999), min_size=2, max_size=3).map(lambda each: "x".join(map(str, each)))
    return sides if asked.kind == "shape" else st.integers(-(10**9), 10**9).map(str)


def votes_of(asked: Question, given: list[object], round: int = 1) -> list[Vote]:
    texts = [kept(asked, each) for each in given]
    return [
        Vote(1, round, f"student{number}", text, check(asked, read(text)), NOW) for number, text in enumerate(texts)
    ]


@pytest.mark.parametrize("asked", asked_live(), ids=lambda asked: asked.id)
def test_the_right_answer_may_be_given_and_is_right(asked: Question) -> None:
    text = kept(asked, right_answer(asked))
    assert check(asked, read(text))
    assert sorted(asked.mixed) == sorted(asked.options)
    assert set(right_options(asked)) <= set(asked.options)
    found = tally(asked, votes_of(asked, [right_answer(asked)]), 1)
    assert found.right == 1
    assert all(bar.right for bar in found.bars if bar.votes)


def test_there_is_a_question_of_every_kind() -> None:
    assert set(BY_KIND) == {"number", "choice", "several", "shape", "click", "slide"}


@pytest.mark.parametrize("kind", BY_KIND)
@given(data=st.data())
def test_every_vote_is_counted_once(kind: str, data: st.DataObject) -> None:
    asked = BY_KIND[kind]  # type: ignore[index]
    given = data.draw(st.lists(answers_to(asked), max_size=30))
    votes = votes_of(asked, given)
    found = tally(asked, [*votes, *votes_of(asked, given[:3], round=2)], 1)
    assert found.votes == len(given)
    assert found.right == sum(vote.right for vote in votes)
    if kind == "several":
        assert sum(bar.votes for bar in found.bars) == sum(len(set(each)) for each in given)  # type: ignore[call-overload]
    else:
        assert sum(bar.votes for bar in found.bars) + len(found.points) == len(given)
    if kind in ("choice", "slide"):
        assert sum(bar.votes for bar in found.bars if bar.right) == found.right


def test_numbers_are_counted_by_value_and_rare_ones_together() -> None:
    asked = question("Q04")
    typed = ["86950", "86,950", "86 950", *(str(number) for number in range(12))]
    bars = tally(asked, votes_of(asked, typed), 1).bars
    assert bars[0] == Bar("86,950", 3, True)
    assert [bar.votes for bar in bars[1:10]] == [1] * 9
    assert bars[10] == Bar("others", 3, False)


WRONG: dict[str, tuple[Question, object]] = {
    "nothing": (question("Q04"), None),
    "no number": (question("Q04"), "many"),
    "a formula": (question("Q04"), "=1+1"),
    "not typed": (question("Q04"), 86950),
    "too long": (question("Q04"), "1" * 41),
    "no shape": (question("Q39"), "28 by 28"),
    "no option": (BY_KIND["choice"], "Something else"),
    "an option's place": (BY_KIND["choice"], 0),
    "a list where one is asked": (BY_KIND["choice"], [BY_KIND["choice"].options[0]]),
    "none marked": (BY_KIND["several"], []),
    "one that is none": (BY_KIND["several"], [BY_KIND["several"].options[0], "else"]),
    "letters of an option": (BY_KIND["several"], BY_KIND["several"].options[0]),
    "no line": (BY_KIND["slide"], "Another line"),
    "beside the picture": (CLICK, (0.5, 1.01)),
    "no number at all": (CLICK, (0.5, float("nan"))),
    "true": (CLICK, (True, False)),
    "a huge number": (CLICK, (10**400, 0.5)),
    "infinity": (CLICK, (float("inf"), 0.5)),
    "one share": (CLICK, (0.5,)),
    "words": (CLICK, "ab"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_answer_is_refused_in_a_sentence(name: str) -> None:
    asked, answer = WRONG[name]
    with pytest.raises(ClassroomError, match=r"^(Write|Choose|Mark|Click) .+\.$"):
        kept(asked, answer)


@given(given=st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists))
@pytest.mark.parametrize("kind", BY_KIND)
def test_whatever_is_given_is_an_answer_or_refused(kind: str, given: object) -> None:
    asked = BY_KIND[kind]  # type: ignore[index]
    try:
        text = kept(asked, given)
    except ClassroomError:
        return
    assert len(text) < 5000
    assert json.loads(text) is not None
