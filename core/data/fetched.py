"""CIFAR-10, fetched when somebody asks for it: 60,000 colour images of 32x32 pixels in ten equal classes.

torchvision knows where it lies and what it must be; what goes wrong on the way is said in a sentence.
Source: Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.parts import Part, divided
from core.errors import CoreError
from core.learning.train import Progress
from core.models import download as network

CIFAR10_CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
HELD_BACK: Mapping[Part, float] = {
    "train": 0.9,
    "validation": 0.1,
    "test": 0.0,
}  # of the 50,000; the test part is the set's own
INSTEAD = "The sets that are built in need no network."
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True, eq=False)
class Images:
    """Images (N, H, W, 3) of whole numbers from 0 to 255, the place of each one's class (N,), and the classes."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]


def shelf() -> Path:
    """Where fetched sets are kept: the user's cache.

    >>> shelf().name
    'fovea'
    """
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fovea"


def has_cifar10(folder: Path | None = None) -> bool:
    """Whether it has been fetched already."""
    return ((folder or shelf()) / "cifar-10-batches-py" / "batches.meta").is_file()


def fetch_cifar10(
    *,
    progress: Progress = lambda done, what: None,
    folder: Path | None = None,
    source: Any = None,
    patience: float = 20.0,
) -> None:
    """Fetch 170 MB and unpack them, unless they are there. `progress` may raise to stop; nothing half stays behind.

    `source` is torchvision's class of the set; another one may name a mirror of the course.
    """
    from torchvision.datasets import CIFAR10
    from torchvision.datasets.utils import check_integrity

    kept, wanted = folder or shelf(), source or CIFAR10
    while not _ONE_AT_A_TIME.acquire(timeout=0.5):
        progress(0.0, "somebody else is fetching it")
    try:
        if has_cifar10(kept):
            return
        archive = _download(wanted.url, kept, progress, patience)
        if not check_integrity(str(archive), wanted.tgz_md5):
            archive.unlink()
            raise CoreError(f"{archive.name} is not the set it should be, its hash differs: thrown away. {INSTEAD}")
        progress(1.0, "unpacking")
        wanted(str(kept), download=True)  # finds the archive, unpacks it, and checks every file
        archive.unlink()
    finally:
        _ONE_AT_A_TIME.release()


def cifar10(part: Part, *, folder: Path | None = None, source: Any = None) -> Images:
    """One part: 45,000 images to learn from, 5000 to choose by, and the set's own 10,000 to be judged by.

    Its files are pickles, which may run code when they are read; torchvision reads only those whose hash it knows.
    """
    kept = folder or shelf()
    if not has_cifar10(kept):
        raise CoreError(f"CIFAR-10 has not been fetched yet. {INSTEAD}")
    from torchvision.datasets import CIFAR10

    try:
        found = (source or CIFAR10)(str(kept), train=part != "test")
    except RuntimeError:
        raise CoreError(f"CIFAR-10 in {kept} is damaged: delete that folder and fetch it again. {INSTEAD}") from None
    labels = np.array(found.targets, dtype=np.int64)
    if part == "test":
        return Images(found.data, labels, tuple(found.classes))
    chosen = np.sort(divided(len(labels), seed=10, shares=HELD_BACK)[part])
    return Images(found.data[chosen], labels[chosen], tuple(found.classes))


def _download(address: str, folder: Path, progress: Progress, patience: float) -> Path:
    try:
        return network.download(address, folder, progress=progress, patience=patience)
    except CoreError as error:
        raise CoreError(str(error).replace(network.INSTEAD, INSTEAD)) from None
