"""`fovea grader` where `FOVEA_RAY_ADDRESS` is set: what it asks for before it begins, in one sentence."""

import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from grading.cluster import on_ray
from grading.cluster.graders import ClusterAway
from grading.errors import GradingError
from tests.grading import small_course
from tests.grading.cluster.fleet import needs_ray
from tests.grading.test_cli import fovea


@pytest.fixture
def nobody() -> str:
    """An address of this machine where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def test_graders_on_several_machines_need_a_ledger_that_they_share(tmp_path: Path) -> None:
    course = small_course.write(tmp_path / "course")
    ran = fovea(course, "grader", FOVEA_RAY_ADDRESS="ray://localhost:1")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "Graders on several machines share a ledger in Postgres: FOVEA_LEDGER is its address." in ran.stderr


def test_on_this_machine_an_address_of_a_cluster_is_not_asked(tmp_path: Path) -> None:
    course = small_course.write(tmp_path / "course")
    ran = fovea(course, "grader", "--here", "--until-empty", FOVEA_RAY_ADDRESS="ray://localhost:1")
    assert (ran.returncode, ran.stdout) == (0, "0 graded\n"), ran.stderr


@needs_ray
@pytest.mark.parametrize("form", ["ray://{}", "{}"], ids=["client", "direct"])
def test_an_address_where_nobody_answers_is_a_sentence_at_once(form: str, nobody: str) -> None:
    with pytest.raises(ClusterAway, match="`ray start --head` starts one"), on_ray.joined(form.format(nobody)):
        pass


@needs_ray
@pytest.mark.parametrize("address", ["", "auto", "head", "ray://", "ray://head:many", "ray://[::1"])
def test_what_is_no_address_is_a_sentence_too(address: str) -> None:
    with pytest.raises(ClusterAway, match="FOVEA_RAY_ADDRESS"), on_ray.joined(address):
        pass


@dataclass
class Unready:
    """Ray, where the first askings find a head that is there and not ready."""

    askings: int
    exceptions: SimpleNamespace = field(
        default_factory=lambda: SimpleNamespace(AuthenticationError=PermissionError, RayError=EOFError)
    )

    def init(self, address: str, **_: object) -> None:
        self.askings -= 1
        if self.askings >= 0:
            raise ConnectionAbortedError("RuntimeError:\nStarting Ray client server failed.\n\n")


@pytest.mark.parametrize("askings", [0, 1, 2])
def test_a_head_that_is_not_ready_is_asked_again(askings: int) -> None:
    ray = Unready(askings)
    on_ray.RayCluster(ray, "ray://head:10001").join()
    assert ray.askings == -1


def test_one_that_does_not_get_ready_is_away() -> None:
    ray = Unready(10)
    cluster = on_ray.RayCluster(ray, "ray://head:10001")
    said = r"`ray start --head` starts one.* Ray says: Starting Ray client server failed\.$"
    with pytest.raises(ClusterAway, match=said), cluster.answering():
        cluster.join()
    assert ray.askings == 7


def test_without_ray_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(GradingError, match="`make ray` in the folder of Fovea"), on_ray.joined("ray://head:10001"):
        pass
