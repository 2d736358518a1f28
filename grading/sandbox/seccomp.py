"""Seccomp: which system calls a notebook may make. What is not listed here is refused.

The list is what numpy, torch, OpenMP's threads, IPython and ipykernel over unix sockets need; Docker's default profile
is its upper bound. Nothing here needs a right, and nothing here can be taken back.
"""

import functools
import os
import socket
import termios
from collections.abc import Iterator
from dataclasses import dataclass

from grading.sandbox import bpf, libc
from grading.sandbox.bpf import Condition
from grading.sandbox.syscalls import LAST, known_machine, number

_FREE = """
    read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek sendfile copy_file_range
    open openat openat2 creat close close_range dup dup2 dup3 fcntl flock fsync fdatasync
    truncate ftruncate fallocate fadvise64 readahead
    stat fstat lstat newfstatat statx statfs fstatfs access faccessat faccessat2 getdents getdents64
    getcwd chdir fchdir rename renameat renameat2 mkdir mkdirat rmdir link linkat unlink unlinkat symlink symlinkat
    readlink readlinkat chmod fchmod fchmodat fchmodat2 umask utime utimes utimensat futimesat
    getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr
    pipe pipe2 poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2
    eventfd eventfd2 signalfd signalfd4 timerfd_create timerfd_settime timerfd_gettime
    mmap munmap mprotect mremap madvise mincore msync brk mlock munlock mlock2 map_shadow_stack mseal
    futex futex_waitv futex_wake futex_wait futex_requeue set_robust_list rseq membarrier
    set_tid_address gettid arch_prctl restart_syscall
    rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack pause
    alarm getitimer setitimer timer_create timer_settime timer_gettime timer_getoverrun timer_delete
    time gettimeofday clock_gettime clock_getres clock_nanosleep nanosleep times getrusage
    getpid getppid getpgid getpgrp getsid getuid geteuid getgid getegid getgroups getresuid getresgid capget
    getrlimit setrlimit getpriority uname sysinfo getcpu getrandom wait4 waitid exit exit_group
    sched_yield sched_getaffinity sched_getparam sched_getscheduler sched_get_priority_max sched_get_priority_min
    sched_getattr sched_rr_get_interval get_mempolicy
    bind listen accept accept4 getsockname getpeername getsockopt setsockopt shutdown
    sendto recvfrom sendmsg recvmsg sendmmsg recvmmsg
"""
_PROGRAMS = ("execve", "execveat")
_PROCESSES = ("fork", "vfork")
_GROUPS = ("setsid", "setpgid")  # whoever leaves its process group escapes a kill of the group
_CUDA = ("memfd_create", "mbind", "set_mempolicy", "sched_setaffinity")

# A datagram could be addressed to any socket of the host; these two kinds reach only whom they were paired with, and
# nobody can be called, since `connect` is not on the list.
_KINDS = (socket.SOCK_STREAM, socket.SOCK_SEQPACKET)
_LOCAL = (Condition(0, (socket.AF_UNIX,)), Condition(1, tuple(map(int, _KINDS)), mask=0xF))
_TIOCLINUX = 0x541C  # with TIOCSTI, it types into a terminal
# <linux/prctl.h>: names of threads and of memory, and questions; no setting that loosens or hides anything
_PRCTL = {
    "PR_GET_PDEATHSIG": 2, "PR_GET_DUMPABLE": 3, "PR_SET_NAME": 15, "PR_GET_NAME": 16, "PR_GET_SECCOMP": 21,
    "PR_CAPBSET_READ": 23, "PR_SET_TIMERSLACK": 29, "PR_GET_TIMERSLACK": 30, "PR_GET_NO_NEW_PRIVS": 39,
    "PR_GET_TID_ADDRESS": 40, "PR_GET_THP_DISABLE": 42, "PR_SET_VMA": 0x53564D41, "PR_GET_AUXV": 0x41555856,
}  # fmt: skip


@dataclass(frozen=True)
class Policy:
    """What differs between jails. `me` is the process's own number: signals and limits go to nobody else.

    `contained` says that the process sees no other processes than its own (a PID namespace): then, if it may have
    children, it may signal them.
    """

    me: int
    programs: bool = False
    processes: bool = False
    contained: bool = False
    cuda: bool = False


@functools.lru_cache(maxsize=32)
def program(policy: Policy) -> bytes:
    """The filter for a policy. All first processes of PID namespaces share one, made before the fork."""
    return bpf.assembled(_instructions(policy))


def restrict(policy: Policy) -> None:
    """From here on only what the policy allows. No new privileges must be set before."""
    if not known_machine():
        raise OSError("there is no table of system calls for this processor")
    libc.set_filter(program(policy))


def _instructions(policy: Policy) -> Iterator[bpf.Instruction]:
    yield from bpf.prologue()
    free = _FREE.split()
    free += _PROGRAMS if policy.programs else ()
    free += _PROCESSES if policy.processes else ()
    free += _CUDA if policy.cuda else ()
    if policy.processes and policy.contained:
        free += (*_GROUPS, "kill", "tgkill")
    else:
        for name in ("kill", "tgkill"):
            yield from bpf.guarded(number(name), [Condition(0, (policy.me,))])
    yield from bpf.guarded(number("prlimit64"), [Condition(0, (0, policy.me))])
    yield from bpf.guarded(number("prctl"), [Condition(0, tuple(_PRCTL.values()))])
    yield from bpf.guarded(number("ioctl"), [Condition(1, (termios.TIOCSTI, _TIOCLINUX), wanted=False)])
    yield from bpf.guarded(number("sched_setscheduler"), [Condition(1, (os.SCHED_OTHER,))])  # zmq's threads ask for it
    for name in ("socket", "socketpair"):
        yield from bpf.guarded(number(name), _LOCAL)
    yield from bpf.guarded(number("clone"), _clone(policy))
    yield from bpf.answered(number("clone3"), bpf.UNKNOWN)  # its flags lie in memory, where a filter cannot look
    yield from bpf.allowed(map(number, free))
    yield from bpf.otherwise(LAST)


def _clone(policy: Policy) -> list[Condition]:
    conditions = [Condition(0, (0,), mask=libc.NAMESPACES)]
    if not policy.processes:
        conditions.append(Condition(0, (libc.CLONE_THREAD,), mask=libc.CLONE_THREAD))
    return conditions
