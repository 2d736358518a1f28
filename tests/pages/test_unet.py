"""The U-Net explorer as a visitor uses it, without a browser."""

from functools import partial

from pages._parts.unet import views
from tests.pages import boards
from tests.pages.figures import alts, says_earlier

opened = partial(boards.opened, "unet")


def told(page) -> str:
    return " ".join(each.value for each in page.markdown)


def test_calculates_sizes_and_explains_what_does_not_fit() -> None:
    page = opened()
    assert "an answer of **388x388**: 92 pixels less" in told(page)
    assert "cropped by 88 to 392x392" in alts(page)[-1]
    page.slider(key="side").set_value(573).run()
    assert "odd side" in page.warning[0].value
    assert "588 fit" in page.warning[0].value
    page = opened(side="128", depth="2", first="16")
    assert "**88x88**" in told(page)
    assert "**124x124**" in told(opened(side="128", depth="0"))


def test_weighs_a_narrow_gap_more_than_a_wide_one() -> None:
    def heaviest(page) -> float:
        return float(told(page).partition("heaviest pixel counts **")[2].partition("**")[0])

    narrow, wide = (heaviest(opened(view="Weights of pixels", gap=gap)) for gap in ("2.0", "20.0"))
    assert narrow > 5 > wide
    none = opened(view="Weights of pixels", gap="2.0", w0="0.0", balanced="false")
    assert heaviest(none) == 1
    assert heaviest(opened(view="Weights of pixels", cells="a drawn picture")) > 5


def test_counts_cells_by_both_nets() -> None:
    page = opened(view="The net on cells")
    assert "With border weights: **" in told(page)
    assert not page.warning
    page.toggle(key="mirror").set_value(False).run()
    page.toggle(key="frame").set_value(True).run()
    assert not page.exception


def test_counts_many_pictures(monkeypatch) -> None:
    page = opened(view="The net on cells")
    page.button(key="count").click().run()
    job = page.session_state[f"_job-{views.JOB}"]
    assert job.wait(120)
    page.run()
    assert len(job.found) == 20
    assert "Over all pictures so far: with border weights" in told(page)
    assert not says_earlier(page)
    page.select_slider(key="pictures").set_value(20).run()
    assert says_earlier(page)
    page.select_slider(key="pictures").set_value(10).run()
    assert not says_earlier(page)


def test_draws_the_next_side_that_fits_beside_its_explanation() -> None:
    page = opened(side="573")
    assert page.warning
    assert "Drawn is the next side that fits, 588." in told(page)
    assert alts(page)[-1].startswith("The U for 588x588")
