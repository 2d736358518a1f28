"""The student's process: runs the cells it is given and answers the judge's calls. Hostile code shares it, so nothing
here is believed by anybody; it only has to be right for honest students."""

import io
import json
import random
import select
import signal
import struct
import sys

from grading.engine import shell as shells
from grading.engine.wire import Wire
from grading.judge.answers import Answers
from grading.limits import Limits
from grading.messages import Message

SECONDS = struct.Struct("=d")  # in front of every question: processor seconds it may take


def serve(control: Wire, link: Wire, shell: shells.Shell, limits: Limits) -> None:
    """Until the supervisor hangs up: cells come over `control`, the judge's questions over `link`."""
    sys.stdin = io.StringIO()
    answers = Answers(shell.user_ns, limits)
    control.send(b"+", Message(b""))
    _seed(int(control.receive()[1].head))
    while True:
        for ready in select.select([control, link], [], [])[0]:
            if ready is control:
                _run(control, shell, limits)
            else:
                _answer(link, answers)


def _run(control: Wire, shell: shells.Shell, limits: Limits) -> None:
    _, message = control.receive()
    cell = json.loads(message.head)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # the visitor's stop button
    try:
        ran = shells.run(shell, cell["source"], seconds=cell["seconds"], size=limits.output_bytes, count=limits.outputs)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    control.send(b"r", Message(json.dumps(ran, default=str, ensure_ascii=False).encode(errors="replace")))


def _answer(link: Wire, answers: Answers) -> None:
    _, question = link.receive()
    (seconds,) = SECONDS.unpack_from(question.head)

    def ask_back(message: Message) -> Message:
        link.send(b"c", message)
        while True:
            kind, got = link.receive()
            if kind == b"C":
                return got
            link.send(b"a", answers.reply(_unpacked(got), ask_back))  # the test's own function asks in turn

    try:
        with shells.allowed(seconds) as late:
            answer = answers.reply(_unpacked(question), ask_back)
        if late:
            raise late[0]
    except BaseException as error:
        link.send(b"x", Message(type(error).__name__.encode()))
    else:
        link.send(b"a", answer)


def _unpacked(question: Message) -> Message:
    return Message(question.head[SECONDS.size :], question.buffers)


def _seed(seed: int) -> None:
    random.seed(seed)
    for name, set_seed in (("numpy", _seed_numpy), ("torch", _seed_torch)):
        if name in sys.modules:
            set_seed(seed)


def _seed_numpy(seed: int) -> None:
    import numpy as np

    np.random.seed(seed % 2**32)


def _seed_torch(seed: int) -> None:
    import torch

    torch.manual_seed(seed)
