"""Which file of a hand-in is which notebook of the assignment, what is missing, what is left alone."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from grading.errors import Refusal
from grading.limits import DEFAULT
from grading.notebooks.collect import Collected, collect
from grading.notebooks.folder import File
from grading.notebooks.master import Master, open_master, told_apart


def cell(kind: str, source: str, grade_id: str, **flags: Any) -> dict[str, Any]:
    marking = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3, **flags}
    made: dict[str, Any] = {"cell_type": kind, "source": source, "metadata": {}}
    made["metadata"]["nbgrader"] = {**marking, "grade_id": grade_id}
    return made


def written(name: str) -> bytes:
    """A notebook whose ids are those of every other; only what it asks for differs."""
    cells = [
        cell("code", f"def {name}():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION", "q", solution=True),
        cell("code", f"assert {name}() == 1, 'not what {name} gives'", "t", grade=True, locked=True, points=2.0),
        cell("markdown", "Because.", "why", grade=True, solution=True, points=1.0),
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 2}).encode()


def answered(name: str) -> bytes:
    found = json.loads(written(name))
    found["cells"][0]["source"] = f"def {name}():\n    return 1"
    return json.dumps(found).encode()


MASTERS = told_apart([open_master(written(name), name=name) for name in ("boxes", "nms")])
BOXES, NMS, SCRATCH = answered("boxes"), answered("nms"), b'{"nbformat": 4, "cells": [{"cell_type": "code"}]}'


def collected(*files: tuple[str, bytes], masters: tuple[Master, ...] = MASTERS) -> Collected:
    return collect(masters, [File(name, data) for name, data in files], DEFAULT)


def names(found: Collected) -> list[str]:
    return [plan.notebook for plan in found.plans]


def test_every_question_bears_the_name_of_its_notebook_where_there_are_several() -> None:
    assert [q.id for master in MASTERS for q in master.questions] == ["boxes/t", "boxes/why", "nms/t", "nms/why"]
    assert [c.feeds for c in MASTERS[1].cells] == [("nms/t",), (), ("nms/why",)]
    (alone,) = told_apart([open_master(written("boxes"), name="boxes")])
    assert ([q.id for q in alone.questions], alone.key("t")) == (["t", "why"], "t")


@pytest.mark.parametrize("files", [("boxes.ipynb", "nms.ipynb"), ("NMS (1).ipynb", "boxes-Copy1.ipynb")])
def test_finds_each_by_its_name(files: tuple[str, str]) -> None:
    found = collected(*((file, BOXES if "boxes" in file else NMS) for file in files))
    assert (names(found), found.notes) == (["boxes", "nms"], ())


def test_finds_a_renamed_one_by_what_is_in_it() -> None:
    found = collected(("my solution.ipynb", NMS), ("final.ipynb", BOXES))
    assert names(found) == ["boxes", "nms"]
    assert '"my solution.ipynb" was recognised as "nms.ipynb" by what is in it.' in found.notes


def test_leaves_a_stranger_alone_and_names_what_is_missing() -> None:
    found = collected(("boxes.ipynb", BOXES), ("scratch.ipynb", SCRATCH))
    assert (names(found), found.parts[1].missing) == (["boxes"], 'The notebook "nms.ipynb" was not handed in.')
    assert found.notes == (
        '"scratch.ipynb" bears the name of no notebook of this assignment; it was left alone.',
        'The notebook "nms.ipynb" was not handed in. Its questions earn nothing.',
    )
    found.refuse()  # nothing of it is broken


def test_does_not_guess_between_two_that_fit() -> None:
    found = collected(("boxes.ipynb", BOXES), ("a.ipynb", NMS), ("b.ipynb", NMS))
    assert names(found) == ["boxes"]
    assert sum("so may another file" in note for note in found.notes) == 2


def test_takes_the_named_one_before_one_that_only_fits() -> None:
    found = collected(("a.ipynb", NMS), ("nms.ipynb", NMS), ("boxes.ipynb", BOXES))
    assert names(found) == ["boxes", "nms"]
    assert not [note for note in found.notes if "recognised" in note]


def test_one_under_the_others_name_counts_for_neither() -> None:
    found = collected(("boxes.ipynb", BOXES), ("nms.ipynb", BOXES))
    assert names(found) == ["boxes"]
    with pytest.raises(Refusal, match="another assignment than"):
        found.refuse()


def broken(name: str) -> Callable[[], Collected]:
    return lambda: collected(("boxes.ipynb", BOXES), (name, b"%PDF-1.7"))


@pytest.mark.parametrize("name", ["nms.ipynb", "scan.ipynb"])
def test_one_that_cannot_be_read_is_asked_back_and_costs_only_its_own_questions(name: str) -> None:
    found = broken(name)()
    assert names(found) == ["boxes"]
    with pytest.raises(Refusal, match=f"{name}: This is a PDF"):
        found.refuse()


def test_one_that_is_not_needed_may_be_broken() -> None:
    found = collected(("boxes.ipynb", BOXES), ("nms.ipynb", NMS), ("scan.ipynb", b"%PDF-1.7"))
    found.refuse()
    assert names(found) == ["boxes", "nms"]


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ((), r'None of the notebooks of this assignment \("boxes.ipynb", "nms.ipynb"\)'),
        ((("x.ipynb", SCRATCH),), r"x.ipynb: None of the notebooks"),
        ((("nms.ipynb", b"%PDF-1.7"),), "nms.ipynb: This is a PDF"),
        ((("x.ipynb", b"%PDF-1.7"),), "x.ipynb: This is a PDF"),
    ],
)
def test_nothing_that_can_be_graded_is_refused(files: tuple[tuple[str, bytes], ...], sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        collected(*files)


def test_the_only_file_for_the_only_notebook_may_bear_any_name() -> None:
    (master,) = told_apart([open_master(written("boxes"), name="boxes")])
    assert names(collected(("whatever.ipynb", BOXES), masters=(master,))) == ["boxes"]
    with pytest.raises(Refusal, match=r'"boxes.ipynb" of this assignment is missing'):
        collected(("a.ipynb", BOXES), ("b.ipynb", BOXES), masters=(master,))


def test_a_renamed_one_with_two_versions_of_an_answer_is_asked_about() -> None:
    doubled = json.loads(NMS)
    doubled["cells"].insert(1, {**doubled["cells"][0], "source": "def nms():\n    return 2"})
    found = collected(("boxes.ipynb", BOXES), ("mine.ipynb", json.dumps(doubled).encode()))
    assert names(found) == ["boxes"]
    with pytest.raises(Refusal, match=r"mine.ipynb, cell 1: .*another version of the answer"):
        found.refuse()
