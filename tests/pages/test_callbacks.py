"""The callbacks lab as a visitor uses it, without a browser."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.learning import recorded
from core.learning.train import Recipe
from tests.pages.figures import says_earlier

PAGE = Path(__file__).parents[2] / "pages" / "callbacks.py"


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    for key, value in address.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def told(page: AppTest) -> str:
    return next(text.value for text in page.markdown if text.value.startswith(("Stops", "Runs")))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ({}, ("epoch **23**", "best was **18**", "weights of epoch **23**", "**23** of 23")),
        ({"restore": "true"}, ("epoch **23**", "weights of epoch **18**")),
        ({"patience": "0"}, ("epoch **6**",)),
        ({"patience": "1", "best_only": "true"}, ("epoch **6**", "**5** of 6")),
        ({"best_only": "true", "period": "4"}, ("**3** of 23",)),
        ({"monitor": "loss", "patience": "30"}, ("Runs to the end, epoch **60**",)),
    ],
)
def test_replays_the_recorded_curve(address: dict[str, str], words: tuple[str, ...]) -> None:
    said = told(opened(**address))
    assert all(word in said for word in words), said


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ({}, "Nothing better was to come."),
        ({"patience": "1"}, "More patience would have found it."),
        (
            {"patience": "30", "min_delta": "0.3"},
            "in epoch 18, but did not count: it was better by less than min_delta.",
        ),
        ({"patience": "1", "min_delta": "0.3"}, "More patience alone would not have found it"),
    ],
    ids=["it was the best", "too early", "seen and not counted", "neither seen nor counted"],
)
def test_says_why_the_best_epoch_was_not_taken(address: dict[str, str], why: str) -> None:
    assert any(why in text.value for text in opened(**address).markdown)


def test_writes_the_callbacks_as_keras_has_them() -> None:
    code = opened(patience="3", best_only="true", weights_only="true").code[0].value
    assert 'EarlyStopping(monitor="val_loss", min_delta=0, patience=3, restore_best_weights=False)' in code
    assert "save_best_only=True, save_weights_only=True)" in code
    assert "period" not in code


def test_streams_a_training_and_replays_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorded, "RECIPE", Recipe(3, 50, 0.05))
    page = opened(view="Live stream")
    page.session_state["code"] = True  # the fold is open
    assert page.info
    page.button(key="train").click().run()
    assert page.session_state["_job-callbacks"].wait(60)
    page.run()
    assert not page.exception
    assert any(text.value.startswith("- After 3 epochs with seed 1 ") for text in page.markdown)
    assert not says_earlier(page)
    page.toggle(key="stops").set_value(True).run()
    assert says_earlier(page)
    assert page.code[0].value.endswith("callbacks=[MetricStream('logs')])")
    page.toggle(key="stops").set_value(False).run()
    assert not says_earlier(page)
    page.segmented_control(key="view").set_value("Replay").run()
    assert not page.exception
    assert any("Your own training with seed 1" in text.value for text in page.caption)
