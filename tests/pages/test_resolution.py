"""What pooling takes away, as a visitor uses it, without a browser."""

from functools import partial

import pytest

from core.segment.unpooled import deeper
from pages._parts.resolution import views
from tests.pages import boards
from tests.pages.boards import metrics
from tests.pages.figures import alts

opened = partial(boards.opened, "resolution")


def test_loses_more_the_coarser_it_gets() -> None:
    page = opened(factor="1")
    assert metrics(page)["Mean IoU"] == "1.000"
    assert metrics(page)["Wrong pixels"] == "0.0%"
    seen = []
    for factor in (2, 8, 32):
        page.select_slider(key="factor").set_value(factor).run()
        seen.append(float(metrics(page)["Mean IoU"]))
    assert seen == sorted(seen, reverse=True)


def test_shares_know_more_than_labels() -> None:
    hard, soft = (
        float(metrics(opened(factor="8", kept=kept, way="bilinear"))["Mean IoU"])
        for kept in ("the most frequent label", "shares of all classes")
    )
    assert soft > hard + 0.03
    faded = opened(factor="8", kept="shares of all classes", way="transposed")
    assert float(metrics(faded)["Mean IoU"]) == soft


def test_draws_all_factors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MANY", 2)
    views.all_factors.clear()
    page = opened(view="Over all factors", at="16")
    assert "At 16: labels, repeated" in alts(page)[0]
    views.all_factors.clear()


def test_sees_little_without_pooling() -> None:
    page = opened(view="Without pooling", depth="13", every="2", size="320")
    assert "see **27** pixels" in page.markdown[2].value
    assert any("To see all of 320 pixels it would take 160." in text.value for text in page.markdown)
    fields = [each.field for each in deeper(64, maps=1, side=32)]
    assert min(count for count, field in enumerate(fields, start=1) if field >= 32) == 16, "half the side"
