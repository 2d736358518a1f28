"""Attacks on the two sockets of the student's process: what no honest process says to its supervisor and its judge."""

import re

from tests.grading.hostile.attack import POINTS, RIGHT, Attack

BUT_SMOOTH = {"square": 2.0, "spread": 5.0}
BROKEN = ("no notebook does",)

# How the two sides talk (grading/engine/wire.py): if this is no longer true, the cells say so and the tests fail.
LINES = r"""
from grading.judge.codec import encode
from grading.messages import Message
here = serving()
control, link, limits = here["control"], here["link"], here["limits"]
FRAME = struct.Struct("=cBII")
def frame(kind, head=b"", sizes=(), shared=0, claimed=None):
    start = FRAME.pack(kind, shared, len(head) if claimed is None else claimed, len(sizes))
    return start + b"".join(struct.pack("=Q", size) for size in sizes) + head
def words(*parts):
    return encode(parts, limits, lambda value: None).head
print("has both lines:", link.socket.fileno() > 2 and control.socket.fileno() > 2)
"""
HAS = ("has both lines: True",)


def _answering(how: str, name: str = "smooth") -> dict[str, str]:
    """Right answers, but for one whose body is `how`."""
    body = "\n".join("    " + line for line in how.strip().splitlines())
    return {**RIGHT, name: f"def {name}(x):\n{body}\n"}


def _saying(id_: str, sentence: str, how: str, **more: object) -> Attack:
    return Attack(id_, sentence, LINES, _answering(how), deserves=BUT_SMOOTH, printed=HAS, **more)  # type: ignore[arg-type]


FULL = """{
    "outputs": [], "error": None, "seconds": 0.0, "points": 10,
    "run": {"passed": True, "value": 3.0}, "rulings": [], "lost": "",
}"""

_ON_THE_LINES = (
    Attack(
        "forges-replies-to-the-supervisor",
        "tells the supervisor many times over that the cell is done and the tests are passed",
        LINES
        + f"forged = json.dumps({FULL}).encode()\n"
        + "for _ in range(20):\n    control.socket.sendall(frame(b'r', forged))\n",
        last="print('later')",
    ),
    Attack(
        "says-garbage-to-the-supervisor",
        "sends the supervisor noise instead of a reply",
        LINES + "control.socket.sendall(bytes(range(256)) * 16)\n",
        RIGHT,
        deserves=POINTS,
        said=BROKEN,
    ),
    Attack(
        "says-impossible-things-to-the-supervisor",
        "sends the supervisor replies with missing parts, of wrong kinds, deep as a well",
        LINES
        + """
for text in (b"", b"[]", b"7", b'{"error": 1}', b'{"error": null, "seconds": "x"}', b"[" * 100_000,
    b'{"error": null, "seconds": NaN, "outputs": 7}',
             b'{"error": [[], {}], "seconds": 1e999, '
    b'"outputs": [{"output_type": "stream", "text": {}}, {"output_type": []}, null, [[]]]}'):
    control.socket.sendall(frame(b"r", text))
""",
        RIGHT,
        deserves=POINTS,
        said=BROKEN,
    ),
    Attack(
        "claims-more-seconds-than-a-float-holds",
        "says that its cell took a number of seconds with 400 digits",
        LINES
        + """
control.socket.sendall(frame(b'r', b'{"error": null, "outputs": [], "seconds": 1' + b'0' * 400 + b'}'))
""",
        RIGHT,
        deserves=POINTS,
        said=BROKEN,
    ),
    Attack(
        "buries-its-error-deep",
        "says of its cell that it ended in an error whose name is a list in a list in a list",
        LINES
        + """
for depth in (900, 980, 20_000):
    deep = b"[" * depth + b"]" * depth
    control.socket.sendall(frame(b"r", b'{"error": [' + deep + b', "x"], "outputs": ' + deep + b', "seconds": 0}'))
""",
        RIGHT,
        deserves=POINTS,
        at_most=True,
    ),
    Attack(
        "claims-a-huge-reply",
        "announces a reply of four gigabytes to the supervisor",
        LINES + "control.socket.sendall(frame(b'r', claimed=2**32 - 1))\n",
        RIGHT,
        deserves=POINTS,
        said=BROKEN,
    ),
    Attack(
        "claims-many-buffers",
        "announces four billion buffers of an exabyte each to the supervisor",
        LINES + "control.socket.sendall(FRAME.pack(b'r', 0, 2, 2**32 - 1))\n",
        RIGHT,
        deserves=POINTS,
        said=BROKEN,
    ),
    Attack(
        "hangs-up-on-the-supervisor",
        "closes its line to the supervisor",
        LINES + "control.socket.shutdown(2)\n",
        RIGHT,
        deserves=POINTS,
    ),
    Attack(
        "sends-files-to-the-supervisor",
        "sends open files along with its replies, until the supervisor has no room for more",
        LINES
        + """
for _ in range(50):
    socket.send_fds(control.socket, [frame(b"r", json.dumps({"outputs": [], "error": None,
        "seconds": 0.0}).encode())], [0] * 100)
socket.send_fds(control.socket, [frame(b"r", b"", [1 << 20], shared=1)], [os.open("/dev/zero", os.O_RDWR)])
""",
    ),
    Attack(
        "answers-before-it-is-asked",
        "sends answers to questions that were not asked yet",
        LINES
        + """
for number in range(1, 200):
    link.socket.sendall(frame(b"a", words(number, "value", 4, "", "")))
""",
        printed=HAS,
    ),
    Attack(
        "replays-an-answer",
        "sends the answer to the last question again instead of the next",
        LINES
        + """
real = link.send
kept = []
def again(kind, message, **more):
    if kind == b"a":
        kept.append(message)
        message = kept[-2] if len(kept) > 3 else message
    real(kind, message, **more)
link.send = again
""",
        RIGHT,
        printed=HAS,
    ),
    Attack(
        "answers-from-a-thread",
        "lets a thread take the questions off the line and answer while the main thread sleeps",
        LINES
        + """
def answering():
    while True:
        _, question = link.receive()
        number = int.from_bytes(question.head[8:16], "little")
        for words_ in ((number, "value", True, "", ""), (number, "value", 4, "", "")):
            link.socket.sendall(frame(b"a", words(*words_)))
threading.Thread(target=answering, daemon=True).start()
""",
        printed=HAS,
    ),
    Attack(
        "asks-the-judge",
        "asks the judge for its names as the judge asks for the student's",
        LINES
        + """
import pickle
for kind in (b"q", b"t", b"s", b"l", b"j", b"+"):
    link.socket.sendall(frame(kind, struct.pack("=d", 1.0) + (1).to_bytes(8, "little") + pickle.dumps(("name",
        ("square",), (), ()))))
link.socket.settimeout(0.3)
attempt("get an answer", lambda: link.socket.recv(1))
link.socket.settimeout(None)
""",
        printed=(*HAS, "refused: get an answer"),
        said=BROKEN,
    ),
)

_IN_AN_ANSWER = (
    _saying(
        "hangs-up-on-the-judge",
        "closes its line to the judge in the middle of an answer",
        "link.socket.shutdown(2)\nlink.socket.close()",
    ),
    _saying(
        "says-garbage-to-the-judge",
        "sends noise instead of an answer",
        "link.socket.sendall(bytes(range(256)) * 64)",
        said=BROKEN,
    ),
    _saying(
        "claims-a-huge-answer",
        "announces an answer of four gigabytes",
        "link.socket.sendall(frame(b'a', claimed=2**32 - 1))",
        said=BROKEN,
    ),
    _saying(
        "claims-huge-buffers",
        "announces buffers of an exabyte",
        "link.socket.sendall(frame(b'a', b'1', [2**60] * 8))",
        said=BROKEN,
    ),
    _saying(
        "claims-shared-memory",
        "announces shared memory and sends none",
        "link.socket.sendall(frame(b'a', b'1', [2**20], shared=1))",
        said=BROKEN,
    ),
    _saying(
        "sends-memory-and-cuts-it-short",
        "sends a file as shared memory and truncates it under the judge's feet",
        """
with open("shared", "w+b") as file:
    file.truncate(1 << 20)
    socket.send_fds(link.socket, [frame(b"a", b'["bytes",0]', [1 << 20], shared=1)], [file.fileno()])
    file.truncate(0)
""",
        said=BROKEN,
    ),
    _saying(
        "sends-files-to-the-judge",
        "sends open files along with its answers, until the judge has no room for more",
        """
for _ in range(200):
    socket.send_fds(link.socket, [b"a"], [0] * 50)
""",  # no word is asked for: how many the kernel carries decides whether the judge reads nonsense or waits in vain
    ),
    _saying("never-answers", "takes the question and says nothing for ever", "threading.Event().wait()", stuck=True),
    _saying(
        "answers-byte-by-byte",
        "sends its answer so slowly that each byte comes in time",
        """
text = frame(b"a", words(1, "value", "x" * 2000, "", ""))
for byte in text * 1000:
    link.socket.sendall(bytes([byte]))
    time.sleep(0.02)
""",
        stuck=True,
        at_most=True,
    ),
    _saying(
        "calls-back-in-a-flood",
        "calls back to the test without end instead of answering",
        """
for _ in range(10**6):
    link.socket.sendall(frame(b"c", words(0, (), {})))
""",
        at_most=True,
    ),
    _saying(
        "uses-a-kind-nobody-knows",
        "sends a message of a kind that does not exist",
        "link.socket.sendall(frame(b'Z', b'1'))",
        said=BROKEN,
    ),
    _saying(
        "claims-time-is-up",
        "says of every call that it took too long",
        "link.socket.sendall(frame(b'x', b'OutOfTime') * 3)",
        at_most=True,
    ),
    _saying(
        "answers-another-question",
        "answers with the numbers of other questions",
        """
for number in (0, 1, 2, -1, 2**40, True, 1.0, None, '1'):
    link.socket.sendall(frame(b'a', words(number, 'value', [1.0, 1.5, 4.0], '', '')))""",
        at_most=True,
    ),
)

# Answers that no honest writer writes; each is what comes where the value belongs, as JSON.
FORGED = {
    "a-word-nobody-knows": '["pickle","x"]',
    "an-object-of-json": '{"a": 1}',
    "a-constant-of-javascript": "NaN",
    "a-number-too-long": "1" + "0" * 5000,
    "a-depth-of-100000": "[" * 100_000,
    "a-depth-of-lists": '["list",' * 500 + "1" + "]" * 500,
    "a-buffer-that-is-not-there": '["str",7]',
    "a-buffer-twice": '["list",["bytes",0],["bytes",0]]',
    "a-handle-of-nothing": '["handle",0,"object",0,"x","m","n"]',
    "a-handle-with-powers": '["handle",99,"object",99999999,"x","m","n"]',
    "a-handle-of-a-module": '["handle",99,"module",0,"os","builtins","module"]',
    "a-handle-of-a-kind": '["handle",99,"judge",0,"x","m","n"]',
    "a-handle-of-systemexit": '["handle",99,"class",0,"SystemExit","builtins","SystemExit","builtins","BaseException"]',
    "an-array-of-objects": '["array","|O",[2],0]',
    "an-array-of-an-exabyte": '["array","<f8",[1152921504606846976,1],0]',
    "an-array-with-a-negative-side": '["array","<f8",[-1],0]',
    "a-truth-value-of-2": '["array","|b1",[3],0]',
    "a-class-with-dunders": '["named","__class__",["tuple","__eq__"],1]',
    "a-class-of-keywords": '["named","import",["tuple","class"],1]',
    "a-fraction-by-zero": '["Fraction",1,0]',
    "a-decimal-of-an-exponent": '["Decimal","1E+999999999"]',
    "a-range-without-end": '["range",0,4000000000000000000,1]',
    "a-date-that-is-none": '["datetime","9999-99-99"]',
    "a-key-twice": '["dict","a",1,"a",2]',
    "a-key-that-cannot-be": '["dict",["list"],1]',
    "a-default-factory": '["defaultdict","exec","a",1]',
    "an-int-in-disguise": '["int","0x' + "f" * 2_000_000 + '"]',
    "half-a-json": '["list",1',
}


def _forging(id_: str, text: str) -> Attack:
    cell = (
        LINES
        + f"FORGED = {_long(text)}\n"
        + """
answers = serving()["answers"]
real = type(answers)._written
def written(self, said, number):
    if said[0] and said[1] == "value" and type(said[2]) is float and said[2] == 0.125:
        buffers = [b"\\x02" * 3] if '"|b1"' in FORGED or '"bytes"' in FORGED else []
        return Message(b'["tuple",%d,"value",%s,"",""]' % (number, FORGED.encode()), buffers)
    return real(self, said, number)
type(answers)._written = written
"""
    )
    return Attack(
        f"forges-{id_}",
        f"answers with {id_.replace('-', ' ')}",
        cell,
        {**RIGHT, "smooth": "def smooth(x):\n    return 0.125\n"},
        deserves=BUT_SMOOTH,
        printed=HAS,
    )


def _long(text: str) -> str:
    """A long text of repeated parts as a short expression."""
    runs = re.split(r"((.{1,8}?)\2{50,})", text) if len(text) > 400 else [text]
    parts = []
    for place in range(0, len(runs), 3):
        parts.append(repr(runs[place]))
        if place + 2 < len(runs):
            whole, unit = runs[place + 1], runs[place + 2]
            parts.append(f"{unit!r} * {len(whole) // len(unit)}")
    return " + ".join(parts)


ATTACKS = (*_ON_THE_LINES, *_IN_AN_ANSWER, *(_forging(id_, text) for id_, text in FORGED.items()))
