"""Does a net that ends in a maximum look at less of a thing than one that ends in a mean? Two nets, trained alike.

The scene net is trained six times: three seeds, each with a global average and with a global maximum before its dense
layer, all else the same: the pictures, their order, the first weights, the steps. The threshold of each net's map is
chosen on validation scenes; what is written down is of test scenes. `python -m core.explain.ending` repeats it in some
ten minutes of processor and writes the numbers beside this file.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast, get_args

import numpy as np

from core.data.parts import Part
from core.data.scenes import CLASSES
from core.explain.cam import class_activation_map, enlarged
from core.explain.closeness import LAST, closeness, scene
from core.explain.heads import Head, Pooling, heard
from core.explain.weak import LECTURE_SHARE, above, overlaps_by_share
from core.learning.train import Progress
from core.models.scene_net import SCENE_NET, SIDE
from core.nets.layers import GlobalPool, Network
from core.types import Floats, Mask

if TYPE_CHECKING:
    from torch.nn import Module

EPOCHS = 8  # of the 14 that the shipped scene net learned for
SEEDS, CHOSEN_ON, JUDGED_ON = (0, 1, 2), 200, 400  # scenes of the validation and of the test part
SHARES = tuple(round(0.05 * step, 2) for step in range(1, 19))
HALF = 0.5
Seen = Literal["map", "heard"]  # all weighted maps, or only the places that the score was made from
FILE = Path(__file__).with_suffix(".csv")


@dataclass(frozen=True)
class Row:
    """One net and one way to read it, on test scenes."""

    pooling: Pooling
    seed: int
    seen: Seen
    right: float  # share of the scenes named right
    share: float  # of the maximum: the threshold, chosen on validation scenes
    overlap: float  # mean IoU of the boxes with the true ones, at that threshold
    lecture: float  # the same at the lecture's 20 %
    correlation: float  # of the map with the thing's pixels
    covered: float  # share of the thing's pixels above half of the map's maximum
    inside: float  # share of the pixels above half of the maximum that lie on the thing


NUMBERS = tuple(field.name for field in fields(Row))[3:]


def ending_in(pooling: Pooling) -> Network:
    """The scene net with another pooling before its dense layer.

    >>> [layer.operation for layer in ending_in("maximum").layers if isinstance(layer.operation, GlobalPool)]
    [GlobalPool(how='max')]
    """
    how: Literal["max", "average"] = "max" if pooling == "maximum" else "average"
    layers = tuple(
        replace(layer, operation=GlobalPool(how)) if isinstance(layer.operation, GlobalPool) else layer
        for layer in SCENE_NET.layers
    )
    return replace(SCENE_NET, name=f"Scene net, {pooling}", layers=layers)


@dataclass(frozen=True, eq=False)
class Scenes:
    """Scenes with one thing each: pictures (N, 64, 64, 3), classes (N,), boxes (N, 4), pixels of the things."""

    images: Floats
    labels: tuple[int, ...]
    boxes: Floats
    masks: Mask


@cache
def scenes(part: Part, count: int) -> Scenes:
    """The first scenes of a part."""
    drawn = [scene(part, number) for number in range(count)]
    things = [each.targets[0] for each in drawn]
    return Scenes(
        np.stack([each.image for each in drawn]),
        tuple(CLASSES.index(thing.label) for thing in things),
        np.array([thing.box for thing in things]),
        np.stack([thing.mask for thing in things]),
    )


def judged(module: "Module", pooling: Pooling, shown: Scenes) -> tuple[dict[Seen, Floats], float]:
    """The maps of the true class, (N, 64, 64) for either way to read them, and the share of scenes named right."""
    import torch

    body, last = module[: int(LAST) + 1], module[-1]  # type: ignore[index]
    weights, bias = (each.detach().double().numpy() for each in last.parameters())
    head = Head(pooling, weights, bias)
    with torch.no_grad():
        inputs = torch.tensor(shown.images, dtype=torch.float32).permute(0, 3, 1, 2) * 2 - 1
        features = torch.cat([body(inputs[start : start + 50]) for start in range(0, len(inputs), 50)]).double().numpy()
        right = float((module(inputs).argmax(dim=1).numpy() == np.array(shown.labels)).mean())
    pairs = list(zip(features, shown.labels, strict=True))
    maps: dict[Seen, list[Floats]] = {
        "map": [class_activation_map(volume, weights[[label]])[0] for volume, label in pairs],
        "heard": [heard(head, volume, label) for volume, label in pairs],
    }
    return {seen: np.stack([enlarged(each, SIDE) for each in found]) for seen, found in maps.items()}, right


def rows(module: "Module", pooling: Pooling, seed: int, chosen_on: Scenes, judged_on: Scenes) -> Iterator[Row]:
    """What one net reaches; a mean hears every place of its maps, so it has one way to be read."""
    first, (maps, right) = judged(module, pooling, chosen_on)[0], judged(module, pooling, judged_on)
    for seen in get_args(Seen) if pooling == "maximum" else ("map",):
        means = overlaps_by_share(first[seen], chosen_on.boxes, SHARES).mean(axis=0)
        share = SHARES[int(means.argmax())]
        overlaps = overlaps_by_share(maps[seen], judged_on.boxes, (share, LECTURE_SHARE)).mean(axis=0)
        close = [closeness(each, mask, HALF) for each, mask in zip(maps[seen], judged_on.masks, strict=True)]
        high = np.stack([above(each, HALF) for each in maps[seen]])
        both = (high & judged_on.masks).sum(axis=(1, 2))
        yield Row(
            pooling, seed, seen, right, share, float(overlaps[0]), float(overlaps[1]),
            float(np.mean([each.correlation for each in close])),
            float((both / judged_on.masks.sum(axis=(1, 2))).mean()),
            float((both / np.maximum(high.sum(axis=(1, 2)), 1)).mean()),
        )  # fmt: skip


def rerun(seeds: Sequence[int] = SEEDS, *, progress: Progress = lambda done, what: None) -> Iterator[Row]:
    """Train every net and measure it."""
    from core.models.recipes.scenes import taught

    chosen_on, judged_on = scenes("validation", CHOSEN_ON), scenes("test", JUDGED_ON)
    todo = [(pooling, seed) for seed in seeds for pooling in get_args(Pooling)]
    for place, (pooling, seed) in enumerate(todo):
        begin = place / len(todo)

        def told(done: float, what: str, begin: float = begin, who: str = f"{pooling}, seed {seed}") -> None:
            progress(begin + done / len(todo), f"{who}: {what}")

        module = taught(ending_in(pooling), seed=seed, progress=told, epochs=EPOCHS)
        yield from rows(module, pooling, seed, chosen_on, judged_on)


@cache
def recorded() -> tuple[Row, ...]:
    """The numbers as they were written down.

    >>> len(recorded()), sorted({row.seed for row in recorded()})
    (9, [0, 1, 2])
    """
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Row(
                cast(Pooling, row["pooling"]),
                int(row["seed"]),
                cast(Seen, row["seen"]),
                *(float(row[name]) for name in NUMBERS),
            )
            for row in csv.DictReader(file)
        )


def write(found: Sequence[Row]) -> None:
    """Write all rows beside this file."""
    with FILE.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow([field.name for field in fields(Row)])
        for row in found:
            table.writerow([f"{value:.5g}" if isinstance(value, float) else value for value in asdict(row).values()])


if __name__ == "__main__":
    write(list(rerun()))
