"""Put the built-in models and long work on a Ray cluster: python -m core.runtime auto, on a machine of it."""

import argparse
import os
import sys
from collections.abc import Sequence

from core.runtime.elsewhere import PORT
from core.runtime.on_serve import serve_models

PLACE = "pages._parts"  # our labs' own; nothing else in core knows them


def main(argv: Sequence[str] | None = None) -> int:
    """Deploy, and stay until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m core.runtime", description=__doc__)
    parser.add_argument("address", help="the cluster's; auto on a machine of it")
    parser.add_argument("--port", type=int, default=PORT, help=f"where they answer ({PORT})")
    parser.add_argument("--most", type=int, default=4, help="processes with models while many ask (4)")
    parser.add_argument("--tasks", type=int, default=2, help="processes for long work; 0: the app does it (2)")
    parser.add_argument("--processors", type=float, default=1.0, help="that each with models is given (1)")
    parser.add_argument("--graphics", type=float, default=0.0, help="GPUs that each is given (0), or a part of one")
    said = parser.parse_args(argv)
    if said.tasks < 0 or said.most < 1:
        parser.error("there is at least one process with models, and no fewer than none for long work")
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    serve_models(
        said.address,
        port=said.port,
        most=said.most,
        tasks=said.tasks,
        place=PLACE,
        processors=said.processors,
        graphics=said.graphics,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
