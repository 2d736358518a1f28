"""The transfer lab as a visitor uses it: a head that learns within seconds, and networks that are cut."""

import pytest

from pages._parts.transfer import training
from tests.pages.figures import Visit


def test_trains_only_the_head_and_tells_what_came_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "JUDGED", 20)
    monkeypatch.setattr(training, "HEAD_EPOCHS", 2)
    monkeypatch.setattr(training, "REST_EPOCHS", 1)
    training.examples.clear()
    lab = Visit("transfer", monkeypatch, {"amount": "4"})
    assert "**6,405** of 3,377,413 parameters learn: 0.2%." in lab.text
    assert "nothing is trained yet" in lab.alts["curves"]
    lab.page.button(key="train").click()
    lab.run()
    assert lab.page.session_state[training.RUNS][0].wait(55)
    lab.run()
    assert len(lab.page.session_state[training.RUNS][0].found) == 4
    assert "**Only the head, 20 pictures**: 6,405 parameters learned" in lab.text
    assert lab.exported("curves.csv")
    training.examples.clear()


def test_counts_what_learns(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("transfer", monkeypatch, {"frozen": "0"})
    assert "100.0%" in lab.text
    lab.page.slider(key="frozen").set_value(7)
    lab.run()
    assert "7 of 9 parts are frozen, 1,024,005 parameters learn" in lab.alts["split"]
    lab.page.segmented_control(key="start").set_value(training.RANDOM)
    lab.run()
    assert "Next: from scratch, 50 pictures." in lab.text
    assert lab.page.slider(key="frozen").disabled


@pytest.mark.parametrize("id", ["N170-mobilenet-v2-head"])
def test_cuts_the_lectures_network(monkeypatch: pytest.MonkeyPatch, id: str) -> None:
    lab = Visit("transfer", monkeypatch, {"view": "Cut a network"})
    assert lab.metrics == {"Feature length": "1,280", "Parameters kept": "2,223,872", "In the new head": "1,281"}
    assert "34,112 numbers here" in lab.text
    lab.page.segmented_control(key="pooling").set_value("none")
    lab.run()
    assert lab.metrics["Feature length"] == "62,720"
    lab.page.selectbox(key="network").set_value("VGG16")
    lab.run()
    lab.page.slider(key="cut").set_value(2)
    lab.run()
    assert "block5_relu3" in lab.text
    assert lab.exported("cuts.csv")
