"""A model card: what a shipped model learned, for how long, and how well it did on examples nobody learned from."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from core.errors import CoreError


@dataclass(frozen=True)
class Card:
    """What is known about the weights in the file beside it."""

    name: str
    knows: str
    data: str
    measure: str
    classes: tuple[str, ...]
    promise: float  # the least a retraining must reach
    score: float  # of the shipped weights, on the test part
    parameters: int
    steps: int
    seconds: float  # of a processor, for the training
    machine: str  # the kind of machine it was trained on
    size: int  # bytes of the weights' file
    sha256: str  # of the weights' file


def write(card: Card) -> str:
    """The card as JSON."""
    return json.dumps(asdict(card), indent=2) + "\n"


def read(path: Path) -> Card:
    """The card in a file; one that is not whole is refused with a sentence."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Card(**{**found, "classes": tuple(found["classes"])})
    except FileNotFoundError:
        raise CoreError(f"there is no card {path.name} yet: make models trains the model and writes it") from None
    except (ValueError, KeyError, TypeError) as error:
        raise CoreError(f"the card {path.name} cannot be read: {error}") from None
