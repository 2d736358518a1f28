"""COCO's files: read in one piece when they are alike, as any JSON when not, and always as COCO's own reader does."""

import json
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from core.data.annotations import coco_annotation, coco_categories
from core.data.scenes import draw, sketch
from core.errors import CoreError
from core.measure.coco.reading import columns, read
from core.measure.coco.records import Kind
from core.measure.coco.scores import evaluate, numbers

OLD_NUMPY = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of pycocotools
TRUE = {
    "images": [{"id": 20, "height": 60, "width": 80}, {"id": 10, "height": 60, "width": 80}],
    "categories": [{"id": 7, "name": "cup"}, {"id": 2, "name": "cat"}],
    "annotations": [
        {"id": 1, "image_id": 20, "category_id": 7, "bbox": [5, 5, 40, 30], "area": 1100, "iscrowd": 0},
        {"id": 2, "image_id": 10, "category_id": 2, "bbox": [0, 0, 9, 9], "area": 70.5, "iscrowd": 1},
    ],
}
ANSWERS = [
    {"image_id": 20, "category_id": 7, "bbox": [5.25, 5, 40, 30], "score": 0.875},
    {"image_id": 10, "category_id": 2, "bbox": [-1, 0, 9, 9], "score": 0.25},
]
NUMBER = st.floats(-1e4, 1e4).map(lambda value: round(value, 3))
ENTRY = st.fixed_dictionaries(
    {
        "image_id": st.sampled_from([10, 20]),
        "category_id": st.sampled_from([2, 7]),
        "bbox": st.lists(NUMBER, min_size=4, max_size=4),
        "score": st.floats(0.01, 1).map(lambda value: round(value, 4)),
    }
)


@given(st.lists(ENTRY, min_size=1, max_size=5), st.permutations(list(ANSWERS[0])), st.booleans())
@settings(deadline=None)
def test_what_is_alike_is_read_as_json_is(rows, order, tight) -> None:
    text = json.dumps([{key: row[key] for key in order} for row in rows], separators=(",", ":") if tight else None)
    found = columns(text.encode())
    if found is None:
        assert "e" in "".join(str(number) for row in rows for number in (*row["bbox"], row["score"]))
        return
    np.testing.assert_array_equal(found["bbox"], [row["bbox"] for row in rows])
    for name in ("image_id", "category_id", "score"):
        np.testing.assert_array_equal(found[name], [row[name] for row in rows])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[]", id="empty"),
        pytest.param(json.dumps([ANSWERS[0], {**ANSWERS[1], "id": 4}]), id="one key more in one entry"),
        pytest.param(json.dumps([{**each, "segmentation": []} for each in ANSWERS]), id="another key"),
        pytest.param(json.dumps([{**each, "score": 1e-7} for each in ANSWERS]), id="an exponent"),
        pytest.param(json.dumps([{**each, "score": None} for each in ANSWERS]), id="no number"),
        pytest.param(json.dumps(ANSWERS).replace("bbox", "bbox2"), id="a digit in a name"),
        pytest.param(json.dumps(ANSWERS).replace("0.875", "0.8-75"), id="a broken number"),
        pytest.param(json.dumps(ANSWERS).replace("0.875", ""), id="a missing number"),
        pytest.param(json.dumps(ANSWERS)[:-1], id="cut off"),
        pytest.param(json.dumps({"annotations": ANSWERS}), id="no list"),
    ],
)
def test_what_is_not_alike_is_left_to_json(text: str) -> None:
    assert columns(text.encode()) is None


@pytest.mark.parametrize("change", [{}, {"score": 1e-7}, {"note": "as any JSON"}], ids=["alike", "exponent", "more"])
def test_ids_become_places_and_names(change: dict[str, Any]) -> None:
    found = read(json.dumps(TRUE).encode(), json.dumps([{**each, **change} for each in ANSWERS]).encode())
    assert found.classes == ("cat", "cup")
    assert found.images.tolist() == [10, 20]
    assert found.problem.truths.image.tolist() == [1, 0]
    assert found.problem.truths.crowd.tolist() == [False, True]
    assert found.problem.answers.label.tolist() == [1, 0]
    assert found.problem.answers.boxes[0].tolist() == [5.25, 5, 40, 30]


def test_an_answer_of_an_unknown_class_counts_nowhere() -> None:
    strange = [*ANSWERS, {**ANSWERS[0], "category_id": 99}]
    found = read(json.dumps(TRUE).encode(), json.dumps(strange).encode())
    assert len(found.problem.answers.area) == 2


@pytest.mark.parametrize(
    ("outline", "says"),
    [
        pytest.param({"size": [60, 80], "counts": [0, 99_999_999]}, "do not add up to its pixels", id="counts"),
        pytest.param({"size": [4, 5], "counts": "06"}, "a mask of .4, 5. lies on image 20", id="size"),
        pytest.param([[1, 2]], "not polygons of six numbers", id="two numbers"),
    ],
)
def test_a_mask_that_fits_no_image_is_refused(outline: Any, says: str) -> None:
    fitting = {**TRUE, "annotations": []}
    answer = {"image_id": 20, "category_id": 7, "score": 0.5, "segmentation": outline}
    with pytest.raises(CoreError, match=says):
        read(json.dumps(fitting).encode(), json.dumps([answer]).encode(), "segm")


def test_counts_answers_of_classes_that_nobody_named() -> None:
    answers = [*ANSWERS, {**ANSWERS[0], "category_id": 99}]
    for text in (json.dumps(answers), json.dumps([{**each, "more": 1} for each in answers])):  # both ways of reading
        found = read(json.dumps(TRUE).encode(), text.encode())
        assert (found.strange, len(found.problem.answers.confidence)) == (1, 2)


@pytest.mark.parametrize(
    ("truth", "answers", "says"),
    [
        pytest.param("[]", "[]", "no COCO file", id="a list"),
        pytest.param("{}", "[]", "no annotations, categories, images", id="an empty object"),
        pytest.param("{", "[]", "the file of what is true is no JSON", id="cut off"),
        pytest.param(json.dumps(TRUE), "{}", "is a list of detections", id="answers are no list"),
        pytest.param(json.dumps(TRUE), "nothing", "the file of answers is no JSON", id="answers are no JSON"),
        pytest.param(
            json.dumps(TRUE), '[{"image_id": 10}]', "entry 1 of the file of answers has no 'cat", id="a key is missing"
        ),
        pytest.param(
            json.dumps(TRUE), json.dumps([{**ANSWERS[0], "image_id": 3}]), "image 3 of an entry", id="unknown image"
        ),
        pytest.param("[" * 100_000, "[]", "no JSON", id="too deep"),
        pytest.param("", "[]", "the file of what is true is empty", id="an empty file"),
        pytest.param(json.dumps(TRUE), json.dumps([{**ANSWERS[0], "score": float("nan")}]), "no finite", id="nan"),
        pytest.param(
            json.dumps(TRUE),
            json.dumps([ANSWERS[0], {**ANSWERS[0], "bbox": [1, 2, 3]}]),
            r"entry 2 of the file of answers: 'bbox' is \[1, 2, 3\], not four numbers",
            id="three numbers",
        ),
        pytest.param(
            json.dumps(TRUE), json.dumps([{**ANSWERS[0], "image_id": 10.5}]), "not a whole number", id="half an image"
        ),
        pytest.param(
            json.dumps({**TRUE, "annotations": [{**TRUE["annotations"][0], "area": None}]}),
            "[]",
            "annotation 1 of the file of what is true: 'area' is null, not a number",
            id="no area",
        ),
        pytest.param(json.dumps({**TRUE, "images": {"a": 1}}), "[]", "stands in no list", id="images in no list"),
    ],
)
def test_an_odd_file_is_refused_with_a_sentence(truth: str, answers: str, says: str) -> None:
    with pytest.raises(CoreError, match=says):
        read(truth.encode(), answers.encode())


@pytest.mark.parametrize("kind", ["bbox", "segm"])
@OLD_NUMPY
def test_files_give_the_numbers_of_coco(kind: Kind, tmp_path: Path) -> None:
    scenes = [draw(sketch("test", number), side=96) for number in range(12)]
    things = [(number, target) for number, scene in enumerate(scenes) for target in scene.targets]
    truth = {
        "images": [{"id": number, "width": 96, "height": 96} for number in range(12)],
        "categories": coco_categories(),
        "annotations": [
            {"id": place, "image_id": number, **coco_annotation(target)}
            for place, (number, target) in enumerate(things, start=1)
        ],
    }
    random = np.random.default_rng(0)
    answers = [
        {
            "image_id": entry["image_id"],
            "category_id": int(random.integers(1, 6)) if random.random() < 0.2 else entry["category_id"],
            "score": round(float(random.random()), 3),
        }
        | (
            {"bbox": (np.array(entry["bbox"]) + random.integers(-3, 4, 4)).clip(1).tolist()}
            if kind == "bbox"
            else {"segmentation": entry["segmentation"]}
        )
        for entry in truth["annotations"]
        for _ in range(2)
    ]
    files = tmp_path / "truth.json", tmp_path / "answers.json"
    for file, content in zip(files, (truth, answers), strict=True):
        file.write_text(json.dumps(content), encoding="utf-8")
    with redirect_stdout(StringIO()):
        theirs = COCO(str(files[0]))
        if kind == "segm":  # its reader packs no runs of answers
            for each in answers:
                each["segmentation"] = theirs.annToRLE(each)
                each["segmentation"]["counts"] = each["segmentation"]["counts"].decode()
            files[1].write_text(json.dumps(answers), encoding="utf-8")
        verdict = COCOeval(theirs, theirs.loadRes(str(files[1])), kind)
        verdict.evaluate()
        verdict.accumulate()
        verdict.summarize()
    found = read(*(file.read_bytes() for file in files), kind)
    assert list(numbers(*evaluate(found.problem), kind).values()) == verdict.stats.tolist()
    assert 0.05 < verdict.stats[0] < 0.95
