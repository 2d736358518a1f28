"""A class that follows its lecturer: 150 pages go where the presenter is, who moves a control every two seconds.

Every follower is a real websocket session with Streamlit's own messages beside the stream that tells where the class
is. As the browser's script does, it goes to the newest address as soon as its page is at rest: never two requests at
once, and what was overtaken meanwhile is skipped. (The script asks after a second and a half even where a page has not
come to rest; these followers are more patient.) A move is the presenter's POST, of one control of a lab; after every
third of the time the class is led to another lab. Its delay, for each follower, lasts from just before the POST until
the script has finished that drew this move or a newer one; what a browser takes to draw comes on top. When three
seconds have gone after the last move and every page is at rest, every page has to stand there, its controls set as the
presenter's: if one does not, the bench fails. The class is led twice: served by one process of the app, and by two on
one database, half of the followers at each, as a proxy would share them out. Servers and followers share the machine's
cores. Memory is the growth of the servers' resident memory, from "one followed alone and left" to "all have followed to
the end", divided by the followers.
"""

import asyncio
import json
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, aclosing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean
from urllib.parse import parse_qsl

from websockets.exceptions import WebSocketException

from benchmarks.grading_runs import COURSE
from benchmarks.results import Goal, Row, Section, Series
from benchmarks.serve import LOOPBACK, Server, Usage, WarmUp, fovea
from benchmarks.websocket import AT_ONCE, MOST_SESSIONS, PageFault, Visitor, to_the_end, together
from classroom.desk import open_desk
from classroom.live import lecture
from classroom.people import Person
from classroom.roles import Role

FOLLOWERS = 150
PROCESSES = 2
EVERY = 2.0  # seconds between two moves
REST = 3.0  # seconds after the last move, at least, until every page has to stand there
PATIENCE = 60.0  # seconds for a POST, and until everybody is at rest
TRIES = 2  # to arrive at an address, as the browser's script has them
INSTRUCTOR = Person("instructor", "Instructor", Role.INSTRUCTOR)

# What a lecturer shows, lab by lab. No value is one that its control has anyway: the address would leave it out.
SHOWN = {
    "convolution": ("stride=3", "stride=4", "stride=3&dilation=2"),
    "receptive_field": ("side=32", "side=64", "side=96"),
    "parameters": ("network=ResNet50", "network=VGG19", "network=GoogLeNet"),
}


@dataclass(frozen=True)
class Heard:
    """Where the class is, as the stream tells it."""

    revision: int  # of the lecture: every move counts it up by one
    at: str


@dataclass
class Presenter:
    """Whoever moves the class of these servers, by the word of the presenting tab, which is at the first."""

    servers: tuple[Server, ...]
    word: str
    last: Heard
    moved: dict[int, float] = field(default_factory=dict)  # when each move set out, by its revision

    def move(self, at: str) -> None:
        """Be at this address from now on."""
        page, _, query = at.partition("?")
        said = json.dumps({"word": self.word, "page": page, "query": query, "spot": None}).encode()
        headers = {"Content-Type": "application/json", "Origin": self.servers[0].address}
        request = urllib.request.Request(f"{self.servers[0].address}/api/live/at", said, headers)
        self.last = Heard(self.last.revision + 1, at)
        self.moved[self.last.revision] = time.perf_counter()
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE):
                pass
        except urllib.error.HTTPError as refusal:
            with refusal:
                raise RuntimeError(f"the presenter was refused: {refusal}") from None

    def usage(self) -> Usage:
        """What the servers have taken from the machine so far, together."""
        each = [server.usage() for server in self.servers]
        return Usage(sum(usage.cpu for usage in each), sum(usage.resident for usage in each))


@dataclass
class Follower:
    """A page that follows."""

    visitor: Visitor
    heard: Heard | None = None
    arrived: list[tuple[int, float]] = field(default_factory=list)  # at which revision it came to rest, and when
    runs: int = 0
    going: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def at_rest(self) -> bool:
        """Whether the page stands still and knows of nowhere else to go."""
        return not self.going and not self.news.is_set()

    async def listen(self) -> None:
        """Take in where the class is, until the server ends."""
        async with aclosing(told(self.visitor.port)) as stream:
            async for heard in stream:
                self.heard = heard
                self.news.set()
        raise RuntimeError("the stream of the live class ended")

    async def follow(self) -> None:
        """Go to the newest address whenever there is one and the page is at rest."""
        while await self.news.wait():
            self.news.clear()
            self.going = True
            if self.heard is not None:
                await self._go(self.heard)
            self.going = False

    async def _go(self, to: Heard) -> None:
        page, _, query = to.at.partition("?")
        for _ in range(TRIES):
            self.runs += 1
            await self.visitor.go(page, query)
            if self.visitor.address == dict(parse_qsl(query)):
                self.arrived.append((to.revision, time.perf_counter()))
                return
            if self.news.is_set():
                return

    def lost(self, last: Heard) -> str:
        """What is wrong with the page if it should stand there by now; empty if nothing is."""
        page, _, query = last.at.partition("?")
        if not self.arrived or self.arrived[-1][0] != last.revision or self.visitor.page != page:
            return f"a follower had not come to /{last.at}: it is at /{self.visitor.page} with {self.visitor.address}"
        shown = {key: self.visitor.shows(key) for key, _ in parse_qsl(query)}
        return "" if shown == dict(parse_qsl(query)) else f"a follower came to /{last.at} and shows {shown}"

    def delays(self, moved: dict[int, float]) -> Iterator[float]:
        """Milliseconds from each of these moves until the page stood there, or at a newer one."""
        for revision, began in moved.items():
            yield 1000 * (next(at for arrived, at in self.arrived if arrived >= revision) - began)


@dataclass(frozen=True)
class Followed:
    """What a class that followed met, and what it took from the server."""

    followers: int
    processes: int  # of the app
    delays: tuple[float, ...]  # milliseconds, of every move at every follower
    runs: int  # that the followers asked for while the presenter moved
    skipped: float  # share of the moves that were overtaken before a follower could go there
    seconds: float
    own_cpu: float  # seconds the followers themselves took
    before: Usage  # nobody there
    opened: Usage  # everybody there, at rest
    after: Usage  # everybody there, at rest at the end

    @property
    def cpu_per_run(self) -> float:
        """CPU-milliseconds of the server for one follower's move."""
        return 1000 * (self.after.cpu - self.opened.cpu) / self.runs

    @property
    def megabytes_per_follower(self) -> float:
        """Growth of the server's resident memory, shared out."""
        return (self.after.resident - self.before.resident) / 1e6 / self.followers


def measure(*, quick: bool) -> Section:
    """One follower alone, then the class at one process, then at two."""
    moves = 7 if quick else 90
    with tempfile.TemporaryDirectory() as folder, lecturing(Path(folder)) as presenter:
        alone = follow(presenter, followers=1, moves=9 if quick else 36, every=1.0)
        single = follow(presenter, followers=FOLLOWERS, moves=moves, every=EVERY)
    with tempfile.TemporaryDirectory() as folder, lecturing(Path(folder), processes=PROCESSES) as presenter:
        follow(presenter, followers=PROCESSES, moves=len(SHOWN), every=1.0)
        found = follow(presenter, followers=FOLLOWERS, moves=moves, every=EVERY)
    return report(alone, single, found)


def report(alone: Followed, single: Followed, found: Followed) -> Section:
    """The rows of all three."""
    hall = f"{found.followers} followers, a move every {EVERY:.0f} s"
    one = "one process of the app"
    rows = (
        Row(
            f"{hall}, {found.processes} processes of the app: delay until a page stands there",
            Series(found.delays, "ms"),
            peer=one,
            theirs=Series(single.delays, "ms"),
            goals=(Goal("p95", 2000),),
        ),
        Row("One follower alone: delay", Series(alone.delays, "ms"), goals=(Goal("median", 400),)),
        Row(
            "Memory per follower",
            Series((found.megabytes_per_follower,), "MB"),
            peer=one,
            theirs=Series((single.megabytes_per_follower,), "MB"),
            goals=(Goal("median", 1.5),),
        ),
        Row(
            "CPU of the servers for one follower's move",
            Series((found.cpu_per_run,), "CPU-ms"),
            peer=one,
            theirs=Series((single.cpu_per_run,), "CPU-ms"),
        ),
    )
    return Section("live", __doc__ or "", rows, tuple(_note(each) for each in (found, single)))


def _note(led: Followed) -> str:
    """What the class met besides.

    >>> _note(Followed(2, 1, (9.0,) * 6, 6, 0.0, 10.0, 1.0, Usage(0, 0), Usage(1, 0), Usage(6, 0)))[:70]
    '1 process: 3 moves in 10 s over convolution, receptive_field, paramete'
    """
    took = (led.after.cpu - led.opened.cpu) / led.seconds
    return (
        f"{led.processes} process{'es' if led.processes > 1 else ''}: {len(led.delays) // led.followers} moves in "
        f"{led.seconds:.0f} s over {', '.join(SHOWN)}; no update was lost. Followers skipped {led.skipped:.0%} of the "
        f"moves, as a newer one had come. The app took {took:.0%} of a core, the followers themselves "
        f"{led.own_cpu / led.seconds:.0%}."
    )


def follow(presenter: Presenter, *, followers: int, moves: int, every: float) -> Followed:
    """Let so many pages follow so many moves, lab after lab."""
    if not 0 < followers <= MOST_SESSIONS or moves < len(SHOWN):
        raise ValueError(f"1 to {MOST_SESSIONS} followers and {len(SHOWN)} moves at least, got {followers} and {moves}")
    try:
        return to_the_end(_follow(presenter, places(moves), followers=followers, every=every))
    except PageFault as fault:
        raise PageFault(f"{fault}\nThe first server's last words:\n{presenter.servers[0].said()[-3000:]}") from None


def places(moves: int) -> tuple[str, ...]:
    """Where so many moves lead: each lab in turn, for an equal share of them.

    >>> places(4)
    ('convolution?stride=3', 'convolution?stride=4', 'receptive_field?side=32', 'parameters?network=ResNet50')
    """
    labs = [list(SHOWN)[number * len(SHOWN) // moves] for number in range(moves)]
    within = [number - labs.index(lab) for number, lab in enumerate(labs)]
    return tuple(f"{lab}?{SHOWN[lab][number % len(SHOWN[lab])]}" for lab, number in zip(labs, within, strict=True))


async def _follow(presenter: Presenter, at: Sequence[str], *, followers: int, every: float) -> Followed:
    ports = [server.port for server in presenter.servers]
    before = presenter.usage()
    await asyncio.to_thread(presenter.move, f"{next(iter(SHOWN))}?{SHOWN['convolution'][-1]}")
    class_ = [
        Follower(Visitor(ports[number % len(ports)], next(iter(SHOWN)), seed=number)) for number in range(followers)
    ]
    try:
        for first in range(0, followers, AT_ONCE):
            await together(each.visitor.open() for each in class_[first : first + AT_ONCE])
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(do()) for each in class_ for do in (each.listen, each.follow)]
            await _until(lambda: all(each.at_rest and each.arrived for each in class_))
            found = await _led(presenter, class_, at, every=every, before=before)
            for task in tasks:
                task.cancel()
    except* (RuntimeError, OSError, WebSocketException) as failures:
        raise failures.exceptions[0] from None
    finally:
        await asyncio.gather(*(each.visitor.close() for each in class_))
    return found


async def _until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not so():
            await asyncio.sleep(0.05)


async def _led(
    presenter: Presenter, class_: Sequence[Follower], at: Sequence[str], *, every: float, before: Usage
) -> Followed:
    """Move, rest, and look where everybody is."""
    for each in class_:
        each.runs = 0
    presenter.moved.clear()
    opened, began, own = presenter.usage(), time.perf_counter(), time.process_time()
    for number, place in enumerate(at):
        await asyncio.sleep(began + number * every - time.perf_counter())
        await asyncio.to_thread(presenter.move, place)
    await asyncio.sleep(REST)
    with suppress(TimeoutError):  # somebody is lost for good
        await _until(lambda: all(each.at_rest and not each.lost(presenter.last) for each in class_))
    lasted, own = time.perf_counter() - began, time.process_time() - own
    if lost := [said for each in class_ if (said := each.lost(presenter.last))]:
        raise RuntimeError(f"{len(lost)} of {len(class_)} followers lost the last move; {lost[0]}")
    delays = tuple(delay for each in class_ for delay in each.delays(presenter.moved))
    reached = mean(len({number for number, _ in each.arrived} & presenter.moved.keys()) for each in class_)
    skipped, runs = 1 - reached / len(at), sum(each.runs for each in class_)
    return Followed(
        len(class_),
        len(presenter.servers),
        delays,
        runs,
        skipped,
        lasted,
        own,
        before,
        opened,
        presenter.usage(),
    )


async def told(port: int) -> AsyncIterator[Heard]:
    """The stream, as a page listens to it."""
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    try:
        writer.write(f"GET /api/live HTTP/1.0\r\nHost: {LOOPBACK}:{port}\r\n\r\n".encode())  # 1.0: not cut into chunks
        async for line in reader:
            if line.startswith(b"data: "):
                said = json.loads(line.removeprefix(b"data: "))
                if said["lecture"]:
                    yield Heard(said["revision"], said["at"])
    finally:
        writer.close()


@contextmanager
def lecturing(folder: Path, *, processes: int = 1, warm_up: WarmUp = "full") -> Iterator[Presenter]:
    """A course of its own in which a lecture is live, served by so many processes, and who presents."""
    where = str(folder / "ledger.sqlite")
    desk = open_desk(COURSE, where)
    try:
        desk.classroom.keep([INSTRUCTOR])
        presenting = lecture.present(desk, INSTRUCTOR)
        course = {"FOVEA_COURSE": str(COURSE), "FOVEA_LEDGER": where}
        with ExitStack() as running:
            servers = [running.enter_context(fovea(warm_up=warm_up, environment=course)) for _ in range(processes)]
            yield Presenter(tuple(servers), presenting.word, Heard(presenting.lecture.revision, ""))
    finally:
        desk.close()
