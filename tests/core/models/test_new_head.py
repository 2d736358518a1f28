"""A new head on a body that is frozen, or not: what one step of training changes, and what it does not."""

from collections import OrderedDict

import pytest
import torch
from torch import nn

from core.errors import CoreError
from core.models.new_head import with_new_head


def network() -> nn.Sequential:
    body = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    return nn.Sequential(OrderedDict(body=body, head=nn.Linear(4, 10))).eval().requires_grad_(False)


def changed_by_a_step(model: nn.Module) -> set[str]:
    before = {name: values.clone() for name, values in model.state_dict().items()}
    pictures = torch.randn(6, 1, 8, 8, generator=torch.Generator().manual_seed(1))
    learning = [values for values in model.parameters() if values.requires_grad]
    nn.functional.cross_entropy(model(pictures), torch.tensor([0, 1, 2, 0, 1, 2])).backward()
    torch.optim.SGD(learning, lr=0.1).step()
    return {name for name, values in model.state_dict().items() if not torch.equal(values, before[name])}


def test_a_step_changes_nothing_but_the_head_of_a_frozen_network() -> None:
    assert changed_by_a_step(with_new_head(network(), 3, freeze=True)) == {"head.weight", "head.bias"}


def test_a_step_changes_the_body_and_its_means_if_it_is_not_frozen() -> None:
    changed = changed_by_a_step(with_new_head(network(), 3, freeze=False))
    assert {"body.0.weight", "body.1.running_mean", "head.weight"} <= changed


def test_leaves_the_network_it_was_given_as_it_was() -> None:
    model = network()
    before = {name: values.clone() for name, values in model.state_dict().items()}
    made = with_new_head(model, 3, freeze=False, seed=2)
    assert model.head.out_features == 10
    assert all(torch.equal(values, before[name]) for name, values in model.state_dict().items())
    assert all(torch.equal(values, before[f"body.{name}"]) for name, values in made.body.state_dict().items())
    assert torch.equal(made.head.weight, with_new_head(model, 3, freeze=True, seed=2).head.weight)


def test_refuses_a_head_without_classes() -> None:
    with pytest.raises(CoreError, match="one class or more, got 0"):
        with_new_head(network(), 0, freeze=True)
