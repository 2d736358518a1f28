"""A hand-in that is opened: cells, points, ways to the others; and nothing in it that could run in a browser."""

import json
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from classroom import marking
from classroom.errors import ClassroomError, NotAllowed
from classroom.staff.opened import MOST_BYTES, MOST_OUTPUTS, Opened, opened
from classroom.work import hand_in
from tests.classroom.conftest import ADA, BEN, TINA
from tests.classroom.course import SmallCourse, small
from tests.classroom.test_overview import judged
from tests.classroom.test_work import EVERYBODY, STAFF

PNG = b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 20).decode()
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def course(tmp_path: Path) -> Iterator[SmallCourse]:
    with small(tmp_path, str(tmp_path / "ledger.db")) as found:
        yield found.published()


def with_outputs(course: SmallCourse, *outputs: Any) -> Opened:
    """Ada's notebook with these outputs below its second cell, handed in and opened."""
    notebook = json.loads(course.answered())
    notebook["cells"][1]["outputs"] = list(outputs)
    data = json.dumps(notebook).encode()
    receipt = hand_in(course.desk, ADA, "ps", file="ps.ipynb", data=data)
    return opened(course.desk, TINA, receipt.attempt.hand_in)


@pytest.mark.parametrize("role", EVERYBODY)
def test_is_for_the_staff(course: SmallCourse, role: str) -> None:
    course.hand_in(BEN)
    course.hand_in(ADA)
    for which in (1, 2):
        if role in STAFF:
            assert opened(course.desk, EVERYBODY[role], which).of == 1
        else:
            with pytest.raises(NotAllowed):
                opened(course.desk, EVERYBODY[role], which)


def test_says_that_there_is_no_such_hand_in(course: SmallCourse) -> None:
    with pytest.raises(ClassroomError, match="no such hand-in"):
        opened(course.desk, TINA, 99)


def test_shows_cells_points_and_comments_as_handed_in_and_as_it_ran(course: SmallCourse) -> None:
    course.hand_in(ADA, mean="def mean(xs): return sum(xs)\nprint('<b>')")
    before = opened(course.desk, TINA, 1)
    assert (before.ran, before.standing.result, before.earlier, before.later) == ((), None, 0, 0)
    course.grade()
    marking.give(course.desk, TINA, 1, "essay", points=0.5, comment="Nearly.")
    found = opened(course.desk, TINA, 1)
    (handed,), (ran,) = found.handed_in, found.ran
    assert [cell.kind for cell in handed.cells] == [cell.kind for cell in ran.cells]
    assert [cell.grade_id for cell in ran.cells][1:] == ["double", "test-double", "mean", "test-mean", "essay"]
    assert [output["text"] for output in ran.cells[3].outputs] == ["<b>\n"]
    entries = {entry.question: entry for entry in found.standing.entries}
    assert (entries["test-double"].points, entries["test-mean"].points, entries["essay"].points) == (2.0, 0.0, 0.5)
    assert (entries["essay"].comment, found.marked_by) == ("Nearly.", {"essay": "Tina Tutor"})
    assert (found.name, found.title, found.counts) == ("Ada Lovelace", "ps", True)


def test_knows_the_ways_to_the_hand_ins_around_it(course: SmallCourse) -> None:
    course.hand_in(ADA)
    course.hand_in(BEN)
    course.hand_in(ADA, double="def double(x): return x")
    judged(course)
    course.hand_in(ADA, double="def double(x): return 1")
    ways = {id: opened(course.desk, TINA, id) for id in (1, 2, 3, 4)}
    assert {id: (one.earlier, one.later, one.of) for id, one in ways.items()} == {
        1: (0, 3, 3),
        2: (0, 0, 1),
        3: (1, 4, 3),
        4: (3, 0, 3),
    }


def test_names_nobody_if_asked(course: SmallCourse) -> None:
    hand_in(course.desk, ADA, "ps", file="ada.ipynb", data=course.answered())
    found = opened(course.desk, TINA, 1, anonymous=True)
    assert found.name.startswith("Student ")
    assert found.handed_in[0].file == "1.ipynb"
    assert opened(course.desk, TINA, 1).handed_in[0].file == "ada.ipynb"


def test_keeps_text_and_pictures(course: SmallCourse) -> None:
    found = with_outputs(
        course,
        {"output_type": "stream", "name": "stdout", "text": ["one\n", "two"]},
        {"output_type": "display_data", "data": {"image/png": PNG, "text/plain": ["<Fig", "ure>"]}, "metadata": {}},
        {"output_type": "error", "ename": "E", "evalue": EVIL, "traceback": [EVIL]},
    )
    cell = found.handed_in[0].cells[1]
    assert cell.outputs[0]["text"] == "one\ntwo"
    assert cell.outputs[1]["data"] == {"image/png": PNG, "text/plain": "<Figure>"}
    assert cell.outputs[2]["traceback"] == [EVIL]  # text, which the page shows as text
    assert cell.left_out == 0


@pytest.mark.parametrize(
    "output",
    [
        {"output_type": "display_data", "data": {"text/html": EVIL}, "metadata": {}},
        {"output_type": "display_data", "data": {"application/javascript": "alert(1)"}, "metadata": {}},
        {"output_type": "display_data", "data": {"image/svg+xml": f"<svg>{EVIL}</svg>"}, "metadata": {}},
        {"output_type": "display_data", "data": {"image/png": b64encode(EVIL.encode()).decode()}, "metadata": {}},
        {"output_type": "display_data", "data": {"text/markdown": "![x](http://e.org)"}, "metadata": {}},
        {"output_type": "display_data", "data": {"application/vnd.jupyter.widget-view+json": {"a": [1]}}},
        {"output_type": "display_data", "data": 7},
        {"output_type": "unheard of"},
        {},
        7,
        None,
        ["stream"],
    ],
    ids=lambda output: str(output)[:40],
)
def test_leaves_out_what_could_run_and_counts_it(course: SmallCourse, output: Any) -> None:
    cell = with_outputs(course, output, {"output_type": "stream", "name": "stdout", "text": "x"}).handed_in[0].cells[1]
    assert [each["output_type"] for each in cell.outputs] == ["stream"]
    assert cell.left_out == 1


def test_takes_only_so_much(course: SmallCourse) -> None:
    long = {"output_type": "stream", "name": "stdout", "text": "x" * (MOST_BYTES // 8)}
    cell = with_outputs(course, *[long] * 12).handed_in[0].cells[1]
    assert 0 < len(cell.outputs) <= 8
    assert cell.left_out == 12 - len(cell.outputs)
    many = {"output_type": "stream", "name": "stdout", "text": "x"}
    assert len(with_outputs(course, *[many] * 300).handed_in[0].cells[1].outputs) == MOST_OUTPUTS
