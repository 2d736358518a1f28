"""What is written down for a picture: averages, working time, and COCO's form."""

import json
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pycocotools import mask as coco
from pycocotools.coco import COCO

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


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of pycocotools under NumPy 2
@given(arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 9))))
def test_cocos_own_reader_sees_the_same_pixels(mask) -> None:
    height, width = mask.shape
    written = coco.frPyObjects({"size": [height, width], "counts": run_lengths(mask)}, height, width)
    np.testing.assert_array_equal(coco.decode(written).astype(bool), mask)
    assert coco.area(written) == mask.sum()


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of pycocotools under NumPy 2
def test_cocos_own_reader_takes_a_whole_set(tmp_path: Path) -> None:
    scenes = [draw(sketch("test", number), side=96) for number in range(8)]
    things = [(number, target) for number, scene in enumerate(scenes) for target in scene.targets]
    written = {
        "images": [{"id": number, "width": 96, "height": 96} for number in range(8)],
        "categories": coco_categories(),
        "annotations": [
            {"id": place, "image_id": number, **coco_annotation(target)}
            for place, (number, target) in enumerate(things, start=1)
        ],
    }
    file = tmp_path / "scenes.json"
    file.write_text(json.dumps(written), encoding="utf-8")
    with redirect_stdout(StringIO()):  # it talks
        read = COCO(str(file))
    for place, (number, target) in enumerate(things, start=1):
        found = read.anns[place]
        np.testing.assert_array_equal(read.annToMask(found).astype(bool), target.mask)
        assert read.cats[found["category_id"]]["name"] == target.label
        x, y, across, down = found["bbox"]
        left, top, wide, high = coco.toBbox(read.annToRLE(found))
        inside = x <= left and y <= top and left + wide <= x + across and top + high <= y + down
        assert inside or not target.mask.any()
        assert place in read.getAnnIds(imgIds=[number])


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
