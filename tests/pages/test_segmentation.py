"""The segmentation studio as a visitor uses it, without a browser."""

from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

from core.errors import CoreError
from core.measure.moved import grown, reach, shifted
from core.measure.segmentation import counted, counted_in_band, mean_iou, pixel_accuracy
from core.models.segmenters import NAMES, labelled
from pages._kit.plot import unknown
from pages._parts.segmentation import answers, figures, views
from pages._parts.segmentation.answers import MOVED, NOTHING, SCENES, Setting
from tests.pages import boards
from tests.pages.figures import Visit, alts

opened = partial(boards.opened, "segmentation")


def test_opens_with_a_high_accuracy_and_a_low_iou_for_nothing() -> None:
    page = opened()
    truth = labelled("test", 10, "hard").labels
    counts = counted(truth, np.zeros_like(truth), len(NAMES))
    shown = boards.metrics(page)
    assert shown["Pixel accuracy"] == f"{pixel_accuracy(counts):.3f}" == "0.838"  # the answer says 84 of 100
    assert shown["Mean IoU"] == f"{mean_iou(counts):.3f}" == "0.140"
    assert any("7 things make 5 connected areas here" in text.value for text in page.markdown)


def test_moves_the_truth_as_its_address_says() -> None:
    page = opened(begin=MOVED, grow="-3", right="5", paint="false", scenes="plain", scene="21")
    truth = labelled("test", 21, "plain").labels
    answer = shifted(grown(reach(truth), -3), right=5)
    shown = boards.metrics(page)
    assert shown["Mean IoU"] == f"{mean_iou(counted(truth, answer, len(NAMES))):.3f}"
    near = counted_in_band(truth, answer, len(NAMES), radius=3)
    assert shown["Mean IoU, 3 px round borders"] == f"{mean_iou(near):.3f}"
    page.slider(key="right").set_value(0).run()
    page.slider(key="grow").set_value(0).run()
    assert set(boards.metrics(page).values()) == {"1.000"}


def test_asks_a_net_and_names_its_worst_mistake() -> None:
    page = opened(begin="FCN-8s", paint="false", apart="true")
    assert float(boards.metrics(page)["Mean IoU"]) > 0.7
    (table, bars) = alts(page)
    assert "Most often square is taken for" in table or "Most often circle is taken for" in table
    assert bars.startswith("IoU: ground 0.9")


def test_shows_the_pixels_of_a_chosen_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    page = opened(view="One class", label="square", cell="FN")
    missed = int((labelled("test", 10, "hard").labels == 2).sum())
    assert f"square: TP 0, FP 0, FN {missed:,}, " in alts(page)[0]
    assert any(f"{missed:,} pixels are marked" in text.proto.body for text in page.get("html"))
    state = {"four": SimpleNamespace(pick={"name": None, "point": [1, 0]})}
    monkeypatch.setattr(views.st, "session_state", state)
    views._picked()
    assert state["cell"] == "FP"


def test_sets_precision_against_recall() -> None:
    page = opened(view="Precision and recall", precision="0.5", recall="1.0")
    assert any("F1 is **0.667**, their plain mean **0.750**" in text.value for text in page.markdown)


def test_pools_over_scenes() -> None:
    setting = Setting("plain", 0, NOTHING)
    tables = answers.over_scenes(setting)
    assert len(tables) == SCENES
    page = opened(view="Many scenes", scenes="plain")
    told = next(text.value for text in page.markdown if text.value.startswith(f"{SCENES} plain scenes"))
    pooled, averaged = mean_iou(sum(tables)), np.mean([mean_iou(table) for table in tables])
    assert f"pooled **{pooled:.3f}**, averaged per scene **{averaged:.3f}**" in told
    assert averaged > 2 * pooled  # most scenes have one class, the data set has five


@pytest.mark.parametrize("view", ["One class", "Dice and IoU", "Precision and recall", "Many scenes"])
def test_draws_charts_in_words_that_are_known(view: str, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("segmentation", monkeypatch, {"view": view, "begin": MOVED, "paint": "false"})
    assert visit.drawn
    assert {word for figure in visit.drawn.values() for word in unknown(figure)} == set()


def test_ignores_settings_that_are_none() -> None:
    page = opened(scene="4000", begin="__import__('os')", scenes="mars", view="Nothing")
    assert boards.metrics(page)["Pixel accuracy"] == "0.838"
    with pytest.raises(CoreError, match="answers come from nothing but ground"):
        answers.answer(Setting("hard", 10, "a guess"))


def test_gives_its_tables_away() -> None:
    page = opened(begin=MOVED)
    assert {each.proto.label for each in page.get("download_button")} == {"confusion.csv", "classes.csv"}
    said = views.dice(Setting("hard", 10, NOTHING), np.zeros((224, 224)), np.diag([3, 2, 1, 0, 0, 0]))
    assert said.exports["confusion.csv"]().splitlines()[2] == "circle,0,2,0,0,0,0"
    assert said.exports["classes.csv"]().splitlines()[4] == "triangle,0,0,none,none,none,none"
    assert len(figures.dice_curve(np.diag([3, 2, 1, 0, 0, 0]))["data"]) == 2 + 3
