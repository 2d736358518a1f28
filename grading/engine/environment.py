"""The packages a course's students may import: which Python, and what is loaded before the first fork."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

# These and an empty home, no more: whoever reads /proc/1/environ in the jail finds no secret. One thread each, since a
# pool of threads that ran before a fork leaves the child waiting for ever.
SCRUBBED = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "agg",
}


@dataclass(frozen=True)
class Environment:
    """One zygote serves one environment."""

    python: Path = field(default_factory=lambda: Path(sys.executable))
    imports: tuple[str, ...] = ("numpy", "torch", "torchvision")
    watched: tuple[str, ...] = ()  # functions that a referee may forbid, as dotted names
