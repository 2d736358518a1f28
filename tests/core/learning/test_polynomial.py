"""The fit against numpy's and scikit-learn's, and the ten points of lecture D."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import Ridge

from core.errors import CoreError, ShapeError
from core.learning.polynomial import (
    LECTURE_DEGREE,
    LECTURE_POINTS,
    Points,
    coefficients,
    errors_by_degree,
    fitted,
    mean_error,
    parabola,
    powers,
    unseen_direction,
    value,
)

TEN = parabola(LECTURE_POINTS, 0.2, np.random.default_rng(0))


@pytest.mark.parametrize("degree", [0, 1, 3, 6, 9])
def test_fits_as_numpy_does(degree: int) -> None:
    theirs = np.polynomial.polynomial.polyfit(TEN.x, TEN.y, degree)
    np.testing.assert_allclose(fitted(TEN, degree), theirs, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("c", [1e-6, 0.01, 1.0, 100.0])
@pytest.mark.parametrize("degree", [1, 4, 9, 12])
def test_makes_weights_pay_as_scikit_learn_does(degree: int, c: float) -> None:
    theirs = Ridge(alpha=c, fit_intercept=False, solver="svd").fit(powers(TEN.x, degree), TEN.y)
    np.testing.assert_allclose(fitted(TEN, degree, c=c), theirs.coef_, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("degree", [8, 9, 10], ids=lambda degree: f"N166-degree-{degree}")
def test_passes_through_ten_points_from_degree_nine_on(degree: int) -> None:
    assert (mean_error(fitted(TEN, degree), TEN) < 1e-20) == (degree >= 9)


def test_has_many_exact_fits_of_degree_ten_and_one_of_degree_nine() -> None:
    """N166: 11 weights, 10 points. What is 0 at every point can be added without a point noticing."""
    assert coefficients(LECTURE_DEGREE) == 11
    assert np.linalg.matrix_rank(powers(TEN.x, LECTURE_DEGREE)) == 10
    nothing = unseen_direction(TEN, LECTURE_DEGREE)
    assert nothing is not None
    other = fitted(TEN, LECTURE_DEGREE) + 3 * nothing
    assert mean_error(other, TEN) < 1e-20
    assert np.abs(value(other, np.linspace(-1, 1, 99)) - value(fitted(TEN, 10), np.linspace(-1, 1, 99))).max() > 2.5
    assert unseen_direction(TEN, 9) is None


def test_learns_the_noise_and_is_worse_on_other_points() -> None:
    """The demonstration of lecture D, over 40 draws: degree 2 is right, degree 9 exact and far worse elsewhere."""
    found = []
    for seed in range(40):
        dice = np.random.default_rng(seed)
        learned, unseen = parabola(10, 0.2, dice), parabola(200, 0.2, dice)
        found.append(errors_by_degree(learned, unseen, range(10)))
    train, test = np.median(found, axis=0).T
    assert (np.diff(train) <= 1e-12).all()
    assert test.argmin() == 2
    assert test[9] > 3 * test[2]
    assert test[1] > 1.5 * test[2]


@given(st.integers(0, 12), st.floats(0, 10), st.floats(1.1, 10))
def test_a_higher_price_makes_smaller_weights_and_no_better_fit(degree: int, c: float, factor: float) -> None:
    cheap, dear = fitted(TEN, degree, c=c), fitted(TEN, degree, c=c * factor + 1e-3)
    assert np.square(dear).sum() <= np.square(cheap).sum() + 1e-9
    assert mean_error(dear, TEN) >= mean_error(cheap, TEN) - 1e-9


def test_draws_the_parabola() -> None:
    np.testing.assert_allclose(parabola(5, 0.0, np.random.default_rng(0)).y, [1, 0.25, 0, 0.25, 1])
    assert np.std(parabola(5000, 0.3, np.random.default_rng(0)).y - np.square(np.linspace(-1, 1, 5000))) == (
        pytest.approx(0.3, rel=0.05)
    )


def test_refuses_what_cannot_be() -> None:
    with pytest.raises(CoreError, match="degrees from 0 to 20"):
        fitted(TEN, 21)
    with pytest.raises(CoreError, match="price of a weight"):
        fitted(TEN, 2, c=-1)
    with pytest.raises(CoreError, match="two points"):
        parabola(1, 0.1, np.random.default_rng(0))
    with pytest.raises(ShapeError, match="need x"):
        Points(np.zeros(2), np.zeros(3))
