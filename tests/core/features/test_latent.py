"""Latent vectors: what the layer gives, in evaluation mode, without gradients, whoever else uses the module."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import nn

from core.errors import CoreError, ShapeError
from core.features.latent import latent, stops, vectors


def net() -> nn.Sequential:
    torch_dice = torch.Generator().manual_seed(0)
    made = nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Dropout(0.5), nn.Flatten(), nn.Linear(36, 3)
    )
    for values in made.parameters():
        values.data.normal_(generator=torch_dice)
    return made


IMAGES = torch.randn(11, 1, 5, 5, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("layer", ["0", "2", "4", "5"])
@pytest.mark.parametrize("batch", [3, 512])
def test_equals_the_output_of_the_layer(layer: str, batch: int) -> None:
    module = net().eval()
    with torch.no_grad():
        wanted = module[: int(layer) + 1](IMAGES).numpy()
    np.testing.assert_allclose(latent(module, IMAGES, layer, batch=batch), wanted, rtol=1e-4, atol=1e-5)
    assert vectors(module, IMAGES, layer).shape == (11, wanted[0].size)


def test_evaluates_and_leaves_the_module_as_it_was() -> None:
    module = net().train()
    module[1].eval()
    before = {name: values.clone() for name, values in module.state_dict().items()}
    first, second = (latent(module, IMAGES, "5") for _ in range(2))
    assert np.array_equal(first, second)  # no dropout
    assert [part.training for part in module] == [True, False, True, True, True, True]
    assert all(torch.equal(before[name], values) for name, values in module.state_dict().items())
    assert all(values.grad is None for values in module.parameters())
    assert not any(part._forward_hooks for part in module)


def test_keeps_threads_apart() -> None:
    module = net().eval()
    alone = [latent(module, image[None], "2") for image in IMAGES]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda image: latent(module, image[None], "2"), list(IMAGES) * 5))
    assert all(np.array_equal(found, alone[place % 11]) for place, found in enumerate(together))


def test_finds_layers_inside_of_others() -> None:
    module = nn.Sequential(nn.Sequential(nn.Flatten(), nn.Linear(25, 2)), nn.ReLU())
    assert [(stop.name, stop.kind, stop.length) for stop in stops(module, IMAGES)] == [
        ("0.0", "Flatten", 25),
        ("0.1", "Linear", 2),
        ("1", "ReLU", 2),
    ]


def test_names_the_layers_there_are() -> None:
    with pytest.raises(CoreError, match="no layer '9' in this network; it has 0, 1"):
        latent(net(), IMAGES, "9")
    with pytest.raises(ShapeError, match="one input or more"):
        latent(net(), IMAGES[:0], "0")
