from math import inf, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from core.data.cells import cells
from core.data.scenes import draw, sketch
from syllabus.pictures import DRAWN, SIDE, UnknownPicture, check_name, picture
from syllabus.questions import all_questions, check, question

CLICKS = [asked for asked in all_questions() if asked.kind == "click"]


def scene(number):
    return draw(sketch("train", number), side=SIDE)


def only(number, label):
    """The one thing of this class in a scene."""
    (found,) = [target for target in scene(number).targets if target.label == label]
    return found


def around(x, y, margin):
    return (x / SIDE - margin, y / SIDE - margin, x / SIDE + margin, y / SIDE + margin)


def fullest_in_its_box():
    targets = scene(3).targets
    shares = [t.mask.sum() / ((t.box[2] - t.box[0]) * (t.box[3] - t.box[1])) for t in targets]
    best, second = sorted(shares, reverse=True)[:2]
    assert best > second + 0.1
    assert (round(best, 2), round(second, 2)) == (0.68, 0.48)  # as the answer says
    return [np.array(targets[int(np.argmax(shares))].box) / SIDE]


def left_wrist():
    x, y, seen = only(7, "person").joints[11]
    assert seen
    return [around(x, y, 0.06)]


def lone_cells():
    labels = cells("train", 1, side=SIDE).labels
    islands, count = ndimage.label(labels > 0, structure=np.ones((3, 3)))
    lone = [spot for number, spot in enumerate(ndimage.find_objects(islands), start=1)
            if len(np.unique(labels[islands == number])) == 1]  # fmt: skip
    assert len(lone) < count
    return [np.array([x.start, y.start, x.stop, y.stop]) / SIDE for y, x in lone]


def cell_of_the_triangle():
    x1, y1, x2, y2 = only(6, "triangle").box
    column, row = int((x1 + x2) / 2 / SIDE * 7), int((y1 + y2) / 2 / SIDE * 7)
    return [np.array([column, row, column + 1, row + 1]) / 7]


def the_star():
    return [np.array(only(9, "star").box) / SIDE]


def hidden_joints():
    people = [target for target in scene(5).targets if target.label == "person"]
    assert len(people) == 2
    return [around(x, y, 0.045) for person in people for x, y, seen in person.joints if not seen]


def corner_of_the_star():
    x1, y1, *_ = only(4, "star").box
    assert not only(4, "star").mask[int(y1) : int(y1) + 16, int(x1) : int(x1) + 16].any()  # ground, as the answer says
    return [around(x1, y1, 0.05)]


RECOMPUTED = {
    "Q601": fullest_in_its_box,
    "Q602": left_wrist,
    "Q603": lone_cells,
    "Q604": cell_of_the_triangle,
    "Q605": the_star,
    "Q606": hidden_joints,
    "Q607": corner_of_the_star,
}


def test_recomputes_every_click():
    assert set(RECOMPUTED) == {asked.id for asked in CLICKS}


@pytest.mark.parametrize("asked", CLICKS, ids=lambda asked: asked.id)
def test_takes_clicks_where_core_says(asked):
    regions = RECOMPUTED[asked.id]()
    assert len(regions) == len(asked.regions)
    assert np.allclose(sorted(map(tuple, regions)), sorted(asked.regions), atol=0.002)


@pytest.mark.parametrize("asked", CLICKS, ids=lambda asked: asked.id)
def test_takes_a_click_inside_and_none_outside(asked):
    assert asked.shown_answer
    assert 0 < sum((right - left) * (bottom - top) for left, top, right, bottom in asked.regions) < 0.25
    for left, top, right, bottom in asked.regions:
        assert 0 <= left < right <= 1
        assert 0 <= top < bottom <= 1
        assert check(asked, ((left + right) / 2, (top + bottom) / 2))
        assert check(asked, [left, bottom])
    assert not check(asked, (0.02, 0.98))
    assert not check(asked, (0.98, 0.98))


def test_takes_the_wrist_of_the_person_and_not_of_the_picture():
    x, y, _ = only(7, "person").joints[6] / SIDE  # the right wrist
    assert not check(question("Q602"), (x, y))


def test_takes_the_hidden_ankle_and_not_the_one_beside_it():
    x, y, seen = scene(5).targets[0].joints[0] / SIDE
    assert seen
    assert not check(question("Q606"), (x, y))


@pytest.mark.parametrize(
    "given",
    [None, "", "0.5 0.5", (0.5,), (0.5, 0.5, 0.5), ("0.5", "0.5"), (None, 0.5), (nan, nan), (inf, 0.5), 0.5, [[], []]],
    ids=repr,
)  # fmt: skip
def test_takes_nothing_else_for_a_click(given):
    assert not check(question("Q604"), given)


@pytest.mark.parametrize("name", ["scene 0", "scene 9999", "cells 3", "aerial 2", "photo cat", "photo camera"])
def test_draws_a_picture_of_bytes_always_the_same(name):
    pixels = picture(name)
    assert pixels.dtype == np.uint8
    assert pixels.ndim == 3
    assert pixels.shape[2] == 3
    assert np.ptp(pixels) > 64
    assert np.array_equal(pixels, picture(name))


def test_draws_another_picture_for_another_number():
    assert all(not np.array_equal(picture(f"{kind} 1"), picture(f"{kind} 2")) for kind in DRAWN)


@pytest.mark.parametrize(
    "name",
    ["", "scene", "scene -1", "scene 07", "scene 10000", "scene 1 2", "Scene 1", "photo", "photo ../x", "x" * 999],
)
def test_knows_no_picture_of_another_name(name):
    with pytest.raises(UnknownPicture, match="there is no p") as raised:
        picture(name)
    assert "scene 0" in str(raised.value) or "cat" in str(raised.value)
    assert len(str(raised.value)) < 400


@settings(deadline=None)
@given(st.text(max_size=20))
def test_refuses_any_other_name_with_a_sentence(name):
    try:
        check_name(name)
    except UnknownPicture as unknown:
        message = str(unknown)
    else:
        message = ""
        assert name.split(" ")[0] in (*DRAWN, "photo")
    assert len(message) < 400
