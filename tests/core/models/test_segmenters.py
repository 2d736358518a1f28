"""The built-in segmenters: what ships does what its card says, finer nets are finer, and border weights part cells."""

import time
from pathlib import Path

import numpy as np
import pytest

from core.data.cells import cells
from core.errors import CoreError, LimitError, ShapeError
from core.measure.segmentation import counted, ious, mean_iou
from core.models import cell_net, pretrained_segmenters, registry, segmenters, store
from core.models.cell_net import SIDE, cell_mask, middle_mask, mirrored
from core.models.recipes import fcn as fcn_recipe
from core.models.recipes import unet as unet_recipe
from core.models.segmenters import NAMES, answers, judged, labelled
from core.segment.fcn import FINEST
from core.segment.unet_cells import Found
from tests.core.models.shelf import shelf


@pytest.mark.parametrize("name", ["fcn", "unet", "unet_plain"])
def test_ships_what_the_card_says(name: str) -> None:
    card, recipe = registry.card(name), registry.recipe(name)
    content = store.weights_path(name).read_bytes()
    assert store.fingerprint(content) == card.sha256
    assert len(content) == card.size < 3_000_000
    assert (card.classes, card.measure, card.data) == (recipe.classes, recipe.measure, recipe.data)
    assert card.score >= card.promise == recipe.promise >= 0.9
    assert sum(values.numel() for values in registry.load(name).parameters()) == card.parameters


def total(difficulty: segmenters.Difficulty, count: int) -> dict:
    family, found = registry.load("fcn"), {}
    for number in range(count):
        scene = labelled("test", number, difficulty)
        for finest in FINEST:
            each = judged(answers(family.net(finest), scene.image), scene.labels)
            found[finest] = found[finest] + each if finest in found else each
    return found


def test_the_finer_the_net_the_better_its_borders() -> None:
    for difficulty, least in (("plain", 0.2), ("hard", 0.2)):
        found = total(difficulty, 6)
        whole = [mean_iou(found[finest].whole) for finest in FINEST]
        near = [mean_iou(found[finest].near) for finest in FINEST]
        assert whole == sorted(whole), (difficulty, whole)
        assert near == sorted(near), (difficulty, near)
        assert near[-1] - near[0] > least, (difficulty, near)
        assert near[-1] < whole[-1]


@pytest.mark.slow
def test_reaches_the_scores_of_its_card() -> None:
    module = registry.load("fcn")
    assert fcn_recipe.score(module) == pytest.approx(registry.card("fcn").score, abs=0.005)
    hard = total("hard", 30)[8]
    assert mean_iou(hard.whole) > 0.72


def test_answers_a_scene_within_300_milliseconds() -> None:
    image, net = labelled("test", 0, "plain").image, registry.load("fcn")
    picture, cell = cells("test", 0, side=SIDE).image, registry.load("unet")
    for ask in (lambda: answers(net, image), lambda: cell_mask(cell, picture)):
        took = []
        for _ in range(5):
            began = time.process_time()
            ask()
            took.append(time.process_time() - began)
        assert np.median(took) < 0.3


def test_called_it_is_the_finest_of_the_three() -> None:
    family, image = registry.load("fcn"), labelled("test", 1, "hard").image
    np.testing.assert_array_equal(answers(family, image), answers(family.net(8), image))
    assert (answers(family.net(32), image) != answers(family, image)).any()
    wide = np.concatenate([image, image[:, :96]], axis=1)
    assert answers(family, wide).shape == (224, 320)


def test_pools_and_looks_near_borders() -> None:
    scene = labelled("test", 2, "plain")
    shifted = np.roll(scene.labels, 2, axis=1)
    found = judged(shifted, scene.labels)
    assert mean_iou(found.near) < mean_iou(found.whole) < 1
    both = found + judged(scene.labels, scene.labels)
    assert both.whole.sum() == 2 * 224 * 224
    np.testing.assert_allclose(ious(both.whole), ious(found.whole + counted(scene.labels, scene.labels, len(NAMES))))


def test_the_same_training_gives_the_same_family(monkeypatch) -> None:
    import torch

    monkeypatch.setattr(fcn_recipe, "LEARNED", 1)
    monkeypatch.setattr(fcn_recipe, "STEPS", {32: 2, 16: 1, 8: 1})
    monkeypatch.setattr(fcn_recipe, "BATCH", 2)
    monkeypatch.setattr(fcn_recipe, "CROP", 64)
    said: list[str] = []
    before = torch.get_rng_state()
    one, other = (fcn_recipe.train(lambda done, what: said.append(what)) for _ in range(2))
    assert torch.equal(before, torch.get_rng_state())  # nobody else's random numbers
    assert [line.partition(",")[0] for line in said[1:4]] == ["FCN-32s", "FCN-16s", "FCN-8s"]
    for name, values in one.state_dict().items():
        assert torch.equal(values, other.state_dict()[name]), name
    for coarser, finer in ((32, 16), (16, 8)):  # one step away from what the coarser one learned
        kept, grown = (one.net(each).state_dict()["stages.2.0.0.weight"] for each in (coarser, finer))
        assert 0 < float((kept - grown).abs().max()) < 0.01


def test_turns_picture_and_labels_together() -> None:
    import torch

    images, labels = segmenters.many("train", 2, "plain")
    marked = np.repeat((labels * 40).astype(np.uint8)[..., None], 3, axis=3)
    batch, wanted = fcn_recipe.pieces(marked, torch.from_numpy(labels), torch.Generator().manual_seed(5))
    assert images.dtype == np.uint8
    assert torch.equal(((batch[:, 0] + 1) * 127.5 / 40).round().long(), wanted)
    assert wanted.float().std() > 0


def test_the_loss_of_a_perfect_answer_is_nothing() -> None:
    import torch

    truth = torch.tensor([[[0, 1], [2, 2]]])
    sure = torch.nn.functional.one_hot(truth, 3).permute(0, 3, 1, 2) * 50.0
    assert float(fcn_recipe.loss(sure, truth)) == pytest.approx(0, abs=1e-6)
    assert float(fcn_recipe.loss(-sure, truth)) > 10


def test_a_heavy_pixel_counts_more() -> None:
    import torch

    scores, labels = torch.tensor([[[[2.0, 0.0]], [[0.0, 0.0]]]]), torch.tensor([[[0, 0]]])
    losses = torch.nn.functional.cross_entropy(scores, labels, reduction="none").flatten()
    weighed = unet_recipe.loss(scores, labels, torch.tensor([[[3.0, 1.0]]]))
    assert float(weighed) == pytest.approx(float(3 * losses[0] + losses[1]) / 4)


def test_border_weights_part_touching_cells() -> None:
    found = {}
    for name in ("unet", "unet_plain"):
        fits = [cell_net.counted(registry.load(name), cells("test", number, side=SIDE)) for number in range(12)]
        found[name] = sum(fits[1:], start=fits[0])
    assert found["unet"].f1 > 0.9, found
    assert found["unet"].right > found["unet_plain"].right, found
    assert found["unet"].cells == found["unet_plain"].cells
    assert isinstance(found["unet"], Found)


def test_a_mirrored_picture_is_answered_whole_and_its_middle_alike() -> None:
    net, image = registry.load("unet"), cells("test", 1, side=SIDE).image
    assert mirrored(image).shape == (168, 168)
    np.testing.assert_array_equal(mirrored(image)[20:148, 20:148], image)
    whole, middle = cell_mask(net, image), middle_mask(net, image)
    assert whole.shape == (128, 128)
    np.testing.assert_array_equal(whole[20:108, 20:108], middle)
    with pytest.raises(ShapeError, match="square"):
        mirrored(np.zeros((8, 9), dtype=np.float32))


def test_says_which_scenes_there_are() -> None:
    with pytest.raises(CoreError, match="plain or hard"):
        labelled("test", 0, "medium")  # type: ignore[arg-type]
    with pytest.raises(LimitError):
        segmenters.many("train", 0, "plain")
    with pytest.raises(LimitError):
        cell_net.lessons("train", 0, w_0=1.0)


def test_takes_torchvisions_nets_from_wherever_they_lie(tmp_path: Path) -> None:
    name, told = "lraspp_mobilenet_v3_large", list[float]()
    with shelf(name) as address:
        net = pretrained_segmenters.fetch(
            name, address=address, folder=tmp_path, progress=lambda done, what: told.append(done)
        )
    assert told == sorted(told)
    assert told[-1] == 1.0
    photo = np.random.default_rng(0).integers(0, 256, (50, 70, 3), dtype=np.uint8)
    labels = pretrained_segmenters.answers(net, photo, side=64)
    assert labels.shape == (50, 70)
    assert labels.max() < len(pretrained_segmenters.classes())
    with pytest.raises(CoreError, match=r"cannot be reached\. The built-in models need no network"):
        pretrained_segmenters.fetch(name, address=address, folder=tmp_path / "empty")
    with pytest.raises(CoreError, match="pretrained nets are"):
        pretrained_segmenters.fetch("fcn_resnet")
    with pytest.raises(ShapeError):
        pretrained_segmenters.answers(net, photo[:, :, 0])
