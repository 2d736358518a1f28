"""What the two stages are to learn, and that the learning does learn it."""

import numpy as np
import pytest
import torch
from torchvision.ops import box_iou

from core.data.scenes import JOINTS
from core.detect.pictures import picture
from core.detect.regions.pasting import cut_out
from core.detect.regions.region_targets import (
    joint_targets,
    mask_targets,
    objects_in,
    some,
    truth_of,
)

SCENE = next(scene for number in range(20) for scene in [picture("train", number)] if "person" in
             [target.label for target in scene.targets] and len(scene.targets) > 2)  # fmt: skip
TRUTH = truth_of(SCENE.targets)


def test_the_mirror_of_a_mirror_is_the_truth_and_hands_change_names() -> None:
    once = TRUTH.mirrored()
    twice = once.mirrored()
    for name in ("boxes", "masks", "joints", "labels"):
        torch.testing.assert_close(getattr(twice, name), getattr(TRUTH, name), msg=name)
    person = [target.label for target in SCENE.targets].index("person")
    right, left = (JOINTS.index(f"{side} wrist") for side in ("right", "left"))
    assert torch.equal(once.joints[person, left, 1:], TRUTH.joints[person, right, 1:])
    assert float(once.joints[person, left, 0] + TRUTH.joints[person, right, 0]) == pytest.approx(96)
    at = torch.nonzero(once.masks[person])
    x1, y1, x2, y2 = once.boxes[person].tolist()
    assert [float(at[:, 1].min()), float(at[:, 0].min())] == [x1, y1]
    assert [float(at[:, 1].max()) + 1, float(at[:, 0].max()) + 1] == [x2, y2]


def test_things_have_no_joints_that_are_seen() -> None:
    for place, target in enumerate(SCENE.targets):
        assert bool(TRUTH.joints[place, :, 2].any()) == (target.label == "person")


def test_lots_hold_no_more_things_than_allowed_and_never_what_is_left_out() -> None:
    wanted = torch.tensor([-1] * 50 + [-2] * 50 + [0, 1, 2, 3] * 10)
    for seed in range(5):
        chosen = some(wanted, 32, 8, torch.Generator().manual_seed(seed))
        assert len(chosen) == len(set(chosen.tolist())) == 32
        assert int((wanted[chosen] >= 0).sum()) == 8
        assert not (wanted[chosen] == -2).any()
    assert len(some(wanted[:3], 32, 8, torch.Generator())) == 3


def test_a_region_holds_the_thing_it_shares_most_with() -> None:
    boxes = torch.cat([TRUTH.boxes, TRUTH.boxes + 3, torch.tensor([[0.0, 0.0, 3.0, 3.0]])])
    held = objects_in(boxes, TRUTH.boxes)
    shares, nearest = box_iou(boxes, TRUTH.boxes).max(dim=1)
    assert held.tolist() == [int(at) if share >= 0.5 else -1 for share, at in zip(shares, nearest, strict=True)]
    assert objects_in(boxes, torch.zeros(0, 4)).tolist() == [-1] * len(boxes)


def test_masks_are_those_that_the_readable_way_cuts_out() -> None:
    inside = TRUTH.boxes + torch.tensor([-2.3, 1.2, 1.9, -0.7])
    inside = inside.clamp(0, 96)
    found = mask_targets(TRUTH.masks, inside, 14).numpy()
    for target, box, mask in zip(SCENE.targets, inside.double().numpy(), found, strict=True):
        by_hand = cut_out(target.mask, box)
        clear = np.abs(by_hand - 0.5) > 1e-5  # float32 may fall on either side
        np.testing.assert_array_equal(mask[clear], (by_hand >= 0.5)[clear])


def test_joints_count_only_where_they_are_seen_and_inside() -> None:
    boxes = TRUTH.boxes.clone()
    boxes[:, 3] = (boxes[:, 1] + boxes[:, 3]) / 2  # the lower halves are left out
    cells = joint_targets(TRUTH.joints, boxes, 28)
    for place in range(len(boxes)):
        x1, y1, x2, y2 = boxes[place].tolist()
        for joint, (x, y, seen) in enumerate(TRUTH.joints[place].tolist()):
            inside = x1 <= x < x2 and y1 <= y < y2
            assert bool(cells[place, joint, 2]) == bool(seen and inside)
