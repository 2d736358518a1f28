"""Limits of one process: each ends or refuses what it should, whatever the process does with its signals."""

import signal

import pytest

from tests.grading.sandbox.helpers import ME, run

LIMITED = """
import errno, resource, signal, threading
from grading.sandbox import rlimits
def limited(act, own_memory=False, processes=None, **limits):
    child = os.fork()
    if child == 0:
        rlimits.apply(Limits(**limits), memory=own_memory, processes=processes)
        status = 0
        try:
            act()
        except OSError as error:
            status = error.errno
        except MemoryError:
            status = 99
        os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
"""


def test_ends_a_loop_that_ignores_every_signal() -> None:
    said = run(
        LIMITED
        + """
def loop():
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    while True:
        pass
show(ended=limited(loop, total_seconds=0.5))
""",
        prepare=False,
    )
    assert said["ended"] == -signal.SIGKILL


def test_does_not_count_seconds_of_sleep() -> None:
    said = run(
        LIMITED + "import time\nshow(ended=limited(lambda: time.sleep(1.5), total_seconds=1))",
        prepare=False,
    )
    assert said["ended"] == 0


def test_limits_files_in_size_and_number() -> None:
    said = run(
        LIMITED
        + """
import tempfile
def large():
    with open(os.path.join(tempfile.mkdtemp(), "large"), "wb", buffering=0) as file:
        while True:
            file.write(bytes(1 << 16))
def many():
    held = [open("/dev/null") for _ in range(100)]
show(large=limited(large, file_bytes=1 << 20), many=limited(many, open_files=32), few=limited(many, open_files=200))
""",
        prepare=False,
    )
    assert said == {"large": 27, "many": 24, "few": 0}  # EFBIG, EMFILE


def test_limits_memory_beyond_what_is_mapped_already() -> None:
    said = run(
        LIMITED
        + """
held = bytearray(300 << 20)  # much is mapped before the limit: it does not count
show(within=limited(lambda: bytearray(64 << 20), own_memory=True, memory=128 << 20),
     beyond=limited(lambda: bytearray(256 << 20), own_memory=True, memory=128 << 20))
""",
        prepare=False,
    )
    assert said == {"within": 0, "beyond": 99}


def test_writes_no_core_and_raises_nothing_again() -> None:
    said = run(
        LIMITED
        + """
def raise_again():
    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
    for which in (resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):
        soft, hard = resource.getrlimit(which)
        assert soft == hard
        try:
            resource.setrlimit(which, (hard, hard + 1))
        except ValueError:
            continue
        os._exit(1)
show(ended=limited(raise_again))
""",
        who="ordinary",
        prepare=False,
    )
    assert said["ended"] == 0


@pytest.mark.parametrize("cuda", [False, True])
def test_leaves_address_space_alone_for_cuda(cuda: bool) -> None:
    said = run(
        LIMITED
        + f"""
def unlimited():
    os._exit(7 if resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY else 8)
show(ended=limited(unlimited, own_memory=True, cuda={cuda}))
""",
        prepare=False,
    )
    assert said["ended"] == (7 if cuda else 8)


def test_never_asks_for_more_than_there_was() -> None:
    said = run(
        LIMITED
        + """
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
def limit():
    os._exit(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
show(files=limited(limit, open_files=200))
""",
        who=ME,
        prepare=False,
    )
    assert said["files"] == 64
