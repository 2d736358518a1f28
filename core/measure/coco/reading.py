"""COCO's two files as columns: what is true of a set of images, and what somebody answered.

The answers are the large file: half a million boxes are 45 MB of text that all look alike. So the text is not read as
JSON, entry by entry: what is left of it without its digits must be one and the same pattern over and over, and then it
is a table of numbers with other commas. Text that is not so alike is read as any JSON.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np

from core.errors import CoreError
from core.measure.coco.faults import fault
from core.measure.coco.records import Answers, Flags, Kind, Problem, Truths, Whole
from core.types import Floats

DIGITS = b"0123456789.-+ \n\r\t"
WORDS = b'abcdefghijklmnopqrstuvwxyz_":[]{ \n\r\t'
LINES = bytes.maketrans(b"}", b"\n")
LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
ALIKE = bytes.maketrans(LETTERS + b"123456789", b'"' * len(LETTERS) + b"0" * 9)  # what stands in a name, and digits
WANTED = {"image_id": 1, "category_id": 1, "bbox": 4, "score": 1}  # numbers of each in an answer with a box
PIECE = 1 << 18  # bytes
TABLE = 1 << 22  # numbers between the smallest and the largest id
Rows = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Read:
    """The problem of two files, and how its images and classes are called there."""

    problem: Problem
    images: Whole  # ids, rising
    classes: tuple[str, ...]
    strange: int = 0  # answers of classes that the file of what is true does not name: as with COCO they count nowhere


def read(truth: bytes, answers: bytes, kind: Kind = "bbox") -> Read:
    """What stands in the file of what is true, and in the file of what was answered.

    >>> box = '"image_id": 7, "category_id": 3, "bbox": [0, 0, 40, 20]'
    >>> truth = '{"images": [{"id": 7, "height": 50, "width": 50}], "categories": [{"id": 3, "name": "cup"}], '
    >>> truth += '"annotations": [{"id": 1, "area": 800, "iscrowd": 0, ' + box + '}]}'
    >>> found = read(truth.encode(), ('[{' + box + ', "score": 0.5}]').encode())
    >>> found.classes, found.problem.answers.boxes.tolist(), found.problem.truths.area.tolist()
    (('cup',), [[0.0, 0.0, 40.0, 20.0]], [800.0])
    """
    try:
        truths, images, named, sizes = _truth(truth, kind)
        labels = np.array(sorted(named), dtype=np.int64)
        read_alike = _alike(answers, images, labels) if kind == "bbox" else None
        found, strange = read_alike or _answers(_json(answers, "the file of answers"), images, labels, kind, sizes)
    except CoreError:
        raise
    except Exception as error:  # what packs masks is compiled code, which raises nothing more special
        told = fault(truth, answers, kind) or f"{type(error).__name__} {str(error)[:80]}"
        raise CoreError(f"not as COCO writes it: {told}") from None
    columns = [truths.boxes, truths.area, found.boxes, found.confidence]
    columns += [np.asarray(each.more) for each in (truths, found) if kind == "keypoints"]
    if not all(np.isfinite(column).all() for column in columns):
        raise CoreError("a box, an area, a joint or a score is no finite number")
    names = tuple(named[int(label)] for label in labels)
    return Read(Problem(len(images), len(labels), truths, found, kind), images, names, strange)


def _truth(content: bytes, kind: Kind) -> tuple[Truths, Whole, dict[int, str], dict[int, Any]]:
    """The true things; ids of images, rising; names of classes, and heights and widths of images, by id.

    A function of its own: what the file holds besides is forgotten before the larger one is read.
    """
    whole = _json(content, "the file of what is true")
    if not isinstance(whole, dict):
        raise CoreError("the file of what is true is no COCO file: it holds no images, annotations and categories")
    if missing := {"images", "annotations", "categories"} - set(whole):
        raise CoreError(f"the file of what is true has no {', '.join(sorted(missing))}")
    images = np.array(sorted({int(each["id"]) for each in whole["images"]}), dtype=np.int64)
    named = {int(each["id"]): str(each.get("name", each["id"])) for each in whole["categories"]}
    labels = np.array(sorted(named), dtype=np.int64)
    sizes = {int(each["id"]): (each.get("height"), each.get("width")) for each in whole["images"]}
    return _truths(whole["annotations"], images, labels, kind, sizes), images, named, sizes


def columns(content: bytes) -> dict[str, Floats] | None:
    """The numbers of answers that are written alike, by their names: (M,), boxes (M, 4); None if they are not.

    >>> one, other = '{"image_id":1,"category_id":2,"bbox":[0,0,4,2],"score":0.5}', '{"image_id":1}'
    >>> columns(f"[{one}, {one}]".encode())["bbox"].shape, columns(f"[{one}, {other}]".encode())
    ((2, 4), None)
    """
    whole = content.strip()
    unit = whole[1 : whole.find(b"}") + 1].translate(None, DIGITS)
    names = [name.decode() for name in re.findall(rb'"(\w+)":', unit)]
    bare = b"{" + b",".join(b'"%s":%s' % (name.encode(), _slots(WANTED.get(name, 0))) for name in names) + b"}"
    if set(names) != set(WANTED) or len(names) != len(WANTED) or unit != bare:
        return None
    if not (whole.startswith(b"[") and whole.endswith(b"]")):
        return None
    rows = list[bytes]()
    for piece in _pieces(whole):
        count = piece.count(b"}")
        if piece.translate(None, DIGITS) != (b"," + unit) * count:
            return None
        if b'"0' in piece.translate(ALIKE):  # a digit in a name
            return None
        rows.append(piece.translate(LINES, WORDS))  # every line begins with a comma
    return _table(b"".join(rows), names)


def _pieces(whole: bytes) -> Iterator[bytes]:
    """What stands between the brackets, so many entries at a time as a processor keeps close; a comma before each."""
    start, end = 1, len(whole) - 1
    while start < end:
        stop = whole.find(b"}", start + PIECE, end) + 1 or end
        yield whole[start:stop] if start > 1 else b"," + whole[start:stop]
        start = stop


def _slots(numbers: int) -> bytes:
    return b"[,,,]" if numbers == 4 else b""


def _table(text: bytes, names: Sequence[str]) -> dict[str, Floats] | None:
    import pyarrow
    from pyarrow import csv

    heads = [f"{name} {place}" for name in names for place in range(WANTED[name])]
    try:
        table = csv.read_csv(
            pyarrow.py_buffer(text),
            read_options=csv.ReadOptions(column_names=["", *heads]),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(heads, pyarrow.float64()), include_columns=heads
            ),
        )
    except pyarrow.ArrowInvalid:
        return None
    if any(column.null_count for column in table.columns):
        return None
    # Not to_numpy(): it imports pandas, which takes longer than everything else here.
    values = {
        head: np.frombuffer(column.combine_chunks().buffers()[1])[: len(column)]
        for head, column in zip(heads, table.columns, strict=True)
    }
    box = np.stack([values[f"bbox {place}"] for place in range(4)], axis=1)
    return {name: box if name == "bbox" else values[f"{name} 0"] for name in names}


def _alike(content: bytes, images: Whole, labels: Whole) -> tuple[Answers, int] | None:
    found = columns(content)
    if found is None:
        return None
    if any((found[name] % 1).any() for name in ("image_id", "category_id")):
        raise ValueError("an id is a whole number")
    boxes = found["bbox"]
    image = _placed(found["image_id"].astype(np.int64), images, "image")
    label, known = _known(found["category_id"].astype(np.int64), labels)
    answers = Answers(image, label, found["score"], boxes[:, 2] * boxes[:, 3], boxes)
    strange = len(known) - int(known.sum())
    return (answers.taken(np.flatnonzero(known)) if strange else answers), strange


def _truths(rows: Rows, images: Whole, labels: Whole, kind: Kind, sizes: dict[int, Any]) -> Truths:
    image = _placed(_whole(rows, "image_id"), images, "image")
    label, known = _known(_whole(rows, "category_id"), labels)
    rows, image, label = [row for row, kept in zip(rows, known, strict=True) if kept], image[known], label[known]
    crowd = np.array([bool(row.get("iscrowd", 0)) for row in rows], dtype=np.bool_)
    area = np.array([float(row["area"]) for row in rows], dtype=np.float64)
    more: Any = ()
    ignored = crowd
    boxes = _boxes(rows) if kind != "segm" else np.zeros((len(rows), 4))
    if kind == "segm":
        more = [_packed(row, sizes) for row in rows]
    elif kind == "keypoints":
        more = _joints(rows)
        ignored = crowd | np.array([row.get("num_keypoints", 1) == 0 for row in rows], dtype=np.bool_)
    return Truths(image, label, area, crowd, ignored, boxes, more)


def _answers(rows: Any, images: Whole, labels: Whole, kind: Kind, sizes: dict[int, Any]) -> tuple[Answers, int]:
    if not isinstance(rows, list):
        raise CoreError("the file of answers is a list of detections, each with image_id, category_id and score")
    image = _placed(_whole(rows, "image_id"), images, "image")
    label, known = _known(_whole(rows, "category_id"), labels)
    rows, image, label = [row for row, kept in zip(rows, known, strict=True) if kept], image[known], label[known]
    confidence = np.array([float(row["score"]) for row in rows], dtype=np.float64)
    more: Any = ()
    if kind == "segm":
        from pycocotools import mask

        more = [_packed(row, sizes) for row in rows]
        boxes = np.zeros((len(rows), 4))
        area = np.array([float(mask.area(each)) for each in more], dtype=np.float64)
    elif kind == "keypoints":
        more = joints = _joints(rows)
        low, high = joints[:, :, :2].min(axis=1, initial=np.inf), joints[:, :, :2].max(axis=1, initial=-np.inf)
        boxes = np.concatenate([low, high - low], axis=1) if len(rows) else np.zeros((0, 4))
        area = boxes[:, 2] * boxes[:, 3]
    else:
        boxes = _boxes(rows)
        area = boxes[:, 2] * boxes[:, 3]
    return Answers(image, label, confidence, area, boxes, more), len(known) - int(known.sum())


def _packed(row: dict[str, Any], sizes: dict[int, Any]) -> Any:
    """A mask as COCO packs it: from polygons, from runs, or as it is."""
    from pycocotools import mask

    outline = row["segmentation"]
    height, width = sizes[int(row["image_id"])]
    if isinstance(outline, dict):
        if None not in (height, width) and list(outline["size"]) != [height, width]:
            raise CoreError(f"a mask of {outline['size']} lies on image {row['image_id']} of [{height}, {width}]")
        if not isinstance(outline["counts"], list):
            return outline
        height, width = outline["size"]
        if sum(outline["counts"]) != height * width:  # the compiled code would go on and on
            raise CoreError(f"the counts of a mask on image {row['image_id']} do not add up to its pixels")
    packed = mask.frPyObjects(outline, height, width)
    return mask.merge(packed) if isinstance(outline, list) else packed


def _boxes(rows: Rows) -> Floats:
    return np.array([row["bbox"] for row in rows], dtype=np.float64).reshape(len(rows), 4)


def _joints(rows: Rows) -> Floats:
    flat = np.array([row["keypoints"] for row in rows], dtype=np.float64)
    return flat.reshape(len(rows), -1, 3) if len(rows) else np.zeros((0, 0, 3))


def _whole(rows: Rows, name: str) -> Whole:
    found = list(map(itemgetter(name), rows))
    if any(isinstance(each, float) and each % 1 for each in found):
        raise ValueError("an id is a whole number")
    return np.array(found, dtype=np.int64)


def _placed(ids: Whole, known: Whole, what: str) -> Whole:
    places, there = _known(ids, known)
    if not there.all():
        raise CoreError(f"{what} {ids[~there][0]} of an entry is not among the {len(known)} {what}s of the true file")
    return places


def _known(ids: Whole, known: Whole) -> tuple[Whole, Flags]:
    """The place of every id among the known ones, and whether it is one; a class that is not known counts nowhere."""
    if not len(known):
        return np.zeros(len(ids), dtype=np.int64), np.zeros(len(ids), dtype=np.bool_)
    least, most = int(known[0]), int(known[-1])
    if most - least >= TABLE:
        places = np.minimum(np.searchsorted(known, ids), len(known) - 1)
        return places, known[places] == ids
    table = np.full(most - least + 1, -1, dtype=np.int64)  # much quicker than to search
    table[known - least] = np.arange(len(known))
    places = table[np.clip(ids, least, most) - least]
    there: Flags = (places >= 0) & (ids >= least) & (ids <= most)
    return np.where(there, places, 0), there


def _json(content: bytes, what: str) -> Any:
    if not content.strip():
        raise CoreError(f"{what} is empty")
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise CoreError(f"{what} is no JSON: {str(error)[:80]}") from None
