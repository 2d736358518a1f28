"""The one place that talks to the C library by hand. Every failure is an OSError that names the call."""

import ctypes
import errno
import os

from grading.sandbox.syscalls import known_machine, number

# <linux/sched.h>
CLONE_THREAD = 0x10000
CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWTIME = 0x10000000, 0x20000000, 0x40000000, 0x80
NAMESPACES = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET

# <linux/mount.h>
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND = 1, 2, 4, 8, 32, 4096
MS_REC, MS_PRIVATE = 1 << 14, 1 << 18
MNT_DETACH = 2
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_ATTRIBUTES = {"ro": 1, "nosuid": 2, "nodev": 4, "noexec": 8}

# <linux/prctl.h>
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
_SECCOMP_MODE_FILTER = 2
_CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def call(name: str, *arguments: int | bytes | None, what: str = "") -> int:
    """A system call by its name; whole numbers travel as 64 bits, bytes as a pointer to them.

    >>> call("getpid") == os.getpid()
    True
    >>> call("close", -1)
    Traceback (most recent call last):
    OSError: [Errno 9] close: Bad file descriptor
    """
    if not known_machine():
        raise OSError(errno.ENOSYS, f"{name}: the system calls of this processor are not known here")
    passed = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    return _checked(_libc.syscall(ctypes.c_long(number(name)), *passed), what or name)


def unshare(flags: int) -> None:
    """Leave the namespaces in `flags` for fresh ones."""
    _checked(_libc.unshare(ctypes.c_int(flags)), f"unshare({flags:#x})")


def setns(descriptor: int, kind: int) -> None:
    """Enter a namespace that is open as a file."""
    _checked(_libc.setns(ctypes.c_int(descriptor), ctypes.c_int(kind)), "setns")


def mount(source: str, target: str, *, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mount `source` on `target`."""
    _checked(
        _libc.mount(_text(source), _text(target), _text(kind), ctypes.c_ulong(flags), _text(options)),
        f"mount {source} on {target}",
    )


def set_mount_attributes(path: str, *names: str, recursive: bool = True) -> None:
    """Make a mount, and by default those below it, "ro", "nosuid", "nodev", "noexec"."""
    attributes = b"".join(
        value.to_bytes(8, "little") for value in (sum(_ATTRIBUTES[name] for name in names), 0, 0, 0)
    )  # struct mount_attr: to set, to clear, propagation, user namespace
    call(
        "mount_setattr",
        _AT_FDCWD,
        path.encode(),
        _AT_RECURSIVE if recursive else 0,
        attributes,
        len(attributes),
        what=f"mount_setattr {path}",
    )


def umount(path: str) -> None:
    """Take a mount away; who still uses it keeps it."""
    _checked(_libc.umount2(_text(path), ctypes.c_int(MNT_DETACH)), f"umount {path}")


def pivot_root(new: str, old: str) -> None:
    """Make `new` the root and put the old one on `old`."""
    call("pivot_root", new.encode(), old.encode())


def set_host_name(name: str) -> None:
    """What this machine is called, in the present namespace."""
    _checked(_libc.sethostname(name.encode(), ctypes.c_size_t(len(name))), "sethostname")


def prctl(option: int, value: int = 0, third: int = 0) -> int:
    """Ask something of the kernel for this process."""
    passed = (ctypes.c_ulong(value), ctypes.c_ulong(third), ctypes.c_ulong(0), ctypes.c_ulong(0))
    return _checked(_libc.prctl(ctypes.c_int(option), *passed), f"prctl({option})")


def no_new_privileges() -> None:
    """From here on no program this process starts can gain a right."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def drop_capabilities() -> None:
    """Give up all of root's rights, those of a user namespace included."""
    prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    head = _CAPABILITY_VERSION_3.to_bytes(4, "little") + bytes(4)
    call("capset", head, bytes(24))


def set_filter(program: bytes) -> None:
    """Install a seccomp filter: 8 bytes per instruction. It cannot be taken back."""
    instructions = ctypes.create_string_buffer(program, len(program))
    count = (len(program) // 8).to_bytes(8, "little")  # struct sock_fprog: a short, padding, a pointer
    head = ctypes.create_string_buffer(count + ctypes.addressof(instructions).to_bytes(8, "little"), 16)
    prctl(PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(head))


def _text(value: str) -> bytes | None:
    return value.encode() if value else None


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result
