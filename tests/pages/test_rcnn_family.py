"""The lab on the R-CNN family as a visitor uses it."""

import re

import numpy as np
import pytest

from core.data.scenes import boxes
from core.detect.regions.region_losses import NAMES
from core.detect.windows.proposal_recall import best_overlaps, recall
from core.detect.windows.proposals import FAST
from pages._parts.rcnn_family import figures
from pages._parts.rcnn_family.walks import SCENES, SEARCHES, scene, searched
from tests.pages.figures import Visit


def test_counts_the_passes_and_says_when_boxes_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("rcnn_family", monkeypatch, {"count": "10", "side": "32", "source": "those of Faster R-CNN"})
    assert "R-CNN sends 10 pictures through the trunk, the others one" in lab.text
    assert "give the same boxes, number by number: only" in lab.text
    assert list(lab.drawn["times"]["data"][0]["y"]) == ["R-CNN", "Fast R-CNN", "Faster R-CNN", "Mask R-CNN"]
    assert lab.exported("costs.csv")
    assert "regions cost next to nothing" in lab.text
    lab.page.selectbox(key="source").set_value("selective search")
    lab.run()
    assert "look at different regions here" in lab.text
    assert "ms for 2 searches; the paper's fast version makes 8" in lab.text


def test_the_two_searches_of_the_walk_hold_the_things_of_its_scenes() -> None:
    held = [best_overlaps(searched(number)[0], boxes(scene(number).targets), (60,)) for number in range(0, SCENES, 4)]
    assert recall(np.concatenate(held, axis=1), 0.5)[0] > 0.95
    assert set(SEARCHES) < set(FAST)


def test_walks_through_the_stages(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("rcnn_family", monkeypatch, {"view": "Step by step", "step": "4 each thing once", "shown": "100"})
    assert int(lab.metrics["Found"]) <= int(lab.metrics["Of those shown, things"]) <= int(lab.metrics["Proposals"])
    assert "1,296 boxes" in lab.text
    assert not [slider for slider in lab.page.slider if slider.key == "shown"]  # the last step takes all of them
    lab.page.select_slider(key="step").set_value("2 their classes")
    lab.run()
    picture = re.findall(r"(\d+) of 100 hold a thing \(([^)]*)\)", lab.page.get("html")[-1].proto.body)[0]
    assert sum(int(each.split()[-1]) for each in picture[1].split(", ")) == int(picture[0])
    assert lab.exported("proposals.csv")


def test_moves_a_proposal_onto_its_thing(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("rcnn_family", monkeypatch, {"view": "Move a proposal", "scene": "0", "thing": "1", "right": "20"})
    before, after = (float(lab.metrics[name]) for name in ("IoU of the proposal", "IoU after the move"))
    assert before < 0.65 < 0.8 < after
    shown = lab.drawn["recovered"]["data"]
    assert max(shown[1]["y"]) > 0.8 > shown[0]["y"][0]
    assert lab.exported("offsets.csv")
    counted = f"{sum(each >= 0.7 for each in shown[0]['y'])} have an IoU of 0.7 or more, after the move "
    assert counted + str(sum(each >= 0.7 for each in shown[1]["y"])) in lab.text
    few = next(number for number in range(40) if len(scene(number).targets) < 4)
    lab = Visit("rcnn_family", monkeypatch, {"view": "Move a proposal", "scene": str(few), "thing": "4"})
    assert f"Only {len(scene(few).targets)} in this scene; this is the last of them." in lab.text


def test_lists_four_losses_or_six(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("rcnn_family", monkeypatch, {"view": "The losses"})
    assert "Faster R-CNN has 4 losses" in lab.text
    story = [dict.fromkeys(NAMES, 2.0 / step) | {"label": float(step)} for step in range(1, 31)]
    assert figures.not_fallen(story) == ["label"]
    assert len(figures.falling(story, 80, all_six=False)["data"]) == 4
    assert len(figures.falling(story, 80, all_six=True)["data"]) == 6
    table = figures.losses_table(story)
    assert float(table["last steps"].iloc[0]) < float(table["first steps"].iloc[0])
