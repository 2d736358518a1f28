"""Torchvision's detectors from a stand-in server: what they are, what they answer, and what is refused."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torchvision import models

from core.errors import CoreError, ShapeError
from core.models import pretrained_detectors
from core.models.pretrained_detectors import LIMBS, PRETRAINED, bones, classes, fetch, found, pretrained
from tests.core.models.shelf import shelf

PHOTO = np.random.default_rng(0).integers(0, 256, (60, 90, 3), dtype=np.uint8)


@pytest.mark.parametrize("each", PRETRAINED, ids=lambda each: each.name)
def test_says_of_each_what_torchvision_says(each: pretrained_detectors.Pretrained) -> None:
    meta = models.get_model_weights(each.name).DEFAULT.meta
    assert each.megabytes == pytest.approx(meta["_file_size"], abs=0.06)
    assert each.ap == pytest.approx(meta["_metrics"]["COCO-val2017"]["box_map"] / 100)
    assert classes(each.name)[:2] == ("ground", "person")


def test_brings_weights_and_answers_as_torchvision_does(tmp_path: Path) -> None:
    name = "ssdlite320_mobilenet_v3_large"
    with shelf(name) as address:
        net = fetch(name, address=address, folder=tmp_path)
    answer = found(net, PHOTO, least=0.0)
    with torch.no_grad():
        (theirs,) = net([torch.from_numpy(PHOTO).permute(2, 0, 1).float() / 255])
    assert len(answer) == len(theirs["boxes"]) > 0
    assert (np.diff(answer.scores) <= 0).all()
    np.testing.assert_allclose(np.sort(answer.scores), np.sort(theirs["scores"].double().numpy()))
    assert answer.boxes[:, [0, 2]].max() <= 90
    assert answer.labels.max() < len(classes(name))
    assert len(found(net, PHOTO, least=1.0)) == 0


def test_gives_masks_of_the_photos_size_and_brings_it_to_a_side(monkeypatch: pytest.MonkeyPatch) -> None:
    net = models.get_model("maskrcnn_resnet50_fpn", weights=None, weights_backbone=None, box_detections_per_img=3)
    answer = found(net.eval(), PHOTO, side=64, least=0.0)
    assert net.transform.min_size == (64,)
    assert answer.masks.shape == (len(answer), 60, 90)
    assert answer.joints.size == 0


def test_joins_the_joints_that_are_seen() -> None:
    joints = np.ones((2, 17, 3))
    joints[1, :, 2] = -1.0  # nobody there
    joints[0, 0, 2] = -1.0  # the nose, from which three lines go
    assert sum(0 in limb for limb in LIMBS) == 2
    assert len(bones(joints)) == len(LIMBS) - 2
    assert bones(np.zeros((0, 0, 0))) == []
    assert sorted({joint for limb in LIMBS for joint in limb}) == list(range(17))


def test_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    with pytest.raises(CoreError, match="pretrained detectors are ssdlite320"):
        pretrained("yolo")
    with pytest.raises(CoreError, match=r"cannot be reached\. The built-in models need no network"):
        fetch(PRETRAINED[0].name, address="http://127.0.0.1:9/weights.pth", folder=tmp_path)
    with pytest.raises(ShapeError):
        found(torch.nn.Identity(), PHOTO[:, :, 0])
