"""The FCN lab as a visitor uses it, without a browser."""

from functools import partial

import pytest

from core.errors import CoreError
from pages._parts.fcn import photos, views
from tests.pages import boards
from tests.pages.figures import alts

opened = partial(boards.opened, "fcn")


def borders(page) -> list[float]:
    said = next(each.value for each in page.markdown if each.value.startswith("Near true borders"))
    return [float(part.partition("**")[0]) for part in said.split("IoU is **")[1].split(", **")]


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


def test_shows_the_sums_and_refuses_what_cannot_be_added() -> None:
    page = opened(view="Sums of scores")
    assert "**7x7**, 14x14 and 28x28" in "".join(each.value for each in page.markdown)
    assert alts(page)[-1].startswith("Scores of person")
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


def test_labels_a_photo_and_says_when_there_is_no_network(monkeypatch) -> None:
    page = opened(view="Photos")
    page.button(key="label").click().run()
    job = page.session_state[f"_job-{photos.JOB}"]
    assert job.wait(60)
    assert job.found[0].labels.shape == (224, 352)

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
