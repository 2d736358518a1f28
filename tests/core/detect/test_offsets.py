import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision.models.detection._utils import BoxCoder
from torchvision.ops import box_convert

from core.detect.forms import FORMS, corners, last_pixels, numbers
from core.detect.offsets import LARGEST, centred, cornered, decode, encode
from core.errors import CoreError, ShapeError


@st.composite
def boxes(draw, count=4):
    def row():
        x, y = draw(st.floats(-50, 50)), draw(st.floats(-50, 50))
        return [x, y, x + draw(st.floats(2, 60)), y + draw(st.floats(2, 60))]

    return torch.tensor([row() for _ in range(count)], dtype=torch.float64)


@given(boxes(), boxes())
def test_encodes_and_decodes_as_torchvision_does(things, bases):
    coder = BoxCoder((1.0, 1.0, 1.0, 1.0))
    found = encode(things, bases)
    torch.testing.assert_close(found, coder.encode([things], [bases])[0])
    torch.testing.assert_close(decode(found, bases), coder.decode(found, [bases])[:, 0])


@given(boxes(), boxes())
def test_decodes_what_was_encoded(things, bases):
    torch.testing.assert_close(decode(encode(things, bases), bases), things, rtol=1e-9, atol=1e-9)


@given(boxes(), boxes(), st.floats(0.1, 10), st.floats(-40, 40))
def test_says_the_same_at_every_place_and_in_every_size(things, bases, scale, shift):
    torch.testing.assert_close(
        encode(things * scale + shift, bases * scale + shift), encode(things, bases), rtol=1e-7, atol=1e-9
    )


@given(boxes())
def test_is_nothing_for_the_base_box_itself(bases):
    assert not encode(bases, bases).any()


def test_answers_with_a_box_however_wild_the_offsets_are():
    found = decode(torch.tensor([[0.0, 0.0, 90.0, -90.0]]), torch.tensor([[0.0, 0.0, 16.0, 16.0]]))
    assert found.isfinite().all()
    assert found[0, 2] - found[0, 0] == pytest.approx(16 * math.exp(LARGEST), rel=1e-6) == pytest.approx(1000)


@given(boxes())
def test_writes_boxes_as_torchvision_does(drawn):
    torch.testing.assert_close(centred(drawn), box_convert(drawn, "xyxy", "cxcywh"))
    torch.testing.assert_close(cornered(centred(drawn)), drawn)
    for form, twin in (("x1, y1, x2, y2", "xyxy"), ("x, y, w, h", "xywh"), ("cx, cy, w, h", "cxcywh")):
        np.testing.assert_allclose(numbers(drawn.numpy(), form), box_convert(drawn, "xyxy", twin).numpy())


@given(boxes())
def test_reads_what_it_wrote_in_every_form(drawn):
    for form in FORMS:
        np.testing.assert_allclose(corners(numbers(drawn.numpy(), form), form), drawn.numpy(), atol=1e-12)


def test_exchanges_width_and_height_between_the_lectures():
    tall = np.array([[10.0, 10.0, 20.0, 50.0]])
    misread = corners(numbers(tall, "x, y, h, w"), "x, y, w, h")
    assert misread.tolist() == [[10.0, 10.0, 50.0, 20.0]]
    assert last_pixels(tall).tolist() == [[10.0, 10.0, 19.0, 49.0]]


def test_refuses_what_has_no_offsets():
    one, flat = torch.tensor([[0.0, 0.0, 4.0, 4.0]]), torch.tensor([[0.0, 0.0, 4.0, 0.0]])
    with pytest.raises(CoreError, match="a base box needs a width and a height"):
        encode(one, flat)
    with pytest.raises(CoreError, match="a box needs"):
        encode(flat, one)
    with pytest.raises(ShapeError, match=r"a base box for each, got \(1, 4\) and \(2, 4\)"):
        decode(one, one.repeat(2, 1))
    with pytest.raises(ShapeError, match=r"four numbers per row, got \(1, 3\)"):
        centred(one[:, :3])
    with pytest.raises(CoreError, match="boxes are written as x1, y1"):
        numbers(np.zeros((1, 4)), "w, h")
    with pytest.raises(CoreError, match="boxes are written as x1, y1"):
        corners(np.zeros((1, 4)), "w, h")
    with pytest.raises(ShapeError, match=r"got an array of shape \(4,\)"):
        last_pixels(np.zeros(4))
