"""The training loop against torch step by step, its gradients against autograd, and how it is stopped."""

import copy

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from core.errors import CoreError, ShapeError
from core.learning.examples import Examples, batches
from core.learning.train import Recipe, Stopped, errors, gradient_norms, train


def blobs(seed: int = 0, count: int = 90) -> Examples:
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(count) % 3
    middles = torch.tensor([[2.0, 0.0], [-2.0, 1.0], [0.0, -2.0]])
    return Examples(middles[labels] + torch.randn(count, 2, generator=generator) * 0.5, labels)


def small(seed: int = 0) -> nn.Sequential:
    generator, module = torch.Generator().manual_seed(seed), nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 3))
    for weights in module.parameters():
        weights.data.normal_(0, 0.5, generator=generator)
    return module


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("recipe", [Recipe(3, 16, 0.1), Recipe(2, 90, 0.05, 0.0), Recipe(2, 7, 0.02, 0.9, 0.01)])
def test_walks_where_the_formula_walks(recipe: Recipe, seed: int) -> None:
    """velocity = momentum * velocity + gradient; weights -= rate * velocity, written out by hand."""
    examples, module = blobs(seed), small(seed)
    twin = copy.deepcopy(module)
    for _ in train(module, examples, examples, recipe, generator=torch.Generator().manual_seed(seed)):
        pass
    order = torch.Generator().manual_seed(seed)
    next(batches(examples, recipe.batch, order))  # the batch of the gradients before the first step
    velocity = [torch.zeros_like(weights) for weights in twin.parameters()]
    for _ in range(recipe.epochs):
        for batch in batches(examples, recipe.batch, order):
            loss = cross_entropy(twin(batch.inputs), batch.labels)
            gradients = torch.autograd.grad(loss, list(twin.parameters()))
            for weights, kept, gradient in zip(twin.parameters(), velocity, gradients, strict=True):
                kept.mul_(recipe.momentum).add_(gradient + recipe.decay * weights.data)
                weights.data.sub_(recipe.rate * kept)
    for ours, theirs in zip(module.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs)


def test_tells_loss_and_errors_as_they_are() -> None:
    examples, module = blobs(), small()
    story = list(train(module, examples, blobs(1), Recipe(4, 30, 0.1), generator=torch.Generator().manual_seed(0)))
    assert [epoch.number for epoch in story] == [0, 1, 2, 3, 4]
    answers = module(examples.inputs).detach()
    assert story[-1].train_loss == pytest.approx(float(cross_entropy(answers, examples.labels)))
    assert story[-1].train_error == pytest.approx(float((answers.argmax(1) != examples.labels).float().mean()))
    assert (story[-1].test_loss, story[-1].test_error) == pytest.approx(errors(module, blobs(1)))
    assert story[-1].train_error < 0.1 < story[0].train_error


def test_measures_each_layers_gradient_as_autograd_does() -> None:
    module, examples = small(), blobs()
    cross_entropy(module(examples.inputs), examples.labels).backward()
    first, last = module[0].weight.grad, module[2].weight.grad
    assert gradient_norms(module) == pytest.approx([float(first.pow(2).sum().sqrt()), float(last.pow(2).sum().sqrt())])
    assert gradient_norms(small()) == ()  # nothing went back yet


def test_tells_the_mean_of_an_epochs_gradients() -> None:
    examples, module = blobs(), small()
    twin, recipe = copy.deepcopy(module), Recipe(1, 90, 0.1)  # one batch is the epoch
    _, epoch = train(module, examples, examples, recipe, generator=torch.Generator().manual_seed(0))
    cross_entropy(twin(examples.inputs), examples.labels).backward()
    assert epoch.gradients == pytest.approx(gradient_norms(twin), rel=1e-4)


def test_normalises_by_the_batch_in_training_and_by_what_it_kept_in_use() -> None:
    module = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.Linear(8, 3))
    story = train(module, blobs(), blobs(1), Recipe(2, 30, 0.1), generator=torch.Generator().manual_seed(0))
    next(story)
    assert not module.training  # the errors were asked for last
    before = module[1].running_mean.clone()
    next(story)
    assert not torch.equal(before, module[1].running_mean)
    kept = module[1].running_mean.clone()
    errors(module, blobs(2))
    assert torch.equal(kept, module[1].running_mean)


def test_is_stopped_by_its_progress_within_one_batch() -> None:
    seen: list[float] = []

    def report(done: float, what: str) -> None:
        seen.append(done)
        if len(seen) == 5:
            raise Stopped

    story = train(small(), blobs(), blobs(), Recipe(10, 30, 0.1), generator=torch.Generator(), progress=report)
    found = []
    with pytest.raises(Stopped):
        found.extend(epoch.number for epoch in story)
    assert len(seen) == 5
    assert seen == sorted(seen)


def test_reports_up_to_the_end() -> None:
    seen: list[float] = []
    story = train(
        small(), blobs(), blobs(), Recipe(2, 30, 0.1), generator=torch.Generator(), progress=lambda d, w: seen.append(d)
    )
    assert len(list(story)) == 3
    assert seen == sorted(seen)
    assert (seen[0], seen[-1], len(seen)) == (0.0, 1.0, 7)


@pytest.mark.parametrize("wrong", [{"epochs": 0}, {"rate": 0.0}, {"momentum": 1.0}, {"decay": -1.0}])
def test_refuses_a_recipe_that_cannot_be(wrong: dict[str, float]) -> None:
    with pytest.raises(CoreError, match="need epochs from 1"):
        Recipe(**wrong)


def test_refuses_to_count_errors_of_nothing() -> None:
    with pytest.raises(ShapeError, match="no examples"):
        errors(small(), Examples(torch.zeros(0, 2), torch.zeros(0, dtype=torch.long)))
