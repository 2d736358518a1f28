"""The lab on the R-CNN family as a visitor uses it."""

import pytest

from core.detect.regions.region_losses import NAMES
from pages._parts.rcnn_family import figures
from tests.pages.figures import Visit


def test_counts_the_passes_and_says_when_boxes_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("rcnn_family", monkeypatch, {"count": "10", "side": "32", "source": "those of Faster R-CNN"})
    assert "R-CNN sends 10 pictures through the trunk, the others one" in lab.text
    assert "give the same boxes, number by number: only" in lab.text
    assert list(lab.drawn["times"]["data"][0]["y"]) == ["R-CNN", "Fast R-CNN", "Faster R-CNN", "Mask R-CNN"]
    assert lab.exported("costs.csv")
    lab.page.selectbox(key="source").set_value("boxes by lot")
    lab.run()
    assert "look at different regions here" in lab.text


def test_walks_through_the_stages(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("rcnn_family", monkeypatch, {"view": "Step by step", "step": "4 each thing once", "shown": "100"})
    assert int(lab.metrics["Found"]) <= int(lab.metrics["Of those shown, things"]) <= int(lab.metrics["Proposals"])
    assert "1,296 boxes" in lab.text
    assert lab.exported("proposals.csv")


def test_moves_a_proposal_onto_its_thing(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("rcnn_family", monkeypatch, {"view": "Move a proposal", "scene": "0", "thing": "1", "right": "20"})
    before, after = (float(lab.metrics[name]) for name in ("IoU of the proposal", "IoU after the move"))
    assert before < 0.65 < 0.8 < after
    shown = lab.drawn["recovered"]["data"]
    assert max(shown[1]["y"]) > 0.8 > shown[0]["y"][0]
    assert lab.exported("offsets.csv")


def test_lists_four_losses_or_six(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("rcnn_family", monkeypatch, {"view": "The losses"})
    assert "Faster R-CNN has 4 losses" in lab.text
    story = [dict.fromkeys(NAMES, 2.0 / step) for step in range(1, 31)]
    assert len(figures.falling(story, 80, all_six=False)["data"]) == 4
    assert len(figures.falling(story, 80, all_six=True)["data"]) == 6
    table = figures.losses_table(story)
    assert float(table["last steps"].iloc[0]) < float(table["first steps"].iloc[0])
