"""The two-stage detector: six losses that fall, answers in every form, and what its card says."""

from typing import cast

import numpy as np
import pytest
import torch

from core.data.scenes import CLASSES, JOINTS
from core.detect.boxes import intersection_over_union
from core.detect.found import Found
from core.detect.pictures import picture
from core.detect.regions.region_losses import NAMES
from core.detect.regions.region_scores import joints_found, mask_problem
from core.detect.regions.region_targets import truth_of
from core.detect.regions.two_stage import PERSON, found, joints_of, kept, looked
from core.detect.regions.two_stage_lessons import lessons
from core.detect.regions.two_stage_net import TwoStage, losses
from core.errors import LimitError, ShapeError
from core.measure.coco.scores import evaluate, numbers
from core.models.recipes.two_stage import RECIPE
from core.models.registry import card, load

SCENES = [picture("test", number) for number in range(3)]


def detector() -> TwoStage:
    return cast(TwoStage, load("two_stage"))


def test_finds_what_is_there() -> None:
    scene = SCENES[0]
    said = found(detector(), scene.image).above(0.5)
    assert said.masks.shape == (len(said), 96, 96)
    assert said.joints.shape == (len(said), len(JOINTS), 3)
    assert 0 <= said.masks.min() <= said.masks.max() <= 1
    hits = 0
    for target in scene.targets:
        shares = intersection_over_union(np.array([target.box]), said.boxes)[0]
        place = int(shares.argmax())
        if shares[place] > 0.6 and said.labels[place] == CLASSES.index(target.label):
            mask = said.masks[place] >= 0.5
            hits += bool((mask & target.mask).sum() / (mask | target.mask).sum() > 0.6)
    assert hits >= len(scene.targets) - 1


def test_what_it_says_of_its_stages_fits_together() -> None:
    said = looked(detector(), SCENES[1].image)
    things, proposals = len(said.found), len(said.proposals)
    assert 1 <= things <= proposals <= 100
    assert np.allclose(said.shares.sum(axis=1), 1, atol=1e-6)
    assert (np.diff(said.objectness) <= 0).all()
    np.testing.assert_array_equal(said.found.boxes, said.moved[said.source, said.found.labels])
    np.testing.assert_allclose(said.found.scores, said.shares[said.source, 1 + said.found.labels])
    assert said.cells.shape == (things, len(CLASSES), 14, 14)
    np.testing.assert_allclose(said.maps.sum(axis=(2, 3)), 1, atol=1e-5)
    assert not said.found.joints[said.found.labels != PERSON].any()


def test_finds_the_same_boxes_without_masks_and_joints() -> None:
    whole, boxes = found(detector(), SCENES[0].image), found(detector(), SCENES[0].image, details=False)
    np.testing.assert_array_equal(whole.boxes, boxes.boxes)
    np.testing.assert_array_equal(whole.labels, boxes.labels)
    np.testing.assert_array_equal(whole.scores, boxes.scores)
    assert (len(boxes.masks), len(boxes.joints)) == (0, 0)


def test_an_empty_picture_and_one_of_odd_sides_are_answered() -> None:
    grey = np.full((50, 67, 3), 0.5)
    assert isinstance(found(detector(), grey), Found)
    assert len(looked(detector(), grey, least=0.999999).found) == 0


def test_says_which_pictures_it_takes() -> None:
    with pytest.raises(ShapeError, match="sides of 32 to 640"):
        found(detector(), np.zeros((20, 96, 3)))


def test_suppression_looks_at_each_class_alone() -> None:
    box = torch.tensor([0.0, 0.0, 8.0, 8.0])
    shares = torch.tensor([[0.0, 0.5, 0.5], [0.1, 0.6, 0.3]])
    _, labels, scores, source = kept(shares, box.expand(2, 2, 4), least=0.2)
    assert sorted(zip(labels.tolist(), source.tolist(), strict=True)) == [(0, 1), (1, 0)]
    assert scores.tolist() == pytest.approx([0.6, 0.5])


def test_a_joint_comes_back_from_its_map() -> None:
    maps = np.zeros((1, 28, 28))
    maps[0, 4, 9] = 1.0
    assert joints_of(maps, np.array([0.0, 0.0, 28.0, 56.0]))[0].tolist() == [9.5, 9.0, 1.0]


@pytest.mark.parametrize("count", [6], ids=["S141-and-S155"])
def test_all_six_losses_teach_the_trunk(count: int) -> None:
    torch.manual_seed(0)
    net = TwoStage(channels=8)
    truths = [truth_of(scene.targets) for scene in SCENES]
    images = torch.from_numpy(np.stack([scene.image for scene in SCENES])).permute(0, 3, 1, 2) * 2 - 1
    parts = losses(net, images, truths, torch.Generator().manual_seed(0))
    assert tuple(parts) == NAMES
    assert len(parts) == count
    first = net.trunk.bottom_up.stem[0].weight
    for name, loss in parts.items():
        (slope,) = torch.autograd.grad(loss, first, retain_graph=True)
        assert slope.abs().sum() > 0, name


def test_the_first_lessons_teach() -> None:
    story = list(lessons(12, seed=0, channels=8))
    early, late = (sum(sum(each.values()) for each in part) for part in (story[:3], story[-3:]))
    assert late < 0.9 * early
    with pytest.raises(LimitError, match="1 to 200"):
        next(lessons(0, seed=0))


def test_perfect_answers_have_perfect_scores() -> None:
    said = [
        Found(
            np.array([target.box for target in scene.targets]),
            np.array([CLASSES.index(target.label) for target in scene.targets]),
            np.ones(len(scene.targets)),
            np.stack([target.mask for target in scene.targets]).astype(float),
            np.stack([np.zeros((14, 3)) if target.joints is None else target.joints for target in scene.targets]),
        )
        for scene in SCENES
    ]
    targets = [scene.targets for scene in SCENES]
    assert numbers(*evaluate(mask_problem(said, targets)))["AP"] == pytest.approx(1)
    assert joints_found(said, targets) == 1
    assert joints_found([each.taken(np.zeros(0, np.int64)) for each in said], targets) == 0


def test_the_card_keeps_its_promise() -> None:
    assert card("two_stage").score >= RECIPE.promise >= 0.9
