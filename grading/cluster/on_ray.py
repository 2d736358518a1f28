"""A Ray cluster as machines to put graders on. Nowhere else in this room is Ray imported."""

import logging
import os
import signal
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from grading.cluster.graders import ClusterAway
from grading.cluster.node import Node, Standing
from grading.errors import GradingError

ADDRESS = "FOVEA_RAY_ADDRESS"
NAMESPACE = "fovea"
_TRIES = 3  # to join
_KNOCK = 5.0  # seconds for the head to open its door
_ANSWER = 10.0  # seconds for all machines to say how they stand
_FINISH = 30.0  # seconds for graders that are asked to end


@contextmanager
def joined(address: str) -> Iterator["RayCluster"]:
    """The cluster at an address, until the block ends."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # it tells nobody about us
    try:
        import ray
    except ModuleNotFoundError:
        raise GradingError(
            f"{ADDRESS} is set, but Ray is not installed here: `make ray` in the folder of Fovea adds it."
        ) from None
    cluster = RayCluster(ray, address)
    _knock(address)
    try:
        with cluster.answering(), _our_signals():
            cluster.join()
        yield cluster
    finally:
        with suppress(Exception):  # of a cluster that is gone there is nothing to leave
            ray.shutdown()


class RayCluster:
    """The actors of one connection, each on its machine."""

    def __init__(self, ray: Any, address: str) -> None:
        self._ray, self._address = ray, address
        self._actors: dict[str, Any] = {}

    def join(self) -> None:
        """Connect; a head that is there and does not get ready for us at once is asked again."""
        for left in reversed(range(_TRIES)):
            try:
                self._ray.init(self._address, namespace=NAMESPACE, log_to_driver=False, logging_level=logging.ERROR)
                return
            except ConnectionAbortedError:  # what it starts for each that comes with ray:// has died
                if not left:
                    raise

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Turn what Ray says when it cannot reach the cluster into a sentence of ours."""
        try:
            yield
        except self._ray.exceptions.AuthenticationError as problem:
            raise GradingError(
                f"The Ray cluster at {self._address} asks for its token: set RAY_AUTH_TOKEN to what "
                "`ray get-auth-token` prints on its head."
            ) from problem
        except (OSError, RuntimeError, ValueError, self._ray.exceptions.RayError) as problem:
            raise _away(self._address, problem) from problem

    def machines(self, *, processors: int) -> Mapping[str, str]:
        """The nodes that live and offer so many processors."""
        _knock(self._address)  # Ray itself would not answer any more, and end this process after a minute
        with self.answering():
            return {
                node["NodeID"]: str(node["NodeManagerHostname"])
                for node in self._ray.nodes()
                if node["Alive"] and node["Resources"].get("CPU", 0.0) >= processors
            }

    def start(self, machine: str, words: Sequence[str], *, processors: int) -> None:
        """An actor there and nowhere else, which Ray starts again however often it dies."""
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        there = NodeAffinitySchedulingStrategy(node_id=machine, soft=False)
        with self.answering():
            actor = self._ray.remote(Node).options(num_cpus=processors, max_restarts=-1, scheduling_strategy=there)
            self._actors[machine] = actor.remote(tuple(words))

    def forget(self, machine: str) -> None:
        """Ray need not try to start it again either."""
        if actor := self._actors.pop(machine, None):
            with suppress(Exception):  # it may be dead already
                self._ray.kill(actor)

    def standings(self) -> Mapping[str, Standing | None]:
        """What the actors answer. One that is being started again is left out."""
        found = dict[str, Standing | None]()
        with self.answering():
            asked = {actor.standing.remote(): machine for machine, actor in self._actors.items()}
            for answer in self._wait(list(asked), _ANSWER):
                try:
                    found[asked[answer]] = self._ray.get(answer)
                except self._ray.exceptions.ActorUnavailableError:
                    continue
                except (self._ray.exceptions.ActorDiedError, self._ray.exceptions.ActorUnschedulableError):
                    found[asked[answer]] = None
        return found

    def end(self) -> None:
        """Ask all at once, and wait for them."""
        with self.answering():
            self._wait([actor.end.remote(_FINISH) for actor in self._actors.values()], _FINISH + _ANSWER)

    def _wait(self, asked: list[Any], seconds: float) -> list[Any]:
        done, _ = self._ray.wait(asked, num_returns=len(asked), timeout=seconds) if asked else ([], [])
        return list(done)


@contextmanager
def _our_signals() -> Iterator[None]:
    """Whoever asks us to end is heard as before: Ray puts a handler of its own in the place of ours."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        if threading.current_thread() is threading.main_thread():
            for number, handler in before.items():
                signal.signal(number, handler)


def _knock(address: str) -> None:
    """Ask for the door first: Ray itself waits for most of a minute before an empty address."""
    try:
        where = urlsplit(address if "://" in address else f"ray://{address}")
        socket.create_connection((where.hostname or "", where.port or 0), timeout=_KNOCK).close()
    except (OSError, ValueError):
        raise _away(address) from None


def _away(address: str, problem: Exception | None = None) -> ClusterAway:
    *_, last = "", *(line for line in str(problem or "").splitlines() if line.strip())
    return ClusterAway(
        f"No Ray cluster answers at {address}, which {ADDRESS} names. `ray start --head` starts one; the address is "
        "ray://HOST:10001 from anywhere, or HOST:6379 on a machine of the cluster." + (last and f" Ray says: {last}")
    )
