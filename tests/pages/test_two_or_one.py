"""Two stages or one, as a visitor uses it, without a browser."""

from functools import partial

from core.detect.stages import STEPS
from core.models.card import Card
from pages._parts.two_or_one import views
from tests.pages import boards
from tests.pages.figures import alts

opened = partial(boards.opened, "two_or_one")


def test_judges_the_steps_from_the_address() -> None:
    page = opened(step0="both", step1="one stage")
    assert boards.metrics(page) == {"Right": "1 of 8", "Not yet": "1"}
    assert page.warning[0].value.startswith("Not one stage: a small network")
    page = opened(**{f"step{number}": step.of for number, step in enumerate(STEPS)})
    assert boards.metrics(page)["Right"] == "8 of 8"
    assert not page.warning


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
