"""The preprocessing lab: the right treatment is sure, the wrong one is not, and it says what arrives."""

import numpy as np
import pytest

from core.data.photos import photo
from core.models.pretrained import scaled
from pages._kit.pictures import png
from syllabus.questions import check, question
from tests.pages.figures import Visit


def test_watches_the_confidence_collapse(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("preprocessing", monkeypatch, {})
    assert "It says **espresso**, 95% sure." in lab.text
    assert "-1 to 1: 54%" in lab.alts["collapse"]
    lab.page.segmented_control(key="scale").set_value("0 to 255")
    lab.run()
    assert "Treated as it was trained, it says espresso, 95% sure." in lab.text
    assert "It says **loudspeaker**" in lab.text
    assert lab.exported("answers.csv")


def test_a_grey_photo_does_not_mind_the_order_of_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("preprocessing", monkeypatch, {"photo": "camera", "order": "BGR"})
    assert "It says **tripod**, 94% sure." in lab.text
    one, other = lab.drawn["answers"]["data"]
    assert one["x"].tolist() == other["x"].tolist()


def test_treats_a_photo_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("preprocessing", monkeypatch, {"own": "true", "fit": "pad"})
    assert "Choose a photo" in lab.page.info[0].value
    lab.page.file_uploader(key="picture").upload("mine.png", png(photo("coffee")), "image/png")
    lab.run()
    assert "It says **espresso**" in lab.text
    assert lab.drawn["answers"]["data"][0]["y"][0] == "espresso"
    lab.page.file_uploader(key="picture").upload("mine.png", b"MZ this is a program", "image/png")
    lab.run()
    assert "no picture that can be read here" in lab.warnings[0]


def test_a_pixel_is_scaled_as_the_question_says() -> None:
    assert check(question("Q228"), f"{scaled(np.array([204], dtype=np.uint8))[0]:.1f}")
