"""The laboratory of average precision as a visitor uses it, without a browser."""

import json
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.errors import CoreError, LimitError
from core.measure.coco import uploads
from core.measure.coco.uploads import read_uploads
from core.measure.detection import RULES, average_precision, matched, precision_recall
from pages._kit.box_editor import Drawn, written
from pages._kit.plot import unknown
from pages._parts.average_precision import disagree, figures, files, scene, views
from pages._parts.average_precision.names import UNIT, stand
from tests.pages.figures import Visit

LAB = "average_precision"
TRUE = {"images": [{"id": 1}], "categories": [{"id": 1, "name": "cup"}], "annotations": []}
SAID = {"image_id": 1, "category_id": 1, "bbox": [0, 0, 4, 4], "score": 0.5}


def test_opens_with_a_duplicate_a_box_on_nothing_and_one_far_off(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit(LAB, monkeypatch, {})
    assert "8 detections, 4 right. Precision **4 of 8 = 0.50**, recall **4 of 5 = 0.80**" in visit.text
    (table,) = [part.proto.body for part in visit.page.get("html") if "what became of it" in part.proto.body]
    assert "wrong: C1 is taken by a surer one" in table
    assert "wrong: too far off C4, below 0.5" in table
    assert table.count("wrong: nothing of its class here") == 2
    assert not unknown(visit.drawn["curve"])
    visit.page.slider(key="overlap").set_value(0.3).run()
    assert "5 right" in visit.page.markdown[2].value
    visit.page.slider(key="score").set_value(0.9).run()
    assert (
        "2 detections, 2 right. Precision **2 of 2 = 1.00**, recall **2 of 5 = 0.40**" in visit.page.markdown[2].value
    )


def test_names_every_detection_it_opens_with_and_all_in_one_corner_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit(LAB, monkeypatch, {})
    assert visit.drawn["curve"]["data"][-1]["text"] == ["D1", "D3", "D4", "D5", "D7", "D8", "D10", "D11"]
    visit.page.slider(key="overlap").set_value(0.95)
    visit.run()
    corner = visit.drawn["curve"]["data"][-1]
    assert corner["text"] == ["D1 and 7 more"]  # none is right: precision 0 at recall 0, eight times
    assert (list(corner["x"]), list(corner["y"])) == ([0], [0])


@given(some.lists(some.booleans(), min_size=1, max_size=scene.MOST), some.integers(0, 3), some.data())
def test_a_name_stands_on_no_mark_and_no_other_name(hits: list[bool], missed: int, data: some.DataObject) -> None:
    points = np.column_stack(precision_recall(np.array(hits), max(1, sum(hits) + missed))[::-1])
    ring = data.draw(some.integers(0, len(hits) - 1))
    sizes = [figures.RING if (point == points[ring]).all() else figures.MARK for point in points]
    room, names = figures.ROOM, [f"D{1 + place}" for place in range(len(points))]
    found = stand(points, names, sizes, lines=[points], room=room)
    assert found
    for one, other in combinations(found, 2):
        assert not overlap(one.box, other.box), (one, other)
    for each in found:
        assert (room[0] * UNIT <= each.box[:2]).all()
        assert (each.box[2:] <= room[1] * UNIT).all()
        for place, size in zip(points * UNIT, sizes, strict=True):
            assert not overlap(each.box, np.concatenate([place - size / 2, place + size / 2])), each
        told = int(each.text.partition(" and ")[2].removesuffix(" more") or 0)
        assert (points == points[each.point]).all(axis=1).sum() == 1 + told


def overlap(one: np.ndarray, other: np.ndarray) -> bool:
    return bool((one[:2] < other[2:]).all() and (other[:2] < one[2:]).all())


def test_reads_the_detections_of_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    perfect = "; ".join(
        f"{x1:g} {y1:g} {x2:g} {y2:g} {scene.WORDS[label]} 0.9"
        for (x1, y1, x2, y2), label in zip(scene.truth().boxes, scene.truth().labels, strict=True)
    )
    visit = Visit(LAB, monkeypatch, {"boxes": perfect, "view": "Stricter overlaps"})
    assert "at 0.75 **1.000**; COCO's AP, the mean over ten overlaps and two classes, **1.000**" in visit.text
    assert not unknown(visit.drawn["overlaps"])
    odd = Visit(LAB, monkeypatch, {"boxes": "1 2 3 dog 0.5"})
    assert "box 1 reads" in odd.warnings[0]
    empty = Visit(LAB, monkeypatch, {"boxes": ";"})
    assert (
        "0 detections, 0 right. Precision **0 of 0**, recall **0 of 5 = 0.00**; AP of circles **0.000**" in empty.text
    )


def test_what_pascal_calls_wrong_may_be_right_for_coco(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit(LAB, monkeypatch, {"overlap": "0.2"})
    assert (
        "Here they agree. To see them part, let 0.2 of IoU count and pull D5, a circle, over C2 as well." in visit.text
    )
    start = scene.read(scene.begin(), (scene.SIDE, scene.SIDE), scene.SAID, scene.WORDS)
    circles = dict(zip(scene.truth().names, scene.truth().boxes, strict=True))
    boxes = start.boxes.copy()
    boxes[4] = [*np.minimum(circles["C2"], circles["C3"])[:2], *np.maximum(circles["C2"], circles["C3"])[2:]]  # D5
    asked = {"boxes": written(replace(start, boxes=boxes), scene.SAID, scene.WORDS), "overlap": "0.2"}
    coco = Visit(LAB, monkeypatch, asked)
    assert "Here D5 is right for COCO only." in coco.text
    assert "8 detections, 5 right" in coco.text
    pascal = Visit(LAB, monkeypatch, {**asked, "taking": list(views.CHOICES)[1]})
    assert "Here D5 would be right for COCO only." in pascal.text
    assert "8 detections, 4 right" in pascal.text


def test_what_has_no_second_choice_is_a_duplicate_by_both_rules() -> None:
    drawn = Drawn(
        scene.truth().boxes[:1].repeat(2, axis=0), np.zeros(2, int), scene.truth().labels[:1].repeat(2), np.ones(2)
    )
    label = int(drawn.classes[0])
    for choice in views.CHOICES.values():
        assert [each.why for each in scene.matches(drawn, label, 0.5, choice)] == ["took it", "taken before"]


def test_its_coco_panel_is_the_mean_of_its_curves(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit(LAB, monkeypatch, {"view": "Stricter overlaps"})
    (panel,) = [part.proto.body for part in visit.page.get("html") if "mean over ten overlaps" in part.proto.body]
    said = next(word for word in visit.text.split("**") if word.startswith("0.") and f"<td>{word}</td>" in panel)
    assert f'<th scope="row">AP</th><td>{visit.text.split("two classes, **")[1][:5]}</td>' in panel
    assert said


@pytest.mark.parametrize("rule", RULES)
def test_draws_how_every_rule_reads_the_lectures_rows(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit(LAB, monkeypatch, {"view": "Five rules", "source": views.LECTURE, "rule": rule})
    value = average_precision(np.arange(9, 0, -1) / 10, np.arange(1, 10) / 10, rule)
    assert f"By **{rule}**: AP **{value:.3f}**" in visit.text
    assert "as lecture E prints it: **5.40**" in visit.text
    assert "0.491 by 11 points, 0.450 by all points, 0.400 by trapezoid" in visit.text
    assert not unknown(visit.drawn["reading"])
    assert not unknown(visit.drawn["rules"])
    area = visit.drawn["reading"]["data"][0]
    if area["type"] == "bar":  # the area that is drawn is the number
        assert np.sum(area["y"]) / figures.GRID == pytest.approx(value, abs=0.005)


def test_shows_the_bits_that_make_torchmetrics_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit(LAB, monkeypatch, {"view": "Why tools disagree"})
    assert "with recalls in 32 bits **0.8058**, a difference of **-0.00" in visit.text
    assert not unknown(visit.drawn["apart"])
    assert "**0.894** if all pixels are counted together, and **0.600**" in visit.text
    assert "for 36 of its 101 recalls; 60 others it asks for a trace too low" in visit.text
    assert "it asks for 0.60000002" in visit.text
    assert "COCO's own 0.35 is 0.35000000000000003" in visit.text
    assert "here it is 0.000502 lower." in visit.text
    higher = Visit(LAB, monkeypatch, {"view": "Why tools disagree", "things": "20", "seed": "3"})
    assert "here it is 0.000898 higher." in higher.text
    whole = disagree.by_tool(*views.precision_recall(np.ones(6, bool), 6))
    assert set(whole.values()) == {1.0}


def test_shows_a_pair_of_its_own_until_it_gets_two_files(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit(LAB, monkeypatch, {"view": "Your files"})
    assert "Our pair: 60 pictures" in visit.text
    assert not unknown(visit.drawn["confusion"])
    found, twelve, alone = files._evaluated(read_uploads(*files._drawn()))
    assert f"AP **{twelve['AP']:.3f}**" in visit.text
    assert files.per_class(found, alone, np.zeros((6, 6), int)).shape == (5, 9)
    assert visit.exported("truth.json")
    assert (
        "hand in two files with keypoints"
        in Visit(LAB, monkeypatch, {"view": "Your files", "kind": "joints"}).warnings[0]
    )


@pytest.mark.parametrize(
    ("truth", "answers", "says"),
    [
        pytest.param(TRUE, [{**SAID, "score": float("nan")}], "no finite number", id="nan"),
        pytest.param(TRUE, [{**SAID, "bbox": [0, 0, float("inf"), 1]}], "no finite number", id="infinite"),
        pytest.param({**TRUE, "images": [{"id": 10**30}]}, [], "not as COCO writes it", id="a huge id"),
        pytest.param({**TRUE, "categories": [{"id": n} for n in range(999)]}, [], "999 classes", id="many classes"),
        pytest.param(TRUE, [{**SAID, "bbox": [0, 0, 1]}], "not as COCO writes it", id="three numbers"),
    ],
)
def test_trusts_no_file(truth: object, answers: object, says: str) -> None:
    with pytest.raises(CoreError, match=says):
        read_uploads(json.dumps(truth).encode(), json.dumps(answers).encode())


def test_refuses_what_is_too_large_and_what_it_does_not_unpack(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CoreError, match="bbox or keypoints, got segm"):
        read_uploads(b"{}", b"[]", "segm")
    monkeypatch.setattr(uploads, "MOST_BYTES", 10)
    with pytest.raises(LimitError, match="at most 10 are read"):
        read_uploads(json.dumps(TRUE).encode(), b"[]")


def test_its_picture_is_matched_by_the_same_function() -> None:
    drawn = scene.read(scene.begin(), (scene.SIDE, scene.SIDE), scene.SAID, scene.WORDS)
    mine, theirs = drawn.classes == 0, scene.truth().labels == 0
    plain = matched(drawn.boxes[mine], drawn.scores[mine], scene.truth().boxes[theirs])
    assert [each.why for each in scene.matches(drawn, 0, 0.5)] == [each.why for each in plain]
    assert sorted(scene.truth().names) == ["C1", "C2", "C3", "C4", "C5", "S1", "S2", "S3"]
    assert scene.as_boxes(drawn).startswith("x1,y1,x2,y2,label,score")
