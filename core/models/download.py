"""Weights from the network, on request: torchvision's own, with progress, checked, and kept for the next time.

What goes wrong is said in a sentence that a student understands; nothing here is needed by a lab.
"""

import hashlib
import os
import re
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from core.errors import CoreError
from core.learning.train import Progress

if TYPE_CHECKING:
    from torch.nn import Module

PIECE = 1 << 18  # bytes between two reports
MOST = 1 << 30  # bytes of one file
HASH_IN_NAME = re.compile(r"-([0-9a-f]{8,64})\.[a-z]+$")
INSTEAD = "The built-in models need no network."


def download(
    address: str, folder: Path, *, progress: Progress = lambda done, what: None, patience: float = 20.0
) -> Path:
    """Fetch a file into a folder, unless it is there; the hash in its name (resnet18-f37072fd.pth) is checked.

    It is written under another name and renamed at the end, so what is there is whole. `progress` may raise to stop.
    """
    parts = urlsplit(address)
    name = Path(parts.path).name
    if parts.scheme not in ("http", "https") or not parts.hostname or not name:
        raise CoreError(f"the address of weights begins with https:// and ends with a file's name, got {address!r}")
    path = folder / name
    if path.is_file():
        progress(1.0, f"{name} is here already")
        return path
    folder.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{name}.{os.getpid()}")
    try:
        beside_hash = _fetch(address, beside, name, parts.hostname, progress, patience)
        wanted = HASH_IN_NAME.search(name)
        if wanted and not beside_hash.startswith(wanted[1]):
            raise CoreError(f"{name} is not the file it should be, its hash differs, so it was thrown away. {INSTEAD}")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path


def torchvision_model(
    name: str, *, progress: Progress = lambda done, what: None, address: str | None = None, folder: Path | None = None
) -> "Module":
    """A model of torchvision with its pretrained weights, in evaluation mode; downloaded once, kept where torch does.

    `address` may name another place with the same file, such as a mirror of the course.
    """
    import torch
    from torchvision import models

    if name not in models.list_models():
        raise CoreError(f"torchvision has no model {name[:40]!r}")
    weights: Any = models.get_model_weights(name)
    path = download(
        address or weights.DEFAULT.url, folder or Path(torch.hub.get_dir()) / "checkpoints", progress=progress
    )
    module: Module = _built(models.get_model, name)
    try:
        module.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    except (RuntimeError, UnpicklingError, ValueError, OSError, EOFError) as error:
        raise CoreError(f"{path.name} does not hold the weights of {name}: {str(error).splitlines()[0]}") from None
    return module.eval().requires_grad_(False)


def _built(get_model: Callable[..., Any], name: str) -> Any:
    """Without any weights: torchvision would fetch those of a backbone by itself."""
    backbone = (
        {"weights_backbone": None}
        if any(word in name for word in ("rcnn", "ssd", "fcos", "retina", "_resnet", "_mobilenet"))
        else {}
    )
    return get_model(name, weights=None, **backbone)


def _fetch(address: str, path: Path, name: str, host: str, progress: Progress, patience: float) -> str:
    digest, got = hashlib.sha256(), 0
    progress(0.0, f"asking {host} for {name}")
    try:
        with urlopen(Request(address), timeout=patience) as answer, path.open("wb") as file:  # noqa: S310 - checked
            size = int(answer.headers.get("Content-Length") or 0)
            while piece := answer.read(PIECE):
                got += len(piece)
                if got > MOST:
                    raise CoreError(f"{name} is larger than {MOST >> 20} MB: it was not kept")
                digest.update(piece)
                file.write(piece)
                told = f"{got / 1e6:.1f} of {size / 1e6:.1f} MB" if size else f"{got / 1e6:.1f} MB"
                progress(got / size if size else 0.0, f"{name}: {told}")
    except HTTPError as error:
        error.close()
        raise CoreError(f"{host} does not give {name}: it answers {error.code} {error.reason}. {INSTEAD}") from None
    except (URLError, TimeoutError, HTTPException, OSError) as error:
        if got:
            raise CoreError(f"the connection to {host} was cut after {got / 1e6:.1f} MB of {name}. {INSTEAD}") from None
        raise CoreError(f"{name} must be downloaded, and {host} cannot be reached. {INSTEAD}") from error
    if got < size:
        raise CoreError(f"the connection to {host} was cut after {got / 1e6:.1f} MB of {size / 1e6:.1f}. {INSTEAD}")
    return digest.hexdigest()
