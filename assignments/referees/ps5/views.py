"""tta_predict: a network is asked about several changed copies of an image, and its answers are averaged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.augment.test_time import aggregated
from core.types import Floats
from core.units.activations import softmax
from grading.referee import Case, Drawn, Group, Mistake, Referee, Tolerance, case

Model = Callable[[Floats], Floats]
View = Callable[[Floats], Floats]
FLOAT32 = Tolerance(1e-3, 1e-4, because="float32 carries seven digits, and scores in the thousands use up four of them")
VIEWS: tuple[View, ...] = (np.copy, np.fliplr, np.flipud, np.rot90, np.transpose, np.square, np.sqrt)


def network(weights: Floats) -> Model:
    """A network that looks at four corners and at the mean: an image (H, W) of any size -> K scores.

    The class is made in here so that it stays with the judge.
    """

    @dataclass
    class Corners:
        """The network."""

        weights: Floats

        def scores(self, image: Floats) -> Floats:
            image = np.asarray(image, dtype=float)
            return np.asarray(self.weights @ [*image[[0, 0, -1, -1], [0, -1, 0, -1]], image.mean()])

    return Corners(weights).scores


def said(model: Model, image: Floats, views: Sequence[View]) -> Floats:
    """The scores of every view: (V, K)."""
    if not views:
        raise ValueError("no views")
    return np.array([model(view(image)) for view in views])


def together(model: Model, image: Floats, views: Sequence[View]) -> Floats:
    """The reference."""
    return aggregated(softmax(said(model, image, views)))


def overflowing(scores: Floats) -> Floats:
    """The powers as the formula has them."""
    with np.errstate(over="ignore", invalid="ignore"):
        powers = np.exp(scores)
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def chained(model: Model, image: Floats, views: Sequence[View]) -> Floats:
    """Every view is one of the view before."""
    answers = []
    for view in views:
        image = view(image)
        answers.append(model(image))
    return aggregated(softmax(np.array(answers)))


def votes(model: Model, image: Floats, views: Sequence[View]) -> Floats:
    """Every view has one vote."""
    scores = said(model, image, views)
    return np.asarray(np.eye(scores.shape[1])[scores.argmax(axis=1)].mean(axis=0))


def without_views(model: Model, image: Floats, views: Sequence[View]) -> Floats:
    """Of the plain image, where no views are given."""
    return together(model, image, views or [np.copy])


def asked(weights: Floats, image: Floats, *views: View, title: str = "") -> Case:
    """A question about a network with these weights."""
    return case(network(weights), image, list(views), title=title)


def averaged_scores(model: Model, image: Floats, views: Sequence[View]) -> Floats:
    """Probabilities of the mean scores."""
    return softmax(said(model, image, views).mean(axis=0))


def plain_too(model: Model, image: Floats, views: Sequence[View]) -> Floats:
    """The plain image as one more view."""
    return together(model, image, [np.copy, *views])


def plain_only(model: Model, image: Floats, views: Sequence[View]) -> Floats:
    """The plain image in place of each view."""
    return together(model, image, [np.copy] * len(views))


def first_only(model: Model, image: Floats, views: Sequence[View]) -> Floats:
    """One view."""
    return together(model, image, views[:1])


def surest(model: Model, image: Floats, views: Sequence[View]) -> Floats:
    """The largest probability of each class."""
    return aggregated(softmax(said(model, image, views)), "maximum")


ALONE = (plain_too, plain_only, votes)
SEVERAL = (*ALONE, averaged_scores, first_only, surest, chained)


def any_views(least: int, most: int, *, plain: bool, large: bool = False) -> Drawn:
    """Views of an image that is never square, the plain one among them or not, on which the known mistakes show."""

    def draw(random: np.random.Generator) -> Case:
        while True:
            high, wide = (int(side) for side in random.choice([3, 4, 5, 6], size=2, replace=False))
            image = random.uniform(0.05, 0.95, size=(high, wide))
            weights = random.uniform(1, 4, size=(int(random.integers(3, 6)), 5))
            weights *= random.choice([-1, 1], size=weights.shape)
            if large:
                weights[:, 4] += random.choice([-1, 1]) * 4000.0  # the same for every class
            count = int(random.integers(least, most + 1))
            chosen = [VIEWS[1 + place] for place in random.permutation(len(VIEWS) - 1)[:count]]
            if plain:
                chosen[int(random.integers(count))] = np.copy
            asked_about = network(weights), image, chosen
            right = together(*asked_about)
            others = ALONE if count == 1 else SEVERAL
            if all(np.abs(other(*asked_about) - right).max() > 0.02 for other in others):
                return asked(weights, image, *chosen)

    return draw


IMAGE = np.array([[0.0, 0.5, 1.0], [0.0, 0.5, 0.0]])
WEIGHTS = np.array([[2.0, 0.0, 0.0, 0.0, 0.0], [0.0, 2.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 1.0]])
NONE = "Without a view there is nothing to average: raise a ValueError."

tta_predict = Referee(
    name="tta_predict",
    points=1,
    reference=together,
    tolerance=FLOAT32,
    torch_or_numpy=True,
    groups=(
        Group(
            "examples of the notebook",
            weight=1,
            visible=True,
            cases=(
                asked(WEIGHTS, IMAGE, np.copy, np.fliplr, title="The image and its mirror image"),
                asked(WEIGHTS, IMAGE, np.fliplr, title="The mirror image alone"),
                asked(WEIGHTS, IMAGE, np.copy, np.rot90, np.transpose, title="Views that stand upright"),
            ),
        ),
        Group("a single view", weight=1, drawn=any_views(1, 1, plain=False), count=5),
        Group("views with the plain image among them", weight=1, drawn=any_views(3, 5, plain=True), count=6),
        Group("views without the plain image", weight=3, drawn=any_views(3, 5, plain=False), count=6),
        Group("scores in the thousands", weight=1, drawn=any_views(2, 4, plain=True, large=True), count=5),
        Group("no views at all", weight=1, cases=(case(network(WEIGHTS), IMAGE, [], raises=ValueError),)),
    ),
    mistakes=(
        Mistake(
            "averages the scores",
            averaged_scores,
            hint="You make probabilities of the mean scores. It is the probabilities that are averaged.",
        ),
        Mistake(
            "returns scores",
            lambda model, image, views: said(model, image, views).mean(axis=0),
            hint="These are mean scores. Make probabilities of the scores of every view first, with softmax.",
        ),
        Mistake(
            "adds up",
            lambda model, image, views: together(model, image, views) * len(views),
            hint="You add the probabilities of all views up; the answer is their mean, which adds up to 1.",
        ),
        Mistake(
            "adds the plain image",
            plain_too,
            hint="You ask about the plain image as well. It counts only where one of the views leaves it as it is.",
        ),
        Mistake(
            "asks about the plain image only",
            plain_only,
            hint="You ask about the image as it is. Ask about every view of it.",
        ),
        Mistake(
            "asks about the first view only",
            first_only,
            hint="You ask about one view and pass over the others.",
        ),
        Mistake(
            "changes what it changed",
            chained,
            hint="You make each view of the view before. Every view is one of the image itself.",
        ),
        Mistake(
            "lets the views vote",
            votes,
            hint="You count votes for the surest class. How sure a view is counts as well: average the probabilities.",
        ),
        Mistake(
            "listens to the surest view",
            surest,
            hint="You take the largest probability of each class. Asked for is the mean over the views.",
        ),
        Mistake(
            "softmax over the views",
            lambda model, image, views: softmax(said(model, image, views).T).sum(axis=1) / len(views),
            hint="The probabilities of one view add up to 1: softmax runs over the classes.",
        ),
        Mistake(
            "overflows",
            lambda model, image, views: overflowing(said(model, image, views)).mean(axis=0),
            hint="The power of a large score is infinite. Take the largest score of a view off all its scores first: "
            "only differences count.",
        ),
        Mistake("answers without a view", without_views, hint=NONE),
        Mistake(
            "has no number without a view",
            lambda model, image, views: together(model, image, views) if views else np.nan,
            hint=NONE,
        ),
    ),
)
