"""Four pipelines with the same weights: what theory says is the same is the same, and what they cost."""

from typing import cast

import numpy as np
import pytest

from core.detect.boxes import intersection_over_union
from core.detect.found import problem
from core.detect.pictures import picture
from core.detect.regions.box_regression import beside, moved, overlaps_with, wanted
from core.detect.regions.family import MISLED, SIDES, STEPS, fast, faster, r_cnn, share_of
from core.detect.regions.two_stage import looked
from core.detect.regions.two_stage_net import TwoStage
from core.errors import LimitError, ShapeError
from core.measure.coco.scores import evaluate, numbers
from core.models.registry import load

SCENE = picture("test", 0)


def detector() -> TwoStage:
    return cast(TwoStage, load("two_stage"))


@pytest.mark.parametrize("number", range(3))
def test_fast_and_faster_agree_on_the_same_regions(number: int) -> None:
    image = picture("test", number).image
    whole = faster(detector(), image, most=40)
    given = fast(detector(), image, whole.regions)
    for name in ("boxes", "labels", "scores"):
        np.testing.assert_array_equal(getattr(given.found, name), getattr(whole.found, name), err_msg=name)
    assert given.cost.passes == whole.cost.passes == 1
    assert given.cost.pixels == whole.cost.pixels == 96 * 96
    assert given.cost.regions == whole.cost.regions == len(whole.regions) <= 40


def test_mask_r_cnn_adds_masks_and_changes_no_box() -> None:
    plain, masked = faster(detector(), SCENE.image), faster(detector(), SCENE.image, masks=True)
    np.testing.assert_array_equal(plain.found.boxes, masked.found.boxes)
    assert len(masked.found.masks) == len(masked.found) > 0 == len(plain.found.masks)
    np.testing.assert_allclose(masked.found.masks, looked(detector(), SCENE.image).found.masks)


def test_r_cnn_runs_its_trunk_for_every_region_and_answers_otherwise() -> None:
    regions = faster(detector(), SCENE.image, most=30).regions
    slow, once = r_cnn(detector(), SCENE.image, regions, side=48), fast(detector(), SCENE.image, regions)
    assert slow.cost.passes == len(regions) == 30
    assert slow.cost.pixels == 30 * 48 * 48
    assert not np.array_equal(slow.found.boxes, once.found.boxes)


def test_the_steps_are_timed() -> None:
    cost = faster(detector(), SCENE.image).cost
    assert tuple(cost.seconds) == STEPS
    assert all(seconds > 0 for seconds in cost.seconds.values())
    assert sum(share_of(cost).values()) == pytest.approx(1)


def test_says_how_many_regions_it_takes() -> None:
    with pytest.raises(ShapeError, match="at least one region"):
        fast(detector(), SCENE.image, np.zeros((0, 4)))
    with pytest.raises(LimitError, match="at most 400"):
        r_cnn(detector(), SCENE.image, np.tile([0.0, 0.0, 9.0, 9.0], (401, 1)))
    with pytest.raises(LimitError, match="16 to 256"):
        r_cnn(detector(), SCENE.image, np.array([[0.0, 0.0, 9.0, 9.0]]), side=8)


def test_a_trained_detector_moves_proposals_onto_their_things() -> None:
    better, every = 0, 0
    for number in range(4):
        scene = picture("test", number)
        for target in scene.targets:
            if target.seen < 0.9:
                continue
            box = np.array(target.box)
            near = np.stack([beside(box, right=x, down=y, wider=0.1, taller=-0.1) for x in (-0.2, 0.2)
                             for y in (-0.15, 0.15)])  # fmt: skip
            after = moved(detector(), scene.image, near)
            before, then = overlaps_with(near, box), overlaps_with(after.boxes, box)
            better += int((then > before).sum())
            every += len(near)
    assert better / every > 0.9


def test_offsets_lead_from_the_proposal_to_the_box() -> None:
    box = np.array([10.0, 20.0, 30.0, 80.0])
    proposal = beside(box, right=0.25, down=-0.5, wider=1.0, taller=0.0)
    assert wanted(box, proposal) == pytest.approx([-0.25 / 2, 0.5, np.log(1 / 2), 0])
    assert intersection_over_union(box[None], proposal[None])[0, 0] < 1
    with pytest.raises(ShapeError, match="a width and a height"):
        beside(box, right=0, down=0, wider=-1, taller=0)


@pytest.mark.slow
@pytest.mark.parametrize("side", SIDES)
def test_resized_regions_mislead_a_trunk_as_far_as_is_said(side: int) -> None:
    scenes = [picture("validation", number) for number in range(40)]
    targets = [scene.targets for scene in scenes]
    whole = [faster(detector(), scene.image, most=60) for scene in scenes]
    slow = [r_cnn(detector(), scene.image, walk.regions, side=side) for scene, walk in zip(scenes, whole, strict=True)]
    reached = [numbers(*evaluate(problem([walk.found for walk in walks], targets)))["AP50"] for walks in (whole, slow)]
    assert reached == pytest.approx([1.0, MISLED[side]], abs=0.02)
