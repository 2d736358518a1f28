"""Two stages or one, as a visitor uses it, without a browser."""

from functools import partial

from core.detect.stages import STEPS
from core.models.card import Card
from pages._parts.two_or_one import figures, views
from tests.pages import boards
from tests.pages.figures import alts

opened = partial(boards.opened, "two_or_one")


def test_judges_the_steps_from_the_address() -> None:
    page = opened(step0="both", step1="one stage")
    assert boards.metrics(page) == {"Right": "1 of 8", "Wrong": "1"}
    assert page.warning[0].value.startswith("Not one stage: a small network")
    page = opened(**{f"step{number}": step.of for number, step in enumerate(STEPS)})
    assert boards.metrics(page)["Right"] == "8 of 8"
    assert not page.warning


def test_draws_both_pipelines_with_what_was_sorted_right() -> None:
    none, one = figures.pipelines(set()), figures.pipelines({0, 1})
    assert [each.alt.partition(" steps")[0][-6:] for each in none] == ["0 of 6", "0 of 5"]
    assert [each.alt.partition(" steps")[0][-6:] for each in one] == ["2 of 6", "1 of 5"]
    assert "somethi" in "".join(one[0].parts)
    assert "somethi" not in "".join(one[1].parts)


def test_the_drawings_follow_the_theme() -> None:
    for drawing in figures.pipelines(set(range(len(STEPS)))):
        day, night = drawing.svg(), drawing.svg(dark=True)
        assert day != night
        assert 'fill="#' not in "".join(drawing.parts)  # grounds and letters have names, which the theme gives colours


def test_the_second_stage_takes_a_fifth() -> None:
    page = opened(view="What it costs")
    assert any("The second stage takes 20% of it" in text.value for text in page.markdown)


def test_lets_the_work_of_two_stages_grow_with_the_regions() -> None:
    said = [alts(opened(view="What it costs", regions=regions))[0] for regions in ("0", "300", "2000")]
    two = [int(each.partition("two stages ")[2].partition(",")[0]) for each in said]
    one = {each.rpartition(" ")[2] for each in said}
    assert two[0] < two[1] < two[2]
    assert len(one) == 1


def test_shows_those_detectors_that_are_trained() -> None:
    cards = views.known_cards()
    assert cards
    assert all(isinstance(card, Card) for card in cards.values())
    page = opened(view="Measured here")
    best = max(card.score for card in cards.values())
    assert any(f"{best:.3f}" in text.value for text in page.markdown)
    assert not any("Fastest here" in text.value for text in page.markdown)
    page.button(key="time").click().run()
    assert any("Fastest here" in text.value for text in page.markdown)
