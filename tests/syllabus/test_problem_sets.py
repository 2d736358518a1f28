import pytest

from syllabus.problem_sets import problem_set, problem_sets


def test_lists_eight_in_order():
    assert [found.number for found in problem_sets()] == list(range(1, 9))
    assert [found.id for found in problem_sets()] == [f"ps{n}" for n in range(1, 9)]


def test_gives_title_and_theme_of_one():
    first = problem_set("ps1")
    assert first.title == "Counting and shapes"
    assert "parameter" in first.theme


def test_keeps_every_theme_in_one_line():
    assert all(found.theme.endswith(".") and len(found.theme) < 100 for found in problem_sets())


def test_refuses_a_ninth():
    with pytest.raises(KeyError, match="ps9"):
        problem_set("ps9")
