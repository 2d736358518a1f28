"""Hostile notebooks, one test each: no point gained, nothing outside read or changed, the next one graded normally."""

from collections.abc import Iterator

import pytest

from grading.engine.engine import Job
from tests.grading.hostile import (
    attacks_files,
    attacks_leaks,
    attacks_lying,
    attacks_memory,
    attacks_network,
    attacks_processes,
    attacks_protocol,
    attacks_time,
    canaries,
)
from tests.grading.hostile.arena import Arena, all_goes_on, nothing_changed, nothing_gained, opened
from tests.grading.hostile.attack import POINTS, QUICK, Attack
from tests.grading.hostile.course import HELPER

FAMILIES = (
    attacks_files,
    attacks_network,
    attacks_processes,
    attacks_memory,
    attacks_time,
    attacks_lying,
    attacks_protocol,
    attacks_leaks,
)
ATTACKS = tuple(attack for family in FAMILIES for attack in family.ATTACKS)

# Only the clock ends what these do in a cell: eight seconds each time. Of the fast ones, "sleeps" and
# "ignores-every-signal" are ended by it in a call, and tests/grading/engine/test_session.py has a cell that is.
PATIENT = {"sleeps-in-threads", "stops-itself", "swallows-every-error"}


@pytest.fixture(scope="module")
def numpy_arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    with opened(tmp_path_factory.mktemp("hostile")) as arena:
        yield arena


@pytest.fixture(scope="module")
def torch_arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    with opened(tmp_path_factory.mktemp("hostile-torch"), torch=True) as arena:
        yield arena


def _survives(arena: Arena, attack: Attack) -> None:
    arena.settle()
    arena.left()
    arena.outside.remember()
    zygote, descriptors = arena.grader.engine.zygote().pid, canaries.descriptors()
    graded = arena.attack(attack)
    nothing_changed(arena, zygote=zygote, descriptors=descriptors)
    all_goes_on(arena, attack)
    nothing_gained(graded, attack)


def test_there_are_enough_of_them_and_each_has_its_name() -> None:
    names = [attack.id for attack in ATTACKS]
    assert len(names) >= 100
    assert len(set(names)) == len(names)


@pytest.mark.xdist_group("hostile")
@pytest.mark.parametrize(
    "attack",
    [
        pytest.param(attack, marks=pytest.mark.slow if attack.id in PATIENT else ())
        for attack in ATTACKS
        if not attack.torch
    ],
    ids=str,
)
def test_it_gains_nothing_with_a_notebook_that(numpy_arena: Arena, attack: Attack) -> None:
    _survives(numpy_arena, attack)


@pytest.mark.xdist_group("hostile-torch")
@pytest.mark.parametrize("attack", [attack for attack in ATTACKS if attack.torch], ids=str)
def test_it_gains_nothing_where_torch_is_loaded_with_a_notebook_that(torch_arena: Arena, attack: Attack) -> None:
    _survives(torch_arena, attack)


@pytest.mark.xdist_group("hostile")
def test_it_takes_no_helper_from_a_student_who_killed_the_instructors_where_the_solution_is_unknown(
    numpy_arena: Arena,
) -> None:
    kill = next(attack.first for attack in ATTACKS if attack.id == "kills-the-cell-with-the-helpers")
    with numpy_arena.grader.engine.session(Job(limits=QUICK), seed=1) as session:
        session.run("import os\n" + kill)
        assert session.run(HELPER, for_judge=HELPER).ending == "died"
        session.run("close = lambda *_: True\ndef smooth(x):\n    return x")
        tested = session.test("assert close(smooth([1.0, 2.0]), [1.0, 1.5])", out_of=1.0)
    assert tested.points.get("earned", 0.0) == 0.0


@pytest.mark.xdist_group("hostile")
def test_it_gives_an_honest_notebook_full_marks(numpy_arena: Arena) -> None:
    assert numpy_arena.honest().points == POINTS
