"""The model zoo as a visitor uses it, without a browser."""

from functools import partial

from streamlit.testing.v1 import AppTest

from pages._parts.zoo import stopwatch
from tests.pages import boards
from tests.pages.figures import says_earlier

opened = partial(boards.opened, "zoo")


def said(page: AppTest) -> str:
    return next(text.value for text in page.markdown if "fit the budget" in text.value)


def test_finds_the_network_for_a_phone() -> None:
    page = opened(mb="50")
    assert "**5 of 19** networks fit the budget. Right most often: **EfficientNetB0**, 77.1 %" in said(page)
    page.slider(key="mb").set_value(20).run()
    assert "**2 of 19**" in said(page)
    assert "**MobileNetV2**" in said(page)


def test_explains_a_budget_that_nothing_fits() -> None:
    page = opened(mb="10", millions="3")
    assert "raise one of the three limits" in page.warning[0].value


def test_compares_by_the_work_we_count() -> None:
    page = opened(x="Multiply-accumulates", y="Time on their GPU")
    assert any("2 networks have no value here" in text.value for text in page.caption)


def test_knows_the_networks_of_the_table_that_it_can_build() -> None:
    twins = stopwatch.twins()
    assert len(twins) == 17
    for name, twin in twins.items():
        assert twin.parameters > 3e6, name
    assert twins["ResNet50"].name == "resnet50-keras"


def test_measures_what_is_chosen_and_offers_it_as_an_axis() -> None:
    page = opened(measure="LeNet-5", threads="one")
    assert "Time measured here" not in page.selectbox(key="x").options
    page.button(key="begin").click().run()
    page.session_state["_job-latency"].wait(60)
    page.run()
    assert not page.exception
    assert [found.name for found in page.session_state["_job-latency"].found] == ["LeNet-5"]
    assert not says_earlier(page)
    page.multiselect(key="measure").set_value(["MobileNetV2"]).run()
    assert says_earlier(page)
    page.button(key="begin").click().run()
    page.session_state["_job-latency"].wait(60)
    page.run()
    assert not says_earlier(page)
    assert "Time measured here" in page.selectbox(key="x").options
    page.selectbox(key="x").set_value("Time measured here").run()
    assert not page.exception
    assert any("18 networks have no value here" in text.value for text in page.caption)
