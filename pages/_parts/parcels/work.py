"""What the parcel lab computes: parcels and their features, once for everybody, and two trainings beside the page."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from core.data.parcels import Parcel, parcels
from core.data.parts import Part
from core.features.handcrafted import parcel_features
from core.features.parcel_nets import FEATURE_RECIPE, MAP_RECIPE, by_features, by_maps, feature_net, map_net
from core.learning.start import started
from core.learning.train import Epoch, Progress, train
from core.nets.trace import trace
from core.runtime.tasks import may_go
from pages._kit.watching import part as share_of
from pages._parts.parcels.figures import HAND, MAP

JUDGED, SHOWN = 300, 300
LENGTHS = {HAND: FEATURE_RECIPE.epochs, MAP: MAP_RECIPE.epochs}


@dataclass(frozen=True)
class Setting:
    """Which features, how many hidden units, how many parcels, which weights to start from."""

    features: tuple[str, ...]
    hidden: int
    learned: int
    seed: int = 0

    @property
    def parameters(self) -> dict[str, int]:
        """How many numbers each of the two learns."""
        return {
            HAND: trace(feature_net(len(self.features), self.hidden)).parameters,
            MAP: trace(map_net()).parameters,
        }


@lru_cache(maxsize=12)
def drawn(part: Part, count: int, noise: float = 0.3, gaps: float = 0.04) -> tuple[Parcel, ...]:
    """Parcels of a part."""
    return tuple(parcels(part, count, noise=noise, gaps=gaps))


@lru_cache(maxsize=6)
def measured(part: Part, count: int) -> tuple[dict[str, float], ...]:
    """Their features."""
    return tuple(parcel_features(each.heights) for each in drawn(part, count))


@may_go
def trained(setting: Setting, progress: Progress) -> Iterator[tuple[str, Epoch]]:
    """The network on features first, then the CNN; the same parcels and the same others to judge by."""
    import torch

    progress(0.0, "drawing parcels")
    learned, judged = drawn("train", setting.learned), drawn("test", JUDGED)
    plans = (
        (HAND, feature_net(len(setting.features), setting.hidden), FEATURE_RECIPE),
        (MAP, map_net(), MAP_RECIPE),
    )
    for place, (name, table, recipe) in enumerate(plans):
        pair = by_features(learned, judged, setting.features) if name == HAND else by_maps(learned, judged)
        order = torch.Generator().manual_seed(setting.seed)
        module, mine = started(table, seed=setting.seed), share_of(progress, place, len(plans))
        for epoch in train(module, *pair, recipe, generator=order, progress=_named(mine, name)):
            yield name, epoch


def _named(progress: Progress, name: str) -> Progress:
    return lambda done, what: progress(done, f"{name}, {what}")
