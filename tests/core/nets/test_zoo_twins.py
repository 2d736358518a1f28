"""The zoo beside torchvision: as many parameters, and with the same weights the same answer."""

import pytest
import torch
import torchvision
from torch import Tensor, nn

from core.nets import zoo
from core.nets.build import build
from core.nets.trace import Trace, trace

SLOW = pytest.mark.slow
TWINS = [  # ours, theirs, what theirs is told, the side of the image
    pytest.param("alexnet-2014", "alexnet", {}, 224, marks=SLOW),
    pytest.param("vgg13", "vgg13", {}, 224, marks=SLOW),
    pytest.param("vgg16", "vgg16", {}, 224, marks=SLOW),
    pytest.param("vgg19", "vgg19", {}, 224, marks=SLOW),
    ("googlenet-torchvision", "googlenet", {"aux_logits": False, "init_weights": False}, 65),
    ("googlenet-torchvision-heads", "googlenet", {"aux_logits": True, "init_weights": False}, 224),
    ("resnet18", "resnet18", {}, 65),
    ("resnet34", "resnet34", {}, 65),
    ("resnet50", "resnet50", {}, 65),
    pytest.param("resnet101", "resnet101", {}, 65, marks=SLOW),
    pytest.param("resnet152", "resnet152", {}, 65, marks=SLOW),
    ("densenet121", "densenet121", {}, 65),
    ("densenet169", "densenet169", {}, 65),
    ("densenet201", "densenet201", {}, 65),
    ("mobilenet-v2", "mobilenet_v2", {}, 65),
    ("efficientnet-b0", "efficientnet_b0", {}, 65),
    ("inception-v3", "inception_v3", {"aux_logits": False, "init_weights": False}, 96),
]


@pytest.mark.parametrize(("ours", "theirs", "told", "side"), TWINS)
def test_answers_as_torchvision_does(ours: str, theirs: str, told: dict[str, bool], side: int) -> None:
    with torch.device("meta"):
        twin = getattr(torchvision.models, theirs)(**told)
    traced = trace(zoo.network(ours), (3, side, side))
    assert traced.parameters == sum(weights.numel() for weights in twin.parameters())
    twin, module = drawn(twin), build(traced, device="meta").to_empty(device="cpu").eval()
    copy(twin, module)
    images = torch.randn(2, 3, side, side, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        right, found = twin(images), logits(traced, module, images)
    assert found.shape == right.shape
    assert right.std() > 1e-3  # random weights must say something
    torch.testing.assert_close(found, right, rtol=1e-3, atol=float(right.abs().max()) * 1e-5)


def drawn(module: nn.Module) -> nn.Module:
    """A module with random weights, and statistics as if it had seen something."""
    module, source = module.to_empty(device="cpu").eval(), torch.Generator().manual_seed(0)
    for key, value in module.state_dict().items():
        if key.endswith("running_var") or (key.endswith("weight") and value.ndim == 1):
            value.uniform_(0.5, 1.5, generator=source)
        elif value.ndim > 1:
            value.normal_(0, (2 / value[0].numel()) ** 0.5, generator=source)
        elif value.is_floating_point():
            value.normal_(0, 0.1, generator=source)
    return module


def copy(giver: nn.Module, taker: nn.Module) -> None:
    """Weights and statistics across, in the order in which both registered them."""
    taken = taker.state_dict().values()
    for value, place in zip(giver.state_dict().values(), taken, strict=True):
        assert value.numel() == place.numel()
        place.copy_(value.reshape(place.shape))


def logits(traced: Trace, module: nn.Module, images: Tensor) -> Tensor:
    """What goes into the last softmax, which torchvision leaves out."""
    if isinstance(module, nn.Sequential):
        return module[:-1](images)
    wanted = traced.rows[-1].of[0]
    return next(volume for name, volume in module.steps(images) if name == wanted)


@pytest.mark.parametrize(
    ("name", "statistics", "count"),
    [
        pytest.param("nin", False, 966_986, id="nin"),
        pytest.param("googlenet", False, 6_998_552, id="N104-googlenet"),
        pytest.param("resnet20", False, 269_722, id="resnet20"),
        pytest.param("resnet56", False, 853_018, id="resnet56"),
        pytest.param("plain56", False, 853_018, id="plain56"),
        pytest.param("fractalnet", False, 33_724_618, id="fractalnet"),
        pytest.param("fcn-32s", False, 136_152_917, id="fcn32"),
        pytest.param("unet", False, 31_030_658, id="unet"),
        pytest.param("mobilenet", True, 4_253_864, id="N207-mobilenet"),
        pytest.param("mobilenet-v2", True, 3_538_984, id="N208-mobilenet-v2"),
        pytest.param("xception", True, 22_910_480, id="N196-xception"),
        pytest.param("inception-v3-keras", True, 23_851_784, id="N205-inception-v3"),
        pytest.param("inception-resnet-v2", True, 55_873_736, id="N206-inception-resnet-v2"),
        pytest.param("resnet50-keras", True, 25_636_712, id="N199-resnet50"),
        pytest.param("resnet101-keras", True, 44_707_176, id="N201-resnet101"),
        pytest.param("resnet152-keras", True, 60_419_944, id="N203-resnet152"),
        pytest.param("resnet50-v2", True, 25_613_800, id="N200-resnet50-v2"),
        pytest.param("resnet101-v2", True, 44_675_560, id="N202-resnet101-v2"),
        pytest.param("resnet152-v2", True, 60_380_648, id="N204-resnet152-v2"),
        pytest.param("densenet121", True, 8_062_504, id="N209-densenet121"),
        pytest.param("densenet169", True, 14_307_880, id="N210-densenet169"),
        pytest.param("densenet201", True, 20_242_984, id="N211-densenet201"),
    ],
)
def test_has_the_published_count(name: str, statistics: bool, count: int) -> None:
    """Keras counts what normalisations keep without learning it; the others do not."""
    traced = trace(zoo.network(name))
    assert traced.parameters + (traced.statistics if statistics else 0) == count
