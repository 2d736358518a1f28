"""The data of the project: parcels seen from above, drawn by program, in one file that travels with the notebook.

`python -m assignments.parcels` writes it anew. Heights are whole millimetres, kinds are numbers; their names are there.
"""

from pathlib import Path
from typing import Any

import numpy as np

from core.data.parcels import KINDS, parcels
from core.data.parts import Part

FILE = Path(__file__).parent / "source" / "project" / "parcels.npz"
COUNTS: dict[Part, int] = {"train": 600, "validation": 200, "test": 200}


def arrays() -> dict[str, Any]:
    """Maps (N, 32, 48) and kinds (N,) of the three parts, and the names of the kinds (5,)."""
    found: dict[str, Any] = {"names": np.array(KINDS)}
    for part, count in COUNTS.items():
        drawn = parcels(part, count)
        found[f"{part}_heights"] = np.stack([np.rint(10 * each.heights) for each in drawn]).astype(np.uint16)
        found[f"{part}_kinds"] = np.array([KINDS.index(each.kind) for each in drawn], dtype=np.uint8)
    return found


if __name__ == "__main__":
    np.savez_compressed(FILE, allow_pickle=False, **arrays())
