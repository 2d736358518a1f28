"""A classifier of windows with a class for the ground, and what it finds when it slides (lectures A, B and E).

It is the scene net with one class more, the background, and none of its convolutions is padded: so a pass over a whole
picture gives what the crops give, to the last digit. A window is shown with a border around it, three tenths of its
sides: what lies beyond the edges tells how well it fits. N is the number of windows, K that of classes; the background
is the last.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.data.parts import Part as Share
from core.data.scenes import CLASSES, Target
from core.data.scenes import boxes as boxes_of
from core.data.scenes import labels as labels_of
from core.data.scenes.records import Picture
from core.detect.boxes import intersection_over_union
from core.detect.found import Found
from core.detect.pictures import SIDE as SCENE
from core.detect.pictures import picture
from core.detect.windows.sliding import Part
from core.errors import LimitError, ShapeError
from core.learning.threads import one_thread
from core.models.registry import load
from core.models.scene_net import SIDE
from core.types import Floats, Pair

if TYPE_CHECKING:
    from torch import Tensor

NET = "scene_windows"
BORDER = 0.3  # of a window's side, shown around it
STRIDE = 8  # pixels of its input from one answer of the sliding net to the next: three poolings
NAMES = (*CLASSES, "background")
GROUND = len(CLASSES)
WINDOW: Pair = (round(SIDE / (1 + 2 * BORDER)),) * 2  # of the net's input, what lies inside the border
JITTERED, EMPTY = 6, 16  # windows of each thing, and of the ground of each picture, to learn from
NEAR, FAR = 0.6, 0.4  # IoU from which on a window is the thing, and up to which it is background
BATCH, MOST = 128, 50_000


def crops(image: Picture, boxes: Floats) -> "Tensor":
    """Windows with their borders as the net takes them: (H, W, 3), (N, 4) -> (N, 3, 64, 64) from -1 to 1.

    Beyond the picture its pixels go on as in a mirror.
    """
    return _cut(image, _with_border(boxes), (SIDE, SIDE))


def by_crops(image: Picture, boxes: Floats) -> Floats:
    """How probable every class is in every window, one crop after the other: (H, W, 3), (N, 4) -> (N, K)."""
    import torch

    if len(boxes) > MOST:
        raise LimitError(f"{len(boxes):,} windows are more than the {MOST:,} that are looked at here")
    with torch.no_grad(), one_thread():
        found = [load(NET)(crops(image, boxes[at : at + BATCH])) for at in range(0, len(boxes), BATCH)]
        return _shares(torch.cat(found)) if found else np.zeros((0, 0))


def in_one_pass(image: Picture, part: Part) -> Floats:
    """The same for all windows of one part, in one pass over the resized picture: (H, W, 3) -> (rows · columns, K).

    The mean that ends the net slides over its maps, and the dense layer answers for each of its places.
    """
    import torch
    from torch.nn.functional import avg_pool2d

    stride = part.step[0] * WINDOW[0] / part.sides[0]
    if abs(stride - STRIDE) > 1e-6:
        raise ShapeError(f"one pass answers every {STRIDE} pixels of the net's input, and the stride is {stride:g}")
    if not part.count:
        return np.zeros((0, 0))
    first, last = _with_border(part.boxes()[[0, -1]])
    size = pass_size(part)
    *trunk, _average, _flatten, dense = load(NET).children()
    with torch.no_grad(), one_thread():
        values = _cut(image, np.concatenate([first[:2], last[2:]])[None], size)
        for layer in trunk:
            values = layer(values)
        sides = values.shape[2] - part.rows + 1, values.shape[3] - part.columns + 1  # of the maps of one crop
        means = avg_pool2d(values, sides, stride=1)[0]  # (64, rows, columns)
        return _shares(dense(means.flatten(1).T))


def pass_size(part: Part) -> Pair:
    """How large the resized picture is in which the net answers for every window of a part in one pass.

    >>> pass_size(Part((32.0, 32.0), (6.0, 6.0), rows=11, columns=11))
    (144, 144)
    """
    return SIDE + STRIDE * (part.rows - 1), SIDE + STRIDE * (part.columns - 1)


def found_things(found: Found, targets: tuple[Target, ...], *, at: float = 0.5) -> NDArray[np.bool_]:
    """Which things have a detection of their class with an IoU of `at` or more: (T,).

    >>> scene = picture("train", 0)
    >>> exact = Found(boxes_of(scene.targets), labels_of(scene.targets), np.ones(len(scene.targets)))
    >>> bool(found_things(exact, scene.targets).all())
    True
    """
    alike = labels_of(targets)[:, None] == found.labels[None]  # (T, N)
    held: NDArray[np.bool_] = ((intersection_over_union(boxes_of(targets), found.boxes) >= at) & alike).any(axis=1)
    return held


def without_background(shares: Floats) -> Floats:
    """The same where nothing is no answer, so that the things share all of it: (N, K) -> (N, K - 1).

    >>> without_background(np.array([[0.02, 0.06, 0.0, 0.0, 0.0, 0.92]])).round(2).tolist()
    [[0.25, 0.75, 0.0, 0.0, 0.0]]
    """
    things = shares[:, :GROUND]
    named: Floats = things / things.sum(axis=1, keepdims=True)
    return named


def thing_map(boxes: Floats, shares: Floats, *, side: int) -> Floats:
    """For every pixel how sure the surest window is in whose middle quarter it lies: (N, 4), (N, K) -> (side, side)."""
    heat, things = np.zeros((side, side)), shares[:, :GROUND].max(axis=1)
    middles, halves = (boxes[:, :2] + boxes[:, 2:]) / 2, (boxes[:, 2:] - boxes[:, :2]) / 8
    starts, ends = (middles - halves).astype(np.int64), (middles + halves).astype(np.int64) + 1
    for (left, top), (right, bottom), share in zip(starts.tolist(), ends.tolist(), things.tolist(), strict=True):
        spot = heat[top:bottom, left:right]
        np.maximum(spot, share, out=spot)
    return heat


def detections(boxes: Floats, shares: Floats, *, threshold: float, overlap: float = 0.3) -> Found:
    """What remains of windows that are probably a thing, doubles of a class left out: (N, 4), (N, K) -> Found.

    >>> two = np.array([[0.0, 0.0, 10.0, 10.0], [1.0, 0.0, 11.0, 10.0]])
    >>> found = detections(two, np.array([[0.1, 0, 0, 0.8, 0, 0.1], [0.1, 0, 0, 0.9, 0, 0]]), threshold=0.5)
    >>> found.boxes.tolist(), [NAMES[label] for label in found.labels]
    ([[1.0, 0.0, 11.0, 10.0]], ['star'])
    """
    import torch
    from torchvision.ops import batched_nms

    things = shares[:, : len(CLASSES)]
    kinds, scores = things.argmax(axis=1), things.max(axis=1)
    sure = np.flatnonzero(scores >= threshold)
    kept = batched_nms(*(torch.from_numpy(each[sure]) for each in (boxes, scores, kinds)), overlap).numpy()
    chosen = sure[kept]
    return Found(boxes[chosen], kinds[chosen].astype(np.int64), scores[chosen])


def to_learn_from(part: Share, pictures: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Windows of the first pictures of a part in 256 steps, (N, 3, 64, 64), and their places in NAMES, (N,)."""
    import torch

    seen, kinds = list[NDArray[np.uint8]](), list[NDArray[np.int64]]()
    for number in range(pictures):
        scene = picture(part, number)
        boxes, labels = labelled(scene.targets, np.random.default_rng((13, number)))
        seen.append(((crops(scene.image, boxes) + 1) * 127.5).round().to(torch.uint8).numpy())
        kinds.append(labels)
    return np.concatenate(seen), np.concatenate(kinds)


def labelled(targets: tuple[Target, ...], random: np.random.Generator) -> tuple[Floats, NDArray[np.int64]]:
    """Windows of a picture to learn from, and their places in NAMES: (N, 4), (N,).

    For each thing some that hold it well; for the ground some that do not, anywhere and half beside things.

    >>> boxes, labels = labelled(picture("train", 0).targets, np.random.default_rng(0))
    >>> boxes.shape, np.bincount(labels, minlength=6).tolist()
    ((34, 4), [6, 0, 12, 0, 0, 16])
    """
    true, kinds = boxes_of(targets), labels_of(targets)
    around = np.repeat(np.arange(len(true)), 6 * JITTERED)
    near, beside = _moved(true[around], random, by=0.15), _moved(true[around], random, by=0.6)
    tried = np.concatenate([near, beside, _anywhere(4 * EMPTY, random)])
    overlap = np.hstack([intersection_over_union(tried, true), np.zeros((len(tried), 1))])  # (tried, things + 1)
    best, most = overlap.argmax(axis=1), overlap.max(axis=1)
    good = [np.flatnonzero((best == thing) & (most >= NEAR))[:JITTERED] for thing in range(len(true))]
    poor = random.permutation(np.flatnonzero(most <= FAR))[:EMPTY]
    chosen = np.concatenate([*good, poor])
    labels = np.concatenate([*(np.full(len(each), kinds[thing]) for thing, each in enumerate(good)), poor * 0 + GROUND])
    return tried[chosen], labels.astype(np.int64)


def _shares(scores: "Tensor") -> Floats:
    shares: Floats = scores.softmax(dim=1).double().numpy()
    return shares


def _cut(image: Picture, boxes: Floats, size: Pair) -> "Tensor":
    """Parts of a picture resized as the net takes them: (H, W, 3), (N, 4) -> (N, 3, *size) from -1 to 1."""
    import torch
    from torchvision.ops import roi_align

    far = round(BORDER * max(image.shape[:2])) + 1
    padded = np.pad(image, ((far, far), (far, far), (0, 0)), mode="reflect").transpose(2, 0, 1)[None]
    places = torch.tensor(boxes + far, dtype=torch.float32)
    cut: Tensor = (
        roi_align(torch.tensor(np.ascontiguousarray(padded)), [places], size, sampling_ratio=2, aligned=True) * 2 - 1
    )
    return cut


def _with_border(boxes: Floats) -> Floats:
    more = BORDER * (boxes[:, 2:] - boxes[:, :2])
    return np.concatenate([boxes[:, :2] - more, boxes[:, 2:] + more], axis=1)


def _moved(boxes: Floats, random: np.random.Generator, *, by: float) -> Floats:
    sides, middles = boxes[:, 2:] - boxes[:, :2], (boxes[:, 2:] + boxes[:, :2]) / 2
    middles = middles + sides * random.uniform(-by, by, sides.shape)
    halves = sides * np.exp(random.uniform(-by, by, sides.shape)) / 2
    return np.concatenate([middles - halves, middles + halves], axis=1)


def _anywhere(count: int, random: np.random.Generator) -> Floats:
    tall = np.exp(random.uniform(np.log(16), np.log(0.75 * SCENE), count))
    wide = (tall * np.exp(random.uniform(-0.5, 0.5, count))).clip(12, 0.9 * SCENE)
    x, y = random.uniform(0, SCENE - wide), random.uniform(0, SCENE - tall)
    return np.stack([x, y, x + wide, y + tall], axis=1)
