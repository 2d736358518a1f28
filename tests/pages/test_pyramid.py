"""The feature pyramid as a visitor uses it, without a browser."""

from functools import partial

import numpy as np

from core.detect.dense import one_stage
from core.detect.dense import pyramid as tower
from pages._parts.pyramid import views
from tests.pages import boards
from tests.pages.figures import alts

opened = partial(boards.opened, "pyramid")


def test_says_which_level_a_box_belongs_to() -> None:
    page = opened(view="Which level", width="224", height="224")
    assert "belongs to **level 4**, one cell every 16 pixels" in page.markdown[2].value
    assert "a box of 8 pixels is 2 cells wide on level 2" in " ".join(text.value for text in page.markdown)
    page.slider(key="width").set_value(112).run()
    page.slider(key="height").set_value(112).run()
    assert "belongs to **level 3**" in page.markdown[2].value
    assert "A size of 112 pixels is on level 3." in alts(page)[0]


def test_goes_down_step_by_step() -> None:
    page = opened(step="1", scene="3")
    assert "stride 4, 24x24" in alts(page)[0]
    page.slider(key="step").set_value(3).run()
    assert "The level above, doubled" in alts(page)[0]
    assert "stride 16" not in alts(page)[0]  # nothing lies above the coarsest


def test_finds_the_things_of_its_scene() -> None:
    opened()
    assert len(views._walk(3).words) == len(views._scene(3).targets)


def test_the_first_scene_has_a_thing_on_every_level() -> None:
    page = opened()
    said = next(text.value for text in page.markdown if text.value.startswith("**Found by:**"))
    assert [said.count(f"on stride {stride}") for stride in views.STRIDES] == [1, 1, 1]
    assert said.index("stride 16") < said.index("stride 8") < said.index("stride 4")  # the largest first


def test_the_fine_level_finds_small_things_and_the_coarse_one_large_ones() -> None:
    assert (views.STRIDES, views.SIZES) == (tower.STRIDES, one_stage.SIZES)
    found: dict[int, list[float]] = {stride: [] for stride in views.STRIDES}
    for number in range(16):
        walk = views._walk(number)
        sides = np.sqrt((walk.boxes[:, 2] - walk.boxes[:, 0]) * (walk.boxes[:, 3] - walk.boxes[:, 1]))
        for side, stride in zip(sides, walk.strides, strict=True):
            found[stride].append(side)
    small, middle, large = found.values()
    assert max(small) < np.mean(middle) < min(large), found


def test_counts_the_default_boxes() -> None:
    page = opened(view="Default boxes")
    assert page.markdown[2].value.startswith("**8,732** default boxes on 6 maps")
    page = opened(view="Default boxes", **{"maps-of": "your own", "first": "8", "count": "2"})
    assert page.markdown[2].value.startswith("**480** default boxes on 2 maps")
    assert any("The last one has 96, of 90%." in text.value for text in page.markdown)
