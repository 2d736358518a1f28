"""Figures about the Inception module: multiplications and depth, branch by branch."""

from core.nets.layers import Operation, Pool
from core.nets.trace import Trace
from core.types import pair
from syllabus.recompute.nets import conv, drawn, stack
from syllabus.recompute.registry import claim, ours
from syllabus.tables import Value

INPUT = (256, 28, 28)
SAME_POOL = Pool("max", pair(3), pair(1), pair(1))
NAIVE: tuple[tuple[Operation, ...], ...] = (
    (conv(128, 1),),
    (conv(192, 3, padding=1),),
    (conv(96, 5, padding=2),),
    (SAME_POOL,),
)
BOTTLENECK: tuple[tuple[Operation, ...], ...] = (
    (conv(128, 1),),
    (conv(64, 1), conv(192, 3, padding=1)),
    (conv(64, 1), conv(96, 5, padding=2)),
    (SAME_POOL, conv(64, 1)),
)


def branches(module: tuple[tuple[Operation, ...], ...]) -> list[Trace]:
    """Each branch of a module on its input of 256 maps of 28x28."""
    return [stack(*branch, input=INPUT) for branch in module]


def concatenated(module: tuple[tuple[Operation, ...], ...]) -> Value:
    """The volume of all branches side by side in depth."""
    ends = [branch.rows[-1].shape for branch in branches(module)]
    (sides,) = {end[1:] for end in ends}  # they fit only if all are equal
    return drawn((sum(end[0] for end in ends), *sides))


def multiplications(module: tuple[tuple[Operation, ...], ...]) -> int:
    """All branches together."""
    return sum(branch.macs for branch in branches(module))


@ours("N94")
def naive_output() -> Value:
    """Height, width, maps."""
    return concatenated(NAIVE)


@ours("N95")
def naive_1x1() -> Value:
    """First branch."""
    return branches(NAIVE)[0].macs


@ours("N96")
def naive_3x3() -> Value:
    """Second branch."""
    return branches(NAIVE)[1].macs


@ours("N97")
def naive_5x5() -> Value:
    """Third branch."""
    return branches(NAIVE)[2].macs


@ours("N98")
def naive_sum() -> Value:
    """All branches; pooling multiplies nothing."""
    return multiplications(NAIVE)


@ours("N99")
def bottleneck_products() -> Value:
    """The six convolutions: those with 64 filters first, then by size of the kernel."""
    found = [row.macs for branch in branches(BOTTLENECK) for row in branch.rows if row.macs]
    return tuple(sorted(found))


@ours("N100")
def bottleneck_sum() -> Value:
    """All six."""
    return multiplications(BOTTLENECK)


@claim("N100")
def bottleneck_sum_with_one_branch_twice() -> Value:
    """The 3x3 convolution added a second time."""
    return multiplications(BOTTLENECK) + branches(BOTTLENECK)[1].rows[-1].macs


@ours("N101")
def saving() -> Value:
    """Naive over bottleneck."""
    return multiplications(NAIVE) / multiplications(BOTTLENECK)


@claim("N101")
def saving_with_the_wrong_sum() -> Value:
    """Naive over the printed total."""
    return multiplications(NAIVE) / (multiplications(BOTTLENECK) + branches(BOTTLENECK)[1].rows[-1].macs)


@ours("N102")
def bottleneck_output() -> Value:
    """Height, width, maps."""
    return concatenated(BOTTLENECK)
