"""Where control groups can be made: the kernel's files read, and version 2's rules obeyed, on made-up trees."""

import os
from pathlib import Path

import pytest

from grading.sandbox.hierarchy import Hierarchy, hierarchies

V2 = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
V1 = (
    "33 32 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
    "35 32 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
    "39 32 0:36 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"
)
CONTAINER = V1.replace(" / /sys", " /docker/abc /sys")
HYBRID = V1 + "41 32 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
TOP = Path("/sys/fs/cgroup")


def found(tmp_path: Path, mounts: str, own: str) -> list[Hierarchy]:
    (tmp_path / "mountinfo").write_text("22 27 0:21 / /proc rw - proc proc rw\n" + mounts, encoding="utf-8")
    (tmp_path / "cgroup").write_text(own, encoding="utf-8")
    return list(hierarchies(tmp_path))


def test_version_2_is_tried_in_our_own_group_and_at_the_top(tmp_path: Path) -> None:
    places = found(tmp_path, V2, "0::/user.slice/run-1.scope\n")
    assert [place.bases["memory"] for place in places] == [TOP / "user.slice/run-1.scope", TOP]
    assert {place.version for place in places} == {2}
    assert all(place.bases["memory"] == place.bases["pids"] for place in places)


def test_a_supervisor_in_its_leaf_looks_at_the_group_around_it(tmp_path: Path) -> None:
    places = found(tmp_path, V2, "0::/user.slice/run-1.scope/fovea-supervisor-12\n")
    assert places[0].bases["pids"] == TOP / "user.slice/run-1.scope"


def test_version_1_has_a_place_for_each_controller(tmp_path: Path) -> None:
    places = found(tmp_path, V1, "8:pids:/a\n4:memory:/b/c\n1:cpu:/\n")
    assert places[0] == Hierarchy({"memory": TOP / "memory/b/c", "pids": TOP / "pids/a"}, 1)
    assert places[1] == Hierarchy({"memory": TOP / "memory", "pids": TOP / "pids"}, 1)


def test_in_a_container_only_its_own_part_is_mounted(tmp_path: Path) -> None:
    places = found(tmp_path, CONTAINER, "8:pids:/docker/abc/x\n4:memory:/docker/abc\n")
    assert places[0] == Hierarchy({"memory": TOP / "memory", "pids": TOP / "pids/x"}, 1)


def test_where_both_versions_are_mounted_both_are_tried(tmp_path: Path) -> None:
    places = found(tmp_path, HYBRID, "8:pids:/\n4:memory:/\n0::/\n")
    assert [place.version for place in places] == [2, 1, 1]


def test_controllers_that_share_a_mount_are_found(tmp_path: Path) -> None:
    shared = "35 32 0:32 / /sys/fs/cgroup/both rw - cgroup cgroup rw,memory,pids\n"
    assert found(tmp_path, shared, "4:memory,pids:/a\n")[0].bases == {
        "memory": TOP / "both/a",
        "pids": TOP / "both/a",
    }


def test_a_machine_without_control_groups_has_no_place(tmp_path: Path) -> None:
    assert found(tmp_path, "", "") == []
    assert found(tmp_path, V1.replace("memory", "cpuset"), "8:pids:/\n") == []


class Delegated:
    """A group as a service manager hands it over."""

    def __init__(
        self, base: Path, *, controllers: str = "cpu memory pids", enabled: str = "", inside: str = ""
    ) -> None:
        self.base = base
        for name, text in (("controllers", controllers), ("subtree_control", enabled), ("procs", inside)):
            (base / f"cgroup.{name}").write_text(text + "\n", encoding="utf-8")

    @property
    def hierarchy(self) -> Hierarchy:
        return Hierarchy(dict.fromkeys(("memory", "pids"), self.base), 2)

    def said(self, name: str) -> str:
        return (self.base / name).read_text(encoding="utf-8")


def test_a_place_that_is_ready_is_taken_as_it_is(tmp_path: Path) -> None:
    group = Delegated(tmp_path, enabled="memory pids", inside=str(os.getpid()))
    group.hierarchy.take()
    assert group.said("cgroup.subtree_control") == "memory pids\n"
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == []


def test_a_supervisor_alone_in_its_group_moves_into_a_leaf(tmp_path: Path) -> None:
    group = Delegated(tmp_path, inside=str(os.getpid()))
    leaf = tmp_path / f"fovea-supervisor-{os.getpid()}"
    group.hierarchy.take()
    assert (leaf / "cgroup.procs").read_text(encoding="utf-8") == str(os.getpid())
    assert group.said("cgroup.subtree_control") == "+memory +pids"


def test_an_empty_group_needs_no_leaf(tmp_path: Path) -> None:
    group = Delegated(tmp_path)
    group.hierarchy.take()
    assert group.said("cgroup.subtree_control") == "+memory +pids"
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == []


@pytest.mark.parametrize(
    ("controllers", "inside", "problem"),
    [
        ("cpu pids", "", "no control over memory and processes"),
        ("cpu memory pids", "1", "other processes live in the group"),
        ("cpu memory pids", "ours and 1", "other processes live in the group"),
    ],
)
def test_a_group_that_is_not_ours_alone_is_left_alone(
    tmp_path: Path, controllers: str, inside: str, problem: str
) -> None:
    group = Delegated(tmp_path, controllers=controllers, inside=inside.replace("ours and", str(os.getpid())))
    with pytest.raises(OSError, match=problem):
        group.hierarchy.take()
    assert group.said("cgroup.subtree_control") == "\n"
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == []


def test_giving_back_leaves_no_leaf(tmp_path: Path) -> None:
    group = Delegated(tmp_path, inside=str(os.getpid()))
    leaf = tmp_path / f"fovea-supervisor-{os.getpid()}"
    leaf.mkdir()  # without the file that a real group cannot be removed with
    group.hierarchy.give_back()
    assert not leaf.exists()
    assert group.said("cgroup.procs") == str(os.getpid())
