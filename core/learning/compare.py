"""Training several networks side by side, on the same examples and by the same recipe (lecture B)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.errors import CoreError
from core.learning.examples import Examples
from core.learning.start import started
from core.learning.train import Epoch, Progress, Recipe, train
from core.nets.layers import Network


@dataclass(frozen=True)
class Runner:
    """A network in the comparison; rows named in `silent` start with zero weights."""

    network: Network
    silent: tuple[str, ...] = ()


def compare(
    runners: Sequence[Runner],
    learned: Examples,
    tested: Examples,
    recipe: Recipe,
    *,
    seed: int,
    progress: Progress = lambda done, what: None,
) -> Iterator[tuple[str, Epoch]]:
    """Train every network for one epoch, then every network for the next: yields (name, epoch) as they come.

    Each draws its own weights and the same order of examples from the seed, so a network's story does not depend on
    which others run beside it. `progress` may raise to stop them all.
    """
    names = [runner.network.name for runner in runners]
    if not names or len(set(names)) < len(names):
        raise CoreError(f"a comparison needs networks with different names, got {names}")
    stories = {
        runner.network.name: _story(runner, learned, tested, recipe, seed, _part(progress, place, len(runners), recipe))
        for place, runner in enumerate(runners)
    }
    for number in range(recipe.epochs + 1):
        for name, story in stories.items():
            yield name, next(story)
        progress(number / recipe.epochs, f"epoch {number} of {recipe.epochs} is over")


def _story(
    runner: Runner, learned: Examples, tested: Examples, recipe: Recipe, seed: int, progress: Progress
) -> Iterator[Epoch]:
    import torch

    module = started(runner.network, seed=seed, silent=runner.silent)
    order = torch.Generator().manual_seed(seed)
    yield from train(module, learned, tested, recipe, generator=order, progress=progress)


def _part(progress: Progress, place: int, runners: int, recipe: Recipe) -> Progress:
    """One network's progress as part of the whole: within an epoch they take turns."""

    def report(done: float, what: str) -> None:
        over, within = divmod(done * recipe.epochs, 1)
        progress(min(1.0, (over + (place + within) / runners) / recipe.epochs), what)

    return report
