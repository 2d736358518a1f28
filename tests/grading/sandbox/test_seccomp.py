"""The list of system calls: what a notebook needs is allowed, what hurts others is not."""

import itertools
import os
import signal
import socket

import pytest

from grading.sandbox import bpf, libc, seccomp
from grading.sandbox.seccomp import Policy
from grading.sandbox.syscalls import LAST, NUMBERS, number
from tests.grading.sandbox.helpers import run
from tests.grading.sandbox.simulator import verdict

ME = 4711
POLICIES = [
    Policy(ME, *flags) for flags in itertools.product((False, True), repeat=4)
]  # programs, processes, contained, cuda
HARMFUL = """
    ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_open pidfd_getfd pidfd_send_signal
    mount umount2 pivot_root chroot move_mount open_tree fsopen fsmount mount_setattr setns unshare
    mknod mknodat name_to_handle_at open_by_handle_at bpf perf_event_open userfaultfd
    io_uring_setup io_uring_enter io_uring_register keyctl add_key request_key personality modify_ldt
    setuid setgid setresuid setgroups capset seccomp landlock_restrict_self init_module finit_module kexec_load
    reboot swapon settimeofday clock_settime adjtimex syslog quotactl acct iopl ioperm vhangup sethostname
    shmget shmat semget msgget mq_open connect rt_sigqueueinfo rt_tgsigqueueinfo tkill fanotify_init
    setpriority migrate_pages move_pages vmsplice sync syncfs statmount listmount
"""


def answer(policy: Policy, name: str, *arguments: int) -> int:
    return verdict(seccomp.program(policy), number(name), *arguments)


@pytest.mark.parametrize("policy", POLICIES, ids=str)
def test_refuses_what_no_notebook_needs(policy: Policy) -> None:
    assert {name for name in HARMFUL.split() if answer(policy, name) != bpf.REFUSE} == set()


@pytest.mark.parametrize("policy", POLICIES, ids=str)
def test_allows_what_every_program_needs(policy: Policy) -> None:
    needed = "read write openat mmap futex exit_group rt_sigreturn clock_gettime getrandom epoll_wait eventfd2"
    assert {name for name in needed.split() if answer(policy, name) != bpf.ALLOW} == set()


@pytest.mark.parametrize("policy", POLICIES, ids=str)
def test_starts_threads_but_never_in_a_namespace_of_their_own(policy: Policy) -> None:
    of_a_thread = 0x3D0F00  # what the C library asks for
    assert answer(policy, "clone", of_a_thread) == bpf.ALLOW
    assert answer(policy, "clone3") == bpf.UNKNOWN
    for bit in range(32):
        if 1 << bit & libc.NAMESPACES:
            assert answer(policy, "clone", of_a_thread | 1 << bit) == bpf.REFUSE


@pytest.mark.parametrize("policy", POLICIES, ids=str)
def test_starts_processes_and_programs_only_where_it_may(policy: Policy) -> None:
    child = 0x1200011  # what fork asks for
    for name, arguments in (("fork", ()), ("vfork", ()), ("clone", (child,))):
        assert answer(policy, name, *arguments) == (bpf.ALLOW if policy.processes else bpf.REFUSE)
    for name in ("execve", "execveat"):
        assert answer(policy, name) == (bpf.ALLOW if policy.programs else bpf.REFUSE)


@pytest.mark.parametrize("policy", POLICIES, ids=str)
def test_signals_and_limits_only_itself(policy: Policy) -> None:
    free = policy.processes and policy.contained
    minus_one = 2**64 - 1
    for name in ("kill", "tgkill"):
        assert answer(policy, name, ME) == bpf.ALLOW
        for other in (0, 1, ME + 1, minus_one, 2**32 - ME):
            assert answer(policy, name, other) == (bpf.ALLOW if free else bpf.REFUSE)
    assert answer(policy, "prlimit64", 0) == answer(policy, "prlimit64", ME) == bpf.ALLOW
    assert answer(policy, "prlimit64", 1) == bpf.REFUSE


def test_a_number_with_a_high_half_is_the_number_the_kernel_sees() -> None:
    """The kernel cuts a process number to 32 bits, so the filter must too: else 2^32 + 1 would reach process 1."""
    assert answer(Policy(ME), "kill", 2**32 + ME) == bpf.ALLOW
    assert answer(Policy(ME), "kill", 2**32 + 1) == bpf.REFUSE


@pytest.mark.parametrize("name", ["socket", "socketpair"])
def test_opens_only_local_sockets_that_address_nobody(name: str) -> None:
    flags = (0, socket.SOCK_CLOEXEC, socket.SOCK_NONBLOCK)
    opened = {
        (family, kind)
        for family, kind, flag in itertools.product(range(46), range(1, 11), flags)
        if answer(Policy(ME), name, family, kind | flag) == bpf.ALLOW
    }
    assert opened == {(socket.AF_UNIX, socket.SOCK_STREAM), (socket.AF_UNIX, socket.SOCK_SEQPACKET)}


@pytest.mark.parametrize(
    ("option", "allowed"),
    [
        (15, True),
        (0x53564D41, True),
        (1, False),
        (4, False),
        (22, False),
        (35, False),
        (38, False),
        (0x59616D61, False),
    ],
    ids=["name", "name memory", "parent's death", "dumpable", "seccomp", "memory map", "privileges", "tracer"],
)
def test_changes_nothing_about_itself_that_matters(option: int, allowed: bool) -> None:
    assert answer(Policy(ME), "prctl", option) == (bpf.ALLOW if allowed else bpf.REFUSE)


def test_schedules_like_everybody_or_not_at_all() -> None:
    """zmq asks for the ordinary policy for its threads, and aborts where it is refused."""
    policies = {policy for policy in range(8) if answer(Policy(ME), "sched_setscheduler", 0, policy) == bpf.ALLOW}
    assert policies == {os.SCHED_OTHER}


def test_types_into_no_terminal() -> None:
    import termios

    assert answer(Policy(ME), "ioctl", 0, termios.TIOCSTI) == bpf.REFUSE
    assert answer(Policy(ME), "ioctl", 0, 0x541C) == bpf.REFUSE
    assert answer(Policy(ME), "ioctl", 0, termios.FIONREAD) == bpf.ALLOW


def test_leaves_its_group_only_where_the_group_does_not_matter() -> None:
    for policy in POLICIES:
        wanted = bpf.ALLOW if policy.processes and policy.contained else bpf.REFUSE
        assert answer(policy, "setsid") == answer(policy, "setpgid") == wanted


def test_does_not_know_calls_that_are_younger_than_the_list() -> None:
    assert verdict(seccomp.program(Policy(ME)), LAST + 1) == bpf.UNKNOWN
    assert verdict(seccomp.program(Policy(ME)), 400) == bpf.REFUSE


def test_decides_about_every_known_call() -> None:
    answers = {verdict(seccomp.program(Policy(ME)), value, ME) for value in NUMBERS.values()}
    assert answers == {bpf.ALLOW, bpf.REFUSE, bpf.UNKNOWN}


def test_fits_into_a_filter_and_is_made_once() -> None:
    assert len(seccomp.program(Policy(ME))) // 8 < 4096
    assert seccomp.program(Policy(ME)) is seccomp.program(Policy(ME))


def test_refuses_on_another_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    with pytest.raises(OSError, match="no table of system calls"):
        seccomp.restrict(Policy(ME))


RESTRICTED = """
import ctypes, errno, mmap, signal, socket, threading
from grading.sandbox import libc, seccomp
def restricted(act, **options):
    child = os.fork()
    if child == 0:
        libc.no_new_privileges()
        seccomp.restrict(seccomp.Policy(os.getpid(), **options))
        try:
            act()
        except OSError as error:
            os._exit(error.errno)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
"""


def test_the_kernel_agrees() -> None:
    said = run(
        RESTRICTED
        + """
def thread():
    found = []
    one = threading.Thread(target=found.append, args=(1,)); one.start(); one.join()
    assert found == [1]
def pair():
    a, b = socket.socketpair(); a.send(b"x"); assert b.recv(1) == b"x"
parent = os.getpid()
show(
    fork=restricted(os.fork), allowed_fork=restricted(os.fork, processes=True), thread=restricted(thread),
    internet=restricted(lambda: socket.socket()), local=restricted(pair),
    datagrams=restricted(lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)),
    parent=restricted(lambda: os.kill(parent, 0)), me=restricted(lambda: os.kill(os.getpid(), 0)),
    all=restricted(lambda: os.kill(-1, 0)), group=restricted(lambda: os.killpg(0, 0)),
    program=restricted(lambda: os.execv("/bin/true", ["true"])),
    raised=restricted(lambda: signal.raise_signal(signal.SIGTERM)),
    clone3=restricted(lambda: libc.call("clone3", 0, 0)),
)
""",
        prepare=False,
    )
    eperm, enosys = 1, 38
    assert said == {
        "fork": eperm, "allowed_fork": 0, "thread": 0, "internet": eperm, "local": 0, "datagrams": eperm,
        "parent": eperm, "me": 0, "all": eperm, "group": eperm, "program": eperm, "raised": -signal.SIGTERM,
        "clone3": enosys,
    }  # fmt: skip


def test_the_kernel_ends_who_calls_as_a_32_bit_program() -> None:
    """`int 0x80` reaches other calls under the same numbers: 1 is exit there and write here."""
    said = run(
        RESTRICTED
        + """
code = bytes([0xB8, 20, 0, 0, 0, 0xCD, 0x80, 0xC3])  # mov eax, 20 (getpid); int 0x80; ret
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(code)
call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
show(before=call() == os.getpid(), ended=restricted(call))
""",
        prepare=False,
    )
    assert said["ended"] == -signal.SIGSYS
