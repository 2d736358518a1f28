"""Grad-CAM: against captum, on every layer of two networks; on a network that ends in an average it is the CAM."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest
import torch
from captum.attr import LayerGradCam
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from core.data.photos import photo
from core.errors import CoreError, ShapeError
from core.explain.cam import class_activation_map
from core.explain.gradcam import grad_cam, look, votes, worth
from core.models.pretrained import framed, lite0, prepared
from core.models.registry import load
from core.models.scene_net import singles


def small(maps: int = 4, *, seed: int = 0) -> nn.Sequential:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return nn.Sequential(
            nn.Conv2d(3, maps, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(maps, 3),
        ).eval()


@settings(max_examples=20)
@given(st.integers(1, 6), st.integers(2, 9), st.integers(0, 2), st.integers(0, 1000))
def test_is_the_cam_divided_by_the_number_of_places_behind_an_average(maps: int, side: int, of: int, seed: int) -> None:
    module, images = small(maps, seed=seed), torch.randn(2, 3, side, side, generator=torch.manual_seed(seed))
    for seen in look(module, images, module[1], of):
        cam = class_activation_map(seen.maps, module[4].weight.detach().double().numpy())[of]
        np.testing.assert_allclose(side**2 * votes(seen), cam, atol=1e-5)
        assert grad_cam(seen).min() >= 0


@pytest.mark.parametrize("layer", ["2", "6", "10", "14"])
def test_agrees_with_captum_on_every_layer_of_the_scene_net(layer: str) -> None:
    module, (inputs, labels) = load("scenes"), singles("test", 4)
    twin = LayerGradCam(module, module.get_submodule(layer)).attribute(
        inputs.clone().requires_grad_(), target=2, relu_attributions=True
    )
    for seen, other in zip(look(module, inputs, module.get_submodule(layer), 2), twin[:, 0].detach(), strict=True):
        np.testing.assert_allclose(grad_cam(seen), other.numpy(), atol=1e-4 * max(1.0, float(other.abs().max())))
        assert seen.scores.shape == (5,)
    assert len(labels) == 4


@pytest.mark.parametrize("layer", ["blocks.2", "blocks.5", "bn2"])
def test_agrees_with_captum_on_a_pretrained_network(layer: str) -> None:
    module, inputs = lite0(), prepared(framed(photo("cat"))[None])
    (seen,) = look(module, inputs, module.get_submodule(layer), 281)
    twin = LayerGradCam(module, module.get_submodule(layer)).attribute(inputs.clone().requires_grad_(), target=281)
    other = twin[0, 0].detach().numpy()
    np.testing.assert_allclose(votes(seen), other, atol=1e-4 * max(1.0, np.abs(other).max()))
    assert np.abs(other).max() > 1e-4, "the twin is no map of zeros"


def test_n122_finds_the_cam_of_the_pretrained_network_whose_mean_is_the_score() -> None:
    module, inputs = lite0(), prepared(framed(photo("coffee"))[None])
    (seen,) = look(module, inputs, module.bn2, 967)
    head = module.classifier
    cam = class_activation_map(seen.maps, head.weight[967:968].detach().double().numpy())[0]
    np.testing.assert_allclose(votes(seen) * cam.size, cam, atol=1e-4)
    assert cam.mean() + float(head.bias[967]) == pytest.approx(seen.scores[967], abs=1e-4)


def test_leaves_the_network_as_it_was() -> None:
    module = small()
    look(module, torch.zeros(1, 3, 4, 4), module[0], 0)
    assert not module[0]._forward_hooks
    assert all(weights.grad is None for weights in module.parameters())


class Meeting(nn.Module):
    """Lets nobody pass before everybody is here."""

    def __init__(self, people: int) -> None:
        super().__init__()
        self.barrier = Barrier(people, timeout=30)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        self.barrier.wait()
        return values


def test_several_may_look_at_one_network_at_the_same_time() -> None:
    module, images = small(), [torch.randn(1, 3, 6, 6, generator=torch.manual_seed(seed)) for seed in range(3)]
    alone = [look(module, each, module[1], place)[0] for place, each in enumerate(images)]
    meeting = nn.Sequential(Meeting(3), *module, Meeting(3)).eval()
    with ThreadPoolExecutor(3) as people:
        together = [people.submit(look, meeting, each, meeting[2], place) for place, each in enumerate(images)]
        for one, other in zip(alone, together, strict=True):
            np.testing.assert_array_equal(other.result()[0].maps, one.maps)
            np.testing.assert_array_equal(other.result()[0].slopes, one.slopes)


def test_is_empty_where_every_vote_is_against_the_class() -> None:
    module = small()
    with torch.no_grad():
        module[4].weight.fill_(-1.0)
    (seen,) = look(module, torch.rand(1, 3, 5, 5, generator=torch.manual_seed(0)), module[1], 0)
    assert votes(seen).max() <= 0
    assert grad_cam(seen).max() == 0


@pytest.mark.parametrize(
    ("place", "of", "error", "says"),
    [(4, 0, ShapeError, "one before pooling"), (1, 3, CoreError, "no class 3"), (1, -1, CoreError, "no class -1")],
    ids=["a dense layer", "too large a class", "a negative class"],
)
def test_says_what_cannot_be_asked(place: int, of: int, error, says: str) -> None:
    module = small()
    with pytest.raises(error, match=says):
        look(module, torch.zeros(1, 3, 4, 4), module[place], of)
    assert not module[place]._forward_hooks


def test_wants_evaluation_mode_and_a_layer_that_runs_once() -> None:
    with pytest.raises(CoreError, match="evaluation mode"):
        look(small().train(), torch.zeros(1, 3, 4, 4), small()[0], 0)
    with pytest.raises(CoreError, match="ran 0 times"):
        look(small(), torch.zeros(1, 3, 4, 4), small()[0], 0)
    with pytest.raises(ShapeError, match=r"slopes \(C, H, W\)"):
        worth(np.ones((2, 2)))
