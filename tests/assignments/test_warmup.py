"""What holds for the cases of the warm-up alone."""

import numpy as np

from assignments.referees import warmup
from assignments.referees.warmup import boxes
from tests.assignments.sets import source


def test_counts_models_that_are_really_frozen_and_really_without_biases():
    frozen, biased = [], []

    def student(model):
        frozen.append(any(not parameter.requires_grad for parameter in model.parameters()))
        biased.append(any(name.endswith("bias") for name, _ in model.named_parameters()))
        return 0

    warmup.count_parameters.rule(student)
    assert any(frozen)
    assert not all(frozen)
    assert any(biased)
    assert not all(biased)


def test_draws_boxes_that_overlap_and_boxes_that_do_not():
    random = np.random.default_rng(0)
    over = [warmup.iou.reference(*boxes.crossing(random).arguments) for _ in range(200)]
    apart = [warmup.iou.reference(*boxes.apart(random).arguments) for _ in range(200)]
    anywhere = [warmup.iou.reference(*boxes.anywhere(random).arguments) for _ in range(200)]
    assert all(0 < share < 1 for share in over)
    assert set(apart) == {0.0}
    assert 100 < anywhere.count(0.0) < 150


def test_says_what_its_numbers_are():
    """The counts in the last question, which nobody would recount."""
    from core.nets.trace import trace
    from core.nets.zoo import network

    text = "\n".join(cell.source for cell in source("warmup").cells if cell.cell_type == "markdown")
    for name, maps, count in (
        ("lenet5", 1, "61,706"),
        ("lenet5", 3, "62,006"),
        ("mlp", 1, "86,950"),
        ("mlp", 3, "258,982"),
    ):
        assert f"{trace(network(name, maps=maps)).parameters:,}" == count
        assert count in text
