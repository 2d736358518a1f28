"""The bench of COCO's numbers: the same problem for all, programs that agree, and goals that can fail."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks import coco
from benchmarks.coco import OURS, Runs, crowded, drawn, notes, row, run, write
from core.measure.coco.reading import read
from core.measure.coco.scores import evaluate, numbers


def test_draws_the_same_problem_every_time_and_writes_what_it_drew(tmp_path: Path) -> None:
    problem = drawn(40)
    np.testing.assert_array_equal(problem.answers.boxes, drawn(40).answers.boxes)
    assert (problem.images, len(problem.truths.area), len(problem.answers.area)) == (40, 306, 3616)
    write(problem, tmp_path / "many")
    found = read((tmp_path / "many" / "truth.json").read_bytes(), (tmp_path / "many" / "answers.json").read_bytes())
    assert numbers(*evaluate(found.problem)) == numbers(*evaluate(problem))
    assert numbers(*evaluate(problem))["AP50"] > 0.2
    assert len(crowded(2).truths.area) == len(crowded(2).answers.area) == 200


@pytest.mark.slow
@pytest.mark.parametrize("form", ["arrays", "files"])
def test_all_programs_give_the_same_numbers(form: str, tmp_path: Path) -> None:
    write(drawn(40), tmp_path / "many")
    found = run(tmp_path / "many", form, dict.fromkeys(coco.ROUNDS, 1))
    for name, runs in found.items():
        np.testing.assert_allclose(runs.numbers, found[OURS].numbers, atol=1e-12, err_msg=name)
        assert runs.wall[0] > 0


def test_says_which_program_could_not_run(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"fovea ended with 1: (?s:.*)No such file"):
        run(tmp_path, "arrays", {OURS: 1})


@pytest.mark.parametrize(("seconds", "holds"), [(2.1, True), (1.9, False)])
def test_fails_when_another_program_is_too_fast(seconds: float, holds: bool) -> None:
    found = {OURS: Runs([1.0], [1.0]), "vernier": Runs([seconds], [seconds])}
    assert row("from arrays", "vernier", found, "cpu", 1 / 2).holds is holds
    assert row("from arrays", "vernier", found, "wall", None).holds is None


def test_notes_how_far_the_numbers_lie_apart() -> None:
    problem = {name: Runs([1.0], [1.0], [7.0], [0.5, 0.25]) for name in coco.ROUNDS}
    problem["vernier"] = Runs([1.0], [1.0], [9.0], [0.5, 0.375])
    first, second = notes(problem, problem, problem)
    assert "differ by 0.12 at most" in first
    assert "vernier 9 and 9" in second
