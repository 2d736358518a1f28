"""The backpropagation lab as a visitor uses it, without a browser."""

from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages import boards

opened = partial(boards.opened, "backprop")


def said(page: AppTest, start: str) -> str:
    return next(text.value for text in page.markdown if text.value.startswith(start))


def total(page: AppTest) -> float:
    return float(said(page, "The loss of all").split("**")[1])


def test_walks_forward_and_back_and_confirms_every_derivative() -> None:
    page = opened(steps="0")
    titles = []
    for _ in range(9):
        page.button(key="next").click().run()
        titles.append(said(page, "**Step").split("**")[1].partition(": ")[2])
    assert titles == [
        *("h1 forward", "h2 forward", "y1 forward", "y2 forward", "the loss"),
        *("y1 backward", "y2 backward", "h1 backward", "h2 backward"),
    ]
    told = said(page, "**Step")
    assert told.count("finite difference") == 3
    for line in told.splitlines()[2:]:
        by_rule, _, measured = line.rpartition(" (finite difference **")
        assert measured.startswith(by_rule.rpartition("= **")[2].strip("*"))
    page.button(key="back").click().run()
    assert "h1 backward" in said(page, "**Step 8 of 9")


def test_takes_steps_that_lower_the_loss_and_takes_them_back() -> None:
    page = opened()
    before, weights = total(page), page.text_input(key="hidden").value
    page.button(key="step").click().run()
    after = total(page)
    assert after < before
    page.button(key="hundred").click().run()
    assert total(page) < after
    assert "101 steps ago" in said(page, "The loss of all")
    page.button(key="undo").click().run()
    assert total(page) == after
    page.button(key="undo").click().run()
    assert (total(page), page.text_input(key="hidden").value) == (before, weights)
    assert page.button(key="undo").disabled


def test_learns_xor_in_some_hundred_steps() -> None:
    page = opened(mu="0.3")
    for _ in range(5):
        page.button(key="hundred").click().run()
    assert total(page) < 0.02


def test_moves_one_parameter() -> None:
    page = opened(chosen="v12")
    assert page.slider(key="value").value == 0.5
    page.slider(key="value").set_value(2.5).run()
    assert page.text_input(key="outputs").value.startswith("-0.7 2.5 0.4;")
    assert page.slider(key="value").value == 2.5


def test_leaves_a_dead_unit_as_it_is() -> None:
    page = opened()
    page.selectbox(key="example").set_value("A dead ReLU").run()
    before = page.text_input(key="hidden").value.split("; ")
    page.button(key="hundred").click().run()
    after = page.text_input(key="hidden").value.split("; ")
    assert before[1] == after[1] == "-0.5 -0.9 -0.2"
    assert before[0] != after[0]


@pytest.mark.parametrize(
    ("address", "says"),
    [
        pytest.param({"hidden": "1 2; 3 4"}, "two rows of two weights and a bias", id="size"),
        pytest.param({"hidden": "1 two 3; 4 5 6"}, "'two' is not a number", id="word"),
        pytest.param({"samples": "1 2 3"}, "rows x1 x2 t1 t2", id="samples"),
    ],
)
def test_explains_a_net_that_cannot_be(address: dict[str, str], says: str) -> None:
    assert says in opened(**address).warning[0].value


def test_stops_before_weights_run_away() -> None:
    page = opened(mu="3.0", curve="linear")
    page.button(key="hundred").click().run()
    assert "run away" in page.warning[0].value
    assert page.button(key="undo").disabled
