"""The grid of YOLO as a visitor uses it, without a browser."""

from functools import partial

import numpy as np

from pages._parts.yolo import figures, views
from tests.pages import boards
from tests.pages.figures import alts

opened = partial(boards.opened, "yolo")


def test_finds_what_is_in_the_scene() -> None:
    page = opened(scene="4", layout="classes per box")
    things = len(views._scene(4).targets)
    assert any(f"boxes that score 0.5 or more: {things}." in text.proto.body for text in page.get("html"))
    assert f"7x7 cells, {things} of them sure; row 3, column 2 is chosen." in alts(page)


def test_a_cell_beyond_the_grid_is_the_last_one() -> None:
    page = opened(cells="4", row="9", column="2")
    assert any("row 3, column 2 is chosen" in text for text in alts(page))


def test_two_things_in_one_cell_get_one_name_or_two() -> None:
    shared, own = (opened(scene="36", cells="4", row="1", column="1", layout=layout) for layout in views.LAYOUTS)
    named = [sorted(_named(page)) for page in (shared, own)]
    true = sorted(target.label for target in views._scene(36).targets)
    assert named[1] == true
    assert named[0] != true


def _named(page) -> list[str]:
    said = next(text.proto.body for text in page.get("html") if "boxes that score 0.5 or more: " in text.proto.body)
    alt = said.split('alt="The scene with the ')[1].split('"')[0]
    return alt.split("more: ")[1].rstrip(".").split(", ")


def test_says_how_many_things_share_a_cell() -> None:
    def owners(cells: int) -> list[list[int]]:
        return views._answer(36, views.LAYOUTS[0], cells, 0, 36)[1]

    assert "no cell holds" in views._shared(owners(7))
    assert views._shared(owners(4)) == "Here 2 cells hold the middles of several things, and each found a free box."
    lost = [[0, 0, 0], [0, 0, 1], [0, 0, 2], [-1, -1, -1]]
    assert views._shared(lost) == "Here one cell holds the middles of several things, and one thing found no free box."


def test_the_beaten_are_those_that_the_sentence_names() -> None:
    names, points = views._read(views.PRINTED)
    speed = dict(zip(names, points.tolist(), strict=True))
    for winner, losers in (
        ("YOLOv3-416", ("SSD321", "DSSD321", "R-FCN")),
        ("YOLOv3-608", ("SSD513", "RetinaNet-50-500")),
    ):
        for loser in losers:
            assert speed[winner][0] < speed[loser][0], (winner, loser)
            assert speed[winner][1] > speed[loser][1], (winner, loser)
    assert max(names, key=lambda name: speed[name][1]) == max(names, key=lambda name: speed[name][0])


def test_an_empty_cell_lets_the_page_show_through() -> None:
    sure = np.array([[0.0, 1.0], [0.25, 1.2]])
    marker = figures.cells(sure, (0, 1))["data"][0]["marker"]
    assert marker["color"] == [f"rgba(0, 114, 178, {share})" for share in ("0.00", "1.00", "0.25", "1.00")]


def test_counts_the_outputs_of_both_layouts() -> None:
    page = opened(view="Count the outputs")
    assert page.markdown[2].value == "**147** boxes: **1,715** numbers or **3,675**."
    page = opened(view="Count the outputs", boxes="1")
    assert page.markdown[2].value == "**49** boxes: **1,225** numbers or **1,225**."


def test_draws_the_trade_of_typed_lines() -> None:
    page = opened(view="Fast or accurate", lines="slow, 90, 36\nfast, 30, 31\n\nneither, 60, 30")
    assert page.markdown[2].value == "**2** of 3 are beaten by none that is both faster and better."
    assert alts(page) == ["3 detectors by milliseconds and accuracy; not beaten: slow, fast."]
    page = opened(view="Fast or accurate")
    assert "YOLOv3-320" in alts(page)[0]


def test_says_what_is_wrong_with_a_line() -> None:
    for lines, said in (("mine, 30, 31\nmine", "line 2"), ("mine, 0, 31", "above 0"), (" ", "no line yet")):
        page = opened(view="Fast or accurate", lines=lines)
        assert said in page.warning[0].value


def test_a_click_on_a_cell_chooses_it(monkeypatch) -> None:
    state = {"grid": type("Heard", (), {"pick": {"name": "cells", "point": 16}})(), "cells": 7}
    monkeypatch.setattr(
        views.st,
        "session_state",
        type("State", (dict,), {"__getattr__": dict.__getitem__, "__setattr__": dict.__setitem__})(state),
    )
    views._pick()
    assert (views.st.session_state["row"], views.st.session_state["column"]) == (2, 2)
