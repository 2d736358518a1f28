"""Attacks on memory, disk and output: using up what others need."""

from dataclasses import replace

from grading.limits import MIB
from tests.grading.hostile.attack import POINTS, QUICK, RIGHT, ROOMY, Attack

BUT_SMOOTH = {"square": 2.0, "spread": 5.0}
EATEN = ("memory",)

ATTACKS = (
    Attack(
        "memory-bomb",
        "fills the memory in a cell",
        first="hoard = []\nwhile True:\n    hoard.append(bytearray(b'x' * (16 << 20)))\n",
        answers=RIGHT,
        deserves=POINTS,
        said=EATEN,
    ),
    Attack(
        "memory-bomb-in-an-answer",
        "fills the memory when it is called",
        answers={
            **RIGHT,
            "smooth": "def smooth(x):\n    hoard = []\n    while True:\n        hoard.append(np.ones(1 << 21))\n",
        },
        deserves=BUT_SMOOTH,
    ),
    Attack(
        "memory-bomb-by-hand",
        "maps and touches memory past Python's own accounting, in many small and one huge piece",
        first="""
import mmap
attempt("64 TB at once", lambda: bytearray(1 << 46))
maps = []
while True:
    maps.append(mmap.mmap(-1, 8 << 20))
    maps[-1].write(b"x" * (8 << 20))
""",
        answers=RIGHT,
        deserves=POINTS,
        said=EATEN,
    ),
    Attack(
        "memory-of-the-kernel",
        "lets the kernel hold its hoard: in pipes, in sockets, in files that have no name",
        first=r"""
hoard, size = [], 0
def fill():
    global size
    one, other = socket.socketpair()
    hoard.extend([one, other])
    one.setblocking(False)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 30)
    while True:
        size += one.send(b"x" * 65536)
for _ in range(2000):
    if isinstance(silently(fill), int):
        break
for _ in range(2000):
    read, write = silently(os.pipe) or (None, None)
    if read is None:
        break
    os.set_blocking(write, False)
    silently(lambda: os.write(write, b"x" * (1 << 20)))
print("held less than it may:", size < 600 << 20)
attempt("a file without a name", lambda: [os.write(os.memfd_create("x"), b"x" * (1 << 20)) for _ in range(2000)])
attempt("pages that stay", lambda: LIBC.mlockall(7) and syscall(151, 7))
print("open files ended it")
""",
        printed=("held less than it may: True", "open files ended it"),
    ),
    Attack(
        "torch-memory-bomb",
        "fills the memory with tensors",
        answers={
            **RIGHT,
            "smooth": """
import torch
def smooth(x):
    hoard = []
    while True:
        hoard.append(torch.ones(1 << 22))
""",
        },
        deserves=BUT_SMOOTH,
        limits=replace(QUICK, memory=768 * MIB),
        torch=True,
    ),
    Attack(
        "answers-with-too-much",
        "answers with an array of 800 MB",
        answers={**RIGHT, "smooth": "def smooth(x):\n    return np.zeros(100_000_000)\n"},
        deserves=BUT_SMOOTH,
        limits=replace(QUICK, memory=ROOMY.memory),
    ),
    Attack(
        "answers-with-too-many",
        "answers with ten million numbers, with a text of a gigabyte and with a number of a million digits",
        answers={
            "square": "def square(n):\n    return 1 << (1 << 24)\n",
            "smooth": "def smooth(x):\n    return list(range(10_000_000))\n",
            "spread": "def spread(numbers):\n    return 'x' * (1 << 30)\n",
        },
        limits=replace(QUICK, memory=ROOMY.memory),
    ),
    Attack(
        "answers-too-deep",
        "answers with a list 100,000 lists deep, and with one that holds itself",
        answers={
            "square": """
def square(n):
    deep = []
    for _ in range(100_000):
        deep = [deep]
    return deep
""",
            "smooth": "def smooth(x):\n    mine = []\n    mine.append(mine)\n    return mine\n",
            "spread": "def spread(numbers):\n    mine = {}\n    mine['me'] = (mine,)\n    return mine\n",
        },
    ),
    Attack(
        "answers-without-end",
        "answers with iterators that never end and claim to be long",
        answers={
            "square": "import itertools\ndef square(n):\n    return itertools.count()\n",
            "smooth": """
class Endless:
    def __len__(self): return 3
    def __iter__(self):
        while True: yield 1.0
    def __getitem__(self, place): return 1.0
def smooth(x):
    return Endless()
""",
            "spread": "def spread(numbers):\n    return (n for n in itertools.repeat(1))\n",
        },
    ),
    Attack(
        "fills-the-disk-with-one-file",
        "writes one file as large as it can, and claims a terabyte",
        first="""
with open("big", "wb") as big:
    attempt("a terabyte of nothing", lambda: big.truncate(1 << 40))
    attempt("a terabyte set aside", lambda: os.posix_fallocate(big.fileno(), 0, 1 << 40))
    def fill():
        for _ in range(1000):
            big.write(b"x" * (1 << 20))
            big.flush()
    silently(lambda: signal.signal(signal.SIGXFSZ, signal.SIG_IGN))
    attempt("a gigabyte", fill)
print("wrote less than it may:", os.path.getsize("big") <= 8 << 20)
os.unlink("big")
""",
        answers=RIGHT,
        deserves=POINTS,
        printed=("refused: a terabyte of nothing", "refused: a gigabyte", "wrote less than it may: True"),
    ),
    Attack(
        "fills-the-disk-with-many-files",
        "makes many small files, folders in folders, and many middling files",
        first="""
count = 0
try:
    for count in range(20_000):
        open("file-%d" % count, "w").write("x")
except OSError as error:
    print("files ended:", error.strerror)
print("few enough:", count < 1000)
for number in range(count):
    silently(lambda: os.unlink("file-%d" % number))
size = 0
try:
    for number in range(100):
        size += open("middling-%d" % number, "wb").write(b"x" * (1 << 20))
except OSError as error:
    print("space ended:", error.strerror)
print("little enough:", size <= 16 << 20)
silently(lambda: os.makedirs("/".join(["d"] * 2000)))
""",
        printed=("files ended:", "few enough: True", "space ended:", "little enough: True"),
    ),
    Attack(
        "floods-descriptors",
        "opens files until there are none, and puts descriptors under way in sockets",
        first="""
kept = []
try:
    while True:
        kept.append(os.open("/dev/null", os.O_RDONLY))
except OSError as error:
    print("files ended:", error.strerror)
print("few enough:", len(kept) < 1000)
for fd in kept[:20]:
    os.close(fd)
one, other = socket.socketpair()
under_way = 0
try:
    for _ in range(10_000):
        one.setblocking(False)
        socket.send_fds(one, [b"x"], kept[20:30])
        under_way += 10
except OSError as error:
    print("sending ended:", type(error).__name__)
print("sent few enough:", under_way < 20_000)
""",
        printed=("files ended:", "few enough: True"),
    ),
    Attack(
        "prints-a-gigabyte",
        "prints a gigabyte, by print, by the stream below, and by the descriptor",
        first="""
for _ in range(100):
    print("x" * (10 << 20))
""",
        last=r"""
for _ in range(64):
    silently(lambda: os.write(1, b"x" * (16 << 20)))
    silently(lambda: os.write(2, b"x" * (16 << 20)))
silently(lambda: sys.__stdout__.write("x" * (16 << 20)))
silently(lambda: sys.stderr.write("y" * (16 << 20)))
silently(lambda: open("/dev/stdout", "w").write("x" * (16 << 20)))
LIBC.puts(b"x" * (16 << 20))
""",
        answers=RIGHT,
        deserves=POINTS,
        printed=("the rest of the output is not kept",),
    ),
    Attack(
        "shows-huge-things",
        "shows ten thousand pictures, one of 100 MB, and pages with scripts",
        first="""
from IPython.display import HTML, Image, Javascript, display
display({"image/png": "A" * (100 << 20)}, raw=True)
for _ in range(10_000):
    display({"image/png": "AAAA"}, raw=True)
""",
        last="""
from IPython.display import HTML, Javascript, display
display(HTML("<script>steal()</script>"), Javascript("steal()"))
display({"text/html": "<img src=x onerror=steal()>", "application/javascript": "steal()",
    "image/svg+xml": "<svg onload=steal()>", "text/plain": "a page"}, raw=True)
class Huge:
    def __repr__(self): return "x" * (64 << 20)
Huge()
""",
        answers=RIGHT,
        deserves=POINTS,
        printed=("the rest of the output is not kept", "a page"),
    ),
    Attack(
        "complains-hugely",
        "raises errors whose texts are huge, nested in each other, or errors themselves",
        first="""
class Loud(BaseException):
    def __str__(self): raise SystemExit("from __str__")
    __repr__ = __str__
class Louder(Exception):
    def __str__(self): raise Loud
raise Louder
""",
        answers={
            "square": "def square(n):\n    raise ValueError('x' * (64 << 20))\n",
            "smooth": """
def smooth(x):
    error = None
    for _ in range(50_000):
        inner, error = error, ValueError('deep')
        error.__cause__ = inner
    raise error
""",
            "spread": "def spread(numbers):\n    raise Louder\n",
        },
        last="raise ExceptionGroup('x' * (1 << 20), [ValueError('y' * (1 << 20))] * 1000)\n",
    ),
    Attack(
        "speaks-half-characters",
        "raises, prints and answers with characters that no file and no database can hold",
        first=r"print('half \ud800 a character', '\0', chr(0xDFFF), '\x1b[31m')" + "\n",
        answers={
            "square": "def square(n):\n    raise ValueError('half \\udcff a character \\0 and none')\n",
            "smooth": "def smooth(x):\n    print('half \\ud800 \\0')\n    return 'half \\udcff a character \\0'\n",
            "spread": "def spread(numbers):\n    sys.stderr.write('half \\ud800 \\0')\n    return {'\\ud800\\0': 1}\n",
        },
        last="raise type('Half\\ud800', (ValueError,), {})('\\ud800 \\0')\n",
    ),
    Attack(
        "warns-without-end",
        "writes a warning for every call, on every road to stderr",
        first="import logging, warnings\nwarnings.simplefilter('always')\n",
        answers={
            **RIGHT,
            "square": """
def square(n):
    for _ in range(2000):
        warnings.warn('x' * 1000)
    logging.error('x' * (1 << 20))
    sys.stderr.write('x' * (8 << 20))
    return n * n
""",
        },
        deserves=POINTS,
    ),
)
