"""Two built-in networks run as they are, with channels first, compiled, and by ONNX Runtime, on one core.

The detector of one stage takes pictures of 96x96 pixels; EfficientNet-Lite0, the slowest network that a page asks,
takes photos of 224x224. "As it is" is what Fovea runs, and stands in its column: the channels of a pixel stand side by
side, as `core.runtime` hands them over, and EfficientNet-Lite0's normalisations are part of its convolutions. "Channels
first" is the network as it was made, in PyTorch's habit, one plane after the other. Compiled is torch.compile, once
for every number of pictures. ONNX Runtime runs what torch.onnx exports once for all numbers, on one thread. A whole
answer is what a page waits for: from the picture to the boxes, or from a photo of 480x640 pixels to the 1000 shares;
other rows are passes alone. Values are CPU time in one process on one thread, all ways in turns; a ratio above 1 says
that the other way is faster.
"""

import os
import shutil
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import files, version
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.results import Row, Section, Series, number
from benchmarks.throughput import far, in_turns
from core.detect.pictures import picture
from core.models import pretrained, registry

PLAIN, FIRST, COMPILED, ONNX = "as it is", "channels first", "compiled", "ONNX Runtime"
LONE, CROWD = 30, 7  # rounds of one picture, and of several
PACKAGES = {"to run": ("onnxruntime", "flatbuffers"), "to export": ("onnx", "onnxscript", "onnx-ir", "ml-dtypes")}
Ask = Callable[[Any], Any]  # pictures (B, 3, H, W) -> one tensor or several


@dataclass(frozen=True)
class Way:
    """A network run in one way; it stands where its module stood."""

    ask: Ask
    peer: str
    seconds: float = 0.0  # until it was ready

    def __call__(self, inputs: Any) -> Any:
        """A pass without gradients."""
        import torch

        with torch.no_grad():
            return self.ask(inputs)

    def eval(self) -> "Way":
        """It never trains."""
        return self


@dataclass(frozen=True)
class Subject:
    """A network as it was made and as pages ask it, pictures for it, how many a pass has, and a whole answer."""

    name: str
    module: Any
    asked: Any
    inputs: Any
    counts: Sequence[int]
    whole: Callable[[Way], object]


def detector() -> Subject:
    """Drawn scenes, asked as a page asks."""
    from core.detect.dense import one_stage
    from core.models.segmenters import inputs_of

    images = np.stack([picture("test", place).image for place in range(64)])

    def whole(way: Way) -> object:
        return one_stage.answer(way, images[0])  # type: ignore[arg-type]

    module = registry.load("one_stage")
    return Subject("the detector", module, module, inputs_of(images), (1, 16, 64), whole)


def classifier() -> Subject:
    """Photos of noise, which cost what others cost."""
    dice = np.random.default_rng(0)
    photo = dice.integers(0, 256, (480, 640, 3), dtype=np.uint8)
    squares = dice.integers(0, 256, (16, pretrained.SIDE, pretrained.SIDE, 3), dtype=np.uint8)

    def whole(way: Way) -> object:
        return way(pretrained.prepared(pretrained.framed(photo)[None])).double().softmax(dim=1).numpy()

    inputs = pretrained.prepared(squares)
    return Subject("EfficientNet-Lite0", pretrained.unpacked(), pretrained.folded(), inputs, (1, 16), whole)


SUBJECTS: tuple[Callable[[], Subject], ...] = (detector, classifier)


def measure(*, quick: bool) -> Section:
    """Both networks in all ways; the quick form compiles nothing and takes two rounds of single pictures."""
    import torch

    torch.set_num_threads(1)
    rows, notes = list[Row](), list[str]()
    for start in SUBJECTS:
        more, said = compared(start(), quick=quick)
        rows += more
        notes += said
    sizes = (f"{what} {', '.join(names)}, {megabytes(names):.0f} MB" for what, names in PACKAGES.items())
    notes.append(f"On the disk: {'; '.join(sizes)}.")
    if quick or compiler() is None:
        notes.append(
            "Nothing was compiled: " + ("this was a quick run." if quick else "there is no C++ compiler here.")
        )
    return Section("graphs", __doc__ or "", tuple(rows), tuple(notes))


def compared(subject: Subject, *, quick: bool) -> tuple[list[Row], list[str]]:
    """One network in all ways: the rows, and what they have no room for."""
    counts = subject.counts[:1] if quick else subject.counts
    with tempfile.TemporaryDirectory() as folder:
        ways = ready(subject, counts, Path(folder), compiles=not quick and compiler() is not None)
        rows = _rows(f"A whole answer of {subject.name}", ways, taken(ways, subject.whole, 2 if quick else LONE))
        lone = taken(ways, _passes(subject.inputs[:1]), 2 if quick else LONE)
        for count in counts[1:]:
            found = taken(ways, _passes(subject.inputs[:count]), CROWD)
            rows += _rows(f"{count} pictures through {subject.name}", ways, found)
        last = subject.inputs[: counts[-1]]
        said = {name: _several(way(last)) for name, way in ways.items()}
    middle = {name: number(median(values)) for name, values in lone.items()}
    apart = {name: f"{far(answers, said[PLAIN]):.1g}" for name, answers in said.items() if name != PLAIN}
    seconds = {name: f"{way.seconds:.2g}" for name, way in ways.items() if way.seconds}
    return rows, [
        f"One picture through {subject.name}, CPU-ms: {_each(middle)}.",
        f"From the answers of {subject.name} as it is, at most so far away: {_each(apart)}.",
        f"Seconds until {subject.name} was ready: {_each(seconds)}.",
    ]


def taken(ways: Mapping[str, Way], ask: Callable[[Way], object], rounds: int) -> dict[str, list[float]]:
    """CPU milliseconds of asking in every way, in turns."""
    return in_turns({name: partial(milliseconds, ask, way) for name, way in ways.items()}, rounds)


def milliseconds(ask: Callable[[Way], object], way: Way) -> float:
    """CPU time of one answer."""
    began = time.process_time()
    ask(way)
    return 1000 * (time.process_time() - began)


# -- how they are made


def ready(subject: Subject, counts: Sequence[int], folder: Path, *, compiles: bool) -> dict[str, Way]:
    """The network in every way, first calls done."""
    torch_named = f"torch {version('torch')}"
    ways = {
        PLAIN: Way(side_by_side(subject.asked), torch_named),
        FIRST: Way(subject.module, f"{FIRST}, {torch_named}"),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # both exporters stand on parts of torch that warn of their end
        if compiles:
            make = partial(compiled, subject.module, [subject.inputs[:count] for count in counts])
            ways[COMPILED] = timed(make, f"{COMPILED}, {torch_named}")
        make = partial(exported, subject.module, subject.inputs[:16], folder / "network.onnx")
        ways[ONNX] = timed(make, f"onnxruntime {version('onnxruntime')}")
    return ways


def timed(make: Callable[[], Ask], peer: str) -> Way:
    """A way, and how long it took to make."""
    began = time.perf_counter()
    return Way(make(), peer, time.perf_counter() - began)


def side_by_side(module: Any) -> Ask:
    """As a page asks it."""
    from core.runtime.device import processor

    return lambda inputs: module(processor().taken(inputs))


def compiled(module: Any, examples: Sequence[Any]) -> Ask:
    """By torch.compile for pictures of these numbers, with nothing taken from an earlier run."""
    import torch
    from torch._inductor import config

    with config.patch(force_disable_caches=True), torch.no_grad():
        ask: Ask = torch.compile(module, dynamic=False)
        for inputs in examples:
            ask(inputs)
    return ask


def exported(module: Any, inputs: Any, file: Path) -> Ask:
    """By ONNX Runtime, for any number of pictures, from a file."""
    import onnxruntime
    import torch

    torch.onnx.export(module, (inputs,), file, dynamic_shapes=({0: torch.export.Dim("B")},), verbose=False)
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = settings.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(file, settings, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name

    def ask(inputs: Any) -> Any:
        said = [torch.from_numpy(each) for each in session.run(None, {name: inputs.numpy()})]
        return said[0] if len(said) == 1 else tuple(said)

    return ask


def compiler() -> str | None:
    """Where the C++ compiler is that torch.compile calls."""
    return shutil.which(os.environ.get("CXX", "g++"))


def megabytes(packages: Sequence[str]) -> float:
    """What packages take on the disk."""
    return sum(file.size or 0 for package in packages for file in files(package) or ()) / 1e6


def _passes(inputs: Any) -> Callable[[Way], object]:
    return lambda way: way(inputs)


def _several(answer: Any) -> tuple[Any, ...]:
    return answer if isinstance(answer, tuple) else (answer,)


def _each(values: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


def _rows(what: str, ways: Mapping[str, Way], found: Mapping[str, Sequence[float]]) -> list[Row]:
    ours = Series(tuple(found[PLAIN]), "CPU-ms")
    return [
        Row(what, ours, way.peer, Series(tuple(found[name]), "CPU-ms")) for name, way in ways.items() if name != PLAIN
    ]
