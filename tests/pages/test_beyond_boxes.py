"""The lab beyond boxes as a visitor uses it, without a browser."""

import re
from base64 import b64decode
from functools import partial

from core.detect.pictures import picture
from pages._kit.drawing import DAY, NIGHT, Drawing, words
from pages._parts.beyond_boxes import graph
from tests.pages import boards
from tests.pages.figures import alts

opened = partial(boards.opened, "beyond_boxes")
DRAWN = re.compile(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)")


def written(page) -> str:
    return "\n".join(text.value for text in page.markdown)


def test_counts_the_numbers_of_a_box_in_space() -> None:
    assert "seven numbers" in written(opened())
    page = opened(level="false", roll="30")
    assert "nine numbers" in written(page)
    assert "has to say 9 numbers here" in written(page)


def test_explains_a_box_that_reaches_behind_the_camera() -> None:
    page = opened(z="1.0", long="8.0", yaw="90")
    assert "This setting is impossible" in page.warning[0].value
    assert "before the camera" in page.warning[0].value


def test_finds_no_difference_between_a_car_and_one_twice_as_large_and_as_far() -> None:
    assert "the same picture: not one corner moves." in written(opened(x="-2.0", z="11.0", level="false", pitch="20"))


def test_counts_what_a_shape_costs() -> None:
    assert "D·D·D = 8³ = 512 bits: **64 bytes**" in written(opened(view="A shape in space", side="8"))
    assert "V·3 = 100·3 = 300 floats: **1,200 bytes**" in written(
        opened(view="A shape in space", way="points", count="100")
    )
    page = opened(view="A shape in space", way="mesh", shape="ring")
    assert "numbers: **" in written(page)
    assert alts(page)[0].startswith("Bytes by the side of the grid; at 1024 voxels 134,217,728")


def test_says_what_a_coarse_grid_does_to_a_thin_shape() -> None:
    assert "Nothing of the chair is left" in opened(view="A shape in space", side="4").info[0].value
    meshed = opened(view="A shape in space", side="4", way="mesh")
    assert "This setting is impossible: nothing of the shape" in meshed.warning[0].value
    assert not opened(view="A shape in space", side="4", way="points").warning


def test_draws_in_the_theme_of_whoever_looks() -> None:
    shown = Drawing([words("far", 5, 5)], 10, 10, "a word")
    assert f"--ink:{DAY['ink']}" in shown.svg()
    assert f"--ink:{NIGHT['ink']}" in shown.svg(dark=True)
    assert set(DAY) == set(NIGHT)
    for page in (opened(), opened(view="Scene graph")):
        drawn = [b64decode(part).decode() for html in page.get("html") for part in DRAWN.findall(html.proto.body)]
        for name in {name for svg in drawn for name in re.findall(r"var\(--([a-z-]+)\)", svg)}:
            assert name in DAY


def test_judges_a_triple() -> None:
    page = opened(view="Scene graph", graph_picture="3")
    scene, true = graph.known(3)
    names = [f"{target.label} {place + 1}" for place, target in enumerate(scene.targets)]
    one, relation, two = true[0]
    page.selectbox(key="subject-3").set_value(names[one])
    page.selectbox(key="relation-3").set_value(relation)
    page.selectbox(key="object-3").set_value(names[two]).run()
    assert page.success[0].value == f"True: {names[one]} is {relation} {names[two]}."
    page.selectbox(key="subject-3").set_value(names[two])
    page.selectbox(key="object-3").set_value(names[one]).run()
    assert page.warning[0].value.startswith("Not in the graph")
    assert f"{names[one]} is {relation} {names[two]}. Blue arrows" in page.caption[0].value


def test_writes_a_sentence_for_every_true_box() -> None:
    page = opened(view="Dense captions", dense_source="the truth", dense_picture="5")
    (listed,) = [text.value for text in page.markdown if text.value.startswith("1. a ")]
    assert len(listed.splitlines()) == len(picture("test", 5).targets)


def test_finds_better_sentences_with_a_wider_beam() -> None:
    one = opened(view="Word by word", beam="1")
    many = opened(view="Word by word", beam="12")
    assert "The beam finds a sentence" not in written(one)
    assert "The beam finds a sentence" in written(many)


def test_leads_on() -> None:
    assert not opened(view="Read on", about="libraries").exception
