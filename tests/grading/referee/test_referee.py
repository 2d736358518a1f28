import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.referee import (
    Group,
    Mistake,
    case,
    forget_ruling,
    last_ruling,
    set_seed,
)
from tests.grading.referee.drawing import SMALL, columns, means, referee, sums, table


def test_gives_the_reference_all_points_as_a_plain_float():
    points = referee()(means)
    assert type(points) is float
    assert points == 4.0
    ruling = last_ruling()
    assert (ruling.points, ruling.out_of, ruling.seen, ruling.hint) == (4.0, 4.0, "All cases are right.", "")
    assert [group.points for group in ruling.groups] == [1.0, 2.0, 1.0]


@pytest.mark.parametrize("mistake", referee().mistakes, ids=lambda mistake: mistake.title)
@pytest.mark.parametrize("seed", range(5))
def test_recognises_each_mistake_by_its_answers(mistake, seed):
    set_seed(seed)
    ruling = referee().rule(mistake.variant)
    assert ruling.mistake == mistake.title
    assert ruling.hint == mistake.hint
    assert ruling.points < ruling.out_of


def test_names_no_mistake_it_does_not_know():
    ruling = referee().rule(lambda table: means(table) + 1)
    assert (ruling.mistake, ruling.hint, ruling.points) == ("", "", 0.0)
    assert ruling.seen == (
        "0 of 3 groups of cases are right. Two rows: row_means([[1.0, 3.0], [5.0, 9.0]]) should be [2.0, 7.0]; "
        "your answer has another value."
    )


def test_wants_all_failing_answers_explained_by_one_mistake():
    assert referee().rule(lambda table: sums(table) if len(table) > 2 else columns(table)).mistake == ""


def test_prefers_the_mistake_that_explains_the_right_answers_too():
    mistakes = (
        Mistake("always 7", lambda table: np.full(len(table), 7.0), hint="no"),
        Mistake("7 for single rows", lambda table: means(table) if len(table) > 1 else np.array([7.0]), hint="yes"),
    )
    assert referee(mistakes=mistakes).rule(mistakes[1].variant).hint == "yes"


def test_pays_for_the_groups_that_are_right():
    def only_tables(table):
        return means(table) if len(table) > 1 else table

    ruling = referee().rule(only_tables)
    assert ruling.points == 3.0
    assert ruling.seen == "2 of 3 groups of cases are right. In “single rows”, your answer has another shape."


def test_pays_nothing_for_a_group_with_one_wrong_answer():
    calls = []

    def slips_once(table):
        calls.append(table)
        return means(table) + (len(calls) == 4)

    assert referee().rule(slips_once).points == 2.0


@given(st.sets(st.integers(0, 4)), st.lists(st.integers(1, 9), min_size=5, max_size=5), st.floats(0.1, 50))
def test_adds_the_weights_of_the_right_groups_up(wrong, weights, points):
    groups = tuple(
        Group(
            f"group {number}", weight, cases=(case(np.full((2, 3), number + 1.0)), case(np.full((1, 2), 9.0 + number)))
        )
        for number, weight in enumerate(weights)
    )

    def student(table):
        number = int(table[0, 0]) - (9 if table.shape[0] == 1 else 1)
        return means(table) + (number in wrong)

    ruling = referee(groups=groups, points=points, mistakes=()).rule(student)
    share = sum(weight for number, weight in enumerate(weights) if number not in wrong) / sum(weights)
    assert ruling.points == pytest.approx(points * share, abs=1e-6)
    assert 0 <= ruling.points <= points
    assert sum(group.points for group in ruling.groups) == pytest.approx(ruling.points, abs=1e-5)


@pytest.mark.parametrize(
    "student",
    [
        pytest.param(lambda table: 0, id="0"),
        pytest.param(lambda table: None, id="None"),
        pytest.param(lambda table: np.array([2.0, 7.0]), id="the answer of the example"),
        pytest.param(lambda table: [], id="an empty list"),
        pytest.param(lambda table: table, id="its own argument"),
        pytest.param(lambda table: 1 / 0, id="an error"),
    ],
)
def test_pays_nothing_for_a_stub(student):
    assert referee().rule(student).points == 0.0


def test_pays_nothing_for_one_constant_even_where_it_is_right():
    groups = (Group("zeros", 3, cases=(case(np.zeros((1, 2))),)), Group("ones", 1, cases=(case(np.ones((1, 2))),)))
    ruling = referee(groups=groups, mistakes=()).rule(lambda table: np.zeros(1))
    assert ruling.points == 0.0
    assert ruling.hint == "Your function gives the same answer whatever it is given."


def test_pays_nothing_for_refusing_everything():
    def strict(table):
        if table.size == 0:
            raise ValueError("empty")
        return means(table)

    groups = (*referee().groups, Group("empty tables", 1, cases=(case(np.zeros((0, 2)), raises=ValueError),)))
    asked = referee(reference=strict, groups=groups)

    def refuses(table):
        raise ValueError

    assert asked.rule(strict).points == 4.0
    assert asked.rule(refuses).points == 0.0
    ruling = asked.rule(means)
    assert ruling.points == pytest.approx(4 * 4 / 5)
    assert "answers where it should raise an error" in ruling.seen


def test_forgives_a_missing_refusal_when_it_looks_for_the_mistake():
    def strict(table):
        if table.size == 0:
            raise ValueError("empty")
        return means(table)

    groups = (*referee().groups, Group("empty tables", 1, cases=(case(np.zeros((0, 2)), raises=ValueError),)))
    assert referee(reference=strict, groups=groups).rule(lambda t: sums(t) if t.size else 0).mistake == "sums"


def test_draws_the_same_cases_from_the_same_seed_and_others_from_another():
    def asked(seed):
        seen = []
        set_seed(seed)
        assert referee().rule(lambda table: (seen.append(table.copy()), means(table))[1]).seed == seed
        return [table.tolist() for table in seen]

    assert asked(3) == asked(3)
    assert asked(3)[1:] != asked(4)[1:]
    assert asked(3)[0] == asked(4)[0] == SMALL.tolist()


def test_keeps_the_cases_of_a_group_when_another_one_comes_in():
    def single_rows(groups):
        seen = []
        referee(groups=groups).rule(lambda table: (seen.append(table.tolist()), means(table))[1])
        return [table for table in seen if len(table) == 1]

    before, extra = referee().groups, Group("more tables", 1, drawn=table)
    assert single_rows(before) == single_rows((extra, *before))


def test_hands_out_fresh_copies_so_that_a_change_in_place_harms_nobody():
    def vandal(table):
        answer = means(table)
        table[:] = np.nan
        table.resize((1,), refcheck=False)
        return answer

    groups = (Group("the same twice", 1, cases=(case(SMALL), case(SMALL * 2), case(SMALL))),)
    for _ in range(2):
        assert referee(groups=groups).rule(vandal).points == 4.0
        assert referee().rule(vandal).points == 4.0
    assert SMALL.tolist() == [[1.0, 3.0], [5.0, 9.0]]


def test_asks_in_another_way_where_a_call_is_not_enough():
    class Averager:
        def __init__(self, axis):
            self.axis = axis

        def __call__(self, table):
            return table.mean(axis=self.axis)

    asked = referee(ask=lambda made, table: made(1)(table))
    assert asked.rule(Averager).points == 4.0
    assert asked.rule(lambda axis: Averager(0)).mistake == "columns"
    assert asked.rule(lambda: None).seen.endswith("your function raises TypeError.")


def test_gives_the_student_something_else_than_the_reference_where_told():
    asked = referee(given=lambda table: (table.tolist(),))
    assert asked.rule(lambda rows: [sum(row) / len(row) for row in rows]).points == 4.0
    assert "row_means(Two rows) should be [2.0, 7.0]" in asked.rule(lambda rows: [1.0 for _ in rows]).seen


def test_keeps_the_last_ruling_until_it_is_forgotten(capsys):
    referee()(sums)
    assert last_ruling().mistake == "sums"
    assert capsys.readouterr().out.splitlines() == [last_ruling().seen, "Divide by the number of columns."]
    forget_ruling()
    assert last_ruling() is None


def test_lets_a_warning_pass_that_nbgrader_would_take_the_points_for(capsys):
    def noisy(table):
        sys.stderr.write("RuntimeWarning: careful")
        return means(table)

    assert referee()(noisy) == 4.0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"points": 0}, "points"),
        ({"seconds": 0.0}, "seconds"),
        ({"groups": ()}, "group"),
        ({"groups": (Group("twice", 1, drawn=table), Group("twice", 1, drawn=table))}, "two groups are called 'twice'"),
        ({"mistakes": (Mistake("twice", sums, "a"), Mistake("twice", columns, "b"))}, "two mistakes"),
    ],
)
def test_refuses_to_be_built_wrong(changes, words):
    with pytest.raises(ValueError, match=words):
        referee(**changes)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"weight": 0, "drawn": table}, "weighs"),
        ({"weight": 1}, "needs cases"),
        ({"weight": 1, "drawn": table, "visible": True}, "hidden"),
    ],
)
def test_refuses_a_group_that_earns_nothing_asks_nothing_or_shows_what_is_drawn(options, words):
    with pytest.raises(ValueError, match=words):
        Group("a group", **options)
