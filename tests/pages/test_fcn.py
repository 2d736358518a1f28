"""The FCN lab as a visitor uses it, without a browser."""

import re
from functools import partial

import numpy as np
import pytest

from core.errors import CoreError
from core.measure.segmentation import mean_iou
from core.models.segmenters import DIFFICULTIES, NAMES, judged
from core.segment.upsample import down_and_up
from pages._kit.shots import svg
from pages._parts.fcn import figures, photos, views, work
from pages._parts.fcn.compared import told as told_of
from tests.pages import boards
from tests.pages.figures import alts, says_earlier

opened = partial(boards.opened, "fcn")


def borders(page) -> list[float]:
    return [float(number) for number in re.findall(r"\*\*([\d.]+)\*\* for FCN", told(page))]


def told(page) -> str:
    """The sentence above the pictures."""
    said: str = next(each.value for each in page.markdown if each.value.startswith("Near true borders"))
    return said


def test_compares_three_nets_and_takes_skips_away() -> None:
    page = opened()
    coarse, middle, fine = borders(page)
    assert coarse < middle < fine
    assert "mean" in alts(page)[-1]
    page.toggle(key="skip8").set_value(False).run()
    assert borders(page)[:2] == [coarse, middle]
    assert borders(page)[2] < fine
    page = opened(scenes="hard", skip16="false", skip8="false", show="mistakes")
    assert borders(page)[2] < 0.5


def test_tells_what_is_lost_near_borders_and_away_from_them() -> None:
    """The sentences of the first view, pooled over some scenes of both difficulties."""
    for difficulty in DIFFICULTIES:
        found = {skips: [] for skips in ((16, 8), (8,), (16,), ())}
        coarse, labels = [], []
        for number in range(12):
            answered = work.answered(difficulty, number)
            coarse.append(answered.judged[32])
            truth = answered.scene.labels
            labels.append(judged(down_and_up(truth, 32, len(NAMES), kept="shares", way="bilinear"), truth))
            for skips, each in found.items():
                answer = answered.answers[8] if len(skips) == 2 else work.without(difficulty, number, skips)
                each.append(judged(answer, truth))
        near = {skips: mean_iou(sum(each.near for each in all_)) for skips, all_ in found.items()}
        soft = mean_iou(sum(each.near for each in coarse))
        assert near[16, 8] - near[16,] > 0.15, "without stride 8 outlines are soft"
        assert near[16, 8] - near[8,] < (near[16, 8] - near[16,]) / 3, "stride 16 off alone changes little"
        assert abs(near[()] - soft) < 0.12, "with neither they are like those of FCN-32s"
        wholes = [mean_iou(sum(each.whole for each in every)) for every in (labels, coarse, found[16, 8])]
        assert wholes == sorted(wholes), "the resolution lab: FCN-32s beats perfect labels as coarse, FCN-8s beats both"
    first = told_of("plain", 3, "labels", (16, 8))
    assert f"further away it is {first.far[32]:.2f}" in told(opened(scene="3"))


def test_paints_scores_in_the_colours_of_their_signs() -> None:
    sums = work.sums("plain", 18, 224)[1]
    rows = figures.steps(sums, NAMES.index("person"))
    assert [len(row) for row in rows] == [4, 4]
    first = rows[0][0]
    best = np.unravel_index(sums.sums[32][5].argmax(), (7, 7))
    assert first.image[best][0] > first.image[best][2], "orange where the score is high"
    assert 'style="image-rendering: pixelated"' in svg(first)


def test_shows_the_sums_and_refuses_what_cannot_be_added() -> None:
    page = opened(view="Sums of scores")
    assert "**7x7**, 14x14 and 28x28" in "".join(each.value for each in page.markdown)
    shown = "".join(part.proto.body for part in page.get("html"))
    assert shown.count("<figcaption>") == 1 + 8
    assert "+ stride 8, 28x28: scores from -" in shown
    assert any(each.value.startswith("Person has the highest score on **") for each in page.markdown)
    page.slider(key="side").set_value(240).run()
    assert "that 32 divides" in page.warning[0].value
    page.slider(key="side").set_value(256).run()
    assert not page.warning
    assert "**8x8**, 16x16 and 32x32" in "".join(each.value for each in page.markdown)


def test_measures_many_scenes(monkeypatch) -> None:
    monkeypatch.setattr(views, "COUNTS", (1, 2))
    page = opened(view="Many scenes")
    assert page.info
    page.button(key="measure").click().run()
    page.session_state[f"_job-{views.JOB}"].wait(120)
    page.run()
    assert len(page.session_state[f"_job-{views.JOB}"].found) == 2
    assert "hard FCN-8s" in alts(page)[-1]
    assert not says_earlier(page)
    page.select_slider(key="count").set_value(2).run()
    assert says_earlier(page)
    assert "Near borders of 1 plain scene:" in "".join(each.value for each in page.markdown)
    page.select_slider(key="count").set_value(1).run()
    assert not says_earlier(page)


def test_labels_a_photo_and_says_when_there_is_no_network(monkeypatch) -> None:
    page = opened(view="Photos")
    assert "Press Label it" in page.info[0].value
    assert not page.get("download_button")
    page.button(key="label").click().run()
    job = page.session_state[f"_job-{photos.JOB}"]
    assert job.wait(60)
    assert job.found[0].labels.shape == (224, 352)
    page.run()
    assert len(page.get("download_button")) == 1
    page.selectbox(key="photo").select_index(1).run()
    assert "Press Label it" in page.info[0].value, "the labels of the cat are not those of the next photo"
    assert not page.get("download_button")

    def nothing(name: str, **more: object) -> None:
        raise CoreError(
            "the weights must be downloaded, and nothing can be reached. The built-in models need no network."
        )

    monkeypatch.setattr(photos.pretrained_segmenters, "fetch", nothing)
    page.selectbox(key="net").select_index(1).run()
    page.button(key="label").click().run()
    assert page.session_state[f"_job-{photos.JOB}"].wait(60)
    page.run()
    assert "built-in models need no network" in page.warning[0].value


@pytest.mark.parametrize("name", ["Noh", "Farabet", "Pinheiro", "Long"])
def test_has_a_card_for_every_paper(name: str) -> None:
    page = opened(view="Others")
    assert any(each.value.startswith(f"**{name}") for each in page.markdown)
