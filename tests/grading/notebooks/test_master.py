import json
import os
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.utils import compute_checksum

from grading.errors import GradingError
from grading.limits import DEFAULT
from grading.notebooks.cells import Marking
from grading.notebooks.master import Master, open_master
from grading.notebooks.read import read
from grading.notebooks.rebuild import rebuild
from grading.notebooks.regions import Delimiters
from grading.notebooks.write import checksum, executed
from tests.grading.notebooks.detection import STUB, at, marking, source

SAMPLE = Path(__import__("nbgrader").__file__).parent / "docs" / "source" / "user_guide" / "source" / "ps1"


def master_of(*cells: Any, delimiters: Delimiters = Delimiters(), **metadata: Any) -> Master:  # noqa: B008 - frozen
    data = nbformat.writes(new_notebook(cells=list(cells), metadata=metadata)).encode()
    return open_master(data, name="det", delimiters=delimiters)


def code(text: str, grade_id: str = "", *, points: float | None = None, **flags: bool) -> Any:
    return new_code_cell(text, metadata=marking(grade_id, points=points, **flags) if grade_id else {})


def released_by_nbgrader(
    notebook: nbformat.NotebookNode, folder: Path, *, delimiters: dict[str, Any]
) -> dict[str, Any]:
    """The twin: what `nbgrader generate_assignment` makes of it, gradebook and all."""
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    place = folder / "source" / "ps1"
    place.mkdir(parents=True)
    (place / "det.ipynb").write_text(nbformat.writes(notebook))
    config = Config()
    config.CourseDirectory.root = str(folder)
    config.CourseDirectory.course_id = "course"
    config.Exchange.root = str(folder / "exchange")
    for name, value in delimiters.items():
        owner, _, key = name.partition(".")
        config[owner][key] = value
    result = NbGraderAPI(config=config).generate_assignment("ps1")
    assert result["success"], result["log"]
    return json.loads((folder / "release" / "ps1" / "det.ipynb").read_text())


@pytest.fixture
def alembic_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """nbgrader calls a program of the environment by its bare name."""
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")


def comparable(notebook: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (
            cell["cell_type"],
            "".join(cell["source"]),
            cell["id"],
            cell["metadata"],
            cell.get("outputs"),
            cell.get("attachments"),
        )
        for cell in notebook["cells"]
    ]


def with_everything() -> nbformat.NotebookNode:
    notebook = source()
    notebook["cells"] += [
        new_markdown_cell(
            "Draw it.\n### BEGIN MARK SCHEME\nOne point for the axes.\n### END MARK SCHEME\nNeatly.",
            id="task",
            metadata=marking("task", points=4, task=True),
        ),
        new_code_cell(
            "plot()", id="code-by-hand", metadata=marking("plot", points=1, grade=True, solution=True) | {"tags": ["x"]}
        ),
        new_code_cell(
            "if True:\n    ### BEGIN SOLUTION\n    a = 1\n    ### END SOLUTION\n    b = 2\n    ### BEGIN SOLUTION\n"
            "    c = 3\n    ### END SOLUTION",
            id="two-regions",
            metadata=marking("two", solution=True),
        ),
        new_code_cell("# run me", id="with-output", outputs=[nbformat.v4.new_output("stream", text="hi")]),
        new_code_cell("assert True", id="zero", metadata=marking("zero", points=0, grade=True)),
        new_code_cell("", id="void", metadata={"collapsed": True, "scrolled": False}),
    ]
    return notebook


@pytest.mark.slow
@pytest.mark.usefixtures("alembic_on_path")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::ResourceWarning")
def test_releases_what_nbgrader_releases(tmp_path: Path) -> None:
    twin = released_by_nbgrader(with_everything(), tmp_path, delimiters={})
    ours = json.loads(open_master(nbformat.writes(with_everything()).encode(), name="det").release())
    assert comparable(ours) == comparable(twin)
    assert ours["metadata"] == twin["metadata"]
    assert_puts_back_what_nbgrader_puts_back(twin, tmp_path)


def assert_puts_back_what_nbgrader_puts_back(release: dict[str, Any], course: Path) -> None:
    """The twin: `OverwriteCells` on a notebook whose tests, helper and points were edited."""
    from nbgrader.preprocessors import OverwriteCells

    for cell in release["cells"]:
        marking = cell["metadata"].get("nbgrader", {})
        if marking.get("locked"):
            cell["source"] = "forged = True"
        if marking.get("grade"):
            marking["points"] = 1000
    data = json.dumps(release).encode()
    resources = {"nbgrader": {"notebook": "det", "assignment": "ps1", "db_url": f"sqlite:///{course / 'gradebook.db'}"}}
    twin, _ = OverwriteCells().preprocess(nbformat.reads(data.decode(), as_version=4), resources)
    master = open_master(nbformat.writes(with_everything()).encode(), name="det")
    plan = rebuild(master, read(data, file="det.ipynb", limits=DEFAULT), file="det.ipynb")
    ours = json.loads(executed(plan, {}))

    def fixed(notebook: Any) -> dict[str, Any]:
        marked = [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id")]
        return {
            cell["metadata"]["nbgrader"]["grade_id"]: (cell["source"], dict(cell["metadata"]["nbgrader"]))
            for cell in marked
            if not cell["metadata"]["nbgrader"]["task"]
        }

    assert fixed(ours) == fixed(twin)


@pytest.mark.slow
@pytest.mark.usefixtures("alembic_on_path")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::ResourceWarning")
def test_releases_what_nbgrader_releases_with_delimiters_of_the_course(tmp_path: Path) -> None:
    words = Delimiters(
        "ANSWER", "REWSNA", "SECRET", "TERCES", "SCHEME", "EMEHCS", code_stub="...\n# yours", text_stub="write here"
    )
    notebook = nbformat.reads(
        nbformat.writes(with_everything())
        .replace("BEGIN SOLUTION", "ANSWER")
        .replace("END SOLUTION", "REWSNA")
        .replace("BEGIN HIDDEN TESTS", "SECRET")
        .replace("END HIDDEN TESTS", "TERCES")
        .replace("BEGIN MARK SCHEME", "SCHEME")
        .replace("END MARK SCHEME", "EMEHCS"),
        as_version=4,
    )
    twin = released_by_nbgrader(
        notebook,
        tmp_path,
        delimiters={
            "ClearSolutions.begin_solution_delimeter": "ANSWER",
            "ClearSolutions.end_solution_delimeter": "REWSNA",
            "ClearSolutions.code_stub": {"python": "...\n# yours"},
            "ClearSolutions.text_stub": "write here",
            "ClearHiddenTests.begin_test_delimeter": "SECRET",
            "ClearHiddenTests.end_test_delimeter": "TERCES",
            "ClearMarkScheme.begin_mark_scheme_delimeter": "SCHEME",
            "ClearMarkScheme.end_mark_scheme_delimeter": "EMEHCS",
        },
    )
    ours = open_master(nbformat.writes(notebook).encode(), name="det", delimiters=words).release()
    assert comparable(json.loads(ours)) == comparable(twin)


@pytest.mark.parametrize("flags", [(g, s, k) for g in (0, 1) for s in (0, 1) for k in (0, 1) if g or s or k])
@pytest.mark.parametrize("cell_type", ["code", "markdown"])
def test_signs_cells_as_nbgrader_does(flags: tuple[int, int, int], cell_type: str) -> None:
    grade, solution, locked = map(bool, flags)
    new = new_code_cell if cell_type == "code" else new_markdown_cell
    cell = new(
        "größer = 1\n",
        metadata=marking("q", points=2 if grade else None, grade=grade, solution=solution, locked=locked),
    )
    ours = Marking("q", grade=grade, solution=solution, locked=locked, points=2.0 if grade else None)
    assert checksum(ours, cell_type, cell.source) == compute_checksum(cell)


def test_takes_a_notebook_apart() -> None:
    master = open_master(nbformat.writes(source()).encode(), name="det")
    assert [cell.role for cell in master.cells[:6]] == ["text", "plain", "locked", "text", "solution", "test"]
    assert master.cells[-2].role == "manual"
    assert [(q.id, q.points, q.by_hand, q.title, q.notebook) for q in master.questions][-2:] == [
        ("test_recall", 2.0, False, "The function recall", "det"),
        ("why", 3.0, True, "Why?", "det"),
    ]
    test = master.cells[5]
    assert test.hidden_lines == {2, 3, 4}
    assert test.released == "assert iou((0, 0, 2, 2), (0, 0, 2, 2)) == 1"


def test_clears_a_solution_without_region_altogether_and_one_with_region_at_its_indent() -> None:
    master = open_master(nbformat.writes(source()).encode(), name="det")
    released = {cell.grade_id: cell.released for cell in master.cells}
    assert released["output_side"] == STUB
    assert released["why"] == "YOUR ANSWER HERE"
    assert (
        released["precision"]
        == "def precision(hits, detections):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    )


def test_lets_no_hidden_word_into_the_release() -> None:
    release = open_master(nbformat.writes(with_everything()).encode(), name="det").release().decode()
    for word in ("HIDDEN", "SOLUTION", "MARK SCHEME", "axes", "(5, 5, 6, 6)", "detections\\n    ###", "hits / targets"):
        assert word not in release


@pytest.mark.parametrize("version", [0, 1, 2, 3])
def test_reads_every_version_of_the_marking(version: int) -> None:
    cell = code("assert True", "q", points=2, grade=True, locked=True)
    cell.metadata.nbgrader.schema_version = version
    if version == 0:
        del cell.metadata.nbgrader["schema_version"], cell.metadata.nbgrader["task"]
        cell.metadata.nbgrader["points"] = "2"
    assert [(q.id, q.points) for q in master_of(cell).questions] == [("q", 2.0)]


def test_links_answers_in_a_row_to_the_same_tests() -> None:
    master = master_of(
        code("a = 1", "a", solution=True),
        code("b = 1", "b", solution=True),
        code("assert a", "t1", points=1, grade=True),
        code("assert b", "t2", points=1, grade=True),
        code("c = 1", "c", solution=True),
        code("assert c", "t3", points=1, grade=True),
    )
    assert [cell.feeds for cell in master.cells if cell.role == "solution"] == [("t1", "t2"), ("t1", "t2"), ("t3",)]


WRONG = {
    "an id twice": (
        [code("1", "q", solution=True), code("2", "q", solution=True)],
        'det.ipynb, cells 1 and 2: they share the id "q"; give each its own.',
    ),
    "no id": ([new_code_cell("1", metadata=marking("", solution=True))], "det.ipynb, cell 1: 'grade_id' is missing."),
    "a flag that is no flag": (
        [new_code_cell("1", metadata={"nbgrader": {"grade": "yes", "grade_id": "q", "points": 1}})],
        "cell 1 (\"q\"): 'grade' must be true or false, not 'yes'.",
    ),
    "points that are none": (
        [new_code_cell("1", metadata={"nbgrader": {"grade": True, "grade_id": "q", "points": "many"}})],
        "cell 1 (\"q\"): 'points' must be a number of 0 or more, not 'many'.",
    ),
    "a test that is text": (
        [new_markdown_cell("1", metadata=marking("q", points=1, grade=True))],
        "a text cell cannot be an autograder test",
    ),
    "a written answer nobody marks": (
        [new_markdown_cell("1", metadata=marking("q", solution=True))],
        "a text answer must be manually graded.",
    ),
    "a task that is code": ([code("1", "q", points=1, task=True)], "a manually graded task must be a text cell."),
    "a solution region in a plain cell": (
        [code("### BEGIN SOLUTION\n1\n### END SOLUTION")],
        "it has a solution region but is not marked as a solution.",
    ),
    "hidden tests in a plain cell": (
        [code("### BEGIN HIDDEN TESTS\n1\n### END HIDDEN TESTS")],
        "it has hidden tests but is not marked as an autograder test.",
    ),
    "a marking scheme in a plain cell": (
        [code("### BEGIN MARK SCHEME\n1\n### END MARK SCHEME")],
        "it has a marking scheme but is not marked as a task.",
    ),
    "an open region": (
        [code("### BEGIN SOLUTION\n1", "q", solution=True)],
        'cell 1 ("q"): a region that says BEGIN SOLUTION is never closed by END SOLUTION.',
    ),
    "a region in a region": (
        [code("### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION", "q", solution=True)],
        "line 2 says BEGIN SOLUTION inside a region that is already open.",
    ),
    "tests to be written by nbgrader": (
        [code("### AUTOTEST f(1)", "q", points=1, grade=True)],
        "it asks nbgrader to write tests (AUTOTEST); write them out as assertions.",
    ),
}


@pytest.mark.parametrize(("cells", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_tells_the_instructor_about(cells: list[Any], sentence: str) -> None:
    with pytest.raises(GradingError) as caught:
        master_of(*cells)
    assert sentence in str(caught.value)


def test_lists_everything_that_is_wrong_at_once() -> None:
    with pytest.raises(GradingError) as caught:
        master_of(code("1", "q", solution=True), code("2", "q", points=1, task=True))
    assert len(str(caught.value).splitlines()) == 2


def test_refuses_another_language() -> None:
    with pytest.raises(GradingError, match="written in r; only Python"):
        master_of(code("1"), kernelspec={"name": "ir", "display_name": "R", "language": "R"})


def test_takes_a_cell_without_flags_for_unmarked() -> None:
    cell = code("1", "q")
    assert master_of(cell, code("2", "q", solution=True)).by_grade_id == {"q": 1}


@pytest.mark.parametrize("name", ["problem1", "problem2"])
@pytest.mark.skipif(not SAMPLE.is_dir(), reason="this nbgrader came without its sample course")
def test_reads_nbgraders_own_sample_course(name: str) -> None:
    master = open_master((SAMPLE / f"{name}.ipynb").read_bytes(), name=name)
    assert master.questions
    assert b"HIDDEN" not in master.release()


def test_finds_cells_by_grade_id() -> None:
    notebook = source()
    master = open_master(nbformat.writes(notebook).encode(), name="det")
    assert master.by_grade_id["nms"] == at(notebook, "nms")
