"""The lab of weak boxes as a visitor uses it, without a browser."""

from functools import partial

import numpy as np

from pages._parts.weak_boxes import work
from tests.pages import boards
from tests.pages.figures import alts

opened = partial(boards.opened, "weak_boxes")


def overlap(page) -> float:
    """The IoU below the last picture."""
    html = next(part.proto.body for part in page.get("html") if "Box of the largest" in part.proto.body)
    return float(html.split("Box of the largest: IoU ")[1][:4])


def test_moves_the_box_with_the_threshold() -> None:
    page = opened()
    low = overlap(page)
    page.slider(key="share").set_value(0.5).run()
    assert not page.exception
    assert overlap(page) > low
    assert "Above 50%" in next(part.proto.body for part in page.get("html") if "Above" in part.proto.body)


def test_compares_three_kinds_of_maps_over_all_scenes() -> None:
    page = opened(kind="maximum: what it hears", share="0.3")
    assert f"over {work.SCENES} scenes" in alts(page)[0]
    large = work.sizes("mean: its map", 0.2)
    assert np.median(large) > 2, "too large at the lecture's threshold"
    rows = work.curves()
    assert set(rows) == set(work.KINDS)
    assert rows["mean: its map"].max() > rows["mean: its map"][work.SHARES.index(0.2)]
    assert 0.35 <= work.SHARES[int(rows["mean: its map"].argmax())] <= 0.6, "the page says: about half"
    assert min(work.named_right().values()) > 0.9
    places = work.heard_places()
    assert places["maximum"] < 0.6 * places["mean"]
    assert np.isfinite(np.stack(list(rows.values()))).all()
