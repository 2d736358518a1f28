"""Attacks on the clock: never ending, ending late, and not hearing that time is up."""

from tests.grading.hostile.attack import POINTS, RIGHT, Attack

BUT_SMOOTH = {"square": 2.0, "spread": 5.0}
LATE = ("longer than it may",)


def _smooth(body: str) -> dict[str, str]:
    return {**RIGHT, "smooth": body}


ATTACKS = (
    Attack(
        "endless-loop",
        "loops for ever in a cell",
        first="while True:\n    pass\n",
        answers=RIGHT,
        deserves=POINTS,
        said=LATE,
    ),
    Attack(
        "endless-loop-in-an-answer",
        "loops for ever when it is called",
        answers=_smooth("def smooth(x):\n    while True:\n        pass\n"),
        deserves=BUT_SMOOTH,
    ),
    Attack(
        "swallows-every-error",
        "loops for ever and catches whatever would stop it",
        first="""
end = time.monotonic() + 60
while time.monotonic() < end:
    try:
        while time.monotonic() < end:
            pass
    except BaseException:
        pass
""",
        answers=RIGHT,
        deserves=POINTS,
        said=LATE,
        stuck=True,
    ),
    Attack(
        "ignores-every-signal",
        "ignores the signals of the clock, blocks the rest, and loops",
        answers=_smooth("""
def smooth(x):
    for number in range(1, 65):
        silently(lambda: signal.signal(number, signal.SIG_IGN))
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    signal.setitimer(signal.ITIMER_PROF, 0)
    while True:
        pass
"""),
        deserves=BUT_SMOOTH,
        stuck=True,
    ),
    Attack(
        "sleeps",
        "sleeps for ever, which costs no processor time",
        answers=_smooth("def smooth(x):\n    time.sleep(10**6)\n"),
        deserves=BUT_SMOOTH,
        stuck=True,
    ),
    Attack(
        "sleeps-in-threads",
        "waits for a lock that a sleeping thread holds",
        first="""
lock = threading.Lock()
def hold():
    with lock:
        time.sleep(10**6)
threading.Thread(target=hold).start()
time.sleep(0.1)
lock.acquire()
""",
        answers=RIGHT,
        deserves=POINTS,
        said=LATE,
        stuck=True,
    ),
    Attack(
        "waits-for-input",
        "waits for somebody to type",
        first="""
try:
    print('got', repr(input('password? ')))
except Exception as error:
    print('no input:', type(error).__name__)
""",
        answers={**RIGHT, "smooth": "def smooth(x):\n    return input()\n"},
        deserves=BUT_SMOOTH,
        printed=("no input:",),
    ),
    Attack(
        "computes-in-c",
        "spends an hour in a single instruction of Python's, where no signal is heard",
        answers=_smooth("import re\ndef smooth(x):\n    return re.match(r'(a+)+$', 'a' * 60 + 'b') or 7 ** 7 ** 9\n"),
        deserves=BUT_SMOOTH,
        stuck=True,
    ),
    Attack(
        "answers-just-in-time",
        "takes nearly all the time that it may, every time",
        answers=_smooth("""
def smooth(x):
    end = time.process_time() + 0.8
    while time.process_time() < end:
        pass
    return [0.0] * len(x)
"""),
        deserves=BUT_SMOOTH,
    ),
    Attack(
        "turns-back-the-clock",
        "replaces Python's clocks and timers before it is timed",
        first="""
import resource
time.monotonic = time.perf_counter = time.process_time = time.time = lambda: 0.0
resource.getrusage = lambda who: type("Usage", (), {"ru_utime": -1e9, "ru_stime": 0.0})()
signal.setitimer = lambda *_: (0.0, 0.0)
signal.signal = lambda *_: None
time.sleep = lambda seconds: None
""",
        answers=_smooth("def smooth(x):\n    while True:\n        pass\n"),
        deserves=BUT_SMOOTH,
        stuck=True,
    ),
    Attack(
        "traces-every-line",
        "installs tracers and profilers that raise, loop and lie",
        first="""
def tracer(frame, event, argument):
    if frame.f_code.co_name in ("reply", "_answer", "_run", "receive", "send"):
        frame.f_locals["answer"] = frame.f_locals["words"] = ("value", True)
    return tracer
sys.settrace(tracer)
sys.setprofile(tracer)
threading.settrace_all_threads(tracer) if hasattr(threading, "settrace_all_threads") else None
""",
        last="sys.settrace(None)\nsys.setprofile(None)\nprint('traced')\n",
        printed=("traced",),
    ),
    Attack(
        "raises-what-nobody-catches",
        "raises KeyboardInterrupt, GeneratorExit and an error of its own that is no Exception",
        first="class Own(BaseException):\n    pass\n",
        answers={
            "square": "def square(n):\n    raise KeyboardInterrupt\n",
            "smooth": "def smooth(x):\n    raise GeneratorExit\n",
            "spread": "def spread(numbers):\n    raise Own('own')\n",
        },
        last="raise Own('last')\n",
    ),
    Attack(
        "interrupts-its-keeper",
        "sends itself interrupts and alarms while it is asked",
        first="""
import _thread
def nag():
    while True:
        time.sleep(0.005)
        silently(_thread.interrupt_main)
        silently(lambda: os.kill(os.getpid(), signal.SIGPROF))
threading.Thread(target=nag, daemon=True).start()
""",
    ),
)
