"""What holds for the referee of every question of every set."""

import numpy as np
import pytest

from assignments.referees import warmup
from grading.referee import disconnect, last_ruling, set_seed
from tests.assignments.sets import EVERY, HANDS, MISTAKES, SETS, as_tables, deserved, other_hands, referees
from tests.assignments.worthless import WORTHLESS

some_seeds = pytest.mark.parametrize("seeds", [(0,), pytest.param((1, 2), marks=pytest.mark.slow)])
LARGEST = 4096  # numbers in an argument: a plain loop over it is still quick


def named(given):
    return {"argvalues": [pytest.param(*each, id=f"{each[0]}-{each[1].name}") for each in given]}


every_referee = pytest.mark.parametrize(("name", "referee"), **named(EVERY))
every_mistake = pytest.mark.parametrize(
    ("name", "referee", "mistake"), [pytest.param(n, r, m, id=f"{n}-{r.name}: {m.title}") for n, r, m in MISTAKES]
)


@pytest.fixture(autouse=True)
def seeded():
    disconnect()
    set_seed(5)
    yield
    set_seed(None)


@pytest.mark.parametrize("seeds", [range(4), pytest.param(range(4, 20), marks=pytest.mark.slow)])
@every_referee
def test_gives_the_reference_full_marks(name, referee, seeds):
    for seed in seeds:
        set_seed(seed)
        ruling = as_tables(referee).rule(referee.reference)
        assert ruling.points == ruling.out_of == referee.points


@some_seeds
@every_mistake
def test_names_the_mistake_and_gives_what_it_deserves(name, referee, mistake, seeds):
    for seed in seeds:
        set_seed(seed)
        ruling = as_tables(referee).rule(mistake.variant)
        assert (ruling.mistake, ruling.hint) == (mistake.title, mistake.hint), seed
        assert ruling.points < ruling.out_of
        assert ruling.points == pytest.approx(deserved(name)[referee.name, mistake.title], abs=1e-6), seed


@pytest.mark.parametrize("name", SETS)
def test_has_a_table_of_exactly_the_mistakes_that_are_recognised(name):
    known = {(referee.name, mistake.title) for referee in referees(name) for mistake in referee.mistakes}
    assert set(deserved(name)) == known
    assert all(len(referee.mistakes) >= 5 for referee in referees(name))


@pytest.mark.parametrize("name", SETS)
def test_is_answered_by_other_hands_in_at_least_three_styles(name):
    right = other_hands(name).RIGHT
    assert set(right) == {referee.name for referee in referees(name)}
    assert all(len(functions) >= 2 for functions in right.values())
    assert max(len(functions) for functions in right.values()) >= 3


@pytest.mark.parametrize(
    ("name", "referee", "written"), [pytest.param(n, r, f, id=f"{n}-{f.__name__}") for n, r, f in HANDS]
)
@some_seeds
def test_gives_another_style_full_marks(name, referee, written, seeds):
    for seed in seeds:
        set_seed(seed)
        ruling = referee.rule(written)
        assert ruling.points == ruling.out_of, (ruling.seen, ruling.hint)


@pytest.mark.parametrize("stub", WORTHLESS.values(), ids=WORTHLESS)
@every_referee
def test_gives_a_stub_nothing(name, referee, stub):
    assert referee.rule(stub).points == 0.0


@every_referee
def test_gives_those_who_know_only_the_examples_a_share_at_most(name, referee):
    known = {
        repr(case.arguments): referee.reference(*case.arguments)
        for group in referee.groups
        if group.visible
        for case in group.cases
    }
    ruling = as_tables(referee).rule(lambda *arguments: known.get(repr(arguments), 0))
    assert 0 < ruling.points <= referee.points / 4


@every_referee
def test_gives_no_number_away_in_a_title_or_a_hint(name, referee):
    shown = [group.title for group in referee.groups] + [mistake.hint for mistake in referee.mistakes]
    assert [text for text in shown if any(len(word) > 1 and word.isdigit() for word in text.split())] == []
    assert all(mistake.hint.endswith(".") for mistake in referee.mistakes)


@every_referee
def test_is_quick_enough_for_a_queue(name, referee):
    """Every referee asks at most 60 questions, and no case is so large that a loop over it would run out of time."""
    asked = []
    as_tables(referee).rule(lambda *arguments: (asked.append(arguments), referee.reference(*arguments))[1])
    assert len(asked) <= 60
    assert all(value.size <= LARGEST for arguments in asked for value in arguments if isinstance(value, np.ndarray))


def test_asks_for_the_explanation_of_a_flipped_kernel_in_one_line():
    from core.filters.correlate import convolve

    points = warmup.correlate2d(convolve)
    assert type(points) is float
    assert last_ruling().mistake == "flips the kernel"
