"""Parameters and operations of ten networks, counted by us and by three programs that watch a forward pass.

Ours follows the sizes through a layer table. torchinfo, fvcore and PyTorch's own FlopCounterMode each get torchvision's
module of the same network, built beforehand, and run it once on one picture (224x224, Inception 299x299). torchinfo
and PyTorch run it on the meta device, where nothing is computed and which is quicker for most of the networks; fvcore
traces it, for which it needs values. Each value is the CPU time of one program for all networks, in one process on one
thread; the programs take turns at every network, and a first round does not count.

Before a row is written the numbers must agree, else the bench stops. Parameters are equal. So are the operations, one
for a product and its sum, once what the others count besides is told apart: PyTorch counts two, for the product and for
the sum. fvcore adds two for every value of a normalisation, and one for every value that a mean over a map takes.
torchinfo multiplies parameters by places: it adds one for each bias at every place, and the two parameters of every
map of a normalisation once.
"""

import logging
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from math import prod
from typing import Any

from benchmarks.results import Goal, Row, Section, Series
from core.nets import zoo
from core.nets.layers import BatchNorm, Conv, Dense, Network
from core.nets.trace import Trace, trace

ROUNDS, MOST = 5, 1 / 10
AS_PUBLISHED: Mapping[str, Any] = {"aux_logits": False, "init_weights": False}
NETWORKS: dict[str, tuple[str, Mapping[str, Any]]] = {  # ours, torchvision's, and what its builder is told
    "alexnet-2014": ("alexnet", {}),
    "vgg16": ("vgg16", {}),
    "googlenet-torchvision": ("googlenet", AS_PUBLISHED),
    "resnet18": ("resnet18", {}),
    "resnet50": ("resnet50", {}),
    "resnet152": ("resnet152", {}),
    "densenet121": ("densenet121", {}),
    "mobilenet-v2": ("mobilenet_v2", {}),
    "efficientnet-b0": ("efficientnet_b0", {}),
    "inception-v3": ("inception_v3", AS_PUBLISHED),
}


@dataclass(frozen=True)
class Count:
    """What a program says of one network."""

    parameters: int
    products: int  # with their sums: of convolutions and dense layers
    besides: int = 0  # operations that it counts on top of them


@dataclass(frozen=True)
class Program:
    """A way to count a module (module, images) -> its own answer, and how that answer is read beside our trace."""

    name: str
    package: str
    device: str
    run: Callable[[Any, Any], Any]
    read: Callable[[Any, Trace], Count]


def torchinfo_run(module: Any, images: Any) -> Any:
    """Its summary, not printed."""
    import torchinfo

    return torchinfo.summary(module, input_data=images, device=images.device, verbose=0)


def torchinfo_read(said: Any, ours: Trace) -> Count:
    """Its operations are a single number, so what it adds is worked out from the table."""
    added = sum(_biases(row.operation, row.shape) for row in ours.rows)
    added += sum(row.parameters for row in ours.rows if isinstance(row.operation, BatchNorm))
    return Count(said.total_params, said.total_mult_adds - added, added)


def fvcore_run(module: Any, images: Any) -> Any:
    """Parameters by module, operations by kind."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it stands on torch.jit
        from fvcore.nn import FlopCountAnalysis, parameter_count

        found = FlopCountAnalysis(module, images).unsupported_ops_warnings(False).uncalled_modules_warnings(False)
        return parameter_count(module)[""], found.by_operator()


def fvcore_read(said: Any, ours: Trace) -> Count:
    """Its kinds tell products and the rest apart."""
    parameters, kinds = said
    products = int(kinds["conv"] + kinds["linear"])
    return Count(parameters, products, int(sum(kinds.values())) - products)


def torch_run(module: Any, images: Any) -> Any:
    """Parameters, and what PyTorch's counter saw of a pass."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter, torch.no_grad():
        module(images)
    return sum(weights.numel() for weights in module.parameters()), counter.get_total_flops()


def torch_read(said: Any, ours: Trace) -> Count:
    """Two operations are a product and its sum."""
    parameters, operations = said
    return Count(parameters, operations // 2)


PROGRAMS = (
    Program("torchinfo", "torchinfo", "meta", torchinfo_run, torchinfo_read),
    Program("fvcore", "fvcore", "cpu", fvcore_run, fvcore_read),
    Program("FlopCounterMode", "torch", "meta", torch_run, torch_read),
)


def measure(*, quick: bool) -> Section:
    """All networks by all programs; the quick form takes one round."""
    import torch

    torch.set_num_threads(1)
    logging.getLogger("fvcore").setLevel(logging.ERROR)
    rounds = 1 if quick else ROUNDS
    taken = {name: [0.0] * rounds for name in ("", *(each.name for each in PROGRAMS))}
    notes = []
    for name, (theirs, told) in NETWORKS.items():
        network = zoo.network(name)
        ways: dict[str, Callable[[], Any]] = {"": partial(trace, network)}
        for each in PROGRAMS:
            ways[each.name] = partial(each.run, *asked(theirs, told, network, each.device))
        said = {way: count() for way, count in ways.items()}
        notes.append(agreed(network, said))
        for place in range(rounds):
            for way, count in ways.items():
                taken[way][place] += milliseconds(count)
    return Section("counting", __doc__ or "", tuple(rows(taken)), tuple(notes))


def asked(name: str, told: Mapping[str, Any], network: Network, device: str) -> tuple[Any, Any]:
    """torchvision's module, its weights all zero, and one picture of the network's size."""
    import torch
    import torchvision

    with torch.device("meta"):
        module = getattr(torchvision.models, name)(**told).eval()
    if device != "meta":
        module = module.to_empty(device=device)
        for values in module.state_dict().values():
            values.zero_()
    return module, torch.zeros(1, *network.input, device=device)


def agreed(network: Network, said: Mapping[str, Any]) -> str:
    """What all say of a network, in a sentence; raises where somebody says something else."""
    ours: Trace = said[""]
    besides = []
    for each in PROGRAMS:
        count = each.read(said[each.name], ours)
        for what, mine, other in (
            ("parameters", ours.parameters, count.parameters),
            ("operations", ours.macs, count.products),
        ):
            if mine != other:
                raise RuntimeError(f"{network.name} has {mine:,} {what} by our count, {other:,} by {each.name}'s")
        if count.besides:
            besides.append(f"{each.name} counts {count.besides:,} besides")
    return f"{network.name}: {ours.parameters:,} parameters, {ours.macs:,} operations by all; {', '.join(besides)}."


def rows(taken: Mapping[str, Sequence[float]]) -> list[Row]:
    """Our time beside each of the others'."""
    return [
        Row(
            f"Parameters and operations of {len(NETWORKS)} networks, beside {each.name}",
            Series(tuple(taken[""]), "CPU-ms"),
            f"{each.package} {version(each.package)}",
            Series(tuple(taken[each.name]), "CPU-ms"),
            goals=(Goal("ratio", MOST),),
        )
        for each in PROGRAMS
    ]


def milliseconds(count: Callable[[], Any]) -> float:
    """CPU time of one count."""
    began = time.process_time()
    count()
    return 1000 * (time.process_time() - began)


def _biases(operation: object, shape: Sequence[int]) -> int:
    return prod(shape) if isinstance(operation, Conv | Dense) and operation.bias else 0
