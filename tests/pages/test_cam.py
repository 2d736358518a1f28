"""The activation lab as a visitor uses it, without a browser."""

import re
from functools import partial

import numpy as np
import plotly.graph_objects as go
import pytest

from core.explain.closeness import Closeness, Measured
from pages._kit.plot import unknown
from pages._parts.cam import figures, sharper
from pages._parts.cam.figures import over
from tests.pages import boards
from tests.pages.figures import alts

opened = partial(boards.opened, "cam")


def said(page) -> str:
    return "\n".join(part.value for part in (*page.markdown, *page.caption, *page.info))


def test_shows_a_map_whose_mean_is_the_score() -> None:
    page = opened()
    line = next(text.value for text in page.markdown if text.value.startswith("The mean of these 49 votes"))
    mean, bias, score, true = (float(each) for each in re.findall(r"[-+]?\d+\.\d{3}", line))
    assert mean + bias == pytest.approx(score, abs=0.002)
    assert score == pytest.approx(true, abs=0.001)
    assert "tripod" in line
    assert "the strongest at the bottom" in alts(page)[0]


def test_lets_another_class_vote_at_another_place() -> None:
    page = opened(of="2nd: harmonica")
    assert "The map of harmonica" in alts(page)[0]
    assert "the strongest at the bottom" not in alts(page)[0]


def test_lets_a_few_maps_vote() -> None:
    page = opened(voters="3")
    assert "With all 1,280 maps it is" in said(page)
    page.segmented_control(key="voters").set_value("10").run()
    alike = re.search(r"correlate at \*\*([\d.]+)\*\*", said(page))
    assert float(alike[1]) > 0.9, "ten come close to the map of all"
    page = opened(photo="pagoda", voters="1")
    alike = re.search(r"correlate at \*\*([-\d.]+)\*\*", said(page))
    assert float(alike[1]) < 0, "one alone may point anywhere"


def test_starts_with_the_first_answer_on_another_picture() -> None:
    page = opened(of="2nd: harmonica")
    page.selectbox(key="photo").set_value("coffee").run()
    assert not page.exception
    assert "The map of espresso" in alts(page)[0]


def test_says_at_the_last_layer_that_it_is_the_cam_and_why_a_map_is_empty() -> None:
    page = opened(view="Any layer")
    assert "Times 49 this is the CAM" in said(page)
    page = opened(view="Any layer", photo="cat", of="last: African hunting dog")
    assert "The map is empty" in page.warning[0].value
    page = opened(**{"view": "Any layer", "kind": "drawn scene", "layer-scenes": "stage 1, 64x64"})
    assert "of the 4,096 places" in said(page)


def test_forgets_layer_by_layer() -> None:
    page = opened(view="Sanity check", kind="drawn scene", seed="2")
    assert alts(page)[0].count(",") == 5 + 1
    assert "nothing 1.00" in alts(page)[0]
    assert "It first lies between -0.5 and 0.5 once " in said(page)


def test_combines_views_and_says_what_came_out() -> None:
    page = opened(view="Sharper", kind="drawn scene", views="8")
    assert "asked about 8 turned and shifted copies" in said(page)
    page.button(key="combine").click().run()
    page.session_state["_job-augmented"].wait(60)
    page.run()
    assert not page.exception
    assert "Correlation with the truth" in said(page)
    assert "The objective fell from" in said(page)
    assert "The objective over 150 steps, 8 views by up to 180 degrees" in alts(page)[0]
    page.select_slider(key="lambda").set_value(1.0).run()
    assert "Still with 8 views by up to 180 degrees, λ 0.1" in said(page)
    page.slider(key="scene").set_value(3).run()
    assert "The last result is of another picture" in said(page)


def test_measures_scenes_with_known_truth(monkeypatch) -> None:
    monkeypatch.setattr(sharper, "MANY", 2)
    page = opened(view="Sharper", kind="drawn scene")
    page.button(key="many").click().run()
    page.session_state["_job-scenes"].wait(60)
    page.run()
    assert "On 2 scenes that nobody learned from" in said(page)


def test_waits_for_a_picture_of_ones_own() -> None:
    page = opened(kind="my picture")
    assert "Choose a picture of yours" in page.info[0].value


def test_paints_votes_for_a_class_warm_and_votes_against_it_cold() -> None:
    grey = np.full((8, 8, 3), 128, dtype=np.uint8)
    painted = over(grey, np.array([[1.0, -1.0]]))
    assert painted[0, 0, 0] > painted[0, 0, 2]
    assert painted[0, 7, 0] < painted[0, 7, 2]
    assert 0 <= painted.min() <= painted.max() <= 1
    nothing = over(grey, np.zeros((2, 2)))
    assert np.ptp(nothing) == pytest.approx(0)


def test_draws_figures_that_plotly_and_our_component_know() -> None:
    quick = (
        figures.map_in_numbers(np.eye(2), "cat"),
        figures.descent([3.0, 4.0, 1.0], [3.0, 3.0, 1.0]),
        figures.forgetting(["nothing", "all"], [1.0, -0.2]),
        figures.pairs([Measured(Closeness(0.5, 0.3), Closeness(0.6, 0.4))]),
    )
    for figure in quick:
        go.Figure(figure)  # raises at the first word that plotly does not know
    assert [unknown(figure) for figure in quick] == [set()] * len(quick)
