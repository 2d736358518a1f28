"""Calls by hand fail as OSErrors that name the call."""

import errno
import os
import tempfile

import pytest

from grading.sandbox import libc
from tests.grading.sandbox.helpers import run


def test_names_the_call_that_failed() -> None:
    with pytest.raises(OSError, match="close: Bad file descriptor") as caught:
        libc.call("close", -1)
    assert caught.value.errno == errno.EBADF


def test_names_what_was_asked_for_where_the_call_says_little() -> None:
    with pytest.raises(OSError, match="Landlock: "):
        libc.call("landlock_create_ruleset", None, 8, 0, what="Landlock")


def test_knows_no_call_of_another_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    with pytest.raises(OSError, match="the system calls of this processor are not known") as caught:
        libc.call("getpid")
    assert caught.value.errno == errno.ENOSYS


def test_says_what_could_not_be_mounted_where() -> None:
    with pytest.raises(OSError, match="mount /nowhere on /nothing"):
        libc.mount("/nowhere", "/nothing", flags=libc.MS_BIND)


def test_passes_whole_numbers_in_full_width() -> None:
    """In 32 bits the position of 4 GiB would be 0, on the way in as on the way out."""
    with tempfile.TemporaryFile() as file:
        assert libc.call("lseek", file.fileno(), 2**32, os.SEEK_SET) == 2**32


def test_drops_every_right_and_sets_no_new_privileges() -> None:
    said = run(
        """
        from grading.sandbox import libc
        libc.drop_capabilities()
        libc.no_new_privileges()
        lines = Path("/proc/self/status").read_text().splitlines()
        show(**dict(line.split(":\\t") for line in lines if line.startswith(("Cap", "NoNew"))))
        """,
        prepare=False,
    )
    assert said["NoNewPrivs"] == "1"
    assert {said[name] for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {"0" * 16}
