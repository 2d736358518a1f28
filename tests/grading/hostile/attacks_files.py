"""Attacks on files: reading what is not theirs, changing it, leaving something for the next."""

import zlib

from tests.grading.hostile.attack import Attack

# What is looked for is not in the text that looks for it: only its checksum is.
SCAN = r"""
import re, zlib
size = [0]
def scanned(pattern):
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps.read().splitlines():
            start, end = (int(part, 16) for part in line.split()[0].split("-"))
            if " r" not in line or end - start > 64 << 20 or line.endswith(("[vvar]", "[vvar_vclock]", "[vsyscall]")):
                continue
            try:
                memory.seek(start)
                block = memory.read(end - start)
            except (OSError, OverflowError):
                continue
            size[0] += len(block)
            yield from (found.group(1) for found in re.finditer(pattern, block))
"""

ATTACKS = (
    Attack(
        "reads-the-reference",
        "opens the referee's file and the reference beside it",
        first="""
attempt("read the referee", lambda: open(PLACES["referee"]).read())
attempt("list the referees", lambda: os.listdir(os.path.dirname(PLACES["referee"])))
attempt("read our own sources", lambda: open(OURS + "/grading/grade.py").read())
attempt("list our own folder", lambda: os.listdir(OURS))
""",
        printed=("refused: read the referee", "refused: read our own sources"),
    ),
    Attack(
        "imports-the-reference",
        "imports the referee and the reference instead of opening them",
        first="""
import importlib
sys.path[:0] = [OURS, os.path.dirname(PLACES["referee"])]
importlib.invalidate_caches()
for name in ("hostile_referees", "core", "assignments.referees", "assignments", "fovea", "tests"):
    attempt("import " + name, lambda: importlib.import_module(name))
""",
        printed=("refused: import hostile_referees", "refused: import core", "refused: import assignments"),
    ),
    Attack(
        "reads-the-hidden-tests",
        "opens the instructor's notebook",
        first='attempt("read the hidden tests", lambda: open(PLACES["hidden tests"]).read())',
        printed=("refused: read the hidden tests",),
    ),
    Attack(
        "reads-another-submission",
        "opens the notebook of somebody else",
        first='attempt("read it", lambda: open(PLACES["another submission"]).read())',
        printed=("refused: read it",),
    ),
    Attack(
        "searches-the-whole-machine",
        "walks through every folder it can see for notebooks, databases and keys",
        first="""
found = []
began = time.process_time()
for top, folders, files in os.walk("/"):
    if top.startswith(("/proc", "/sys", "/usr", "/lib")) or "site-packages" in top:
        folders.clear()
        continue
    found += [os.path.join(top, name) for name in files if name.endswith((".ipynb", ".db", ".sqlite", ".pem",
        "id_rsa"))]
    if time.process_time() - began > 1.5:
        break
print("found", found)
""",
        printed=("found []",),
    ),
    Attack(
        "reads-the-ledger",
        "opens the ledger, plainly and as a database",
        first="""
import sqlite3
attempt("read the ledger", lambda: open(PLACES["ledger"], "rb").read())
attempt("query the ledger", lambda: sqlite3.connect("file:" + PLACES["ledger"] + "?mode=ro",
    uri=True).execute("select * from score").fetchall())
""",
        printed=("refused: read the ledger", "refused: query the ledger"),
    ),
    Attack(
        "rewrites-the-ledger",
        "gives itself full marks in the ledger, truncates, renames and deletes it",
        first="""
import sqlite3
def rewrite():
    with sqlite3.connect(PLACES["ledger"]) as database:
        database.execute("update score set points = 10")
attempt("rewrite the ledger", rewrite)
attempt("truncate the ledger", lambda: os.truncate(PLACES["ledger"], 0))
attempt("append to the ledger", lambda: open(PLACES["ledger"], "ab").write(b"x"))
attempt("rename the ledger", lambda: os.rename(PLACES["ledger"], PLACES["ledger"] + ".old"))
attempt("delete the ledger", lambda: os.unlink(PLACES["ledger"]))
attempt("open it to all", lambda: os.chmod(PLACES["ledger"], 0o777))
""",
        printed=("refused: rewrite the ledger", "refused: delete the ledger", "refused: open it to all"),
    ),
    Attack(
        "reads-secrets-of-the-environment",
        "looks for passwords in the environment of every process",
        first="""
print("own:", sorted(os.environ))
for name, value in os.environ.items():
    if "SECRET" in name or "TOKEN" in name or SECRET_BEGINS in value:
        print("GAINED:", name, value)
for pid in ["self", "1", str(os.getppid()), str(ZYGOTE),
    str(SUPERVISOR)] + [p for p in os.listdir("/proc") if p.isdigit()]:
    text = silently(lambda: open("/proc/" + pid + "/environ", "rb").read())
    if text and SECRET_BEGINS.encode() in text:
        print("GAINED:", pid, text)
print("looked everywhere")
""",
        printed=("own:", "looked everywhere"),
    ),
    Attack(
        "reads-the-home-folder",
        "opens files of the home folder and the machine's users and passwords",
        first="""
attempt("read the file at home", lambda: open(PLACES["file at home"]).read())
for path in ("/etc/shadow", "/etc/hostname", "/etc/hosts", "/etc/resolv.conf", "/etc/machine-id"):
    attempt("read " + path, lambda: open(path).read())
names = open("/etc/passwd").read() if os.path.exists("/etc/passwd") else ""
print("users:", names.count(chr(10)))
if "daemon" in names:
    print("GAINED: the machine's users", names)
""",
        printed=("refused: read the file at home", "refused: read /etc/shadow", "users:"),
    ),
    Attack(
        "lays-links-to-what-it-may-not-see",
        "makes symbolic and hard links to outside files in its own folder and follows them",
        first=r"""
for name, path in PLACES.items():
    link = "link-" + name.replace(" ", "-")
    silently(lambda: os.symlink(path, link))
    attempt("follow a link to the " + name, lambda: open(link, "rb").read())
    attempt("hard link to the " + name, lambda: os.link(path, link + "-hard"))
for up in range(1, 12):
    path = "../" * up + PLACES["ledger"].lstrip("/")
    text = silently(lambda: open(path, "rb").read())
    if text is not None:
        print("GAINED:", path, text)
print("looked up everywhere")
""",
        printed=("refused: follow a link to the ledger", "refused: hard link to the ledger", "looked up everywhere"),
    ),
    Attack(
        "walks-out-through-proc",
        "goes through /proc to other processes' roots, folders, files and memory",
        first="""
seen = sorted(int(name) for name in os.listdir("/proc") if name.isdigit())
print("sees", len(seen), "processes")
inside = PLACES["ledger"].lstrip("/")
for pid in ["1", "self", "thread-self", str(os.getppid()), str(ZYGOTE), str(SUPERVISOR)]:
    for way in ("root", "cwd", "task/" + pid + "/root", "map_files"):
        path = "/proc/" + pid + "/" + way + "/" + inside
        text = silently(lambda: open(path, "rb").read())
        if text is not None:
            print("GAINED:", path, text)
for pid in (str(ZYGOTE), str(SUPERVISOR)):
    attempt("memory of " + pid, lambda: open("/proc/" + pid + "/mem", "rb").read(1))
    attempt("files of " + pid, lambda: os.listdir("/proc/" + pid + "/fd"))
    attempt("command of " + pid, lambda: open("/proc/" + pid + "/cmdline").read())
""",
        printed=("sees 1 processes", "refused: memory of", "refused: files of", "refused: command of"),
    ),
    Attack(
        "walks-out-through-open-files",
        "uses every open descriptor as a folder to start from, and reads what it can from the files",
        first="""
inside = PLACES["ledger"].lstrip("/")
kinds = []
for number in range(256):
    for up in ("", "../../../../../../"):
        fd = silently(lambda: os.open(up + inside, os.O_RDONLY, dir_fd=number))
        if fd is not None:
            print("GAINED: a way out through", number)
    where = silently(lambda: os.readlink("/proc/self/fd/" + str(number)))
    if where:
        kinds.append(where)
print("open:", kinds)
for where in kinds:
    if not where.startswith(("socket:", "pipe:", "anon_inode:", "/dev/null", "/proc/")):
        print("GAINED: an open file", where)
""",
        printed=("open: [",),
    ),
    Attack(
        "opens-files-by-handle",
        "opens inodes by number, mounts, changes its root twice, moves the root",
        first=r"""
handle = struct.pack("=Ii", 8, 1) + struct.pack("=II", 2, 0)
attempt("open by handle", lambda: syscall(304, -100, handle, 0))
attempt("mount the disk", lambda: LIBC.mount(b"/dev/vda", b".", b"ext4", 0, None) and syscall(165, b"/dev/vda",
    b".", b"ext4", 0, None))
attempt("bind the root", lambda: syscall(165, b"/", b".", b"none", 4096, None))
attempt("change the root", lambda: os.chroot("."))
attempt("move the root", lambda: syscall(155, b".", b"."))
attempt("open a tree", lambda: syscall(428, -100, b"/", 1))
attempt("open a file system", lambda: syscall(430, b"ext4", 0))
attempt("unmount", lambda: syscall(166, b"/proc", 2))
""",
        printed=("refused: open by handle", "refused: bind the root", "refused: change the root", "refused: unmount"),
    ),
    Attack(
        "makes-and-opens-devices",
        "makes device files of the disk and of memory, and opens those of the machine",
        first="""
import stat
attempt("make the disk", lambda: os.mknod("disk", 0o600 | stat.S_IFBLK, os.makedev(254, 0)))
attempt("make memory", lambda: os.mknod("memory", 0o600 | stat.S_IFCHR, os.makedev(1, 1)))
for path in ("/dev/vda", "/dev/sda", "/dev/mem", "/dev/kmsg", "/dev/tty", "/dev/console", "/dev/ptmx", "/dev/fuse",
    "/dev/kvm", "/dev/net/tun"):
    attempt("open " + path, lambda: os.open(path, os.O_RDWR))
""",
        printed=("refused: make the disk", "refused: open /dev/mem", "refused: open /dev/kmsg"),
    ),
    Attack(
        "turns-the-kernels-knobs",
        "writes to the kernel's settings: the core pattern, the emergency key, the control groups",
        first="""
for path in ("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/sys/kernel/hostname",
    "/proc/sys/vm/drop_caches",
             "/sys/kernel/uevent_helper", "/sys/fs/cgroup/memory/release_agent", "/sys/fs/cgroup/cgroup.procs",
             "/sys/fs/cgroup/pids/tasks", "/sys/power/state"):
    attempt("write " + path, lambda: os.close(os.open(path, os.O_WRONLY)))
attempt("rename the machine", lambda: socket.sethostname("mine"))
attempt("set the clock", lambda: time.clock_settime(time.CLOCK_REALTIME, 0))
attempt("restart", lambda: syscall(169, 0xFEE1DEAD, 672274793, 0, None))
attempt("load a module", lambda: syscall(175, b"", 0, b""))
attempt("read the kernel's log", lambda: syscall(103, 3, ctypes.create_string_buffer(100), 100))
""",
        printed=(
            "refused: write /proc/sys/kernel/core_pattern",
            "refused: write /proc/sysrq-trigger",
            "refused: restart",
        ),
    ),
    Attack(
        "poisons-the-packages",
        "writes into numpy, into the interpreter's start-up and beside it, for whoever is graded next",
        first="""
folder = os.path.dirname(os.path.dirname(numpy.__file__))
for path in (numpy.__file__, folder + "/sitecustomize.py", folder + "/hostile.pth",
    os.path.dirname(os.__file__) + "/os.py",
             os.path.realpath(sys.executable), "/usr/lib/hostile.so", "/etc/ld.so.preload"):
    attempt("write " + os.path.basename(path), lambda: open(path, "ab").write(b"# hostile"))
""",
        then="""
import os, numpy
folder = os.path.dirname(os.path.dirname(numpy.__file__))
if os.path.exists(folder + "/sitecustomize.py") and "hostile" in open(folder + "/sitecustomize.py").read():
    print("GAINED: a start-up file")
if "# hostile" in open(numpy.__file__).read():
    print("GAINED: numpy itself")
""",
        printed=("refused: write __init__.py", "refused: write hostile.pth", "refused: write os.py"),
    ),
    Attack(
        "leaves-files-for-the-next",
        "leaves files in every folder that can be written, for whoever is graded next",
        first="""
left = 0
for folder in (".", "/tmp", "/var/tmp", "/dev/shm", "/run", "/run/lock", os.path.expanduser("~"), "/student",
    "/materials", "/proc", "/"):
    for name in ("left-by-the-last.txt", "numpy.py", "sitecustomize.py"):
        path = os.path.join(folder, name)
        left += silently(lambda: open(path, "w").write("left by the last") and 1) or 0
print("left", left)
""",
        then="""
import os
for folder in (".", "/tmp", "/var/tmp", "/dev/shm", "/run", "/run/lock", os.path.expanduser("~"), "/student",
    "/materials"):
    for name in ("left-by-the-last.txt", "numpy.py", "sitecustomize.py"):
        if os.path.exists(os.path.join(folder, name)):
            print("GAINED:", folder, name)
""",
        printed=("left",),
    ),
    Attack(
        "leaves-memory-for-the-next",
        "leaves named shared memory, a message queue, a semaphore and a key for whoever is graded next",
        first="""
from multiprocessing import shared_memory
silently(lambda: shared_memory.SharedMemory("left", create=True, size=16).buf.__setitem__(slice(0, 4), b"left"))
silently(lambda: syscall(29, 4711, 4096, 0o1666))
silently(lambda: syscall(68, 4711, 0o1666))
silently(lambda: syscall(64, 4711, 1, 0o1666))
silently(lambda: syscall(248, b"user", b"left", b"left", 4, -4))
print("left what it could")
""",
        then="""
import ctypes
from multiprocessing import shared_memory
libc = ctypes.CDLL(None, use_errno=True)
try:
    print("GAINED:", bytes(shared_memory.SharedMemory("left").buf[:4]))
except Exception as error:
    print("no named memory:", type(error).__name__)
for number in (29, 68, 64):
    if libc.syscall(number, 4711, 0 if number == 68 else 1, 0) >= 0:
        print("GAINED: a left over of call", number)
if libc.syscall(249, b"user", b"left", None, 0) >= 0:
    print("GAINED: a key")
""",
        printed=("left what it could",),
    ),
    Attack(
        "borrows-roots-programs",
        "runs a copied shell and programs that run as root",
        first="""
import shutil, stat, subprocess
silently(lambda: shutil.copy("/bin/sh", "shell") and os.chmod("shell", 0o4755))
for program in ("./shell", "/usr/bin/su", "/usr/bin/passwd", "/bin/mount", "/usr/bin/newuidmap"):
    attempt("run " + program, lambda: subprocess.run([program, "-c", "id"], capture_output=True, timeout=5))
attempt("run it in place", lambda: os.execv("/bin/sh", ["sh", "-c", "exit 0"]))
attempt("become root", lambda: os.setuid(0))
attempt("become somebody", lambda: os.setresuid(1000, 1000, 1000))
""",
        printed=("refused: run ./shell", "refused: run it in place", "refused: become root"),
    ),
    Attack(
        "scans-its-memory-for-the-tests",
        "reads its whole memory after the tests have run, looking for their text",
        last=SCAN
        + """
print("scanned", sum(1 for _ in scanned(rb"square\\((\\d{9})\\)")) >= 0, size[0] > 1 << 20)
for digits in scanned(rb"square\\((\\d{9})\\)"):
    if zlib.crc32(digits) == HIDDEN_CRC:
        print("GAINED: a hidden test", digits)
for one in gc.get_objects():
    for part in one if type(one) in (list, tuple) and len(one) < 1000 else ():
        if type(part) is str and len(part) < 10**5:
            for digits in re.findall(r"square\\((\\d{9})\\)", part):
                if zlib.crc32(digits.encode()) == HIDDEN_CRC:
                    print("GAINED: a hidden test", digits)
""",
        printed=("scanned True True",),
    ),
    Attack(
        "scans-its-memory-for-the-last-student",
        "reads its whole memory, looking for what the student graded before it wrote",
        first="mine = 'written-by-student-719344'\nprint('wrote', len(mine))",
        then=SCAN
        + f"LAST_CRC = {zlib.crc32(b'719344')}"
        + """
found = [digits for digits in scanned(rb"written-by-student-(\\d{6})")]
print("scanned", size[0] > 1 << 20)
if any(zlib.crc32(digits) == LAST_CRC for digits in found):
    print("GAINED: the last student's cell")
""",
        printed=("wrote 25",),
    ),
)
