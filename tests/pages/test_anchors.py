"""The anchors lab as a visitor uses it, without a browser."""

import json
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

from core.detect.boxes import intersection_over_union
from pages._kit.box_editor import drawn
from pages._parts.anchors import views
from tests.pages import boards
from tests.pages.figures import alts

opened = partial(boards.opened, "anchors")
PLAIN = {
    "stride": 8,
    "sizes": (16.0, 32.0, 48.0),
    "ratios": (0.5, 1.0, 2.0),
    "below": 0.3,
    "above": 0.7,
    "cell": (4, 8),
}


def ghosts(page) -> list[dict]:
    editor = next(each for each in page.get("bidi_component") if each.proto.component_name == "fovea-box_editor")
    return json.loads(editor.proto.json)["ghosts"]


def test_opens_with_few_positive_anchors_of_many() -> None:
    page = opened()
    assert boards.metrics(page)["Anchors, H W k"] == "1,296"
    assert boards.metrics(page)["Positive"] == "6"  # as the answer to the prediction says
    setting = views.Setting(0, views.scene(0)[1], **PLAIN)
    found = views.found(setting)
    best = intersection_over_union(found.anchors.double().numpy(), setting.objects.boxes)
    assert int((best.max(axis=1) >= 0.7).sum()) == 4
    assert int((best.max(axis=0) < 0.7).sum()) == 2  # objects that get their best one nevertheless
    assert any("2k = 18 scores and 4k = 36 offsets" in text.value for text in page.markdown)


def test_shows_the_anchors_of_the_chosen_cell() -> None:
    shown = ghosts(opened())
    assert len(shown) == 9
    assert [each["name"] for each in shown if each["name"]] == ["IoU 0.81"]
    middles = {(round((x1 + x2) / 2, 3), round((y1 + y2) / 2, 3)) for x1, y1, x2, y2 in (each["box"] for each in shown)}
    assert middles == {(68.0, 36.0)}  # column 8 and row 4, 8 pixels each
    table = views.of_the_cell(
        views.Setting(0, views.scene(0)[1], **PLAIN), views.found(views.Setting(0, views.scene(0)[1], **PLAIN))
    )
    assert table.loc[5].tolist() == ["32 x 32", "0.81", "T3", "0.02, -0.06, 0.09, 0.12"]
    assert set(table["label"]) == {"T3", "background", "left out"}


def test_takes_a_cell_by_a_click_and_no_nonsense(monkeypatch: pytest.MonkeyPatch) -> None:
    for point, cell in (
        ([3, 5], (3, 5)),
        ([24, 0], None),
        ([0.5, 1], None),
        ("33", None),
        (None, None),
        ([1], None),
        ([-1, 0], None),
    ):
        state = {"cells": SimpleNamespace(pick={"name": None, "point": point})}
        monkeypatch.setattr(views.st, "session_state", state)
        views._picked()
        assert (state.get("row"), state.get("column")) == (cell or (None, None))


def test_keeps_a_cell_on_the_map_when_the_map_shrinks() -> None:
    page = opened(stride="16", row="20", column="20")
    assert "Chosen: row 5, column 5" in alts(page)[-1]
    assert boards.metrics(page)["Anchors, H W k"] == "324"


def test_counts_one_kind_of_anchor() -> None:
    page = opened(sizes="32", ratios="1:1", stride="16", objects="32 32 64 64 star")
    assert len(ghosts(page)) == 1
    assert boards.metrics(page)["Anchors, H W k"] == "36"
    assert boards.metrics(page)["Positive"] == "4"  # four cells meet in the middle of the object, and none is better


def test_needs_a_size_and_objects_that_can_be_read() -> None:
    page = opened()
    page.pills(key="sizes").set_value([]).run()
    assert "without a size and a ratio there is no anchor" in page.warning[0].value
    assert "box 1 reads" in opened(objects="0 0 4 4 dragon").warning[0].value


def test_has_nothing_to_learn_without_objects() -> None:
    page = opened(objects=" ")
    assert boards.metrics(page)["Positive"] == "0"
    assert boards.metrics(page)["Background"] == "1,296"
    assert any("Without objects everything is background" in text.value for text in page.markdown)


def test_brings_the_objects_of_another_picture() -> None:
    page = opened(objects="0 0 40 40 star")
    page.slider(key="picture").set_value(1).run()
    assert page.text_area(key="objects").value == views.written(views.scene(1)[1], views.KINDS, views.CLASSES)


def test_gives_its_tables_away() -> None:
    page = opened()
    assert {each.proto.label for each in page.get("download_button")} == {"objects.csv", "cell.csv"}
    setting = views.Setting(0, drawn([[32, 32, 64, 64]]), **{**PLAIN, "sizes": (32.0,), "ratios": (1.0,)})
    said = views.said(setting, views.found(setting))
    assert said.exports["objects.csv"]().splitlines()[1].startswith("T1,circle,0.")
    assert said.exports["cell.csv"]().splitlines()[0] == 'anchor,width x height,IoU,label,"dx, dy, dw, dh"'
    assert np.isfinite(views.found(setting).best).all()
