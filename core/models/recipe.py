"""What a built-in model is: how it is built, trained and judged, and what it promises.

One file of `core/models/recipes/` is one model. It has a `RECIPE`, and its name is the file's:

    RECIPE = Recipe(
        name="digits",
        knows="Reads handwritten digits of 8x8 pixels.",
        data="1437 digits to learn from, 360 others to be judged by",
        measure="share of the 360 held-out digits that are read right",
        classes=tuple("0123456789"),
        promise=0.96,
        steps=690,
        build=build,        # () -> a torch module, its weights as they come
        train=train,        # (progress) -> a trained one; the same call gives the same weights
        score=score,        # (module) -> its score on the test part, the larger the better
    )

`make models` trains it and writes `core/models/weights/<name>.safetensors` with a card, `<name>.json`, beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import CoreError
from core.learning.train import Progress

if TYPE_CHECKING:
    from torch.nn import Module


@dataclass(frozen=True)
class Recipe:
    """How one built-in model comes about, and the least it must reach on examples that nobody learned from."""

    name: str
    knows: str  # what it does, one sentence
    data: str  # what it learns from, and what it is judged by
    measure: str  # what its score says
    classes: tuple[str, ...]  # what its outputs stand for
    promise: float  # a training that ends below this has failed
    steps: int  # of gradient descent
    build: Callable[[], "Module"]
    train: Callable[[Progress], "Module"]
    score: Callable[["Module"], float]  # on the test part; the larger, the better
    half: bool = True  # whether its matrices are kept with 16 bits a number

    def __post_init__(self) -> None:
        if not self.name.isidentifier() or self.steps < 1 or not self.classes:
            raise CoreError(f"a recipe needs a name of letters, at least one step and one class, got {self.name!r}")
