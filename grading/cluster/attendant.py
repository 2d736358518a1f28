"""The process that asks Ray, so that the service need not: it looks after the graders, and says so at every look.

It ends with the service that holds it, whatever ends that; graders finish what they are at then.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from grading import logs
from grading.cluster.graders import ClusterAway, Graders, attend
from grading.cluster.on_ray import joined
from grading.cluster.service import Kind, Said
from grading.companion import end_with_parent
from grading.errors import GradingError
from grading.ledger.stopping import stopping

EVERY = 2.0  # seconds between two looks
GRACE = 60.0  # seconds for the graders to end when the service has gone


def command(address: str, words: Sequence[str], *, workers: int, every: float = EVERY) -> tuple[str, ...]:
    """What starts an attendant of graders with so many workers, whose command is Python and these words."""
    return (sys.executable, "-m", __name__, address, str(workers), str(every), *words)


def main(argv: Sequence[str]) -> int:
    """Join the cluster and look after its graders until nobody holds us."""
    end_with_parent(grace=GRACE)
    logs.begin()
    address, workers, every, *words = argv
    with stopping() as stop:
        try:
            with joined(address) as cluster:
                graders = Graders(cluster, words, int(workers), lambda sentence: _say(Kind.TELLS, sentence))
                attend(graders, stop, every=float(every), looked=lambda: _say(Kind.LOOKED))
        except ClusterAway as problem:
            _say(Kind.AWAY, str(problem))
        except GradingError as problem:
            _say(Kind.REFUSES, str(problem))
    return 0


def _say(kind: Kind, sentence: str = "") -> None:
    with suppress(BrokenPipeError):  # the service is gone, and the graders have to end all the same
        os.write(sys.stdout.fileno(), Said(kind, sentence).line().encode())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
