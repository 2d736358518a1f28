"""The table of system calls says what the kernel's own header says."""

import ctypes
import ctypes.util
import re
from pathlib import Path

import pytest

from grading.sandbox import syscalls

HEADER = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")


@pytest.mark.skipif(not HEADER.exists(), reason="the kernel's headers are not installed")
def test_equals_the_kernels_header() -> None:
    theirs = {
        name: int(number)
        for name, number in re.findall(r"#define __NR_(\w+) (\d+)", HEADER.read_text(encoding="utf-8"))
    }
    assert len(theirs) > 300
    assert {name: syscalls.NUMBERS[name] for name in theirs} == theirs


def test_equals_libseccomp_where_it_is_installed() -> None:
    try:
        library = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        pytest.skip("libseccomp is not installed")
    x86_64 = 0xC000003E
    theirs = {
        name: library.seccomp_syscall_resolve_name_arch(ctypes.c_uint32(x86_64), name.encode())
        for name in syscalls.NUMBERS
    }
    known = {name: number for name, number in theirs.items() if number >= 0}
    assert len(known) > 300
    assert {name: syscalls.NUMBERS[name] for name in known} == known


def test_has_no_number_twice() -> None:
    assert len(set(syscalls.NUMBERS.values())) == len(syscalls.NUMBERS)


@pytest.mark.parametrize(
    ("name", "number"), [("fchmodat2", 452), ("futex_wake", 454), ("mseal", 462), ("removexattrat", 466)]
)
def test_knows_calls_younger_than_the_header(name: str, number: int) -> None:
    assert syscalls.number(name) == number


def test_knows_only_one_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    assert not syscalls.known_machine()
