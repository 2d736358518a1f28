"""Small changes of the code behind the answers: the referees notice nearly all that change an output."""

import ast

import pytest

from assignments.referees import warmup
from core.detect.boxes import intersections
from tests.assignments.mutate import all_changes, behind, changed_core, changes, judged, run, told
from tests.assignments.sets import SETS

NOTICED = 0.95


@pytest.mark.slow
@pytest.mark.parametrize("name", SETS)
@pytest.mark.filterwarnings("ignore")  # changed code divides by zero and the like
def test_notices_changes(name):
    outcomes = run(name)
    differ = [outcome for outcome in outcomes if outcome.differs]
    assert len(differ) > 50
    assert sum(outcome.caught for outcome in differ) >= NOTICED * len(differ), told(name, outcomes)


def test_changes_one_place_at_a_time():
    tree = ast.parse("def f(a):\n    return a.sum(axis=0) + 1 if a.min() < 2 else -a")
    words = [says for _, _, says in changes(tree.body[0])]
    assert {"sum becomes mean", "min becomes max", "Add becomes Sub", "Lt becomes LtE", "a minus is gone"} < set(words)
    assert {"axis 0 becomes another", "a condition is turned round", "1 becomes 2", "2 becomes 1"} < set(words)
    assert all(ast.unparse(fresh) != ast.unparse(tree.body[0]) for fresh, _, _ in changes(tree.body[0]))


def test_finds_the_code_that_runs_and_leaves_it_as_it_was():
    lines = behind(warmup.iou)
    assert intersections in lines
    before = intersections.__code__
    change = next(change for change in all_changes(intersections, lines[intersections]) if "minimum" in change.says)
    outcome = changed_core(warmup.iou, change)
    assert outcome.differs
    assert outcome.caught
    assert intersections.__code__ is before


def test_an_answer_that_never_comes_is_noticed():
    def endless(a, b):
        while True:
            pass

    assert judged(warmup.iou, "endless", endless).caught
