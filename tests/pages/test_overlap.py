"""The overlap of boxes as a visitor uses it, without a browser."""

import json
from functools import partial

import numpy as np
import pytest

from core.detect.boxes import intersection_over_union
from pages._kit.plot import unknown
from pages._parts.overlap import figures, views
from tests.pages import boards
from tests.pages.figures import Visit, alts

opened = partial(boards.opened, "overlap")


def ghosts(page) -> list[str]:
    editor = next(each for each in page.get("bidi_component") if each.proto.component_name == "fovea-box_editor")
    return [ghost["name"] for ghost in json.loads(editor.proto.json)["ghosts"]]


def text(page) -> str:
    return "\n".join(each.value for each in page.markdown)


def test_writes_out_the_arithmetic_of_two_boxes() -> None:
    page = opened(boxes="10 10 50 50 truth; 30 10 70 50 answer")
    assert boards.metrics(page) == {"Intersection over union": "0.333"}  # as the answer to the prediction says
    assert "**A miss**: 0.333 is below 0.5." in text(page)
    assert "Union: 1,600 + 1,600 - 800 = 2,400" in text(page)
    page.slider(key="least").set_value(0.3).run()
    assert "**A hit**: 0.333 is not below 0.3." in text(page)
    page = opened(boxes="10 10 50 50 truth; 20 10 60 50 answer", least="0.6000000000000001")  # as a browser adds steps
    assert "**A hit**: 0.600 is not below 0.6." in text(page)


def test_slides_a_box_from_rim_to_rim() -> None:
    truth, answer = np.array([48.0, 7, 87, 78]), np.array([58.0, 14, 102, 70])
    shifts, values = figures.sideways(truth, answer, 160)
    assert (shifts[0], shifts[-1]) == (-58, 58)
    now = float(values[np.flatnonzero(shifts == 0)[0]])
    assert now == intersection_over_union(truth[None], answer[None]).item()
    assert values.max() > now


@pytest.mark.parametrize(
    "boxes", ["1 2 3", "10 10 50 50 truth", "10 10 50 50 truth; 9 9 40 40 truth", "9 9 4 4; 1 1 2 2"]
)
def test_explains_what_are_no_two_boxes(boxes: str) -> None:
    assert opened(boxes=boxes).warning


def test_draws_what_a_mixed_up_order_makes_of_a_box() -> None:
    view = {"view": "Ways to write a box"}
    tall = {**view, "box": "10 10 20 50"}
    page = opened(**tall)
    assert "from x 10, y 10 to x 50, y 20" in text(page)
    assert "IoU of **0.143**" in text(page)  # 100 of 700
    assert "IoU of **0.143**" in text(opened(**tall, written="cx, cy, w, h", read="x, y, w, h"))  # as its notice says
    assert "no box at all" in text(opened(**view, written="x, y, w, h", read="x1, y1, x2, y2", box="40 40 50 60"))
    assert "Nothing is lost." in text(opened(**tall, written="x, y, w, h", read="x, y, w, h"))


def test_says_when_a_mixed_up_order_does_no_harm_or_shows() -> None:
    view = {"view": "Ways to write a box"}
    square = opened(**view, box="10 10 50 50")  # lecture A's order for lecture E's
    assert "Nothing is lost: for this box both forms have the same numbers." in text(square)
    assert not ghosts(square)
    beyond = opened(**view, written="x1, y1, x2, y2", read="x, y, w, h", box="90 90 120 120")
    assert "but it leaves the picture" in text(beyond)
    assert ghosts(beyond) == ["as read"]


def test_decodes_what_it_encoded_and_what_was_spoiled() -> None:
    view = {"view": "Offsets from a base box"}
    assert "IoU with the object: **1.000**" in text(opened(**view))
    same = opened(**view, based="40 30 80 70 base_box; 40 30 80 70 object")
    assert "dx = (60 - 60) / 40 = 0.000" in text(same)
    assert not ghosts(same)
    far = opened(**view, based="79 79 81 81 base_box; 0 0 160 160 object")  # 80 times as wide
    assert "A side grows at most 62.5 times" in text(far)
    assert "IoU with the object: **0.610**" in text(far)  # (125 / 160) squared
    assert ghosts(far) == ["decoded"]
    spoiled = opened(**view, turned="true", based="40 30 80 70 base_box; 50 30 70 70 object")
    assert "IoU with the object: **0.333**" in text(spoiled)


def test_loses_small_objects_to_a_convention() -> None:
    page = opened(view="Where a box ends", side="3")
    assert boards.metrics(page) == {"IoU of an object with itself, misread": "0.444"}
    assert "below one half up to 3 pixels" in alts(page)[-1]
    assert "around one of up to 39." in text(page)  # 38 x 38 of 39 x 39 is below 0.95, 39 x 39 of 40 x 40 is not
    assert figures.small(np.array([1.0, 2.0, 10.0])).tolist() == [0.0, 0.25, 0.81]


@pytest.mark.parametrize("view", ["Two boxes", "Where a box ends"])
def test_draws_charts_in_words_that_are_known(view: str, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("overlap", monkeypatch, {"view": view})
    assert {word for figure in visit.drawn.values() for word in unknown(figure)} == set()


def test_gives_its_numbers_away() -> None:
    for view, name in zip(("Two boxes", "Ways to write a box"), ("slide.csv", "forms.csv"), strict=True):
        assert {each.proto.label for each in opened(view=view).get("download_button")} == {name}
    assert views.misread(np.array([[0.0, 0, 4, 2]]), "x, y, w, h", "x, y, h, w")[1].tolist() == [[0.0, 0.0, 2.0, 4.0]]
