"""Fresh processes for tests of the sandbox: as root, as an ordinary user, and as one who may have no user namespace.

The jail is built by single-threaded processes that end after it; pytest is neither. So every test writes a short script
that prints JSON, and runs it here.
"""

import json
import os
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import Any

import pytest

HOME = Path(__file__).resolve().parents[3]
ROOT = os.geteuid() == 0
STRANGER = 65533  # an ordinary user with nothing of his own
WHO = [pytest.param("root", marks=pytest.mark.skipif(not ROOT, reason="needs root")), "ordinary", "no namespaces"]
ME = "root" if ROOT else "ordinary"
NAMESPACED = WHO[:2]

_WITH_OPEN_DOORS = """
import os, sys, tempfile
from pathlib import Path
from grading.sandbox import libc

def closed(path):  # the outermost folder that strangers may not enter
    return next((one for one in reversed(Path(path).parents) if not one.stat().st_mode & 1), None)

libc.unshare(libc.CLONE_NEWNS)
libc.mount("", "/", flags=libc.MS_REC | libc.MS_PRIVATE)
wanted = {str(Path(p).resolve()) for p in (sys.prefix, sys.base_prefix, sys.argv[1])}
behind = {}
for path in wanted:
    if door := closed(path):
        behind.setdefault(str(door), []).append(path)
for door, paths in behind.items():
    kept = [(path, tempfile.mkdtemp()) for path in paths]
    for path, aside in kept:
        libc.mount(path, aside, flags=libc.MS_BIND | libc.MS_REC)
    libc.mount("tmpfs", door, kind="tmpfs", options="mode=755")
    for path, aside in kept:
        os.makedirs(path)
        libc.mount(aside, path, flags=libc.MS_BIND | libc.MS_REC)
        libc.umount(aside)
        os.rmdir(aside)
if int(sys.argv[2]):
    os.setgroups([]); os.setresgid(*[int(sys.argv[2])] * 3); os.setresuid(*[int(sys.argv[2])] * 3)
os.execv(sys.executable, [sys.executable, *sys.argv[3:]])
"""

_WITHOUT_NAMESPACES = """
import os, sys
from grading.sandbox import libc, namespaces
namespaces.own_user_namespace()
open("/proc/sys/user/max_user_namespaces", "w").write("0")  # ours alone: the limit belongs to a namespace
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""

_INSIDE = """
import json, os, sys, traceback
from pathlib import Path
from grading.limits import Limits
from grading.sandbox import jail

def inside(act, layers=None, view=None, limits=Limits(), kill_after=60, **options):
    '''Run `act` jailed; what it returned, or how it ended.'''
    import select, shutil, signal, tempfile
    layers = layers or LAYERS
    options.setdefault("own_memory_limit", True)
    work = None if "private root" in layers else Path(tempfile.mkdtemp())
    reading, writing = os.pipe()
    pid = jail.fork(layers)
    if pid == 0:
        os.close(reading)
        try:
            jail.enter(layers, view or jail.default_view(), limits, work=work, **options)
            answer = {"returned": act()}
        except BaseException as error:
            answer = {"raised": type(error).__name__, "says": str(error), "errno": getattr(error, "errno", None)}
        os.write(writing, json.dumps(answer).encode())
        os._exit(0)
    os.close(writing)
    said = b""
    while select.select([reading], [], [], kill_after)[0]:
        piece = os.read(reading, 65536)
        if not piece:
            break
        said += piece
    else:
        os.kill(pid, signal.SIGKILL)
    os.close(reading)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if work:
        shutil.rmtree(work, ignore_errors=True)
    return json.loads(said) if said else {"ended": status}

def show(**answers):
    print(json.dumps(answers))
"""


def run(
    script: str, *, who: str = "root", prepare: bool = True, reachable: bool = False, timeout: float = 120
) -> dict[str, Any]:
    """What a script printed as JSON, run in a fresh process by root, an ordinary user, or one without namespaces.

    The interpreter may lie where only root may go; `reachable` opens the door for root's students as well.
    """
    start = "LAYERS = jail.prepare()\n" if prepare else ""
    arguments = ["-c", _INSIDE + start + textwrap.dedent(script)]
    if who == "no namespaces":
        arguments = ["-c", _WITHOUT_NAMESPACES, *arguments]
    if ROOT and (who != "root" or reachable):
        arguments = ["-c", _WITH_OPEN_DOORS, str(HOME), "0" if who == "root" else str(STRANGER), *arguments]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(HOME), "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}
    # not below /tmp, which is the work folder by another name in a private root
    with tempfile.TemporaryDirectory(dir="/var/tmp", ignore_cleanup_errors=True) as scratch:
        Path(scratch).chmod(0o1777)
        done = subprocess.run(
            [sys.executable, "-B", *arguments],
            env={**environment, "TMPDIR": scratch},
            cwd="/",
            capture_output=True,
            text=True,
            timeout=timeout,
        )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
