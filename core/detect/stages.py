"""Two stages against one: propose and then classify, or classify everything at once (lectures A and E).

A pipeline is a row of steps. What both kinds need is the trunk, boxes from offsets and suppression at the end; what
sets them apart is where the many places without an object are sorted out.
Sources: Ren et al., "Faster R-CNN", NIPS 2015; Liu et al., "SSD", ECCV 2016; Lin et al., "Focal Loss for Dense Object
Detection", ICCV 2017.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from core.errors import CoreError

Kind: TypeAlias = Literal["two stages", "one stage", "both"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Step:
    """One step: which kind of detector takes it, where in its row it stands, and why."""

    says: str
    of: Kind
    place: int
    why: str


STEPS: tuple[Step, ...] = (
    Step("A trunk of convolutions turns the picture into maps, once", "both", 0, "Every fast detector shares it."),
    Step(
        *("A small network says of every anchor: something or nothing", "two stages", 1),
        "The region proposal network: the first stage. It need not know what it is.",
    ),
    Step(
        *("Every cell answers at once with a class and a box for each of its anchors", "one stage", 1),
        "That is all: there is no second look.",
    ),
    Step(
        *("Some hundred regions are cut out of the maps, each to the same size", "two stages", 2),
        "RoI pooling or RoI Align: only what was proposed goes on.",
    ),
    Step(
        *("A head runs again for every region: its class, and a better box", "two stages", 3),
        "The second stage. Its time grows with the number of regions.",
    ),
    Step(
        *("The loss must cope with a thousand empty places for every object", "one stage", 2),
        "Nothing sorted them out before: hard negative mining, or the focal loss.",
    ),
    Step("Offsets turn anchors or regions into boxes", "both", 4, "dx, dy, dw, dh: the same four numbers everywhere."),
    Step("Of boxes that overlap, the surest stays", "both", 5, "Non-maximum suppression ends both."),
)


def pipeline(kind: Kind) -> tuple[Step, ...]:
    """The steps of a detector, in order.

    >>> [step.place for step in pipeline("one stage")], len(pipeline("two stages"))
    ([0, 1, 2, 4, 5], 6)
    """
    return tuple(sorted((step for step in STEPS if step.of in (kind, "both")), key=lambda step: step.place))


def judged(answers: Mapping[int, Kind]) -> dict[int, bool]:
    """Which steps were put where they belong; keys are places in STEPS.

    >>> judged({0: "both", 1: "one stage"})
    {0: True, 1: False}
    """
    if wrong := [number for number in answers if not 0 <= number < len(STEPS)]:
        raise CoreError(f"there are {len(STEPS)} steps, numbered from 0, got {wrong}")
    return {number: STEPS[number].of == said for number, said in answers.items()}


def multiplications(
    *, trunk: int, maps: int, cells: int, anchors: int, classes: int, regions: int, head: int
) -> dict[str, tuple[int, int, int]]:
    """What each kind multiplies for one picture: the trunk, all places, all regions.

        two stages: trunk + cells * maps * 5 anchors + regions * head
        one stage:  trunk + cells * maps * anchors * (classes + 4)

    `maps` at every one of `cells` places are read by a 1x1 convolution: 1 score and 4 offsets for each anchor, or a
    score for every class and 4 offsets. `head` are the multiplications of one region.

    >>> multiplications(trunk=1000, maps=10, cells=4, anchors=3, classes=5, regions=2, head=500)
    {'two stages': (1000, 600, 1000), 'one stage': (1000, 1080, 0)}
    """
    if min(trunk, maps, cells, anchors, classes, regions, head) < 0:
        raise CoreError("counts are from 0 up")
    return {
        "two stages": (trunk, cells * maps * anchors * 5, regions * head),
        "one stage": (trunk, cells * maps * anchors * (classes + 4), 0),
    }
