import json

import nbformat
import pytest
from nbformat.v4 import new_output
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import compute_checksum, determine_grade

from grading.limits import DEFAULT
from grading.notebooks.master import open_master
from grading.notebooks.plan import Plan
from grading.notebooks.read import read
from grading.notebooks.rebuild import rebuild
from grading.notebooks.write import executed, feedback_copy
from tests.grading.notebooks.detection import answered, at, source
from tests.grading.notebooks.test_master import with_everything

MASTER = open_master(nbformat.writes(source()).encode(), name="det")
PICTURE = {"p.png": {"image/png": "QUJD"}}


def plan() -> Plan:
    notebook = answered(MASTER.release())
    notebook["cells"][at(notebook, "why")]["attachments"] = PICTURE
    notebook["cells"].insert(2, {"cell_type": "code", "source": "own = 1", "metadata": {"nbgrader": {"grade": 7}}})
    notebook["cells"].insert(2, {"cell_type": "raw", "source": "own text", "metadata": {}, "id": "imports"})
    return rebuild(MASTER, read(json.dumps(notebook).encode(), file="d.ipynb", limits=DEFAULT), file="d.ipynb")


PLAN = plan()
OUTPUTS = {
    index: [new_output("stream", name="stdout", text=f"SEEN {step.cell}")]
    for index, step in enumerate(PLAN.steps)
    if step.cell_type == "code"
}


def opened(data: bytes) -> nbformat.NotebookNode:
    notebook = nbformat.reads(data.decode(), as_version=4)
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    return notebook


def test_writes_a_notebook_that_nbformat_and_nbgrader_accept() -> None:
    notebook = opened(executed(PLAN, OUTPUTS))
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert [cell.source for cell in notebook.cells] == [step.source for step in PLAN.steps]
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert notebook.cells[at(notebook, "why")].attachments == PICTURE
    assert notebook.metadata.kernelspec.name == "python3"
    assert "celltoolbar" not in notebook.metadata


def test_writes_what_nbgrader_grades_as_its_own() -> None:
    notebook = opened(executed(PLAN, {}))
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("locked"):
            assert cell.metadata.nbgrader.checksum == compute_checksum(cell)  # not changed, says formgrader
    assert determine_grade(notebook.cells[at(notebook, "test_iou")]) == (2.0, 2.0)
    assert determine_grade(notebook.cells[at(notebook, "why")]) == (None, 3.0)  # a person has to say


def test_lets_nbgrader_see_that_a_question_was_not_answered() -> None:
    handed_out = rebuild(MASTER, read(MASTER.release(), file="d.ipynb", limits=DEFAULT), file="d.ipynb")
    notebook = opened(executed(handed_out, {}))
    assert determine_grade(notebook.cells[at(notebook, "why")]) == (0, 3.0)


def test_keeps_hidden_tests_for_the_instructor() -> None:
    data = executed(PLAN, OUTPUTS).decode()
    assert "(5, 5, 6, 6)" in data
    assert "SEEN test_iou" in data


def test_shows_students_no_hidden_test_and_no_output_of_one() -> None:
    notebook = opened(feedback_copy(PLAN, OUTPUTS))
    data = nbformat.writes(notebook)
    for word in ("(5, 5, 6, 6)", "BEGIN HIDDEN", "SEEN test_iou"):
        assert word not in data
    test = notebook.cells[at(notebook, "test_iou")]
    assert test.source == "assert iou((0, 0, 2, 2), (0, 0, 2, 2)) == 1\n# The rest of this test is hidden."
    assert "checksum" not in test.metadata.nbgrader
    assert "SEEN test_output_side" in data  # nothing of this one is hidden


def test_shows_students_no_marking_scheme() -> None:
    master = open_master(nbformat.writes(with_everything()).encode(), name="det")
    own = rebuild(master, read(master.release(), file="d.ipynb", limits=DEFAULT), file="d.ipynb")
    assert "for the axes" in executed(own, {}).decode()
    assert "for the axes" not in feedback_copy(own, {}).decode()


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), "half \ud83d"], ids=["NaN", "infinity", "half a character"]
)
def test_writes_valid_json_whatever_an_output_holds(value: object) -> None:
    output = {"output_type": "display_data", "data": {"application/json": {"x": value}}, "metadata": {}}
    index = next(index for index in OUTPUTS)
    data = executed(PLAN, {index: [output]})
    json.loads(data.decode(), parse_constant=pytest.fail)


def test_writes_the_same_bytes_twice() -> None:
    assert executed(PLAN, OUTPUTS) == executed(PLAN, OUTPUTS)
