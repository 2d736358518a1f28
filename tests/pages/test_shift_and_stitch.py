"""Shift and stitch as a visitor uses it, without a browser."""

import json
from functools import partial

import numpy as np
import pytest

from core.models.patch_net import PATCH_NET
from core.models.window_net import WINDOW_NET
from core.nets.zoo import network
from core.segment.stitch import shift_and_stitch
from core.segment.tiny import coarse, dense
from pages._parts.heat_map.work import NETS, in_code
from pages._parts.shift_and_stitch.numbers import _scene
from tests.pages import boards

opened = partial(boards.opened, "shift_and_stitch")


@pytest.mark.parametrize(("factor", "side", "run"), [(2, 8, 4), (2, 8, 1), (3, 10, 5)])
def test_every_value_leads_to_its_own_small_map(factor: int, side: int, run: int) -> None:
    image = np.random.default_rng(factor).integers(0, 10, size=(side, side)).astype(float)
    full = shift_and_stitch(lambda seen: coarse(seen, factor), image, factor, window=2 * factor, first=run)
    scene = _scene(image, full, dense(image, factor), factor, run)
    shown = json.loads(json.dumps(scene))
    flat = {name: [cell["text"] for row in grid["rows"] for cell in row] for name, grid in shown["grids"].items()}
    known = [place for place, link in enumerate(shown["links"]["full"]) if link]
    assert shown["order"] == known
    assert len(known) == int((~np.isnan(full)).sum())
    for place in known:
        link = shown["links"]["full"][place]
        (name,) = [name for name in link["marks"] if name.startswith("shift")]
        assert flat[name][link["marks"][name][0][0]] == flat["full"][place] == flat["once"][place] == link["total"]
        assert len(link["marks"]["image"]) == 2 * factor * factor


def test_fills_the_map_shift_by_shift() -> None:
    page = opened(factor="3", run="5")
    assert page.markdown[2].value.startswith("**5 of 9 shifts** give 18 of 25 answers")
    page.slider(key="run").set_value(9).run()
    assert "25 of 25 answers" in page.markdown[2].value


def test_equals_the_dilated_net_on_a_picture() -> None:
    page = opened(view="On a picture", shifts="16")
    told = page.markdown[2].value
    assert "**16 of 16 shifts**: 2,401 of 2,401 answers" in told
    assert float(told.rpartition("**.")[0].rpartition("**")[2]) <= 2e-5


def test_counts_a_thousand_shifts() -> None:
    page = opened(view="What it costs")
    assert "1,024 shifts" in page.markdown[2].value


@pytest.mark.parametrize("name", list(NETS))
def test_names_tables_that_are_there(name: str) -> None:
    """The line of code below the chart runs as it stands."""
    known = {"WINDOW_NET": WINDOW_NET, "PATCH_NET": PATCH_NET, "network": network}
    assert eval(in_code(name), known) == NETS[name][0]()


def test_an_address_with_more_shifts_than_there_are_shows_what_there_is() -> None:
    page = opened(factor="2", run="9")
    assert "**4 of 4 shifts**" in page.markdown[2].value
