"""Pictures of any sides for nets that want 32 to divide them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ShapeError
from core.models.registry import load
from core.models.segmenters import answers, labelled
from core.segment.padded import answers_anywhere, padded


@given(high=st.integers(1, 70), wide=st.integers(1, 70), stride=st.sampled_from([1, 8, 32]))
def test_adds_less_than_a_stride_and_changes_nothing(high: int, wide: int, stride: int) -> None:
    image = np.arange(high * wide * 3, dtype=np.float32).reshape(high, wide, 3)
    found = padded(image, stride=stride)
    assert [side % stride for side in found.shape[:2]] == [0, 0]
    assert max(found.shape[0] - high, found.shape[1] - wide) < stride
    assert np.array_equal(found[:high, :wide], image)
    if found.shape[0] > high:
        assert np.array_equal(found[high, :wide], image[-1])  # the mirror begins with the last row


def test_answers_as_the_net_does_where_nothing_lacks_and_for_every_pixel_where_something_does() -> None:
    net, scene = load("fcn").net(8), labelled("test", 21, "plain")
    assert np.array_equal(answers_anywhere(net, scene.image), answers(net, scene.image))
    cut = answers_anywhere(net, scene.image[:201, :190])
    assert cut.shape == (201, 190)
    assert (cut == scene.labels[:201, :190]).mean() > 0.95


def test_refuses_what_is_no_picture() -> None:
    with pytest.raises(ShapeError, match="need a picture"):
        padded(np.zeros((4, 4), dtype=np.float32))
