"""Draw the figures anew and put them into the notebooks' `figure` cells: `python -m assignments.figures [SET ...]`."""

import sys
from pathlib import Path

from assignments.figures.embed import embed, known

if __name__ == "__main__":
    source = Path(__file__).parents[1] / "source"
    for name in sys.argv[1:] or known():
        size = embed(name, source / name / f"{name}.ipynb")
        sys.stdout.write(f"{name}: {size / 1024:.1f} KiB\n")
