"""Attacks with processes and signals: floods, escapes, and getting rid of whoever watches."""

from tests.grading.hostile.attack import POINTS, RIGHT, Attack

DIED = ("ended its process",)

ATTACKS = (
    Attack(
        "fork-bomb",
        "forks without end",
        first="""
children = 0
for _ in range(200):
    pid = silently(os.fork)
    if pid == 0:
        time.sleep(60)
        os._exit(0)
    children += pid is not None
print("children", children)
attempt("fork", os.fork)
attempt("fork by another name", lambda: syscall(57))
attempt("fork by vfork", lambda: syscall(58))
attempt("fork by clone", lambda: syscall(56, 17, None, None, None, None))
attempt("fork by clone3", lambda: syscall(435, struct.pack("=QQQQQQQQ", 0, 0, 0, 0, 17, 0, 0, 0), 64))
""",
        printed=("children 0", "refused: fork", "refused: fork by clone3"),
    ),
    Attack(
        "thread-bomb",
        "starts threads without end",
        first="""
stop = threading.Event()
started = 0
try:
    for _ in range(2000):
        threading.Thread(target=stop.wait, daemon=True).start()
        started += 1
except RuntimeError as error:
    print("stopped:", error)
print("few enough:", started < 200)
stop.set()
""",
        printed=("stopped:", "few enough: True"),
    ),
    Attack(
        "runs-programs",
        "runs shells and programs by every road Python has",
        first="""
import subprocess, multiprocessing, pty
attempt("subprocess", lambda: subprocess.run(["/bin/true"], check=True))
attempt("a shell", lambda: subprocess.check_output("id", shell=True))
attempt("os.posix_spawn", lambda: os.posix_spawn("/bin/true", ["true"], {}))
attempt("os.execve", lambda: os.execve("/bin/true", ["true"], {}))
attempt("a pty", lambda: pty.spawn(["/bin/true"]))
def another():
    process = multiprocessing.get_context("spawn").Process(target=print)
    process.start()
attempt("multiprocessing", another)
def forked():
    multiprocessing.get_context("fork").Process(target=print).start()
attempt("multiprocessing by fork", forked)
if os.system("true") == 0:
    print("GAINED: os.system")
if silently(lambda: os.popen("echo out" + "side").read()) == "outside\\n":
    print("GAINED: os.popen")
print("tried all")
""",
        printed=("refused: subprocess", "refused: os.posix_spawn", "refused: os.execve", "tried all"),
    ),
    Attack(
        "runs-shell-magic",
        "uses IPython's shell commands and cell magics",
        first="""
ip = get_ipython()
for line in ("!echo out''side", "%system echo out''side", "%%bash\\necho out''side", "%%sh\\necho out''side",
    "%%script sh\\necho out''side",
    "%sx echo out''side", "%%python3\\nprint('out' + 'side')",
    "x = !echo out''side\\nprint(x)", "%run -e /etc/passwd", "%%file /tmp/../left\\nx"):
    silently(lambda: ip.run_cell(line))
print("tried all")
""",
        last='if globals().get("x") == ["outside"]:\n    print("GAINED: a shell")\n',
        printed=("tried all",),
    ),
    Attack(
        "daemon-that-outlives",
        "starts a thread and a process of its own session that live on after the notebook",
        first="""
def live_on():
    while True:
        time.sleep(0.01)
for _ in range(4):
    threading.Thread(target=live_on, daemon=False).start()
silently(lambda: os.fork() or (os.setsid(), live_on()))
attempt("a session of its own", os.setsid)
attempt("a group of its own", lambda: os.setpgid(0, 0))
print("left behind")
""",
        answers=RIGHT,
        deserves=POINTS,
        printed=("left behind",),
    ),
    Attack(
        "hooks-the-exit",
        "leaves work for the moment it ends: atexit, finalizers, a last thread",
        first="""
import atexit, weakref
def late():
    while True:
        pass
atexit.register(late)
class Last:
    __del__ = lambda self: late()
keep = Last()
weakref.finalize(keep, late)
threading._register_atexit(late)
print("hooked")
""",
        answers=RIGHT,
        deserves=POINTS,
        printed=("hooked",),
    ),
    Attack(
        "traces-others",
        "attaches to, reads and writes the memory of every process it can name",
        first="""
for pid in (1, 2, os.getppid(), ZYGOTE, SUPERVISOR):
    attempt("attach to %d" % pid, lambda: syscall(101, 16, pid, 0, 0))
    attempt("seize %d" % pid, lambda: syscall(101, 0x4206, pid, 0, 0))
    here, there = struct.pack("=QQ", 0, 0), struct.pack("=QQ", 4096, 8)
    attempt("read memory of %d" % pid, lambda: syscall(310, pid, here, 1, there, 1, 0))
    attempt("write memory of %d" % pid, lambda: syscall(311, pid, here, 1, there, 1, 0))
    attempt("take a file of %d" % pid, lambda: syscall(438, os.pidfd_open(pid), 0, 0))
attempt("be traced by the parent", lambda: syscall(101, 0, 0, 0, 0))
attempt("compare files", lambda: syscall(312, 1, os.getppid(), 0, 0, 0))
""",
        printed=("refused: attach to", "refused: read memory of", "refused: take a file of", "refused: be traced"),
    ),
    Attack(
        "signals-everybody",
        "sends signals to its parent, to the zygote, to everybody, by every call there is",
        first="""
for pid in (os.getppid(), -1, 0, -os.getpid(), ZYGOTE, SUPERVISOR, -ZYGOTE, 2):
    if pid not in (0, -1) or os.getpid() == 1:
        attempt("kill %d" % pid, lambda: os.kill(pid, signal.SIGKILL))
for pid in (ZYGOTE, SUPERVISOR, 2):
    attempt("stop %d" % pid, lambda: os.kill(pid, signal.SIGSTOP))
    attempt("kill a thread of %d" % pid, lambda: syscall(200, pid, 9))
    attempt("kill in a group %d" % pid, lambda: syscall(234, pid, pid, 9))
    attempt("queue to %d" % pid, lambda: syscall(129, pid, 9, bytes(128)))
    attempt("kill by descriptor %d" % pid, lambda: signal.pidfd_send_signal(os.pidfd_open(pid), 9))
def by_owner():
    import fcntl
    one, _ = socket.socketpair()
    fcntl.fcntl(one, fcntl.F_SETOWN, ZYGOTE)
    fcntl.fcntl(one, fcntl.F_SETSIG, 9) if hasattr(fcntl, "F_SETSIG") else fcntl.fcntl(one, 10, 9)
    fcntl.fcntl(one, fcntl.F_SETFL, os.O_ASYNC)
    _.send(b"x")
silently(by_owner)
print("still here")
""",
        printed=("refused: kill", "refused: stop", "refused: kill by descriptor", "still here"),
    ),
    Attack(
        "kills-the-first-process",
        "kills process 1 of its world, which is itself",
        answers={**RIGHT, "smooth": "os.kill(1, signal.SIGKILL)\nos.kill(os.getpid(), signal.SIGKILL)\n"},
        deserves={"square": 2.0, "spread": 5.0},  # the kernel spares the first process of a world
    ),
    Attack(
        "stops-itself",
        "stops its own process, so that it neither runs nor ends",
        answers={
            **RIGHT,
            "smooth": """
os.kill(os.getpid(), signal.SIGSTOP)
syscall(234, os.getpid(), os.getpid(), 19)
while True: time.sleep(1)
""",
        },
        deserves={"square": 2.0, "spread": 5.0},
        said=("longer than it may",),
        stuck=True,
    ),
    Attack(
        "leaves-at-once",
        "ends its process in the first cell",
        first="os._exit(0)",
        answers=RIGHT,
        deserves=POINTS,
        said=DIED,
    ),
    Attack(
        "leaves-in-an-answer",
        "ends its process when it is called",
        answers={**RIGHT, "smooth": "def smooth(x):\n    os._exit(0)\n"},
        deserves={"square": 2.0, "spread": 5.0},
        said=DIED,
    ),
    Attack(
        "leaves-again-and-again",
        "ends its process in every call",
        answers={name: f"def {name}(*_):\n    os._exit(0)\n" for name in POINTS},
        said=DIED,
    ),
    Attack(
        "exits",
        "calls sys.exit in a cell, and in every answer",
        first="import sys\nsys.exit(0)",
        answers={name: f"def {name}(*_):\n    raise SystemExit(0)\n" for name in POINTS},
    ),
    Attack(
        "crashes",
        "reads address 0",
        answers={**RIGHT, "square": "def square(n):\n    return ctypes.string_at(0)\n"},
        deserves={"smooth": 3.0, "spread": 5.0},
        said=DIED,
    ),
    Attack(
        "aborts",
        "aborts, and overflows the stack of the interpreter",
        answers={
            **RIGHT,
            "square": "def square(n):\n    os.abort()\n",
            "smooth": "def smooth(x):\n    sys.setrecursionlimit(10**9)\n    f = lambda g: g(g)\n    return f(f)\n",
        },
        deserves={"spread": 5.0},
        said=DIED,
    ),
    Attack(
        "raises-its-limits",
        "raises the limits of itself and of others, and asks to be served first",
        first="""
import resource
for which in (resource.RLIMIT_CPU, resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE):
    attempt("raise limit %d" % which, lambda: resource.setrlimit(which, (10**9, 10**9)))
attempt("limit the zygote", lambda: resource.prlimit(ZYGOTE, resource.RLIMIT_CPU, (1, 1)))
attempt("limit the supervisor", lambda: resource.prlimit(SUPERVISOR, resource.RLIMIT_NOFILE, (3, 3)))
attempt("be nicer to itself", lambda: os.setpriority(os.PRIO_PROCESS, 0, -20))
attempt("real time", lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50)))
attempt("first at the disk", lambda: syscall(251, 1, 0, 1 << 13))
attempt("be spared when memory ends", lambda: open("/proc/self/oom_score_adj", "w").write("-1000"))
attempt("forget whose child it is", lambda: syscall(157, 1, 0))
attempt("new rights", lambda: syscall(126, struct.pack("=Ii", 0x20080522, 0), struct.pack("=IIIIII",
    *[0xFFFFFFFF] * 6)))
""",
        printed=(
            "refused: raise limit",
            "refused: limit the zygote",
            "refused: be nicer",
            "refused: real time",
            "refused: new rights",
        ),
    ),
    Attack(
        "unshares-and-enters",
        "makes namespaces in which it would be root, and enters those of others",
        first="""
for name, flag in (("user", 0x10000000), ("mounts", 0x20000), ("user and mounts", 0x10020000), ("network",
    0x40000000), ("time", 0x80)):
    attempt("unshare " + name, lambda: syscall(272, flag))
    attempt("clone into " + name, lambda: syscall(56, flag | 17, None, None, None, None))
for kind in ("user", "mnt", "pid", "net"):
    for pid in (1, os.getppid(), ZYGOTE):
        attempt("enter %s of %d" % (kind, pid), lambda: syscall(308, os.open("/proc/%d/ns/%s" % (pid, kind),
            os.O_RDONLY), 0))
attempt("a filter of its own", lambda: syscall(317, 1, 0, None))
""",
        printed=("refused: unshare user", "refused: clone into user", "refused: enter user"),
    ),
    Attack(
        "asks-for-rare-calls",
        "asks the kernel for everything that has had holes: bpf, keys, page faults, performance counters, modules",
        first="""
for name, number in (("bpf", 321), ("userfaultfd", 323), ("perf_event_open", 298), ("keyctl", 250), ("add_key",
    248), ("io_uring_setup", 425),
                     ("kexec_load", 246), ("init_module", 175), ("finit_module", 313), ("move_pages",
                         279), ("vmsplice", 278), ("lookup_dcookie", 212),
                     ("quotactl", 179), ("swapon", 167), ("iopl", 172), ("ioperm", 173), ("acct",
                         163), ("personality", 135), ("fanotify_init", 300),
                     ("landlock_create_ruleset", 444), ("memfd_secret", 447), ("process_madvise",
                         440), ("pidfd_getfd", 438), ("modify_ldt", 154)):
    attempt(name, lambda: syscall(number, 0xFFFF if name == "personality" else 0, None, 0, 0, 0))
""",
        printed=("refused: bpf", "refused: userfaultfd", "refused: keyctl", "refused: perf_event_open"),
    ),
    Attack(
        "speaks-another-dialect",
        "makes its system calls in the manner of 32-bit programs, which have other numbers",
        first="import ctypes, mmap\nx32 = ctypes.CDLL(None, use_errno=True).syscall\n",
        answers={
            **RIGHT,
            "spread": """
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(bytes([0xB8, 2, 0, 0, 0, 0xCD, 0x80, 0xC3]))  # mov eax, 2 (fork); int 0x80; ret
got = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
print("GAINED: a fork by 0x80" if got >= 0 else "refused: 0x80")
print("GAINED: a fork by x32" if x32(ctypes.c_long(0x40000000 + 57)) >= 0 else "refused: x32")
""",
        },
        deserves={"square": 2.0, "smooth": 3.0},
    ),
)
