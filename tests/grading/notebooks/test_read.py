import contextlib
import json
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grading.errors import Refusal
from grading.limits import DEFAULT, Limits
from grading.notebooks.cells import Notebook
from grading.notebooks.master import open_master
from grading.notebooks.read import read
from grading.notebooks.rebuild import rebuild
from tests.grading.notebooks.detection import answered, source

MASTER = open_master(nbformat.writes(source()).encode(), name="det")
MINE = json.dumps(answered(MASTER.release())).encode()


def reading(data: bytes, limits: Limits = DEFAULT) -> Notebook:
    return read(data, file="det.ipynb", limits=limits)


def one_cell(**cell: Any) -> bytes:
    return json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "metadata": {}, "source": ""} | cell]}).encode()


REFUSED = {
    "empty": (b"", "det.ipynb: The file is empty. Download or save the notebook once more and hand in that file."),
    "blank": (b" \n\0", "The file is empty."),
    "PDF": (b"%PDF-1.7 ...", "This is a PDF, not a notebook. Hand in the .ipynb file itself."),
    "zip": (b"PK\x03\x04....", "This is a zip archive with the name of a notebook."),
    "web page": (b"<!DOCTYPE html><html>", "This is a web page, not a notebook."),
    "Python script": (b"import torch\n\ndef iou(a, b):\n    pass\n", "This looks like a Python script"),
    "prose": (b"my homework", "The file is not a notebook."),
    "merge conflict": (b'{"cells": [\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> x\n]}', "marks of a merge conflict"),
    "truncated": (MINE[:1500], "The file breaks off in the middle."),
    "truncated before a value": (b'{"cells": [', "The file breaks off in the middle."),
    "a comma too many": (b'{"cells": [1,,2]}\n ', "The file is damaged at line 1."),
    "nested lists": (b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
    "nested objects": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested too deeply"),
    "a million lists": (b'{"cells": [' + b"[]," * 1_000_001 + b"[]]}", "too intricate"),
    "a list": (b"[1, 2]", "The file is not a notebook."),
    "a number": (b"7", "The file is not a notebook."),
    "no cells": (b'{"nbformat": 4}', "The file has no list of cells"),
    "cells as a text": (b'{"cells": "none"}', "The file has no list of cells"),
    "an empty list": (b'{"cells": []}', "The notebook has no cells."),
    "cells that are none": (b'{"cells": [1, null, "x"]}', "The notebook has no cells."),
    "a format that is not ours": (b'{"nbformat": 5, "cells": [{"kind": 1}]}', "is in format 5"),
    "source as a number": (one_cell(source=5), "det.ipynb, cell 1: Its text cannot be read."),
    "source as mixed lines": (one_cell(source=["a", 5]), "det.ipynb, cell 1: Its text cannot be read."),
    "broken byte in code": (one_cell(source="a = 1\nb = 'X'").replace(b"X", b"\xff"), "cell 1: Line 2 holds a broken"),
    "half a character in code": (one_cell(source="a = '\ud83d'"), "cell 1: Line 1 holds a broken character. Type that"),
}


@pytest.mark.parametrize(("data", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_refuses_in_one_plain_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(Refusal) as caught:
        reading(data)
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("det.ipynb")
    assert caught.value.remedy
    assert "Error" not in str(caught.value)


def test_refuses_by_size_before_anything_else() -> None:
    with pytest.raises(Refusal, match=r"has 30 MB, and at most 20 MB .* Clear all outputs"):
        reading(b"x" * (30 * 2**20))


def test_refuses_too_many_cells() -> None:
    with pytest.raises(Refusal, match="has 21 cells, and at most 20"):
        reading(json.dumps({"cells": [{"cell_type": "code", "source": "1"}] * 21}).encode(), Limits(cells=20))


def test_refuses_a_giant_cell_by_its_number() -> None:
    with pytest.raises(Refusal, match=r"cell 1: It holds 2.0 MB of text.*Move large data out"):
        reading(one_cell(source="x" * 2**21))


KEPT = {
    "text": (one_cell(source="a\nb"), "a\nb"),
    "lines": (one_cell(source=["a\n", "b"]), "a\nb"),
    "nothing": (one_cell(source=None), ""),
    "Windows lines": (one_cell(source="a\r\nb\rc"), "a\nb\nc"),
    "control characters": (one_cell(source="a\x00\x07\x1b\tb"), "a\tb"),
    "an emoji in two halves": (one_cell(source="a = '\U0001f600'"), "a = '\U0001f600'"),
    "a mark before the text": (one_cell(source="\ufeffa = 1"), "a = 1"),
    "broken text": (one_cell(cell_type="markdown", source="caf\udce9"), "caf\ufffd"),
    "raw line ends": (b'{"cells": [{"cell_type": "code", "source": "a\nb"}]}', "a\nb"),
}


@pytest.mark.parametrize(("data", "kept"), KEPT.values(), ids=KEPT.keys())
def test_reads_the_source_given_as(data: bytes, kept: str) -> None:
    assert reading(data).cells[0].source == kept


def test_drops_outputs_unread() -> None:
    outputs = [{"output_type": "display_data", "data": {"text/html": "<script>alert(1)</script>"}}, 7, None]
    assert "script" not in repr(reading(one_cell(outputs=outputs)))


def test_keeps_pasted_pictures_of_a_text_and_nothing_else_that_is_attached() -> None:
    attachments = {
        "a.png": {"image/png": "QUJD", "text/html": "<script>"},
        "b.svg": {"image/svg+xml": "PHN2Zz4="},
        "c.png": {"image/png": 5},
        "d.png": {"image/png": '"><script>'},
        "e.png": None,
    }
    found = reading(one_cell(cell_type="markdown", source="![](attachment:a.png)", attachments=attachments))
    assert [(a.name, a.kind, a.base64) for a in found.cells[0].attachments] == [("a.png", "image/png", "QUJD")]


ODD_MARKINGS: list[Any] = [
    5, [], "x", {"grade_id": 5, "grade": True}, {"grade_id": "", "solution": True}, {"grade_id": "q" * 201},
    {"grade_id": "\ud800"}, {"grade_id": None, "locked": True},
]  # fmt: skip


@pytest.mark.parametrize("marking", ODD_MARKINGS, ids=repr)
def test_takes_no_marking_from_odd_metadata(marking: Any) -> None:
    assert reading(one_cell(metadata={"nbgrader": marking})).cells[0].marking is None


def test_takes_no_odd_points() -> None:
    for points in (float("nan"), float("inf"), -1, True, [], "many", 10**400, 1e300):
        data = one_cell(metadata={"nbgrader": {"grade_id": "q", "grade": True, "points": points}})
        marking = reading(data).cells[0].marking
        assert marking is not None
        assert marking.points is None or 0 <= marking.points <= 1e6


def test_reads_metadata_that_is_missing_or_no_object() -> None:
    for cell in ({"cell_type": "code", "source": "a"}, {"cell_type": "code", "source": "a", "metadata": [1]}):
        assert reading(json.dumps({"cells": [cell]}).encode()).cells[0].source == "a"


def test_leaves_out_what_is_no_cell_and_counts_on() -> None:
    found = reading(json.dumps({"cells": [7, {"cell_type": "code", "source": "a"}]}).encode())
    assert [cell.position for cell in found.cells] == [2]
    assert found.notes == ("Cell 1 is not a cell at all; it was left out.",)


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_reads_or_refuses_any_bytes(data: bytes) -> None:
    with contextlib.suppress(Refusal):
        assert reading(data).cells


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_reads_and_rebuilds_or_refuses_a_notebook_with_anything_in_any_place(data: st.DataObject) -> None:
    notebook = json.loads(MINE)
    for _ in range(data.draw(st.integers(1, 4))):
        node: Any = notebook
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = data.draw(st.sampled_from(keys))
            if isinstance(node[key], dict | list) and node[key] and data.draw(st.integers(0, 3)):
                node = node[key]
                continue
            node[key] = data.draw(JSON)
            break
    raw = json.dumps(notebook).encode()
    flipped = bytearray(raw)
    for _ in range(data.draw(st.integers(0, 2))):
        flipped[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Refusal):
        assert rebuild(MASTER, reading(bytes(flipped)), file="det.ipynb").questions == MASTER.questions
