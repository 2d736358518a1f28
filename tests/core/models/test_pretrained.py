"""The pretrained network: what it says of the bundled photos, and what must be done to a photo before."""

import builtins
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import timm
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.gallery import gallery
from core.data.photos import COLLECTION, NAMES, PHOTOS, grey_photo, photo, picture
from core.errors import CoreError
from core.models.pretrained import (
    FITS,
    folded,
    framed,
    imagenet_classes,
    lite0,
    prepared,
    probabilities,
    scaled,
    unpacked,
)


def said(name: str, **how: str) -> tuple[str, float]:
    row = probabilities(prepared(framed(photo(name))[None], **how))[0]
    return imagenet_classes()[int(row.argmax())], float(row.max())


@pytest.mark.parametrize(
    ("name", "wanted", "least"),
    [("coffee", "espresso", 0.9), ("camera", "tripod", 0.9), ("cat", "tiger cat", 0.3), ("flower", "daisy", 0.3)],
)
def test_knows_what_is_on_the_photos(name: str, wanted: str, least: float) -> None:
    label, sure = said(name)
    assert label == wanted
    assert sure >= least


def test_loses_its_confidence_with_raw_bytes() -> None:
    assert said("coffee", scaling="0 to 255")[0] != "espresso"
    assert said("coffee", scaling="0 to 1")[0] == "espresso"


def test_is_the_network_of_timm_with_fixed_weights() -> None:
    """Twin: timm's module takes our weights by name, and says the same of photos and of odd sizes."""
    theirs = timm.create_model("tf_efficientnet_lite0", pretrained=False)
    theirs.load_state_dict(lite0().state_dict(), strict=True)
    drawn = torch.rand(1, 3, 97, 150, generator=torch.Generator().manual_seed(0)) * 2 - 1
    with torch.no_grad():
        for inputs in (prepared(np.stack([framed(photo(name)) for name in ("coffee", "camera", "cat")])), drawn):
            wanted = theirs.eval().forward_features(inputs)
            torch.testing.assert_close(lite0().forward_features(inputs), wanted, atol=1e-5, rtol=0)
            torch.testing.assert_close(lite0()(inputs), theirs(inputs), atol=1e-5, rtol=0)
    assert not lite0().training
    assert not any(values.requires_grad for values in lite0().parameters())
    assert sum(values.numel() for values in lite0().parameters()) == 4_652_008


def test_the_folded_one_says_the_same() -> None:
    drawn = torch.rand(2, 3, 97, 150, generator=torch.Generator().manual_seed(0)) * 2 - 1
    quick: Any = folded()
    assert not any(isinstance(part, torch.nn.BatchNorm2d) for part in quick.modules())
    with torch.no_grad():
        for inputs in (prepared(np.stack([framed(photo(name)) for name in ("coffee", "camera", "cat")])), drawn):
            before = inputs.clone()
            wanted = lite0()(inputs)
            torch.testing.assert_close(quick(inputs), wanted, atol=1e-4, rtol=0)
            torch.testing.assert_close(
                quick.forward_features(inputs), lite0().forward_features(inputs), atol=1e-4, rtol=0
            )
            assert torch.equal(inputs, before)
    assert not quick.training
    assert not any(values.requires_grad for values in quick.parameters())


def test_names_the_classes_as_torchvision_does() -> None:
    from torchvision.models import EfficientNet_B0_Weights

    assert list(imagenet_classes()) == EfficientNet_B0_Weights.DEFAULT.meta["categories"]


def test_needs_neither_timm_nor_torchvision_to_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    known = builtins.__import__

    def light(name: str, *others: Any, **more: Any) -> ModuleType:
        assert not name.startswith(("timm", "torchvision", "torch._dynamo")), name
        return known(name, *others, **more)

    monkeypatch.setattr(builtins, "__import__", light)
    assert sum(values.numel() for values in unpacked().parameters()) == 4_652_008
    assert len(imagenet_classes.__wrapped__()) == 1000


@given(st.integers(0, 255))
def test_scales_and_can_be_undone(value: int) -> None:
    pixel = np.array([value], dtype=np.uint8)
    assert scaled(pixel)[0] == pytest.approx(value / 127.5 - 1)
    assert scaled(pixel, "0 to 1")[0] * 255 == pytest.approx(value)
    assert scaled(pixel, "0 to 255")[0] == value


def test_scales_like_the_lecture_N167() -> None:
    from core.nets.zoo.mobilenet import scaled as lecture

    drawn = np.arange(256, dtype=np.uint8)
    np.testing.assert_allclose(scaled(drawn), lecture(drawn.astype(float)))


def test_crops_as_torchvision_does() -> None:
    from PIL import Image
    from torchvision.transforms import functional
    from torchvision.transforms.functional import InterpolationMode

    for name in ("cat", "camera", "letters"):
        resized = functional.resize(Image.fromarray(photo(name)), 256, InterpolationMode.BICUBIC)
        theirs = np.asarray(functional.center_crop(resized, [224, 224])).astype(int)
        ours = framed(photo(name)).astype(int)
        assert np.median(np.abs(ours - theirs)) <= 8, name  # the same square, up to a pixel of rounding


@settings(max_examples=20)
@given(st.integers(1, 90), st.integers(1, 90), st.sampled_from(FITS))
def test_makes_a_square_of_anything(height: int, width: int, fit: str) -> None:
    assert framed(np.zeros((height, width, 3), dtype=np.uint8), fit, side=28).shape == (28, 28, 3)


def test_keeps_the_whole_photo_when_it_pads() -> None:
    wide = np.zeros((50, 100, 3), dtype=np.uint8)
    square = framed(wide, "pad", side=100)
    assert (square[25:75] == 0).all()
    assert (square[:20] == 128).all()


def test_exchanges_red_and_blue() -> None:
    red = np.zeros((1, 2, 2, 3), dtype=np.uint8)
    red[..., 0] = 255
    assert prepared(red, order="BGR")[0, :, 0, 0].tolist() == [-1, -1, 1]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: scaled(np.zeros(1, dtype=np.uint8), "0 to 2"), "-1 to 1"),
        (lambda: framed(np.zeros((2, 2), dtype=np.uint8)), "H, W, 3"),
        (lambda: framed(np.zeros((0, 2, 3), dtype=np.uint8)), "H, W, 3"),
        (lambda: framed(np.zeros((2, 2, 3))), "of bytes"),
        (lambda: framed(np.zeros((2, 2, 3), dtype=np.uint8), "stretch"), "crop, squeeze, pad"),
        (lambda: prepared(np.zeros((2, 2, 3), dtype=np.uint8)), "N, S, S, 3"),
        (lambda: prepared(np.zeros((1, 2, 2, 3), dtype=np.uint8), order="GBR"), "RGB or BGR"),
        (lambda: photo("dog"), "cat, coffee"),
        (lambda: grey_photo("cat", 8), "pagoda, flower"),
    ],
)
def test_says_what_would_fit(call, says: str) -> None:
    with pytest.raises(CoreError, match=says):
        call()


def test_every_photo_is_there_and_free() -> None:
    assert len(set(NAMES)) == len(COLLECTION)
    for known in COLLECTION:
        pixels = photo(known.name)
        assert pixels.dtype == np.uint8
        assert pixels.ndim == 3
        assert not pixels.flags.writeable
        assert known.credit
        assert known.licence in ("CC0 1.0", "public domain", "CC BY 2.0", "no known restrictions")
        assert known.grey == bool((pixels == pixels[..., :1]).all())
    assert set(PHOTOS) <= set(NAMES)
    assert [each.name for each in COLLECTION if each.licence == "CC BY 2.0"] == ["pagoda", "flower"]
    assert picture("cat").shows == "a tabby cat"


def test_the_gallery_has_names_of_its_own() -> None:
    names = [piece.name for piece in gallery()]
    assert len(set(names)) == len(names)
