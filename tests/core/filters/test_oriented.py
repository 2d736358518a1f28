import numpy as np
import pytest
import torch

from core.errors import ShapeError
from core.filters.oriented import oriented_kernels, oriented_maps


@pytest.mark.parametrize("maps", [1, 3, 8, 16])
def test_oriented_maps_equal_torch(maps):
    image = np.random.default_rng(maps).random((9, 7))
    kernels = torch.from_numpy(oriented_kernels(maps))[:, None]
    twin = torch.relu(torch.nn.functional.conv2d(torch.from_numpy(image)[None, None], 3 * kernels))[0]
    np.testing.assert_allclose(oriented_maps(image, maps, gain=3), twin.numpy(), atol=1e-12)


def test_answers_most_to_its_own_direction():
    rows, columns = np.mgrid[0:5, 0:5]
    for place, angle in enumerate(2 * np.pi * np.arange(8) / 8):
        ramp = np.cos(angle) * columns + np.sin(angle) * rows
        assert oriented_maps(ramp, 8)[:, 1, 1].argmax() == place
        assert oriented_maps(ramp, 8)[place, 1, 1] == pytest.approx(1)  # the slope of the ramp


def test_sees_nothing_where_nothing_changes():
    assert oriented_maps(np.full((6, 6), 0.7), 8).max() < 1e-12
    with pytest.raises(ShapeError):
        oriented_kernels(0)
