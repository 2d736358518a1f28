"""Fitting a polynomial to a few noisy points: too few weights miss the line, too many learn the noise (lecture D).

A polynomial of degree D has D + 1 weights w; points are x (N,) and y (N,).
Source: Bishop, "Pattern Recognition and Machine Learning", section 1.1.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.errors import CoreError, ShapeError
from core.types import Floats

if TYPE_CHECKING:
    from numpy.random import Generator

LECTURE_POINTS, LECTURE_DEGREE = 10, 10  # of lecture D
MOST_DEGREE = 20


@dataclass(frozen=True)
class Points:
    """Measured points: x (N,), y (N,)."""

    x: Floats
    y: Floats

    def __post_init__(self) -> None:
        if self.x.shape != self.y.shape or self.x.ndim != 1 or not self.x.size:
            raise ShapeError(f"need x (N,) and y (N,), got {self.x.shape} and {self.y.shape}")


def parabola(count: int, noise: float, generator: "Generator") -> Points:
    """Points of y = x^2, evenly from -1 to 1, each off by a normal draw of deviation `noise`.

    >>> drawn = parabola(3, 0.0, np.random.default_rng(0))
    >>> drawn.x, drawn.y
    (array([-1.,  0.,  1.]), array([1., 0., 1.]))
    """
    if count < 2 or noise < 0:
        raise CoreError(f"need two points or more and a noise from 0, got {count} and {noise}")
    x = np.linspace(-1, 1, count)
    return Points(x, np.square(x) + noise * generator.normal(size=count))


def powers(x: Floats, degree: int) -> Floats:
    """Every power of every x: (N,) -> (N, D + 1), from x^0 to x^D.

    >>> powers(np.array([2.0, 3.0]), 2)
    array([[1., 2., 4.],
           [1., 3., 9.]])
    """
    if not 0 <= degree <= MOST_DEGREE:
        raise CoreError(f"degrees from 0 to {MOST_DEGREE} are fitted here, got {degree}")
    return np.vander(x, degree + 1, increasing=True)


def coefficients(degree: int) -> int:
    """How many weights a polynomial has: one for each power and one for the constant.

    >>> coefficients(10)
    11
    """
    return int(powers(np.zeros(1), degree).shape[1])


def fitted(points: Points, degree: int, *, c: float = 0.0) -> Floats:
    """The weights with the least loss: x (N,), y (N,) -> w (D + 1,).

        sum over i of (p(x_i) - y_i)^2 + c * sum over j of w_j^2

    The second sum is like D + 1 more equations, sqrt(c) w_j = 0: so one least-squares problem does both.
    With c = 0 and more weights than points there are many exact fits; then it is the one with the smallest weights.

    >>> fitted(Points(np.array([-1.0, 0.0, 1.0]), np.array([1.0, 0.0, 1.0])), 2).round(6) + 0
    array([0., 0., 1.])
    """
    if c < 0:
        raise CoreError(f"the price of a weight is from 0, got c = {c}")
    rows = powers(points.x, degree)  # (N, D + 1)
    count = rows.shape[1]
    asked = np.concatenate([rows, np.sqrt(c) * np.eye(count)])  # (N + D + 1, D + 1)
    weights: Floats = np.linalg.lstsq(asked, np.concatenate([points.y, np.zeros(count)]), rcond=None)[0]
    return weights


def value(weights: Floats, x: Floats) -> Floats:
    """The polynomial at some places: (D + 1,), (N,) -> (N,).

    >>> value(np.array([1.0, 0.0, 2.0]), np.array([3.0]))
    array([19.])
    """
    found: Floats = powers(x, len(weights) - 1) @ weights
    return found


def mean_error(weights: Floats, points: Points) -> float:
    """Mean squared distance of a polynomial from points.

    >>> mean_error(np.array([0.0]), Points(np.array([0.0, 1.0]), np.array([1.0, 3.0])))
    5.0
    """
    return float(np.square(value(weights, points.x) - points.y).mean())


def unseen_direction(points: Points, degree: int) -> Floats | None:
    """Weights of a polynomial that is 0 at every point, (D + 1,); None where only the zero polynomial is.

    Any multiple of it can be added to a fit without a point noticing: with 11 weights and 10 points the fit is not
    unique. It is scaled to a largest value of 1 between the outermost points.

    >>> unseen_direction(Points(np.array([-1.0, 1.0]), np.zeros(2)), 2).round(6)
    array([-1.,  0.,  1.])
    >>> unseen_direction(Points(np.array([-1.0, 1.0]), np.zeros(2)), 1) is None
    True
    """
    roots = np.unique(points.x)
    if degree < len(roots):
        return None
    product = np.polynomial.polynomial.polyfromroots(roots)  # of all (x - x_i)
    weights: Floats = np.concatenate([product, np.zeros(degree + 1 - len(product))])
    between = value(weights, np.linspace(roots[0], roots[-1], 501))
    found: Floats = weights / np.abs(between).max()
    return found


def errors_by_degree(learned: Points, unseen: Points, degrees: range, *, c: float = 0.0) -> Floats:
    """Error on what was learned from and on other points, for each degree: -> (degrees, 2).

    >>> three, other = (Points(np.array(x), np.square(np.array(x))) for x in ([-1.0, 0.0, 1.0], [-0.5, 0.5]))
    >>> errors_by_degree(three, other, range(1, 3)).round(4)
    array([[0.2222, 0.1736],
           [0.    , 0.    ]])
    """
    fits = [fitted(learned, degree, c=c) for degree in degrees]
    return np.array([[mean_error(weights, part) for part in (learned, unseen)] for weights in fits])
