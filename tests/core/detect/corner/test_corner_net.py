"""The corner detector: its shapes, a training that learns, and what the shipped one finds."""

import numpy as np
import pytest
import torch

from core.data.scenes import boxes, labels
from core.detect.corner.corner_net import CornerNet, begun, detect, learned_loss, lesson
from core.detect.corner.corners import goal
from core.detect.found import problem
from core.detect.pictures import many, picture
from core.measure.coco.scores import evaluate, numbers
from core.models.registry import load


def test_says_heat_tag_and_offset_of_both_corners() -> None:
    module = begun(CornerNet(5), seed=0).eval()
    with torch.no_grad():
        said = module(torch.zeros(2, 3, 96, 96))
    assert said.shape == (2, 2, 8, 24, 24)
    assert float(said[:, :, :5].sigmoid().mean()) == pytest.approx(0.02, abs=0.02)


def test_begins_the_same_from_the_same_seed() -> None:
    one, same, other = (begun(CornerNet(2), seed=seed).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert not torch.equal(one["maps.stem.0.weight"], other["maps.stem.0.weight"])


def test_learns_two_pictures() -> None:
    scenes = [picture("train", number, side=32) for number in (0, 1)]
    wanted = lesson([goal(boxes(each.targets), labels(each.targets), rows=8, columns=8, classes=5) for each in scenes])
    inputs = torch.from_numpy(np.stack([each.image for each in scenes])).permute(0, 3, 1, 2) * 2 - 1
    module = begun(CornerNet(5), seed=0).train()
    weights, losses = list(module.parameters()), []
    for _ in range(12):
        loss = learned_loss(module(inputs), wanted)
        slopes = torch.autograd.grad(loss, weights)
        with torch.no_grad():
            for weight, slope in zip(weights, slopes, strict=True):
                weight -= 0.01 * slope / max(float(slope.norm()), 1.0)
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.6 * losses[0]


def test_has_as_many_weights_without_pooling() -> None:
    pooled, plain = (sum(each.numel() for each in CornerNet(5, pooling=on).parameters()) for on in (True, False))
    assert pooled == plain


def test_finds_the_things_of_most_pictures() -> None:
    images, targets = many("test", 12)
    found = detect(load("corners"), images)
    assert numbers(*evaluate(problem(found, targets)))["AP50"] > 0.7


def test_finds_nothing_on_an_empty_picture() -> None:
    assert len(detect(load("corners"), np.full((1, 96, 96, 3), 128, dtype=np.uint8), threshold=0.5)[0]) == 0
