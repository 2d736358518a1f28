"""The first stage: its answers lie where its anchors do, and its proposals are those of a plain suppression."""

import pytest
import torch
from torchvision.ops import box_iou, clip_boxes_to_image

from core.detect.offsets import decode
from core.detect.regions.region_heads import BoxHead, JointHead, MaskHead, cut
from core.detect.regions.region_losses import UNITS
from core.detect.regions.region_proposals import KINDS, Proposer, anchors_of, proposed
from core.errors import ShapeError


def test_answers_stand_beside_their_anchors() -> None:
    proposer = Proposer(4)
    with torch.no_grad():
        for values in proposer.parameters():
            values.zero_()
        proposer.shared.weight[0, 0, 1, 1] = 1.0
        proposer.scores.weight[5, 0] = 1.0  # the sixth kind of anchor hears channel 0
        proposer.offsets.weight[4 * 5 + 2, 0] = 1.0  # and grows wider by it
        volume = torch.zeros(1, 4, 3, 5)
        volume[0, 0, 1, 3] = 2.0
        scores, offsets = proposer(volume)
    place = (1 * 5 + 3) * KINDS + 5
    assert scores.shape == (1, 3 * 5 * KINDS)
    assert offsets.shape == (1, 3 * 5 * KINDS, 4)
    assert scores[0].nonzero().flatten().tolist() == [place]
    assert offsets[0].nonzero().tolist() == [[place, 2]]
    assert float(offsets[0, place, 2]) == pytest.approx(2 * UNITS[2])
    middle = anchors_of(3, 5)[place].reshape(2, 2).mean(dim=0)
    assert middle.tolist() == [3.5 * 8, 1.5 * 8]


def test_proposals_are_those_of_a_plain_loop() -> None:
    dice = torch.Generator().manual_seed(0)
    bases = anchors_of(4, 4)
    scores = torch.randn(len(bases), generator=dice)
    offsets = 0.2 * torch.randn(len(bases), 4, generator=dice)
    boxes, kept_scores = proposed(scores, offsets, bases, (32, 32), most=8)
    moved, left = clip_boxes_to_image(decode(offsets, bases), (32, 32)), list[int]()
    for place in scores.argsort(descending=True).tolist():
        x1, y1, x2, y2 = moved[place].tolist()
        if len(left) == 8:
            break
        if x2 - x1 < 2 or y2 - y1 < 2:
            continue
        if all(float(box_iou(moved[place][None], moved[other][None])) <= 0.7 for other in left):
            left.append(place)
    assert torch.equal(boxes, moved[left])
    assert torch.equal(kept_scores, scores[left])
    with pytest.raises(ShapeError, match="need scores"):
        proposed(scores, offsets[:3], bases, (32, 32))


def test_heads_answer_for_every_region_in_order() -> None:
    volume = torch.arange(2 * 3 * 24 * 24.0).reshape(2, 3, 24, 24)
    boxes = [torch.tensor([[0.0, 0.0, 32.0, 32.0]]), torch.tensor([[8.0, 8.0, 40.0, 24.0], [0.0, 0.0, 96.0, 96.0]])]
    features = cut(volume, boxes, 7, stride=4)
    alone = cut(volume[1:], boxes[1:], 7, stride=4)
    assert features.shape == (3, 3, 7, 7)
    assert torch.equal(features[1:], alone)
    scores, offsets = BoxHead(3, 5)(features)
    assert (scores.shape, offsets.shape) == ((3, 6), (3, 5, 4))
    fine = cut(volume, boxes, 14, stride=4)
    assert MaskHead(3, 5)(fine).shape == (3, 5, 14, 14)
    assert JointHead(3, 14)(fine).shape == (3, 14, 28, 28)
    assert MaskHead(3, 5)(fine[:0]).shape == (0, 5, 14, 14)
