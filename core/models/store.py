"""Weights on disk: a safetensors file and a card beside it, each written whole or not at all.

A file is written under another name and renamed, so that a training which is killed leaves the old one or the new one.
"""

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import CoreError
from core.models import card as cards
from core.models.card import Card
from core.models.recipe import Recipe

if TYPE_CHECKING:
    from torch.nn import Module

FOLDER = Path(__file__).parent / "weights"


def weights_path(name: str, folder: Path | None = None) -> Path:
    """Where the weights of a model lie."""
    return (folder or FOLDER) / f"{name}.safetensors"


def card_path(name: str, folder: Path | None = None) -> Path:
    """Where its card lies."""
    return (folder or FOLDER) / f"{name}.json"


def packed(module: "Module", *, half: bool) -> bytes:
    """A module's state as the bytes of a safetensors file; with `half`, matrices take 16 bits a number.

    Vectors (biases, scales, running means and variances) are few and keep their 32 bits.

    >>> import torch
    >>> line = torch.nn.Linear(100, 10)
    >>> 2000 < len(packed(line, half=True)) < len(packed(line, half=False)) < 4400
    True
    """
    import torch
    from safetensors.torch import save

    state = {
        name: (values.half() if half and values.ndim > 1 and values.dtype == torch.float32 else values).contiguous()
        for name, values in module.state_dict().items()
    }
    return save(state)


def unpacked(module: "Module", content: bytes, *, name: str = "these weights") -> "Module":
    """The module with the state from those bytes, in evaluation mode, its weights fixed."""
    from safetensors import SafetensorError
    from safetensors.torch import load

    try:
        module.load_state_dict(load(content), strict=True)
    except (SafetensorError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise CoreError(f"the file of {name} is damaged or belongs to another network: {reason}") from None
    return module.eval().requires_grad_(False)


def load(recipe: Recipe, folder: Path | None = None) -> "Module":
    """The shipped model: a new copy, in evaluation mode."""
    path = weights_path(recipe.name, folder)
    if not path.is_file():
        raise CoreError(f"the model {recipe.name} has no weights yet: make models trains it")
    return unpacked(recipe.build(), path.read_bytes(), name=recipe.name)


def write(card: Card, content: bytes, folder: Path | None = None) -> None:
    """Weights and card, each put in place at once."""
    (folder or FOLDER).mkdir(parents=True, exist_ok=True)
    _replace(weights_path(card.name, folder), content)
    _replace(card_path(card.name, folder), cards.write(card).encode())


def fingerprint(content: bytes) -> str:
    """What tells one file from another.

    >>> fingerprint(b"")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(content).hexdigest()


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
