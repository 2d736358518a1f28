"""Non-maximum suppression as a visitor uses it, without a browser."""

import json
from functools import partial

import numpy as np
import pytest
import torch
from torchvision.ops import batched_nms, nms

from core.data.scenes import CLASSES
from core.detect.suppression import kept
from pages._parts.suppression import examples, views
from pages._parts.suppression.examples import EXAMPLES, SIDE
from tests.pages import boards
from tests.pages.figures import alts

opened = partial(boards.opened, "suppression")


def editor(page) -> dict:
    sent = next(each for each in page.get("bidi_component") if each.proto.component_name == "fovea-box_editor")
    return json.loads(sent.proto.json)


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("own", [False, True])
def test_keeps_of_every_picture_what_torchvision_keeps(name: str, own: bool) -> None:
    boxes = views.read(EXAMPLES[name].boxes, (SIDE, SIDE), views.KINDS, CLASSES)
    setting = views.Setting(name, boxes, "hard", 0.5, 0.5, own)
    corners, scores = torch.from_numpy(boxes.boxes), torch.from_numpy(boxes.scores)
    twin = batched_nms(corners, scores, torch.from_numpy(boxes.classes), 0.5) if own else nms(corners, scores, 0.5)
    assert kept(setting.rounds()).tolist() == twin.tolist()


def test_plays_round_after_round_until_one_box_is_left_on_each_thing() -> None:
    page = opened()
    assert boards.metrics(page)["Kept so far"] == "0 of 11"
    page.button(key="step").click().run()
    assert boards.metrics(page)["Kept so far"] == "1 of 11"
    assert any(
        "box **1** is the surest, 0.96" in text.value and "Box 2 overlaps it by IoU 0." in text.value
        for text in page.markdown
    )
    shown = editor(page)
    assert shown["notes"][:3] == ["kept", "out by 1", "out by 1"]
    assert shown["faint"][:3] == [False, True, True]
    page.button(key="all").click().run()
    assert any("**4** of the 4 things in the picture still have" in text.value for text in page.markdown)
    assert page.button(key="step").disabled
    page.button(key="back").click().run()
    assert boards.metrics(page)["Kept so far"] == "3 of 11"


def test_loses_one_of_two_who_stand_close_together() -> None:
    close = "Two people close together"
    page = opened(picture=close, round="1")
    assert any("**1** of the 2 things in the picture still has" in text.value for text in page.markdown)
    page = opened(picture=close, round="2", limit="0.6")
    assert any("**2** of the 2 things in the picture still have" in text.value for text in page.markdown)
    truth = examples.seen(close).boxes
    assert views.steps(truth, np.array([0.9, 0.8]), threshold=0.5)[0].overlaps == pytest.approx(0.54, abs=0.005)


def test_keeps_two_classes_in_one_place_if_they_are_apart() -> None:
    together, apart = (opened(picture="Two classes in one place", own=own, round="9") for own in ("false", "true"))
    assert (
        boards.metrics(together)["Kept so far"] == "1 of 4"
    )  # there is no ninth round, and a person falls to a circle
    assert boards.metrics(apart)["Kept so far"] == "2 of 4"
    assert any("**2** of the 2 things in the picture still have" in text.value for text in apart.markdown)


@pytest.mark.parametrize(("threshold", "left"), [(0.5, 4), (0.6, 5), (0.8, 11)])
def test_leaves_as_many_boxes_as_the_answer_to_the_prediction_says(threshold: float, left: int) -> None:
    name = next(iter(EXAMPLES))
    boxes = views.read(EXAMPLES[name].boxes, (SIDE, SIDE), views.KINDS, CLASSES)
    assert len(views.Setting(name, boxes, "hard", threshold, 0.5, False).rounds()) == left


def test_says_that_nobody_overlaps_only_where_somebody_is_left() -> None:
    page = opened(picture="Two people close together", rule="gaussian", round="4")
    assert not any("No other box" in text.value for text in page.markdown)  # it was the last one
    page = opened(boxes="0 0 40 40 star 0.9; 60 60 90 90 star 0.5", round="1")
    assert any("No other box overlaps it too much." in text.value for text in page.markdown)
    page = opened(picture="A chain", round="2")
    assert any("**1** of the 1 thing in the picture still has a box" in text.value for text in page.markdown)


def test_shows_code_with_all_that_was_chosen() -> None:
    boxes = views.read(EXAMPLES["A chain"].boxes, (SIDE, SIDE), views.KINDS, CLASSES)
    call = views.said(views.Setting("A chain", boxes, "gaussian", 0.5, 0.3, False)).call
    assert call.startswith('steps(boxes, scores, threshold=0.5, way="gaussian", spread=0.3)')


def test_lowers_scores_softly() -> None:
    page = opened(rule="linear", picture="Two people close together", round="1")
    assert editor(page)["notes"][1].startswith("now 0.4")
    assert alts(page)[-1].startswith("Scores now: 1 0.95, 2 0.4")
    page.segmented_control(key="rule").set_value("gaussian").run()
    assert editor(page)["notes"][1] == "now 0.51"


def test_takes_the_boxes_of_its_address_and_of_another_picture() -> None:
    page = opened(boxes="0 0 40 40 star 0.5; 0 0 40 44 star 0.9", round="1")
    assert boards.metrics(page)["Kept so far"] == "1 of 2"
    page.selectbox(key="picture").set_value("A chain").run()
    assert page.text_area(key="boxes").value == EXAMPLES["A chain"].boxes
    assert boards.metrics(page)["Kept so far"] == "0 of 4"
    page.button(key="all").click().run()
    page.text_area(key="boxes").set_value("0 0 40 40 star 0.5").run()  # fewer rounds than were played
    assert boards.metrics(page)["Kept so far"] == "1 of 1"
    page.text_area(key="boxes").set_value(" ").run()
    assert not page.exception
    assert page.info


def test_explains_boxes_that_it_cannot_read() -> None:
    page = opened(boxes="0 0 40 40 dragon 0.5")
    assert "box 1 reads '0 0 40 40 dragon 0.5'" in page.warning[0].value


def test_gives_its_rounds_away() -> None:
    page = opened()
    assert {each.proto.label for each in page.get("download_button")} == {"rounds.csv", "boxes.txt"}
    boxes = views.read("0 0 40 40 star 0.5; 0 0 40 44 star 0.9", (SIDE, SIDE), views.KINDS, CLASSES)
    said = views.said(views.Setting("A chain", boxes, "hard", 0.5, 0.5, False))
    assert said.exports["rounds.csv"]().splitlines() == [
        "round,kept,class,score,removed,lowered",
        "1,2,star,0.900,1,none",
    ]
    assert said.exports["boxes.txt"] == "0 0 40 40 star 0.5; 0 0 40 44 star 0.9"
