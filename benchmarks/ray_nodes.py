"""The grading service on a Ray cluster of this machine: what is lost when nodes die, and what a second node brings.

A node has one grader of one worker, with the sandbox and the judge as they are; the ledger is a Postgres. 200 hand-ins
come in ten rushes of twenty. At a random moment of each rush one of the two nodes is killed with all that runs on it,
and a new one is added. In the end every hand-in has to have exactly one outcome with the points that it deserves, and
nothing may be left in the queue. Leases are of three seconds instead of a minute, so that the time does not consist of
waiting for them. For the throughput nobody is killed: rounds of hand-ins that compute for about a second each, on one
node, then on two, all graders warm. Both nodes share the cores of one machine with each other, with Postgres and with
Ray's own processes, so half the time is the best that a second one can bring on two cores.
"""

import importlib.util
import tempfile
from functools import partial
from pathlib import Path

from sqlalchemy import create_engine, text

from benchmarks.results import Goal, LeftOut, Row, Section, Series
from tests.find_postgres import NoPostgres, serve_postgres
from tests.grading.cluster.fleet import Survived, speed, survive

SEED = 11


def measure(*, quick: bool) -> Section:
    """All rows; the quick form has two rushes and one round."""
    if importlib.util.find_spec("ray") is None:
        raise LeftOut("Ray is not installed here")
    attempts, kills = (40, 2) if quick else (200, 10)
    hand_ins, rounds = (6, 1) if quick else (16, 3)
    said: list[str] = []
    try:
        with tempfile.TemporaryDirectory() as name, serve_postgres() as url:
            for base in ("killed", "speed"):
                _database(url, base)
                (Path(name) / base).mkdir()
            found = survive(
                Path(name) / "killed", url.format(name="killed"), attempts=attempts, kills=kills, seed=SEED,
                tell=partial(_tell, said),
            )  # fmt: skip
            one, two = speed(Path(name) / "speed", url.format(name="speed"), hand_ins=hand_ins, rounds=rounds)
    except NoPostgres as problem:
        raise LeftOut(str(problem)) from None
    except AssertionError as problem:
        raise RuntimeError(f"{said[-1] if said else 'nothing was graded'}: {problem}") from problem
    return Section("ray", __doc__ or "", _rows(found, attempts, hand_ins, one, two), (said[0], said[-1]))


def _rows(found: Survived, attempts: int, hand_ins: int, one: list[float], two: list[float]) -> tuple[Row, ...]:
    dies = f"{attempts} hand-ins on two nodes, one of which dies {found.kills} times"
    return (
        Row(f"{dies}: without their one outcome", _count(attempts - found.outcomes), goals=(Goal("most", 0),)),
        Row(f"{dies}: taken up again", _count(found.again)),
        Row(f"{dies}: until all are graded", Series((found.seconds,), "s")),
        Row(f"{hand_ins} long hand-ins on two nodes", Series(tuple(two), "s"), "on one node", Series(tuple(one), "s")),
    )


def _tell(said: list[str], line: str) -> None:
    said.append(line)
    print(f"\n  {line}", end="", flush=True)


def _count(number: int) -> Series:
    return Series((float(number),), "hand-ins")


def _database(url: str, name: str) -> None:
    engine = create_engine(url.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
