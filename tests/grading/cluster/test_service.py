"""The service of a cluster and its attendant: one that falls silent, dies or refuses, and one that follows it."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.cluster.graders import ClusterAway
from grading.cluster.service import Kind, Pace, Said, serve_cluster
from grading.errors import GradingError

AWAY = "The Ray cluster does not answer. What waits stays in the ledger; we ask until it is back."
QUICK = Pace(look=0.01, away=0.0, joining=30.0, silence=30.0)
# An attendant that does as a test says in the life that has come: a list of steps for each.
ATTENDANT = """
import os, pathlib, sys, time
from grading.cluster.service import Kind, Said
folder, *lives = sys.argv[1:]
life = len(os.listdir(folder))
pathlib.Path(folder, str(os.getpid())).touch()
for step in lives[life].split("|"):
    if step == "hangs":
        time.sleep(600)
    elif step == "waits":
        sys.stdin.read()
    elif step == "finishes":
        print(Said(Kind.TELLS, "All have ended.").line(), end="", flush=True)
    elif step == "dies":
        os.kill(os.getpid(), 9)
    elif ":" in step:
        kind, _, sentence = step.partition(":")
        print(Said(Kind(kind), sentence).line(), end="", flush=True)
    else:
        print(step, flush=True)
"""


@dataclass
class Service:
    """The service with such an attendant, and what came of it."""

    folder: Path
    told: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def serve(self, *lives: str, over: Callable[[], bool] = lambda: False, pace: Pace = QUICK) -> None:
        words = (sys.executable, "-c", ATTENDANT, str(self.folder), *lives)
        serve_cluster(words, stop=self.stop, tell=self.told.append, over=over, pace=pace)

    @property
    def lives(self) -> int:
        return len(self.pids)

    @property
    def pids(self) -> list[int]:
        return [int(path.name) for path in self.folder.iterdir()]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    found = Service(tmp_path)
    yield found
    assert not any(map(psutil.pid_exists, found.pids)), "nothing of an attendant is left"


@pytest.mark.parametrize("kind", Kind)
@given(sentence=st.text())
def test_what_is_said_arrives(kind: Kind, sentence: str) -> None:
    line = Said(kind, sentence).line()
    assert line.count("\n") == 1
    assert Said.read(line) == Said(kind, sentence)


@pytest.mark.parametrize(
    "line", ["", "ray: hello", "[]", "3", "{}", '{"kind": "sings", "sentence": ""}', '{"kind": "tells"}']
)
def test_what_a_library_prints_is_nothing_said(line: str) -> None:
    assert Said.read(line) is None


def test_it_tells_what_the_attendant_tells_and_lets_it_finish(service: Service) -> None:
    life = "looked:|a line of Ray's|tells:Graders on ada.|waits|finishes"
    service.serve(life, over=lambda: bool(service.told))
    assert service.told == ["Graders on ada.", "All have ended."]
    assert service.lives == 1


def test_it_is_stopped_while_it_serves(service: Service) -> None:
    def over() -> bool:
        if service.told:
            service.stop.set()
        return False

    service.serve("looked:|tells:Graders on ada.|waits|finishes", over=over)
    assert service.told == ["Graders on ada.", "All have ended."]


def test_one_that_has_not_joined_is_not_waited_for_at_the_end(service: Service) -> None:
    service.serve("hangs", over=lambda: service.lives > 0)
    assert service.lives == 1


def test_a_cluster_that_never_answered_is_an_error(service: Service) -> None:
    with pytest.raises(ClusterAway, match=r"^No Ray cluster answers\.$"):
        service.serve("away:No Ray cluster answers.")


@pytest.mark.parametrize(
    ("life", "why"),
    [("dies", "ended with status -9"), ("hangs", "leaves a question unanswered")],
    ids=["dies", "hangs"],
)
def test_nor_did_one_whose_attendant_dies_or_hears_nothing(service: Service, life: str, why: str) -> None:
    with pytest.raises(ClusterAway, match=why):
        service.serve(life, pace=Pace(look=0.01, joining=0.5))


def test_what_asking_again_would_not_mend_is_an_error_also_later(service: Service) -> None:
    with pytest.raises(GradingError, match=r"^It asks for its token\.$") as raised:
        service.serve("looked:|away:gone", "refuses:It asks for its token.")
    assert not isinstance(raised.value, ClusterAway)


@pytest.mark.parametrize("end", ["away:gone", "dies", "hangs"])
def test_a_cluster_that_went_is_waited_for(service: Service, end: str, caplog: pytest.LogCaptureFixture) -> None:
    service.serve(
        f"looked:|{end}",
        "away:still gone",
        "away:still gone",
        "looked:|tells:Graders on cy.|waits|finishes",
        over=lambda: "Graders on cy." in service.told,
        pace=Pace(look=0.01, away=0.0, joining=30.0, silence=1.0 if end == "hangs" else 30.0),
    )
    assert service.told == ["Graders on cy.", "All have ended."]
    assert service.lives == 4
    assert caplog.messages == [AWAY]


def test_each_time_that_it_goes_is_told(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    service.serve(
        "looked:|away:gone",
        "looked:|away:gone",
        "away:gone",
        "looked:|tells:Graders on cy.|waits",
        over=lambda: bool(service.told),
    )
    assert caplog.messages == [AWAY, AWAY]


def test_it_ends_while_it_waits_for_a_cluster_that_went(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    def ask() -> None:
        while not caplog.messages:
            time.sleep(0.01)
        service.stop.set()

    asking = threading.Thread(target=ask)
    asking.start()
    service.serve("looked:|away:gone", "never", pace=Pace(look=0.01, away=600.0))
    asking.join()
    assert service.lives == 1


def test_an_attendant_ends_with_a_service_that_is_killed(tmp_path: Path) -> None:
    """The service cannot say goodbye; its pipe does."""
    program = (
        "import sys, threading; from grading.cluster.service import serve_cluster;"
        "serve_cluster(sys.argv[1:], stop=threading.Event(), tell=lambda said: print(said, flush=True))"
    )
    words = (sys.executable, "-c", ATTENDANT, str(tmp_path), "looked:|tells:Graders on ada.|waits")
    with subprocess.Popen((sys.executable, "-c", program, *words), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "Graders on ada.\n"
        (attendant,) = [int(path.name) for path in tmp_path.iterdir()]
        process.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 30
    while _runs(attendant) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _runs(attendant)


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE  # nobody in a container may collect it
    except psutil.NoSuchProcess:
        return False
