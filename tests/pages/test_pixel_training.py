"""The lab on training with pixels as a visitor uses it, without a browser."""

import re
from functools import partial

from tests.pages import boards
from tests.pages.figures import alts

opened = partial(boards.opened, "pixel_training")


def told(page) -> str:
    return " ".join(each.value for each in page.markdown)


def bold(page, start: str) -> list[float]:
    said = next(each.value for each in page.markdown if each.value.startswith(start))
    return [float(value) for value in re.findall(r"\*\*([\d.]+)\*\*", said)]


def test_balances_patches_and_counts_their_cost() -> None:
    page = opened()
    assert "**1.8** passes" in told(page)
    shares = re.findall(r"ground ([\d.]+) and ([\d.]+) %", alts(page)[-1])[0]
    assert abs(float(shares[0]) - float(shares[1])) < 15
    page.slider(key="balance").set_value(1.0).run()
    pixels, patches = (float(each) for each in re.findall(r"ground ([\d.]+) and ([\d.]+) %", alts(page)[-1])[0])
    assert pixels > 60 > patches


def test_a_mask_leaves_the_loss_as_it_is_on_average() -> None:
    page = opened(view="Whole pictures")
    full, _, mean = bold(page, "Full loss")
    assert abs(mean - full) < 0.02 * full
    page.toggle(key="mask").set_value(False).run()
    full, this, mean = bold(page, "Full loss")
    assert full == this == mean
    page.toggle(key="weigh").set_value(True).run()
    assert bold(page, "Full loss")[0] > full  # rare classes are the harder ones


def test_steps_from_all_over_stray_less() -> None:
    page = opened(view="How steady is a step?")
    patches, masked, whole = bold(page, "With 64 pixels")
    assert patches < whole < masked
    page = opened(view="How steady is a step?", batch="6")
    assert bold(page, "With 64 pixels")[2] < whole
    assert alts(page)[-1].startswith("Spread of a step")
