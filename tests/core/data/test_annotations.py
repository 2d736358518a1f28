"""What is written down for a picture: averages, working time, and COCO's form."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.data.annotations import (
    GENOME,
    GENOME_IMAGES,
    coco_annotation,
    coco_categories,
    mask_from,
    per_image,
    run_lengths,
    working_years,
)
from core.data.scenes import draw, sketch
from core.errors import CoreError, ShapeError


@pytest.mark.parametrize(
    ("what", "mean"),
    [
        pytest.param("region descriptions", 50.0, id="N155-regions"),
        pytest.param("questions with answers", 15.7, id="N155-questions"),
        pytest.param("objects", 35.2, id="N155-objects"),
        pytest.param("attributes", 25.9, id="N155-attributes"),
        pytest.param("relationships", 21.3, id="N155-relationships"),
    ],
)
def test_averages_of_visual_genome(what: str, mean: float) -> None:
    assert round(per_image(GENOME, GENOME_IMAGES)[what], 1) == mean


@given(arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 9))))
def test_runs_give_the_mask_back(mask) -> None:
    lengths = run_lengths(mask)
    np.testing.assert_array_equal(mask_from(lengths, *mask.shape), mask)
    assert sum(lengths[1::2]) == mask.sum()
    assert all(length > 0 for length in lengths[1:])


def test_runs_begin_outside_and_go_down_the_columns() -> None:
    assert run_lengths(np.array([[True, False], [True, False], [False, True]])) == [0, 2, 3, 1]


def test_writes_a_person_down_as_coco_does() -> None:
    scene = next(
        scene
        for scene in (draw(sketch("test", number, classes=("person", "circle")), side=96) for number in range(50))
        if any(target.label == "person" and (target.joints[:, 2] == 0).any() for target in scene.targets)
    )
    target = next(each for each in scene.targets if each.label == "person")
    written = coco_annotation(target)
    x, y, width, height = written["bbox"]
    assert (x + width, y + height) == target.box[2:]
    assert written["area"] == target.mask.sum()
    np.testing.assert_array_equal(mask_from(written["segmentation"]["counts"], 96, 96), target.mask)
    assert len(written["keypoints"]) == 3 * 14
    assert sum(v == 2 for v in written["keypoints"][2::3]) == target.joints[:, 2].sum()
    assert coco_categories()[written["category_id"] - 1]["name"] == "person"


def test_counts_the_years_of_work() -> None:
    assert working_years(1700 * 3600, 1.0) == 1
    with pytest.raises(CoreError, match="seconds"):
        working_years(1, -1.0)
    with pytest.raises(CoreError, match="at least one image"):
        per_image(GENOME, 0)
    with pytest.raises(ShapeError, match="add up to 4"):
        mask_from([1, 1], 2, 2)
    with pytest.raises(ShapeError, match=r"\(H, W\)"):
        run_lengths(np.zeros(3, dtype=bool))
