"""mixup: two examples are blended, and their labels by the same share."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.augment import mixup as mixing
from core.augment.mixup import one_hot
from core.types import Floats
from grading.referee import Case, Drawn, Group, Mistake, Referee, Tolerance, case

Labels = NDArray[np.int64]
Pair = tuple[Floats, Floats]
BLENDED = Tolerance(1e-5, 1e-5, because="a sum of two products: float32 keeps six digits of it")


def mixed(images: Floats, labels: Labels, classes: int, share: float, partners: Labels) -> Pair:
    """The reference."""
    return mixing.mixup(images, one_hot(labels, classes), share, partners)


def images_right(change: Callable[[Floats, Floats, float, Labels], Floats]) -> Callable[..., Pair]:
    """Blended images and other labels: (N, K), the share and the partners are given, and what is right."""

    def variant(images: Floats, labels: Labels, classes: int, share: float, partners: Labels) -> Pair:
        right, targets = mixed(images, labels, classes, share, partners)
        return right, change(targets, one_hot(labels, classes), share, partners)

    return variant


def harder(targets: Floats, own: Floats, share: float, partners: Labels) -> Floats:
    """The label of the larger share."""
    return own if share >= 0.5 else own[partners]


def numbers(images: Floats, labels: Labels, classes: int, share: float, partners: Labels) -> Pair:
    """The numbers of the classes blended: between 2 and 4 lies 3, which is another class."""
    right, _ = mixed(images, labels, classes, share, partners)
    return right, share * labels + (1 - share) * labels[partners]


def whole(images: Floats, labels: Labels, classes: int, share: float, partners: Labels) -> Pair:
    """The kind of numbers the images had: what lies between whole ones is cut off."""
    right, targets = mixed(images, labels, classes, share, partners)
    return right.astype(images.dtype), targets


def any_share(images: Floats, labels: Labels, classes: int, share: float, partners: Labels) -> Pair:
    """Shares beyond 0 and 1 as well."""
    own = one_hot(labels, classes)
    return share * images + (1 - share) * images[partners], share * own + (1 - share) * own[partners]


def roundabout(random: np.random.Generator, count: int) -> Labels:
    """Partners that do not choose each other, and are not simply the next ones."""
    nearby = [np.roll(np.arange(count), by).tolist() for by in (-1, 1)]
    while True:
        partners = random.permutation(count)
        if (partners[partners] != np.arange(count)).any() and partners.tolist() not in nearby:
            return partners


def batch(*, same: bool = False, integers: bool = False) -> Drawn:
    """Examples of different classes, or of one; the last class never occurs. Shares are not near one half."""

    def draw(random: np.random.Generator) -> Case:
        count, classes = int(random.integers(4, 7)), int(random.integers(4, 7))
        partners = roundabout(random, count)
        labels = random.integers(0, classes - 1, size=count)
        first = int(np.flatnonzero(partners != np.arange(count))[0])
        labels[first], labels[partners[first]] = random.permutation(classes - 1)[:2]
        if same:
            labels[:] = labels[0]
        sides = random.permutation([2, 3, 4])[: int(random.integers(1, 4))].tolist()
        share = float(random.choice([-1, 1]) * random.uniform(0.1, 0.4) + 0.5)
        if integers:
            images = random.integers(0, 256, size=(count, *sides), dtype=np.uint8)
            images.flat[:2] = 7, 200
            return case(images, labels, classes, share, partners)
        return case(random.uniform(-1, 1, size=(count, *sides)), labels, classes, share, partners)

    return draw


TWO = np.array([[0.0, 1.0, 0.5], [1.0, 1.0, 0.0]])
SWAPPED = np.array([1, 0])
FOUR = np.array([[8, 0], [0, 100], [40, 41], [255, 255]], dtype=np.uint8)
FOUR_LABELS, FOUR_PARTNERS = np.array([0, 1, 1, 2]), np.array([2, 0, 3, 1])
REFUSED = "A share below zero or above one blends nothing: raise a ValueError."

mixup = Referee(
    name="mixup",
    points=1,
    reference=mixed,
    tolerance=BLENDED,
    torch_or_numpy=True,
    groups=(
        Group(
            "examples of the notebook",
            weight=1,
            visible=True,
            cases=(
                case(TWO, np.array([0, 1]), 2, 0.75, SWAPPED, title="Two rows, three quarters and one"),
                case(FOUR, FOUR_LABELS, 4, 0.25, FOUR_PARTNERS, title="Four rows of whole numbers"),
            ),
        ),
        Group("images of several classes", weight=3, drawn=batch(), count=8),
        Group("images of whole numbers", weight=1, drawn=batch(integers=True), count=5),
        Group("images of a single class", weight=1, drawn=batch(same=True), count=5),
        Group(
            "shares of nothing, of everything, and of one half",
            weight=1,
            cases=(
                case(TWO, np.array([0, 2]), 3, 0.0, SWAPPED),
                case(TWO, np.array([2, 0]), 4, 1.0, SWAPPED),
                case(FOUR, FOUR_LABELS, 3, 0.5, FOUR_PARTNERS),
                case(FOUR[:1], np.array([1]), 3, 0.3, np.array([0])),
                case(FOUR, FOUR_LABELS, 4, 0.0, np.array([2, 2, 2, 0])),
            ),
        ),
        Group(
            "shares that are none",
            weight=1,
            cases=(
                case(TWO, np.array([0, 1]), 2, 1.25, SWAPPED, raises=ValueError),
                case(TWO, np.array([0, 1]), 2, -0.25, SWAPPED, raises=ValueError),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "gives the share to the partner",
            lambda images, labels, classes, share, partners: mixed(images, labels, classes, 1 - share, partners),
            hint="The share is that of the example itself; its partner gets the rest.",
        ),
        Mistake(
            "gives the partner's label the share",
            images_right(lambda targets, own, share, partners: (1 - share) * own + share * own[partners]),
            hint="Your images are right. In the labels, example and partner have exchanged their shares.",
        ),
        Mistake(
            "keeps the labels",
            images_right(lambda targets, own, share, partners: own),
            hint="You blend the images and leave the labels as they were: blend them by the same share.",
        ),
        Mistake(
            "takes the label of the larger share",
            images_right(harder),
            hint="A blend has no single label: each of the two classes gets its share.",
        ),
        Mistake(
            "gives half to each label",
            images_right(lambda targets, own, share, partners: (own + own[partners]) / 2),
            hint="The labels are blended by the share, as the images are, not by halves.",
        ),
        Mistake(
            "blends the numbers of classes",
            numbers,
            hint="You blend the numbers of the classes: between class 2 and class 4 would lie class 3. Make a row with "
            "a single 1 of every label first.",
        ),
        Mistake(
            "goes the other way round",
            lambda images, labels, classes, share, partners: mixed(images, labels, classes, share, partners.argsort()),
            hint="Example i is blended with example partners[i]. You blend example partners[i] with example i.",
        ),
        Mistake(
            "takes the next example",
            lambda images, labels, classes, share, partners: mixed(
                images, labels, classes, share, np.roll(np.arange(len(labels)), -1)
            ),
            hint="Every example is blended with its partner, not with the one that comes next.",
        ),
        Mistake(
            "halves",
            lambda images, labels, classes, share, partners: mixed(images, labels, classes, 0.5, partners),
            hint="You take the mean of example and partner, whatever the share.",
        ),
        Mistake(
            "cuts off what is not whole",
            whole,
            hint="Images may come as whole numbers; a blend of them is not whole. Let it be an array of floats.",
        ),
        Mistake(
            "counts the classes it sees",
            lambda images, labels, classes, share, partners: mixed(
                images, labels, int(labels.max()) + 1, share, partners
            ),
            hint="A row of the labels has a place for each of the K classes, also for those that the batch lacks.",
        ),
        Mistake("blends with any share", any_share, hint=REFUSED),
    ),
)
