from dataclasses import replace

import numpy as np
import pytest

from assignments.referees import warmup
from assignments.referees.warmup import boxes
from grading.referee import disconnect, last_ruling, set_seed
from tests.assignments.writing import RIGHT, WORTHLESS

REFEREES = [getattr(warmup, name) for name in warmup.__all__]
SEEDS = (0, 1, 2)


@pytest.fixture(autouse=True)
def seeded():
    disconnect()
    set_seed(5)
    yield
    set_seed(None)


def as_tables(referee):
    """The same referee for functions that take a case's arguments, as the reference and its variants do."""
    return replace(referee, given=None)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("referee", REFEREES, ids=lambda referee: referee.name)
def test_gives_the_reference_full_marks(referee, seed):
    set_seed(seed)
    ruling = as_tables(referee).rule(referee.reference)
    assert ruling.points == ruling.out_of == referee.points


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("referee", "mistake"),
    [pytest.param(r, m, id=f"{r.name}: {m.title}") for r in REFEREES for m in r.mistakes],
)
def test_names_the_mistake(referee, mistake, seed):
    set_seed(seed)
    ruling = as_tables(referee).rule(mistake.variant)
    assert (ruling.mistake, ruling.hint) == (mistake.title, mistake.hint)
    assert ruling.points < ruling.out_of


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("referee", "written"),
    [pytest.param(getattr(warmup, name), f, id=f.__name__) for name, many in RIGHT.items() for f in many],
)
def test_gives_another_style_full_marks(referee, written, seed):
    set_seed(seed)
    ruling = referee.rule(written)
    assert ruling.points == ruling.out_of, ruling.seen


@pytest.mark.parametrize("stub", WORTHLESS.values(), ids=WORTHLESS)
@pytest.mark.parametrize("referee", REFEREES, ids=lambda referee: referee.name)
def test_gives_a_stub_nothing(referee, stub):
    assert referee.rule(stub).points == 0.0


@pytest.mark.parametrize("referee", REFEREES, ids=lambda referee: referee.name)
def test_gives_those_who_know_only_the_examples_a_share_at_most(referee):
    known = {
        repr(case.arguments): referee.reference(*case.arguments)
        for group in referee.groups
        if group.visible
        for case in group.cases
    }
    ruling = as_tables(referee).rule(lambda *arguments: known.get(repr(arguments), 0))
    assert 0 < ruling.points <= referee.points / 4


@pytest.mark.parametrize("referee", REFEREES, ids=lambda referee: referee.name)
def test_gives_no_number_away_in_a_title_or_a_hint(referee):
    shown = [group.title for group in referee.groups] + [mistake.hint for mistake in referee.mistakes]
    assert [text for text in shown if any(len(word) > 1 and word.isdigit() for word in text.split())] == []
    assert all(mistake.hint.endswith(".") for mistake in referee.mistakes)


@pytest.mark.parametrize("referee", REFEREES, ids=lambda referee: referee.name)
def test_is_quick_enough_for_a_queue(referee):
    """Every referee asks at most 60 questions, and no case is so large that a loop over it would run out of time."""
    asked = []
    as_tables(referee).rule(lambda *arguments: (asked.append(arguments), referee.reference(*arguments))[1])
    assert len(asked) <= 60
    assert all(value.size <= 400 for arguments in asked for value in arguments if isinstance(value, np.ndarray))


def test_counts_models_that_are_really_frozen_and_really_without_biases():
    frozen, biased = [], []

    def student(model):
        frozen.append(any(not parameter.requires_grad for parameter in model.parameters()))
        biased.append(any(name.endswith("bias") for name, _ in model.named_parameters()))
        return 0

    warmup.count_parameters.rule(student)
    assert any(frozen)
    assert not all(frozen)
    assert any(biased)
    assert not all(biased)


def test_draws_boxes_that_overlap_and_boxes_that_do_not():
    random = np.random.default_rng(0)
    over = [warmup.iou.reference(*boxes.crossing(random).arguments) for _ in range(200)]
    apart = [warmup.iou.reference(*boxes.apart(random).arguments) for _ in range(200)]
    anywhere = [warmup.iou.reference(*boxes.anywhere(random).arguments) for _ in range(200)]
    assert all(0 < share < 1 for share in over)
    assert set(apart) == {0.0}
    assert 100 < anywhere.count(0.0) < 150


def test_asks_for_the_explanation_of_a_flipped_kernel_in_one_line():
    from core.filters.correlate import convolve

    points = warmup.correlate2d(convolve)
    assert type(points) is float
    assert last_ruling().mistake == "flips the kernel"
