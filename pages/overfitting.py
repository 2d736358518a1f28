"""Learning: Overfitting on ten points

One idea: with as many weights as points nothing is left wrong, and what was learned is the noise.
"""

import numpy as np
import streamlit as st

from core.learning.polynomial import (
    coefficients,
    errors_by_degree,
    fitted,
    mean_error,
    parabola,
    unseen_direction,
    value,
)
from pages._kit import lab
from pages._parts.overfitting import figures
from pages._parts.overfitting.words import findings

MOST = 14
PRICES = (0.0, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1.0, 10.0)

lab.opening(
    __doc__,
    predict="Ten points of a parabola, each a little off, are fitted by a polynomial of degree 9. How large is the "
    "error on these ten, and on others?",
)
controls, stage = lab.columns()
with controls:
    degree = st.slider("Degree", 0, MOST, 9, key="degree", bind="query-params")
    count = st.slider("Points to learn from", 4, 60, 10, key="points", bind="query-params")
    noise = st.slider("Noise", 0.0, 0.5, 0.2, 0.05, key="noise", bind="query-params")
    price = float(
        st.select_slider(
            "Price of large weights, c", PRICES, 0.0, key="c", bind="query-params", format_func=lambda c: f"{c:g}",
            help="What is made small is the squared errors plus c times the sum of the squared weights.",
        )
    )  # fmt: skip
    seed = st.slider("Draw other points", 0, 30, 2, key="draw", bind="query-params")
    free = unseen_direction(parabola(count, 0.0, np.random.default_rng(0)), degree) if price == 0 else None
    share = 0.0
    if free is not None:
        share = st.slider(
            "Add a polynomial that is 0 at every point", -2.0, 2.0, 0.5, 0.1, key="free", bind="query-params"
        )

dice = np.random.default_rng(seed)
learned, unseen = parabola(count, noise, dice), parabola(200, noise, dice)
weights = fitted(learned, degree, c=price)
other = weights + share * free if free is not None and share else None
found = errors_by_degree(learned, unseen, range(MOST + 1), c=price)
train, test = (error if error > 1e-12 else 0.0 for error in (mean_error(weights, learned), mean_error(weights, unseen)))
said = (
    f"Degree **{degree}**, {coefficients(degree)} weights, {count} points: error **{train:.2g}** on them, "
    f"**{test:.2g}** on others. The largest weight is {np.abs(weights).max():.3g}."
)
with stage:
    st.markdown(said)
    lab.chart(figures.fit(learned, unseen, weights, other), key="fit", quick=True, alt=said.replace("*", ""))
    best = int(found[:, 1].argmin())
    alt = f"Mean squared error against the degree. On other points degree {best} is best with {found[best, 1]:.2g}."
    lab.chart(figures.errors(found, degree, noise), key="errors", quick=True, alt=alt, table=figures.table(found))
    st.caption(
        "Green, dotted: the noise itself. No fit can be expected to be better on other points. "
        "Errors below 0.00001 are drawn at the lower edge."
    )

lab.closing(
    notice=findings(degree, count, price, noise, found, other is not None),
    shows=(fitted, value, mean_error, unseen_direction),
    call=f"fitted(parabola({count}, {noise}, np.random.default_rng({seed})), {degree}, c={price:g})",
    answer="Nothing is wrong on the ten, since 10 weights meet 10 conditions; on others the error is several times the "
    "noise. The lecture takes degree 10, which has a weight to spare.",
    quiz=("E23", "Q172"),
    prepares="ps5",
    exports={
        "errors.csv": lambda: figures.table(found).to_csv(),
        "points.csv": lambda: (
            "x,y\n" + "".join(f"{x:.6f},{y:.6f}\n" for x, y in zip(learned.x, learned.y, strict=True))
        ),
    },
)
