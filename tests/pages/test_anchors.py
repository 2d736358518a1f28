"""The anchors lab as a visitor uses it, without a browser."""

import json
from functools import partial
from types import SimpleNamespace

import numpy as np
import plotly.graph_objects as go
import pytest
import torch

from core.detect.anchors import anchors, labelled
from core.detect.boxes import intersection_over_union
from pages._kit.box_editor import drawn
from pages._parts.anchors import figures, views
from pages._parts.anchors import setting as settings
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
    found = settings.found(setting)
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
        views.Setting(0, views.scene(0)[1], **PLAIN), settings.found(views.Setting(0, views.scene(0)[1], **PLAIN))
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


def test_says_of_a_row_that_the_map_has_not_which_one_is_taken() -> None:
    page = opened(stride="16", row="20", column="2")
    assert any("numbered 0 to 5: the last one is taken" in text.value for text in page.caption)
    assert not any("the last one is taken" in text.value for text in opened().caption)


def test_frames_every_cell_with_positive_anchors_whatever_the_size_of_the_map() -> None:
    positive = np.zeros((24, 24), dtype=np.int64)
    positive[3, 5] = 2
    shown = figures.cells(np.zeros((24, 24)), positive, (4, 8))
    go.Figure(shown)
    assert [(shape["x0"] + 0.5, shape["y0"] + 0.5) for shape in shown["layout"]["shapes"]] == [(5, 3), (8, 4)]


def test_counts_what_the_same_objects_would_make_positive_on_a_large_picture() -> None:
    setting = views.Setting(0, views.scene(0)[1], **PLAIN)
    grid = anchors(37, 62, stride=16, sizes=(128, 256, 512), ratios=(0.5, 1, 2))
    boxes = torch.from_numpy(setting.objects.boxes * 6.25).float()
    positive = int((labelled(grid, boxes, above=0.7, below=0.3) >= 0).sum())
    assert settings.enlarged(setting) == (20_646, positive)
    told = views.said(setting, settings.found(setting)).notice[0]
    assert "there are 20,646 anchors" in told
    assert f"{positive} of them would be positive" in told


@pytest.mark.parametrize(
    ("objects", "told"),
    [
        (
            [[8, 8, 40, 40], [8, 8, 40, 38]],
            "Only T2 goes without here: its best anchor is that of another object, too.",
        ),
        ([[8, 8, 40, 40], [0, 0, 2, 2]], "Only T2 goes without here: no anchor touches it."),
        ([[8, 8, 40, 40], [56, 56, 88, 88]], None),
    ],
    ids=["in each other's way", "out of reach", "apart"],
)
def test_names_an_object_that_is_left_without_an_anchor(objects: list, told: str | None) -> None:
    few = {
        **PLAIN,
        "stride": 16,
        "sizes": (8.0 if told and "touches" in told else 32.0,),
        "ratios": (1.0,),
        "cell": (0, 0),
    }
    setting = views.Setting(0, drawn(objects), **few)
    notice = views.said(setting, settings.found(setting)).notice[1]
    assert (told or "") in notice
    assert ("goes without" in notice) == bool(told)


def test_gives_its_tables_away() -> None:
    page = opened()
    assert {each.proto.label for each in page.get("download_button")} == {"objects.csv", "cell.csv"}
    setting = views.Setting(0, drawn([[32, 32, 64, 64]]), **{**PLAIN, "sizes": (32.0,), "ratios": (1.0,)})
    said = views.said(setting, settings.found(setting))
    assert said.exports["objects.csv"]().splitlines()[1].startswith("T1,circle,0.")
    assert said.exports["cell.csv"]().splitlines()[0] == 'anchor,width x height,IoU,label,"dx, dy, dw, dh"'
    assert np.isfinite(settings.found(setting).best).all()
