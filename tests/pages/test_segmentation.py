"""The segmentation studio as a visitor uses it, without a browser."""

import io
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from benchmarks.serve import Server
from core.data.label_maps import as_text, map_png
from core.data.photos import photo
from core.errors import CoreError
from core.measure.moved import grown, reach, shifted
from core.measure.segmentation import counted, counted_in_band, mean_iou, pixel_accuracy
from core.models import pretrained_segmenters
from core.models.segmenters import NAMES, border, labelled
from pages._kit import painter
from pages._kit.plot import unknown
from pages._parts.segmentation import answers, figures, keep, photos, typed, views
from pages._parts.segmentation.answers import MOVED, NOTHING, SCENES, Setting
from pages._parts.segmentation.case import Case
from tests.pages import boards
from tests.pages.figures import Visit, alts
from tests.pages.visits import settle, visit

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
    labels = {each.proto.label for each in page.get("download_button")}
    assert labels == {"confusion.csv", "classes.csv", "painted.png"}
    said = views.dice(Case(NAMES, np.diag([3, 2, 1, 0, 0, 0]), NOTHING))
    assert said.exports["confusion.csv"]().splitlines()[2] == "circle,0,2,0,0,0,0"
    assert said.exports["classes.csv"]().splitlines()[4] == "triangle,0,0,none,none,none,none"
    assert len(figures.dice_curve(np.diag([3, 2, 1, 0, 0, 0]), NAMES)["data"]) == 2 + 3


def warned(page) -> list[str]:
    return [each.value for each in page.warning]


def test_judges_a_threshold_on_a_photo_by_what_is_painted() -> None:
    page = opened(scenes="photo", level="60")
    ready = photos._prepared("flower", photo("flower"))
    assert ready.bright.size <= painter.LARGEST
    called = ready.bright > 60
    assert boards.metrics(page)["Pixel accuracy"] == f"{1 - called.mean():.3f}"  # nothing is painted: all is ground
    assert any("as long as all is ground" in text.value for text in page.caption)
    page.button(key="take").click().run()
    assert set(boards.metrics(page).values()) == {"1.000"}  # painted as the answer has it
    page.slider(key="level").set_value(90).run()
    counts = counted(called.astype(int), (ready.bright > 90).astype(int), 2)
    assert boards.metrics(page)["Mean IoU"] == f"{mean_iou(counts):.3f}"  # the painting stays while the threshold moves
    near = border(called.astype(np.int64))
    told = counted(called[near].astype(int), (ready.bright > 90)[near].astype(int), 2)
    assert boards.metrics(page)["Mean IoU, 3 px round borders"] == f"{mean_iou(told):.3f}"
    assert not page.exception


def test_sets_two_answers_against_each_other_and_swaps_them() -> None:
    ways = {"answer": photos.UP, "level": "100", "other-answer": photos.DOWN, "other-level": "180"}
    page = opened(scenes="photo", by=photos.OTHER, view="One class", label="thing", **ways)
    swapped = {"answer": photos.DOWN, "level": "180", "other-answer": photos.UP, "other-level": "100"}
    other = opened(scenes="photo", by=photos.OTHER, view="One class", label="thing", **swapped)

    def scores(shown) -> dict[str, str]:
        lines = next(text.value for text in shown.markdown if "precision =" in text.value).splitlines()
        return {line.split("=")[0].strip("- "): line.split("**")[1] for line in lines}

    first, second = scores(page), scores(other)
    assert (first["precision"], first["recall"]) == (second["recall"], second["precision"])
    assert first["precision"] != first["recall"]
    assert (first["IoU"], first["Dice"]) == (second["IoU"], second["Dice"])


def test_asks_our_net_and_says_what_it_has_seen() -> None:
    page = opened(scenes="photo", photo="coins", answer="FCN-8s")
    assert any("has seen drawn scenes only" in text.value for text in page.caption)
    assert 0 < float(boards.metrics(page)["Pixel accuracy"]) < 1


def test_fetches_a_pretrained_net_on_request_and_says_when_it_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    name = next(iter(photos.FETCHED))
    page = opened(scenes="photo", answer=name)
    assert set(boards.metrics(page).values()) == {"none"}  # it has said nothing yet
    image = np.zeros((40, 50, 3), dtype=np.uint8)

    def told(module: str, photo: np.ndarray) -> np.ndarray:
        assert module == "lraspp_mobilenet_v3_large"
        return np.where(np.arange(photo.shape[1]) < 20, 8, 0) * np.ones((len(photo), 1), dtype=int)

    monkeypatch.setattr(pretrained_segmenters, "fetch", lambda name, progress: name)
    monkeypatch.setattr(pretrained_segmenters, "answers", told)
    (labels,) = photos._fetched(photos.FETCHED[name], image, lambda done, doing: None)
    assert labels.shape == (40, 50)
    assert labels[:, :20].all()
    assert not labels[:, 20:].any()


def test_waits_for_a_photo_of_the_visitors_own() -> None:
    page = opened(scenes="photo", photo="my own")
    assert [each.value for each in page.info] == ["Choose a photo of yours: a JPEG, a PNG or a WebP."]


def test_typed_counts_move_the_scores_that_the_lab_says_they_move() -> None:
    page = opened(scenes="counts")
    before = boards.metrics(page)
    table = np.array(typed.START)
    assert before["Mean IoU"] == f"{mean_iou(table):.3f}"
    page.number_input(key="n00").set_value(8800).run()
    after = boards.metrics(page)
    assert after["Pixel accuracy"] > before["Pixel accuracy"]
    shown = alts(page)[1]
    assert "cat 0.41, dog 0.17" in shown  # as before: their IoU does not know of it
    for key in ("n02", "n12", "n20", "n21", "n22"):
        page.number_input(key=key).set_value(0)
    page.run()
    assert "dog" not in alts(page)[1]  # neither there nor answered: no score


def test_typed_counts_may_all_be_0_and_may_be_clicked(monkeypatch: pytest.MonkeyPatch) -> None:
    page = opened(scenes="counts", kinds="2", n00="0", n01="0", n10="0", n11="0")
    assert set(boards.metrics(page).values()) == {"none"}
    state = {"taken": SimpleNamespace(pick={"name": None, "point": [1, 0]}), "adds": 100, "n10": 5}
    monkeypatch.setattr(typed.st, "session_state", state)
    typed.clicked()
    assert state["n10"] == 105
    state["n10"] = typed.MOST
    typed.clicked()
    assert state["n10"] == typed.MOST


@pytest.mark.parametrize("view", ["Every class", "One class", "Dice and IoU", "Precision and recall"])
@pytest.mark.parametrize("scenes", ["photo", "counts"])
def test_every_view_takes_a_photo_and_counts(view: str, scenes: str) -> None:
    page = opened(scenes=scenes, view=view)
    assert alts(page)
    assert not warned(page)


def test_says_that_only_drawn_scenes_are_pooled() -> None:
    assert "many scenes are pooled from drawn ones" in warned(opened(scenes="photo", view="Many scenes"))[0]


def test_finds_a_painting_in_its_address() -> None:
    labels = np.zeros((224, 224), dtype=np.int64)
    labels[100:120, 50:90] = 3
    base = Setting("hard", 10, NOTHING).named
    page = opened(painted=f"{painter._mark(base)}.{as_text(labels)}")
    truth = labelled("test", 10, "hard").labels
    assert boards.metrics(page)["Mean IoU"] == f"{mean_iou(counted(truth, labels, len(NAMES))):.3f}"
    page.slider(key="scene").set_value(11).run()
    assert "painted" not in page.query_params  # it belongs to another scene
    for wrong in ("nonsense", f"{painter._mark(base)}.AAAA", f"00000000.{as_text(labels)}"):
        assert boards.metrics(opened(painted=wrong))["Mean IoU"] == "0.140"


def test_takes_a_painting_from_its_file_and_refuses_another(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = np.array([[0, 1], [1, 0]])
    state = {"painted-map": io.BytesIO(map_png(labels, ["#8A8F98", "#E69F00"]))}
    for module in (keep, painter):
        monkeypatch.setattr(module.st, "session_state", state)
        monkeypatch.setattr(module.st, "query_params", {})
    keep._bring("here", (2, 2), 2)
    assert painter.painting("painter", "here", np.zeros((2, 2), dtype=np.uint8)).tolist() == labels.tolist()
    assert painter._named("painter", "here") == "here #1"  # a stroke that is on its way belongs to another map
    state["painted-map"] = io.BytesIO(map_png(labels, ["#8A8F98", "#E69F00"]))
    keep._bring("here", (3, 2), 2)
    assert "has 2x2 pixels, the picture 2x3" in state["_painted-wrong"]


@pytest.mark.browser
def test_a_link_holds_what_was_painted(server: Server, browser: Browser) -> None:
    with visit(browser, f"{server.address}/segmentation?scenes=plain&scene=5") as (page, complaints):
        paper, first = page.locator(".painter .paper"), page.locator("[data-testid=stMetric]").first
        nothing = first.inner_text().split()[-1]
        paper.focus()
        page.keyboard.press("Enter")  # fills the ground with circle
        expect(first).not_to_contain_text(nothing)
        page.wait_for_url("**painted=**")
        settle(page)
        score, link = first.inner_text().split()[-1], page.url
        assert "scene=5" in link
        assert complaints == []
    with visit(browser, link) as (page, complaints):
        expect(page.locator("[data-testid=stMetric]").first).to_contain_text(score)
        assert page.locator(".painter").evaluate("root => root.painter.labels.some((label) => label)")
        assert complaints == []
