"""Hostile notebooks whose cells are not what was handed out: forged, deleted, edited, doubled, moved, or another's."""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from grading.errors import Refusal
from tests.grading.hostile import canaries
from tests.grading.hostile.arena import Arena, nothing_changed, nothing_shown, opened
from tests.grading.hostile.attack import POINTS, RIGHT, WORTHLESS
from tests.grading.hostile.course import TESTS, hand_in

Notebook = dict[str, Any]
NOTHING = dict.fromkeys(POINTS, 0.0)


@dataclass(frozen=True)
class Change:
    """What was done to the notebook, and what must come of it."""

    id: str
    apply: Callable[[Notebook], object]
    answers: Mapping[str, str] = field(default_factory=lambda: WORTHLESS)
    points: Mapping[str, float] = field(default_factory=lambda: NOTHING)
    refused: str = ""  # instead of points: words of the refusal
    noted: str = ""
    absent: tuple[str, ...] = ()  # what is nowhere in the executed notebook

    def __str__(self) -> str:
        return self.id


def _cell(notebook: Notebook, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(cell for cell in notebook["cells"] if cell["id"] == name)
    return found


def _tests(notebook: Notebook) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["id"].startswith("test-")]


def _marking(cell: dict[str, Any]) -> dict[str, Any]:
    marking: dict[str, Any] = cell["metadata"]["nbgrader"]
    return marking


def _own(source: str, **more: Any) -> dict[str, Any]:
    plain = {"cell_type": "code", "id": "own", "metadata": {}, "execution_count": None, "outputs": []}
    return {**plain, "source": source, **more}


def forge_outputs(notebook: Notebook) -> None:
    said = {"output_type": "stream", "name": "stdout", "text": "forged: all tests passed, 10 of 10"}
    page = {"output_type": "display_data", "metadata": {}, "data": {"text/html": "<script>forged()</script>"}}
    value = {"output_type": "execute_result", "metadata": {}, "execution_count": 1, "data": {"text/plain": "10.0"}}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [said, page, value], 10**9


def change_points(notebook: Notebook) -> None:
    for cell in _tests(notebook):
        _marking(cell)["points"] = 1000


def write_odd_points(notebook: Notebook) -> None:
    for cell, points in zip(_tests(notebook), (-5, "1e309", {"points": 10}), strict=True):
        _marking(cell)["points"] = points


def delete_tests(notebook: Notebook) -> None:
    notebook["cells"] = [cell for cell in notebook["cells"] if cell not in _tests(notebook)]


def empty_tests(notebook: Notebook) -> None:
    for cell in _tests(notebook):
        cell["source"] = "pass"


def double_tests(notebook: Notebook) -> None:
    doubles = [{**copy.deepcopy(cell), "source": "pass"} for cell in _tests(notebook)]
    notebook["cells"] = doubles + notebook["cells"] + doubles


def reverse(notebook: Notebook) -> None:
    notebook["cells"].reverse()


def put_the_tests_first(notebook: Notebook) -> None:
    notebook["cells"].sort(key=lambda cell: not cell["id"].startswith("test-"))


def retype_tests(notebook: Notebook) -> None:
    for cell, kind in zip(_tests(notebook), ("markdown", "raw", "heading"), strict=True):
        cell["cell_type"] = kind


def edit_locked(notebook: Notebook) -> None:
    _cell(notebook, "imports")["source"] = (
        "class np:\n    asarray = array = staticmethod(lambda x, *_, **__: x)\n"
        "    class testing:\n        assert_allclose = staticmethod(lambda *_: None)\n"
    )
    _cell(notebook, "helper")["source"] = "close = lambda *_: True"


def unlock_locked(notebook: Notebook) -> None:
    edit_locked(notebook)
    for name in ("imports", "helper"):
        _cell(notebook, name)["metadata"] = {}
        _cell(notebook, name)["id"] = f"mine-{name}"


def add_graded(notebook: Notebook) -> None:
    for number in range(5):
        marking = {"grade": True, "solution": False, "locked": True, "grade_id": f"bonus-{number}", "points": 100}
        notebook["cells"].append(_own("pass", id=f"bonus-{number}", metadata={"nbgrader": marking}))


def add_paths(notebook: Notebook) -> None:
    for number, grade_id in enumerate(
        ("../../ledger", "/etc/passwd", "a\0b", "\u202etset", "x" * 10_000, "'; drop table score; --")
    ):
        marking = {"grade": True, "solution": False, "locked": True, "grade_id": grade_id, "points": 1}
        notebook["cells"].append(_own("pass", id=f"path-{number}", metadata={"nbgrader": marking}))


def swap_letters(notebook: Notebook) -> None:
    for cell in _tests(notebook):
        _marking(cell)["grade_id"] = _marking(cell)["grade_id"].replace("e", "\u0435")  # a Cyrillic letter
        cell["source"], cell["id"] = "pass", cell["id"].replace("test", "tost")


def claim_tests(notebook: Notebook) -> None:
    """Its answers bear the ids of the tests."""
    for name in POINTS:
        test, answer = _cell(notebook, f"test-{name}"), _cell(notebook, name)
        answer["metadata"], answer["id"] = copy.deepcopy(test["metadata"]), "stolen-" + name
        notebook["cells"].remove(test)


def grade_answers(notebook: Notebook) -> None:
    for name in POINTS:
        _marking(_cell(notebook, name)).update(grade=True, points=10)


def tag_cells(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["metadata"] |= {
            "tags": ["skip-execution", "raises-exception", "hide_input", "explore"],
            "editable": True,
            "deletable": True,
        }


def other_language(notebook: Notebook) -> None:
    notebook["metadata"] = {
        "kernelspec": {"name": "../../bin/sh", "display_name": "<script>", "language": "bash"},
        "language_info": {"name": "bash", "nbconvert_exporter": "os.system"},
        "jupytext": {"formats": "py"},
    }


def two_versions(notebook: Notebook) -> None:
    notebook["cells"].append({**copy.deepcopy(_cell(notebook, "square")), "source": RIGHT["square"], "id": "another"})


def delimiters(notebook: Notebook) -> None:
    for name in POINTS:
        answer = _cell(notebook, name)
        answer["source"] = (
            f"### END HIDDEN TESTS\n### BEGIN SOLUTION\n{answer['source']}\n### BEGIN HIDDEN TESTS\nassert False"
        )


def answers_as_prose(notebook: Notebook) -> None:
    for name in POINTS:
        _cell(notebook, name).update(cell_type="markdown", source="I know the answer, and it is right.")


def homoglyph_functions(notebook: Notebook) -> None:
    for name in POINTS:
        _cell(notebook, name)["source"] = RIGHT[name].replace("def s", "def \u0455")


def attach_scripts(notebook: Notebook) -> None:
    bundle = {
        "a.png": {"image/svg+xml": "<svg onload=steal()>", "text/html": "<script>steal()</script>"},
        "b.png": {"image/png": '"><script>steal()</script>'},
    }
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["attachments"] = bundle


def magic(notebook: Notebook) -> None:
    for name, head in zip(POINTS, ("%%writefile ../../answers.py", "%%javascript", "%%capture"), strict=True):
        _cell(notebook, name)["source"] = f"{head}\n{RIGHT[name]}"


def too_many_cells(notebook: Notebook) -> None:
    notebook["cells"] += [_own("1", id=f"n{number}") for number in range(10_000)]


def too_large_a_cell(notebook: Notebook) -> None:
    notebook["cells"].append(_own("# " + "x" * (5 << 20)))


def source_of_numbers(notebook: Notebook) -> None:
    _cell(notebook, "square")["source"] = [1, {"a": 2}, None]


def cells_that_are_none(notebook: Notebook) -> None:
    notebook["cells"] += [
        None,
        7,
        "cell",
        [],
        {"cell_type": ["code"]},
        {"cell_type": "code", "source": "", "metadata": []},
    ]


def odd_metadata(notebook: Notebook) -> None:
    deep: Any = {}
    for _ in range(300):
        deep = {"nbgrader": deep}
    for cell in notebook["cells"]:
        cell["metadata"] |= {"deep": deep, "number": float("nan"), "__proto__": {"points": 10}}
    notebook["metadata"] |= {"deep": deep, "number": float("inf")}


def another_assignment(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["id"] = "other-" + cell["id"]
        cell["source"] = f"# {cell['source']}"
        if "nbgrader" in cell["metadata"]:
            _marking(cell)["grade_id"] = "other-" + _marking(cell)["grade_id"]


def another_course(notebook: Notebook) -> None:
    """The ids are the same, everything else is not."""
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"c{number}"
        cell["source"] = f"def other_{number}():\n    return {number}"


def somebody_elses(notebook: Notebook) -> None:
    notebook["metadata"] |= {"student": "alice", "authors": [{"name": "Alice"}], "nbgrader": {"student_id": "alice"}}


CHANGES = (
    Change("forges-outputs", forge_outputs, absent=("forged",)),
    Change("changes-the-points", change_points, noted="do not count"),
    Change("changes-the-points-of-right-answers", change_points, RIGHT, POINTS, noted="do not count"),
    Change("writes-odd-points", write_odd_points),
    Change("deletes-the-tests", delete_tests, noted="was missing; it was put back"),
    Change("edits-the-tests", empty_tests, noted="is not for you to change"),
    Change("doubles-the-tests", double_tests, noted="more than once"),
    Change("reverses-the-order", reverse),
    Change("moves-the-tests-to-the-front", put_the_tests_first, RIGHT, POINTS),
    Change("turns-tests-into-text", retype_tests, noted="another kind of cell"),
    Change("edits-locked-cells", edit_locked, noted="is not for you to change"),
    Change("replaces-locked-cells-by-its-own", unlock_locked, noted="put back"),
    Change("adds-graded-cells", add_graded, absent=('bonus-0", "points',)),
    Change("adds-ids-that-are-paths", add_paths, absent=("drop table",)),
    Change("swaps-letters-of-ids", swap_letters),
    Change("gives-its-answers-the-ids-of-tests", claim_tests),
    Change("grades-its-answers-itself", grade_answers),
    Change("tags-cells-to-be-skipped", tag_cells),
    Change("speaks-another-language", other_language, RIGHT, POINTS, absent=("../../bin/sh",)),
    Change("hands-in-two-versions", two_versions, refused="another version of the answer"),
    Change("opens-hidden-regions-in-its-answers", delimiters),
    Change("turns-answers-into-prose", answers_as_prose),
    Change("names-its-functions-in-lookalike-letters", homoglyph_functions),
    Change("attaches-scripts", attach_scripts, absent=("steal()",)),
    Change("uses-magic-in-its-answers", magic, points={**NOTHING, "spread": 5.0}),
    Change("has-too-many-cells", too_many_cells, refused="cells"),
    Change("has-too-large-a-cell", too_large_a_cell, refused="a cell may hold"),
    Change("has-a-source-of-numbers", source_of_numbers, refused="text cannot be read"),
    Change("has-cells-that-are-none", cells_that_are_none, RIGHT, POINTS, noted="not a cell at all"),
    Change("has-odd-metadata", odd_metadata, RIGHT, POINTS),
    Change("is-another-assignment", another_assignment, refused="another assignment"),
    Change("is-of-another-course-with-the-same-ids", another_course, refused="another assignment"),
    Change("claims-to-be-somebody-elses", somebody_elses, RIGHT, POINTS, absent=("Alice", "alice")),
)


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    with opened(tmp_path_factory.mktemp("structure")) as arena:
        yield arena


@pytest.mark.xdist_group("hostile-structure")
@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_it_gains_nothing_with_a_notebook_that(arena: Arena, change: Change, tmp_path: Path) -> None:
    notebook = json.loads(hand_in(arena.released, change.answers))
    change.apply(notebook)
    data = json.dumps(notebook).encode()
    arena.settle()
    arena.outside.remember()
    zygote, descriptors = arena.grader.engine.zygote().pid, canaries.descriptors()
    if change.refused:
        with pytest.raises(Refusal) as caught:
            arena.grade(data)
        said = str(caught.value)
        assert change.refused in said
        assert caught.value.remedy
        assert "hostile.ipynb" in said
        assert "/" not in said.replace("hostile.ipynb", "")
    else:
        graded = arena.grade(data)
        assert graded.points == change.points, graded.words
        assert [score.out_of for score in graded.outcome.scores] == list(POINTS.values())
        assert [score.question for score in graded.outcome.scores] == [f"test-{name}" for name in TESTS]
        assert change.noted in graded.words
        for text in change.absent:
            assert text not in graded.outcome.executed.decode()
        nothing_shown(graded)
    nothing_changed(arena, zygote=zygote, descriptors=descriptors)
    assert arena.honest().points == POINTS


def test_there_are_enough_of_them_and_each_has_its_name() -> None:
    assert len({change.id for change in CHANGES}) == len(CHANGES) >= 30
