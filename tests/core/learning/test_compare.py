"""Plain against residual: what lecture B shows on CIFAR-10, here with small towers on digits, seeded."""

from itertools import pairwise

import pytest
import torch

from core.blocks.miniatures import tower
from core.errors import CoreError
from core.learning.compare import Runner, compare
from core.learning.examples import Examples, split
from core.learning.train import Epoch, Recipe, Stopped

DEEP = 20  # blocks: 42 layers with weights
SHORT = Recipe(epochs=4)


@pytest.fixture(scope="module")
def digits() -> tuple[Examples, Examples]:
    from sklearn.datasets import load_digits

    pixels, classes = load_digits(return_X_y=True)
    whole = Examples(torch.tensor(pixels / 16, dtype=torch.float32).view(-1, 1, 8, 8), torch.tensor(classes))
    return split(whole, 0.8, torch.Generator().manual_seed(0))


def stories(
    digits: tuple[Examples, Examples], towers: list[tuple[int, bool]], *, norm: bool, recipe: Recipe, seed: int = 0
) -> dict[tuple[int, bool], list[Epoch]]:
    runners = []
    for blocks, residual in towers:
        network = tower(blocks, residual=residual, norm=norm)
        silent = tuple(row.name for row in network.layers if row.name.endswith("_conv2"))
        runners.append(Runner(network, silent if residual and not norm else ()))
    names = {runner.network.name: own for runner, own in zip(runners, towers, strict=True)}
    found: dict[tuple[int, bool], list[Epoch]] = {own: [] for own in towers}
    torch.set_num_threads(1)
    for name, epoch in compare(runners, *digits, recipe, seed=seed):
        found[names[name]].append(epoch)
    return found


def test_trains_deep_with_shortcuts_and_not_without(digits: tuple[Examples, Examples]) -> None:
    """The deeper plain net is worse on what it learns from: no overfitting; with shortcuts the same depth learns."""
    found = stories(digits, [(2, False), (DEEP, False), (DEEP, True)], norm=False, recipe=SHORT)
    shallow, plain, residual = (epochs[-1] for epochs in found.values())
    assert shallow.train_error < 0.2
    assert plain.train_error > 0.8  # chance is 0.9
    assert plain.test_error > 0.8
    assert residual.train_error < 0.15
    assert residual.test_error < 0.2


def test_degrades_although_normalised(digits: tuple[Examples, Examples]) -> None:
    found = stories(digits, [(2, False), (DEEP, False)], norm=True, recipe=SHORT)
    shallow, plain = (epochs[-1] for epochs in found.values())
    assert shallow.train_error < 0.1
    assert plain.train_error > 0.5


def test_lets_the_gradient_of_the_first_layers_vanish_without_shortcuts(digits: tuple[Examples, Examples]) -> None:
    found = stories(digits, [(5, False), (10, False), (DEEP, False), (DEEP, True)], norm=False, recipe=Recipe(epochs=1))
    start = [epochs[0].gradients for epochs in found.values()]
    assert [len(norms) for norms in start] == [12, 22, 42, 42]
    few, more, many, residual = (norms[0] for norms in start)
    assert few > 5 * more > 25 * many  # the deeper, the less arrives
    assert residual > 100 * many


def test_lets_the_gradient_grow_where_a_plain_network_is_normalised(digits: tuple[Examples, Examples]) -> None:
    found = stories(digits, [(2, False), (DEEP, False), (DEEP, True)], norm=True, recipe=Recipe(epochs=1))
    shallow, plain, residual = (epochs[0].gradients for epochs in found.values())
    assert plain[0] > 10 * plain[-1]
    assert plain[0] > 10 * residual[0]
    assert shallow[0] < 3 * shallow[-1]


def test_tells_the_same_story_whoever_runs_beside_it(digits: tuple[Examples, Examples]) -> None:
    alone = stories(digits, [(2, True)], norm=True, recipe=Recipe(epochs=1))
    beside = stories(digits, [(1, False), (2, True)], norm=True, recipe=Recipe(epochs=1))
    other = stories(digits, [(2, True)], norm=True, recipe=Recipe(epochs=1), seed=1)
    assert alone[2, True] == beside[2, True]
    assert alone[2, True] != other[2, True]


def test_goes_on_in_turns_and_is_stopped_by_its_progress(digits: tuple[Examples, Examples]) -> None:
    runners, seen = [Runner(tower(1, residual=residual)) for residual in (False, True)], list[float]()

    def report(done: float, what: str) -> None:
        seen.append(done)
        if done > 0.6:
            raise Stopped

    found = []
    with pytest.raises(Stopped):
        found.extend((n, e.number) for n, e in compare(runners, *digits, Recipe(epochs=2), seed=0, progress=report))
    assert found == [("plain 4", 0), ("residual 4", 0), ("plain 4", 1), ("residual 4", 1)]
    assert all(before <= after for before, after in pairwise(seen))


@pytest.mark.parametrize("runners", [[], [Runner(tower(1, residual=True))] * 2], ids=["nobody", "twins"])
def test_needs_networks_it_can_tell_apart(runners: list[Runner], digits: tuple[Examples, Examples]) -> None:
    with pytest.raises(CoreError, match="different names"):
        next(compare(runners, *digits, SHORT, seed=0))
