"""Root's student is a stranger, for good, who still sees itself in /proc."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.sandbox import identity
from tests.grading.sandbox.helpers import ROOT, run


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_students_side_by_side_are_strangers_to_each_other(one: int, other: int) -> None:
    assert (identity.student(one) == identity.student(other)) is (one == other)
    assert identity.student(one) >= 65534


def test_there_is_no_slot_before_the_first() -> None:
    with pytest.raises(ValueError, match="slot must be 0 or more, got -1"):
        identity.student(-1)


@pytest.mark.skipif(not ROOT, reason="only root can become somebody else")
def test_root_becomes_a_stranger_for_good() -> None:
    said = run(
        """
        from grading.sandbox import identity
        identity.become(identity.student(3))
        back = []
        for act in (lambda: os.setuid(0), lambda: os.seteuid(0), lambda: os.setgid(0), lambda: os.setgroups([0])):
            try:
                act()
                back.append("root again")
            except PermissionError:
                back.append("no")
        status = dict(line.split(":\\t", 1) for line in open("/proc/self/status").read().splitlines() if ":\\t" in line)
        show(back=back, uid=status["Uid"].split(), gid=status["Gid"].split(), groups=status["Groups"].split(),
             rights=status["CapEff"], maps=len(open("/proc/self/maps").read()) > 0,
             environ=len(open("/proc/self/environ").read()) > 0)
        """,
        prepare=False,
        reachable=True,
    )
    assert said["back"] == ["no"] * 4
    assert said["uid"] == said["gid"] == ["65537"] * 4
    assert said["groups"] == []
    assert int(said["rights"], 16) == 0
    assert said["maps"]
    assert said["environ"]
