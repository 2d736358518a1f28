"""The first lessons of a two-stage detector, loss by loss (lectures A and B)."""

from collections.abc import Iterator

from core.detect.pictures import many
from core.errors import LimitError
from core.learning.threads import one_thread
from core.learning.train import Progress

RATE, MOMENTUM, STEEPEST = 0.01, 0.9, 5.0
PICTURES, BATCH, MOST = 80, 4, 200


def lessons(
    steps: int, *, seed: int, channels: int = 64, progress: Progress = lambda done, what: None
) -> Iterator[dict[str, float]]:
    """An untrained detector takes some steps on the sum of its six losses; yields them, by name, before each step.

        weights <- weights - rate * gradient of (objectness + anchor offsets + label + box offsets + mask + joints)

    One sum, one gradient: the trunk hears all six at once. With momentum, and the gradient cut where it is too long.
    """
    import torch

    from core.detect.regions.region_targets import truth_of
    from core.detect.regions.two_stage_net import TwoStage, losses
    from core.models.segmenters import inputs_of

    if not 1 <= steps <= MOST:
        raise LimitError(f"from 1 to {MOST} steps, got {steps}")
    progress(0.0, f"drawing {PICTURES} pictures")
    images, targets = many("train", PICTURES)
    truths, dice = [truth_of(seen) for seen in targets], torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        module = TwoStage(channels)
    module.train()
    descent = torch.optim.SGD(module.parameters(), RATE, MOMENTUM)
    for step in range(steps):
        progress(step / steps, f"step {step + 1} of {steps}")
        chosen = torch.randint(PICTURES, (BATCH,), generator=dice).tolist()
        with one_thread():
            descent.zero_grad()
            parts = losses(module, inputs_of(images[chosen]), [truths[place] for place in chosen], dice)
            torch.stack(list(parts.values())).sum().backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(module.parameters(), STEEPEST)
            descent.step()
        yield {name: float(loss.detach()) for name, loss in parts.items()}
    progress(1.0, "done")
