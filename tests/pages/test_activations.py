"""The labs about activations, softmax and normalisation as a visitor uses them, without a browser."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

PAGES = Path(__file__).parents[2] / "pages"


def opened(name: str, **address: str) -> AppTest:
    page = AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=120)
    for key, value in address.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def texts(page: AppTest) -> str:
    return "\n".join(text.value for text in page.markdown)


def metrics(page: AppTest) -> dict[str, str]:
    return {each.label: each.value for each in page.metric}


def test_n33_shows_the_printed_sigmoid_beside_the_logistic_one() -> None:
    page = opened("activations", x="1.0")
    assert "**sigmoid** turns 1 into 0.7311" in texts(page)
    page.get("button_group")[1].set_value(["sigmoid", "sigmoid as printed"]).run()
    assert "**sigmoid as printed** turns 1 into 0.8808. A gradient that passes here is multiplied by 0.2100" in texts(
        page
    )
    page.slider(key="x").set_value(0.0).run()
    assert "**sigmoid as printed** turns 0 into 0.5000. A gradient that passes here is multiplied by 0.5000" in texts(
        page
    )


def test_draws_nothing_where_nothing_is_chosen() -> None:
    page = opened("activations")
    page.get("button_group")[1].set_value([]).run()
    assert not page.exception
    assert "Choose a function" in page.info[0].value


def test_kills_units_and_shows_what_a_leak_saves() -> None:
    page = opened("activations", view="Dying units", bias="1.0")
    assert metrics(page)["Dead with ReLU"] == "0 of 32"
    page.slider(key="bias").set_value(-4.0).run()
    assert metrics(page) == {"Dead with ReLU": "32 of 32", "Dead with leaky ReLU": "0 of 32"}
    page.slider(key="slope").set_value(0.1).run()
    page.toggle(key="learn").set_value(True).run()
    row = next(line for line in texts(page).splitlines() if line.startswith("| unseen digits"))
    relu, leaky = (float(cell.strip(" *%")) for cell in row.split("|")[2:4])
    assert relu < 20
    assert leaky > 60
    page.slider(key="slope").set_value(0.5).run()
    assert not page.exception
    assert "The weights of the layer with leaky ReLU ran away" in page.info[0].value
    assert "| none |" in next(line for line in texts(page).splitlines() if line.startswith("| unseen digits"))


def test_feeds_a_map_through_every_activation() -> None:
    page = opened("activations", view="Feature map", source="Digit", digit="7")
    zeros = metrics(page)["Values that became 0"]
    assert float(zeros.strip("%")) > 30
    for name in page.selectbox(key="activation").options:
        page.selectbox(key="activation").set_value(name).run()
        assert not page.exception
    assert metrics(page)["Values where the curve is almost flat"] == "0%"  # linear came last


def test_multiplies_a_net_without_activations_out() -> None:
    found = metrics(opened("activations", view="No activation"))
    assert float(found["Net against matrix, largest difference"]) < 1e-10
    flat, bent = (
        float(found[key].strip("%")) for key in ("Read right without activations", "With ReLU and max pooling")
    )
    assert 80 < flat < bent


@pytest.mark.parametrize("shift", ["0", "10", "-10"])
def test_softmax_does_not_see_a_shift(shift: str) -> None:
    page = opened("softmax", shift=shift)
    assert "2.72 times as probable" in texts(page)
    assert "They add up to 100%" in texts(page)


def test_softmax_cools_down_to_one_winner() -> None:
    page = opened("softmax", temperature="0.1")
    assert "22,026.47 times as probable" in texts(page)
    page.slider(key="owl").set_value(5.0).run()
    assert "Owl wins at every one of them" in texts(page)


def test_normalisation_works_one_map_out() -> None:
    said = texts(opened("normalisation"))
    assert "20 / (1 + 0.1 / 5 · (1² + 1² + 20² + 1² + 1²))^0.75 = 20 / 9.08^0.75 = **3.824**" in said


def test_normalisation_damps_and_learns_nothing() -> None:
    page = opened("normalisation", value="50", alpha="1")
    damped = page.table[0].value
    assert float(damped["largest"].iloc[1]) < float(damped["largest"].iloc[0])
    page.toggle(key="on").set_value(False).run()
    same = page.table[0].value
    assert same["mean"].iloc[0] == same["mean"].iloc[1]
    for view in ("In AlexNet", "A photo"):
        page.get("button_group")[0].set_value(view).run()
        assert not page.exception
    assert "62,378,344 parameters with it and 62,378,344 without" in texts(page)
