"""The pooling heads as a visitor uses them, without a browser."""

from functools import partial

from pages._parts.gap import views
from tests.pages import boards
from tests.pages.figures import alts, says_earlier

opened = partial(boards.opened, "gap")


def test_lets_the_average_and_the_maximum_choose() -> None:
    page = opened()
    assert page.markdown[2].value == "The average prefers **the wide blob**, the maximum **the strong pixel**."
    page.slider(key="width").set_value(2).run()
    assert page.markdown[2].value == "The average prefers **the strong pixel**, the maximum **the strong pixel**."
    page = opened(pixel="4.0", width="2", blob="1.0")
    assert page.markdown[2].value == "The average prefers **neither**, the maximum **the strong pixel**."


def test_fits_a_blob_into_a_smaller_map() -> None:
    page = opened(side="3", width="14", gradient="maximum")
    assert "a blob 3 wide" in alts(page)[0]


def test_equals_its_matrix() -> None:
    for how, size in (("average", "3x18"), ("maximum", "3x18"), ("flatten", "18x18")):
        page = opened(view="As a matrix", how=how)
        said = page.markdown[2].value
        assert f"A matrix of **{size}**" in said
        assert float(said.rpartition("**.")[0].rpartition("**")[2]) < 1e-12
    page = opened(view="As a matrix", how="flatten", maps="6", height="7", across="7")
    assert "294x294" in page.markdown[2].value


def test_says_why_a_dense_head_takes_no_other_size() -> None:
    page = opened(view="Images of any size", image="256")
    assert "fc1 has weights for 25,088 values and gets 32,768" in page.warning[0].value
    assert len(page.warning) == 2
    page.slider(key="image").set_value(224).run()
    assert not page.warning
    assert len(page.success) == 3


def test_trains_and_tells_what_came_out(monkeypatch) -> None:
    monkeypatch.setattr(views, "ROUNDS", 3)
    page = opened(view="Train the heads", images="100")
    assert page.info
    page.button(key="train").click().run()
    page.session_state["_job-heads"].wait(120)
    page.run()
    assert not page.exception
    assert len(page.session_state["_job-heads"].found) == 4 * 3
    assert any("The dense head has 51,914 parameters and ends with" in text.value for text in page.markdown)
    assert not says_earlier(page)
    page.slider(key="reach").set_value(0).run()
    assert says_earlier(page)
    assert any("from 100 images with the digit up to 3 pixels off" in text.value for text in page.markdown)
    page.slider(key="reach").set_value(3).run()
    assert not says_earlier(page)
