"""Choices between numbers: the right one is what core computes, and no wrong option is."""

import re
from fractions import Fraction
from math import log

import numpy as np
import pytest
import torch

from core.augment.mixup import mixed_loss, mixup, one_hot
from core.blocks.dense import connections
from core.detect.anchors import outputs
from core.detect.boxes import intersection_over_union
from core.detect.corner.corner_pooling import top_left
from core.detect.corner.embedding import push
from core.detect.dense.levels import SSD300, level_of, total
from core.detect.forms import last_pixels
from core.detect.offsets import encode
from core.detect.regions.roi import pooled_spans, roi_pool, spatial_pyramid
from core.detect.suppression import weight
from core.detect.windows.proposal_recall import recall
from core.detect.windows.sliding import parts
from core.learning.losses import quadratic, quadratic_by_value
from core.measure.detection import at_recalls, average_precision, eleven_point_sum, precision_recall
from core.measure.segmentation import mean_iou, pixel_accuracy
from core.models.pretrained import scaled
from core.segment.unet import output_side
from core.units.activations import softmax
from syllabus.questions import question


def overlap(first, second):
    return intersection_over_union(np.array([first], dtype=float), np.array([second], dtype=float)).item()


def perfect():
    """A curve that never leaves 1."""
    return np.ones(10), np.arange(1, 11) / 10


def windows(stride):
    return sum(part.count for part in parts((1000, 2000), (224, 224), stride=stride))


def offsets(box, base):
    return encode(torch.tensor([box]), torch.tensor([base]))[0].tolist()


def all_ground():
    counts = np.array([[95, 0], [5, 0]])
    return [pixel_accuracy(counts), mean_iou(counts)]


def read_as_edges():
    whole = np.array([[0.0, 0.0, 3.0, 3.0]])
    return intersection_over_union(last_pixels(whole), whole).item()


def twice_as_far():
    near, far, wanted = np.array([2.0]), np.array([4.0]), np.zeros(1)
    return [
        (quadratic(far, wanted) / quadratic(near, wanted)).item(),
        (quadratic_by_value(far, wanted) / quadratic_by_value(near, wanted)).item(),
    ]


def where_recall_is_half():
    precision, reached = precision_recall(np.array([True, False, True, False]), 4)
    return at_recalls(precision, reached, np.array([0.5])).item()


def corner():
    across = np.array([[0.0, 0.0, 5.0, 1.0], [0.0, 0.0, 0.0, 0.0]])
    along = np.array([[0.0, 0.0, 0.0, 0.0], [0.0, 4.0, 0.0, 0.0]])
    return top_left(across, along)[0, 1]


def per_cell():
    one = outputs(1, 1, 4 * 5)
    return one.scores + one.offsets


def hit_by_ten():
    """APs at 0.5 and 0.75 where all ten things are found with an IoU of 0.7."""
    found = [np.full(10, overlap([0, 0, 10, 7], [0, 0, 10, 10]) >= at) for at in (0.5, 0.75)]
    return [average_precision(*precision_recall(hits, 10)) for hits in found]


RECOMPUTED = {
    "Q143": lambda: mixup(np.eye(3)[:2], one_hot(np.array([0, 1]), 3), 0.7, np.array([1, 0]))[1][0].tolist(),
    "Q228": lambda: scaled(np.array([[[204] * 3]], dtype=np.uint8)).ravel()[0],
    "Q237": twice_as_far,
    "Q240": lambda: mixed_loss(np.array([0.5, 0.5]), np.array([0.5, 0.5])),
    "Q344": lambda: [output_side(700)] * 2,
    "Q361": all_ground,
    "Q401": lambda: overlap([20, 60, 60, 100], [40, 60, 80, 100]),
    "Q402": lambda: overlap([40, 40, 120, 120], [50, 60, 90, 100]),
    "Q405": read_as_edges,
    "Q409": lambda: 0.8 * weight(0.6, threshold=0.5, way="linear"),
    "Q411": per_cell,
    "Q421": lambda: roi_pool(np.zeros((512, 40, 40)), np.array([0.0, 0, 80, 300]), (7, 7), scale=1 / 16).size,
    "Q422": lambda: 16 * pooled_spans(40 / 16, 20, 7, 40)[0, 0],
    "Q424": lambda: spatial_pyramid(np.zeros((256, 13, 13)), (1, 2, 4)).size,
    "Q435": lambda: 100 * recall(np.array([[0.9] * 9 + [0.1]]), 0.5).item(),
    "Q461": lambda: level_of(np.array([112.0]), np.array([112.0])).item(),
    "Q462": lambda: total(SSD300),
    "Q492": corner,
    "Q494": lambda: push(np.array([0.2, 0.5]), np.array([0.4, 0.9])),
    "Q518": where_recall_is_half,
    "Q520": hit_by_ten,
    "Q93": lambda: connections(6),
    "E19": lambda: eleven_point_sum(*perfect()),
}


def numbers(option):
    """All numbers of an option, fractions worked out and thousands joined."""
    found = re.findall(r"-?\d+/\d+|-?\d[\d,]*(?:\.\d+)?", option)
    return [float(Fraction(each.replace(",", ""))) if "/" in each else float(each.replace(",", "")) for each in found]


@pytest.mark.parametrize("id", RECOMPUTED)
def test_has_the_option_that_core_computes_and_no_other(id):
    asked, value = question(id), RECOMPUTED[id]()
    values = value if isinstance(value, list) else [value]
    fits = [
        option
        for option in asked.options
        if len(numbers(option)) == len(values) and numbers(option) == pytest.approx(values, abs=0.005)
    ]
    assert fits == [asked.answer]
    assert asked.kind == "choice"


def test_has_the_logarithms_that_core_computes():
    _, _, wider, _ = offsets([0.0, 0, 100, 40], [0.0, 0, 50, 40])
    assert wider == pytest.approx(log(2))
    assert question("Q404").answer == "log 2 = 0.693"
    right, _, narrower, _ = offsets([30.0, 0, 50, 40], [20.0, 0, 60, 40])
    assert (right, narrower) == pytest.approx((0, log(1 / 2)))
    assert question("Q473").answer == "0 and log(1/2)"


def test_has_four_times_as_many_windows_at_half_the_stride():
    assert question("Q428").answer == f"{round(windows(16) / windows(32))} times"


def test_has_the_scores_with_the_same_probabilities_and_no_others():
    said = softmax(np.array([1.0, 2.0, 3.0]))
    same = [each for each in question("Q83").options if np.allclose(softmax(np.array(numbers(each))), said)]
    assert same == [question("Q83").answer]
