"""The data sets as a visitor uses them, without a browser."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.data import fetched
from core.data.fetched import Images
from core.errors import CoreError
from pages._kit.plot import unknown
from pages._parts.datasets import figures, sets
from pages._parts.datasets.sets import SETS
from pages._parts.datasets.views import _json

PAGE = Path(__file__).parents[2] / "pages" / "datasets.py"


def opened(**address: str | list[str]) -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    for key, value in address.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    return next(text.value for text in page.markdown if text.value.startswith("**Example"))


def controls(page: AppTest) -> set[str]:
    """The keys of what can be set in the view of examples."""
    found = (*page.selectbox, *page.slider, *page.get("button_group"))
    return {each.key for each in found} - {"view"}


@pytest.mark.parametrize(
    ("name", "length"),
    [("Scenes", "49,152"), ("Cells", "16,384"), ("Digits", "64"), ("Parcels", "1,536")],
)
def test_shows_an_example_and_its_length(name: str, length: str) -> None:
    assert f"**{length}** numbers" in said(opened(set=name))


def test_steps_through_the_examples_of_one_class() -> None:
    page = opened(set="Digits", part="test", **{"with-digits": "7"})
    assert "shows 7. As a vector" in said(page)
    first = said(page)
    page.slider(key="example").set_value(1).run()
    assert "shows 7. As a vector" in said(page)
    assert said(page) != first
    page = opened(**{"with-scenes": "person", "example": "5"})
    assert "person" in said(page)


def test_says_that_these_digits_have_two_parts() -> None:
    assert "divided in two" in opened(set="Digits", part="validation").warning[0].value


def test_hands_out_the_annotations_in_cocos_form() -> None:
    whole = json.loads(_json(SETS["Scenes"].example("train", 5)))
    assert {each["category_id"] for each in whole["annotations"]} <= {each["id"] for each in whole["categories"]}
    assert len(whole["annotations"]) == len(SETS["Scenes"].example("train", 5).classes)
    assert len(opened(example="5").get("download_button")) == 2


def test_offers_the_built_in_sets_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(**_: object) -> None:
        raise CoreError("CIFAR-10 cannot be reached. The sets that are built in need no network.")

    monkeypatch.setattr(fetched, "has_cifar10", lambda: False)
    monkeypatch.setattr(fetched, "fetch_cifar10", offline)
    page = opened(set="CIFAR-10")
    assert "The other sets are built in and need none." in page.info[0].value
    assert controls(page) == {"set"}  # nothing to be set before there is something to look at
    page.button(key="fetch").click().run()
    page.session_state["_job-cifar10"].wait(30)
    page.run()
    assert not page.exception
    assert "cannot be reached" in page.warning[0].value


@pytest.fixture
def forgetful() -> Iterator[None]:
    """What a test reads in place of CIFAR-10 is nothing for the next one."""
    yield
    for kept in (sets.fetched, sets.contents, sets.example):
        kept.clear()


@pytest.mark.usefixtures("forgetful")
def test_shows_the_controls_of_a_set_once_it_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = list[str]()
    few = Images(np.zeros((300, 32, 32, 3), np.uint8), np.arange(300) % 10, fetched.CIFAR10_CLASSES)
    monkeypatch.setattr(fetched, "has_cifar10", lambda: bool(shelf))
    monkeypatch.setattr(fetched, "fetch_cifar10", lambda **_: shelf.append("CIFAR-10"))
    monkeypatch.setattr(sets, "cifar10", lambda part: few)
    page = opened(set="CIFAR-10", part="test", **{"with-cifar-10": "frog"})
    page.button(key="fetch").click().run()
    page.session_state["_job-cifar10"].wait(30)
    page.run()
    assert not page.exception
    assert controls(page) == {"set", "part", "with-cifar-10", "example"}
    assert "shows frog. As a vector it has d = 32 · 32 · 3 = **3,072** numbers." in said(page)
    assert any("The test part of CIFAR-10, 300 in all." in text.value for text in page.caption)


def test_works_out_what_was_written_for_each_image() -> None:
    page = opened(view="Work for each image")
    assert "**50.0 region descriptions** on average, and 148 entries" in "".join(text.value for text in page.markdown)
    page.number_input(key="images").set_value(1_000_000).run()
    assert "**5.4 region descriptions**" in "".join(text.value for text in page.markdown)


def test_its_averages_use_no_word_that_the_drawing_does_not_know() -> None:
    assert unknown(figures.averages({"objects": 35.2})) == set()
