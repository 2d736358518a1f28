"""The lab beyond boxes as a visitor uses it, without a browser."""

from functools import partial

from core.detect.pictures import picture
from pages._parts.beyond_boxes import graph
from tests.pages import boards
from tests.pages.figures import alts

opened = partial(boards.opened, "beyond_boxes")


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


def test_counts_what_a_shape_costs() -> None:
    assert "D·D·D = 8³ = 512 bits: **64 bytes**" in written(opened(view="A shape in space", side="8"))
    assert "V·3 = 100·3 = 300 floats: **1,200 bytes**" in written(
        opened(view="A shape in space", way="points", count="100")
    )
    page = opened(view="A shape in space", way="mesh", shape="ring")
    assert "numbers: **" in written(page)
    assert alts(page)[0].startswith("Bytes by the side of the grid; at 512 voxels 16,777,216")


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
