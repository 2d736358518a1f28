"""Thresholds on measured features: a classifier made of four questions that a ruler can answer (lecture C).

The questions are asked one after the other; the first yes decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.data.parcels import Kind
from core.errors import CoreError
from core.features.handcrafted import FEATURES

Measured = Mapping[str, float]


@dataclass(frozen=True)
class Thresholds:
    """Where the four lines are drawn, in the units of the features."""

    flat: float = 4.0  # cm: lower in the mean is an envelope
    slim: float = 2.4  # diagonal squared by twice the area, 1 for an upright square: longer and thinner is a tube
    round: float = 0.40  # low height by high height: below it the top is round, so a bag
    step: float = 0.85  # the same: below it the top has a step, so there are two boxes


def decide(found: Measured, lines: Thresholds) -> Kind:
    """What a parcel is by four questions: seven features -> a kind.

        mean height < flat                         envelope
        diagonal² / (2 area) > slim                tube
        low height / high height < round           bag
        low height / high height < step            pair
        else                                       box

    >>> measured = dict.fromkeys(FEATURES, 0.0) | {"mean height": 2.0, "area": 9.0}
    >>> decide(measured, Thresholds())
    'envelope'
    """
    missing = [name for name in FEATURES if name not in found]
    if missing:
        raise CoreError(f"the questions need every feature; {', '.join(missing)} is missing")
    if found["mean height"] < lines.flat:
        return "envelope"
    if slimness(found) > lines.slim:
        return "tube"
    if evenness(found) < lines.round:
        return "bag"
    return "pair" if evenness(found) < lines.step else "box"


def slimness(found: Measured) -> float:
    """Diagonal squared by twice the area: 1 for an upright square, more for what is long and thin; 0 for nothing.

    Single cells that were not measured hardly change it, while each of them adds four sides to the perimeter.

    >>> round(slimness({"diagonal": 18**0.5, "area": 9.0}), 6)
    1.0
    """
    return found["diagonal"] ** 2 / (2 * found["area"]) if found["area"] else 0.0


def evenness(found: Measured) -> float:
    """Low height by high height: 1 for a flat top, near 0 for one that runs out at its edges.

    >>> evenness({"low height": 3.0, "high height": 4.0})
    0.75
    """
    return found["low height"] / found["high height"] if found["high height"] else 0.0


def right(measured: Sequence[Measured], kinds: Sequence[Kind], lines: Thresholds) -> float:
    """Share of parcels that the questions name right."""
    if not kinds or len(measured) != len(kinds):
        raise CoreError(f"every parcel needs its kind, got {len(measured)} and {len(kinds)}")
    return sum(decide(each, lines) == kind for each, kind in zip(measured, kinds, strict=True)) / len(kinds)
