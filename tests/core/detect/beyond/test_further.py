"""Cards to read on: each belongs to a row of the syllabus, and says where it is."""

from core.detect.beyond.further import CARDS, cards
from syllabus.tables import table


def test_has_a_card_for_every_row_that_is_only_named() -> None:
    for row in ("S168", "S173", "S180", "S181"):
        assert row in table("systems")
        years = [card.year for card in cards(row)]
        assert years
        assert years == sorted(years)
    assert sum(len(cards(row)) for row in {card.row for card in CARDS}) == len(CARDS)


def test_names_the_frameworks_of_the_lectures() -> None:
    told = " ".join(card.name + card.does for card in cards("S173"))
    assert all(name in told for name in ("Faster R-CNN", "SSD", "R-FCN", "Mask R-CNN", "Detectron", "RetinaNet"))


def test_leads_to_addresses_over_https_and_to_nothing_else() -> None:
    assert all(card.address.startswith("https://") and " " not in card.address for card in CARDS)
    assert len({card.address for card in CARDS}) == len(CARDS)
