"""What is wrong with a pair of COCO files, said of the first entry that is not as COCO writes it.

Nobody looks here before a file could not be read: then both are read anew, entry by entry.
"""

import json
from collections.abc import Callable
from typing import Any, TypeAlias

from core.measure.coco.records import Kind

Wanted: TypeAlias = dict[str, tuple[Callable[[Any], bool], str]]  # what a value must be, as a test and in words


def fault(truth: bytes, answers: bytes, kind: Kind) -> str:
    """A sentence, or "" if nothing is found.

    >>> fault(b'{"images": [{"id": 1}], "categories": [], "annotations": []}', b'[{"image_id": 1.5}]', "bbox")
    "entry 1 of the file of answers: 'image_id' is 1.5, not a whole number"
    """
    whole = json.loads(truth)
    place = {"image_id": (_whole, "a whole number"), "category_id": (_whole, "a whole number")}
    shape = _shape(kind)
    sized: Wanted = {} if kind == "segm" else {"bbox": _four()}
    named: Wanted = {"id": (_whole, "a whole number")}
    return (
        _first(whole["images"], "image {} of the file of what is true", named)
        or _first(whole["categories"], "category {} of the file of what is true", named)
        or _first(
            whole["annotations"],
            "annotation {} of the file of what is true",
            {**place, "area": (_number, "a number"), **sized, **shape},
        )
        or _first(
            json.loads(answers), "entry {} of the file of answers", {**place, "score": (_number, "a number"), **shape}
        )
    )


def _first(rows: Any, name: str, wanted: Wanted) -> str:
    """The first row that is not as it must be; "" if all are."""
    if not isinstance(rows, list):
        return f"{name.replace('{} ', '1 ')} stands in no list"
    for number, row in enumerate(rows, start=1):
        if told := _entry(row, wanted):
            return f"{name.format(number)}{told}"
    return ""


def _entry(row: Any, wanted: Wanted) -> str:
    if not isinstance(row, dict):
        return f" is {_short(row)}, not an object with names and values"
    for name, (fits, words) in wanted.items():
        if name not in row:
            return f" has no {name!r}"
        if not fits(row[name]):
            return f": {name!r} is {_short(row[name])}, not {words}"
    return ""


def _shape(kind: Kind) -> Wanted:
    if kind == "keypoints":
        return {"keypoints": (lambda value: _numbers(value) and len(value) % 3 == 0, "three numbers for every joint")}
    if kind == "segm":
        return {"segmentation": (_outline, "polygons of six numbers or more, or counts with a size")}
    return {"bbox": _four()}


def _four() -> tuple[Callable[[Any], bool], str]:
    return lambda value: _numbers(value) and len(value) == 4, "four numbers"


def _outline(value: Any) -> bool:
    if isinstance(value, dict):
        return {"counts", "size"} <= set(value)
    return isinstance(value, list) and bool(value) and all(_numbers(each) and len(each) >= 6 for each in value)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf")


def _whole(value: Any) -> bool:
    return _number(value) and value == int(value) and abs(value) < 2**63


def _numbers(value: Any) -> bool:
    return isinstance(value, list) and all(map(_number, value))


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
