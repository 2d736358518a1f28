"""The pictures in the notebooks are those that the code draws."""

import numpy as np
import pytest

from assignments.figures.embed import drawn, embedded, known
from tests.assignments.sets import SETS, source


def test_every_problem_set_has_a_figure():
    assert known() == [name for name in SETS if name.startswith("ps")]


@pytest.mark.parametrize("name", known())
def test_the_figure_in_the_notebook_is_the_one_that_is_drawn(name):
    image, shows = drawn(name)
    cell = next(cell for cell in source(name).cells if cell.id == "figure")
    assert cell.source.startswith(f"![{shows}](")
    seen = np.asarray(embedded(cell.source), dtype=float)
    assert seen.shape == np.asarray(image).shape
    assert np.abs(seen - np.asarray(image)).mean() < 4  # 64 colours in place of all
    assert len(cell.source) < 80_000
