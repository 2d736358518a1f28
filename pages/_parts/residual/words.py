"""What the residual lab says beside its figures, in the numbers on screen."""

from collections.abc import Sequence

from core.learning.train import Epoch
from core.nets.trace import Trace
from core.types import Floats
from pages._parts.residual.figures import by_name, kept


def of_identity(residual: Sequence[Floats], plain: Sequence[Floats], *, size: float) -> list[str]:
    """About the image on its way."""
    blocks = len(residual) - 1
    alike = [kept(residual), kept(plain)]
    said = ["nothing is left" if each is None else f"{each:.0%} alike" for each in alike]
    first = (
        "All weights are 0, so F(x) = 0 and every block hands on what it gets: the identity costs nothing to learn. "
        "Without the shortcut the same weights forget the image in the first block."
        if size == 0
        else f"Random weights change the image. What comes out of {blocks} blocks, compared with what went in: with "
        f"shortcuts {said[0]}, without {said[1]}."
    )
    return [
        first,
        "So a deeper network with shortcuts can do at least what a shallower one does: its further blocks stay at 0. A "
        "plain network would have to learn the identity through its rectifiers, layer by layer.",
        f"Each block is passed in one of 2 ways, through it or past it: 2^{blocks} = {2**blocks:,} paths lead through "
        "this chain.",
    ]


def of_blocks(basic: Trace, bottleneck: Trace) -> list[str]:
    """About two kinds of block."""
    maps = basic.input[0]
    return [
        f"On {maps} maps the basic block learns {basic.parameters:,} numbers, the bottleneck "
        f"{bottleneck.parameters:,}: {basic.parameters / bottleneck.parameters:.1f} times fewer. Its "
        f"3x3 works on {maps // 4} maps.",
        "A shortcut has no parameters. Where a stage halves the side and doubles the maps, a 1x1 layer with stride 2 "
        "brings the input to the new shape.",
        "The lecture says that every block has two 3x3 layers. ResNet-18 and 34 are built like that; 50, 101 and 152 "
        "use 1x1, 3x3, 1x1, so each of their blocks counts three layers and has one 3x3.",
    ]


def of_training(story: Sequence[tuple[str, Epoch]]) -> list[str]:
    """About the curves."""
    last = {name: epochs[-1] for name, epochs in by_name(story).items()}
    plain = {int(name.split()[-1]): epoch for name, epoch in last.items() if name.startswith("plain")}
    residual = {int(name.split()[-1]): epoch for name, epoch in last.items() if name.startswith("residual")}
    said = []
    if len(plain) > 1 and set(plain) == set(residual):
        few, many = min(plain), max(plain)
        worse = plain[many].train_error > plain[few].train_error
        said.append(
            f"The plain network of {many} layers gets {plain[many].train_error:.1%} of its own training images wrong, "
            f"the one of {few} layers {plain[few].train_error:.1%}. "
            + (
                "That is no overfitting, since the training error is the one that rises: it is optimised badly."
                if worse
                else "Here depth did not hurt yet: take more blocks or fewer epochs."
            )
        )
        said.append(
            f"With shortcuts {many} layers get {residual[many].train_error:.1%} wrong in training, "
            f"{residual[many].test_error:.1%} in the test, with the same number of parameters."
        )
        said.append(_gradients(by_name(story), many))
    else:
        said.append(
            "If more layers were only more freedom, the deeper network would fit its training images at least as well. "
            "Train two depths, and look at the full lines: those are errors on the images it learns from."
        )
    return [
        *said,
        "These are small networks, 8 maps on 1,437 digits of 8x8 pixels, for a few epochs. The lecture's curves are "
        "56 layers on CIFAR-10; the effect is of the same kind.",
    ]


def _gradients(found: dict[str, list[Epoch]], depth: int) -> str:
    """What the loss tells the first layer before the first step, beside what it tells the last one."""
    told = []
    for kind in ("plain", "residual"):
        norms = found[f"{kind} {depth}"][0].gradients
        way = (
            f"grows {norms[0] / norms[-1]:.2g} times"
            if norms[0] > norms[-1]
            else f"shrinks to {norms[0] / norms[-1]:.2g}"
        )
        told.append(f"{norms[0]:.2g} at the first layer of the {kind} one, where it {way} on its way from the last")
    return (
        f"Before the first step the gradient in {depth} layers is {', and '.join(told)}. Plain and normalised it grows "
        "with every layer, plain and not normalised it vanishes. Try both."
    )
