"""Visitors without a browser: real websocket sessions that open a page and move its controls.

A visitor does on the wire what Streamlit's page does: it shakes hands with the subprotocol and the origin, holds the
state of every control it was sent, sends all of them back with each move, names the messages it still has, and counts
a move as answered when the script has finished. One costs a hundredth of a browser, so 150 fit beside the server they
visit. They visit this machine only, their number and their time are bounded, and they leave by themselves.
"""

import asyncio
import random
import time
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin, Subprotocol

from benchmarks.serve import LOOPBACK, Server, Usage
from benchmarks.widgets import MOVABLE, held, in_address, moved

MOST_SESSIONS = 500
MOST_SECONDS = 600.0
PATIENCE = 60.0  # seconds until an answer counts as lost
AT_ONCE = 5  # sessions that open together

Answer = TypeVar("Answer")

PICTURES = ("plotly_chart", "bidi_component", "imgs", "vega_lite_chart", "echarts_chart", "dataframe", "table")


class PageFault(RuntimeError):
    """The page answered with an error instead of itself; a latency would be meaningless."""


@dataclass(frozen=True)
class Move:
    """One control moved, and the page it brought."""

    seconds: float  # from the message sent to the script finished
    bytes: int
    new_picture: bool


@dataclass(frozen=True)
class Drawn:
    """A control as the page shows it now."""

    kind: str
    widget: Any
    fragment: str
    above: bool  # of what stands on every page, not of the page itself


@dataclass
class Visitor:
    """One tab on one page."""

    port: int
    page: str
    seed: int = 0
    controls: dict[str, Drawn] = field(default_factory=dict)
    states: dict[str, WidgetState] = field(default_factory=dict)
    address: dict[str, str] = field(default_factory=dict)
    cached: tuple[set[str], set[str]] = field(default_factory=lambda: (set(), set()))  # of this run and the one before
    script: str = ""
    main: str = ""  # the script that draws what stands on every page
    pages: dict[str, str] = field(default_factory=dict)  # the script of each, by its name in the address
    pictures: set[str] = field(default_factory=set)  # the hashes of those on the page
    known: set[str] = field(default_factory=set)  # and of all that ever were
    socket: ClientConnection | None = None

    async def open(self) -> Move:
        """Connect and wait for the whole page."""
        self.chance = random.Random(self.seed)
        self.socket = await connect(
            f"ws://{LOOPBACK}:{self.port}/_stcore/stream",
            subprotocols=[Subprotocol("streamlit"), Subprotocol("PLACEHOLDER_AUTH_TOKEN")],
            origin=Origin(f"http://{LOOPBACK}:{self.port}"),
            max_size=None,
            open_timeout=PATIENCE,
            close_timeout=2,
        )
        return await self._ask("")

    async def move(self) -> Move:
        """Move one control, at random among those of the most telling kind that the page has."""
        for kind in MOVABLE:
            drawn = [(each, self.states[key]) for key, each in self.controls.items() if each.kind == kind]
            found = [(each, moved(kind, each.widget, state, self.chance)) for each, state in drawn]
            possible = [(each, state) for each, state in found if state is not None]
            if possible:
                each, state = self.chance.choice(possible)
                self.states[state.id] = state
                if each.widget.query_param_key:
                    self.address[each.widget.query_param_key] = in_address(state)
                return await self._ask(each.fragment)
        raise PageFault(f"/{self.page} has no control to move: looked for {', '.join(MOVABLE)}")

    async def go(self, page: str, query: str) -> Move:
        """Go to an address as the browser's way back and forth does: the controls are set by it, not by this page."""
        self.page, self.script, self.address = page, self.pages[page], dict(parse_qsl(query))
        return await self._ask("", by_address=True)

    def shows(self, key: str) -> str | None:
        """The value of the control that stands in the address by this name; None if the page has none such."""
        found = [id for id, each in self.controls.items() if each.widget.query_param_key == key]
        return in_address(self.states[found[0]]) if found else None

    async def close(self) -> None:
        """Leave."""
        if self.socket is not None:
            await self.socket.close()

    async def _ask(self, fragment: str, *, by_address: bool = False) -> Move:
        assert self.socket is not None, "open comes first"
        message = BackMsg()
        run = message.rerun_script
        run.page_name, run.page_script_hash, run.fragment_id = self.page, self.script, fragment
        run.query_string = urlencode(self.address)
        run.is_history_navigation = by_address
        kept = [state for id, state in self.states.items() if not by_address or self.controls[id].above]
        run.widget_states.widgets.extend(kept)
        run.cached_message_hashes.extend(self.cached[0] | self.cached[1])
        run.context_info.timezone, run.context_info.locale, run.context_info.color_scheme = "UTC", "en-US", "light"
        run.context_info.url = f"http://{LOOPBACK}:{self.port}/{self.page}"
        self.cached = (set(), self.cached[0])
        began = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        async with asyncio.timeout(PATIENCE):
            size, pictures = await self._read()
        seconds = time.perf_counter() - began
        new = not pictures <= self.pictures
        self.pictures = pictures | self.pictures if fragment else pictures
        self.known |= pictures
        return Move(seconds, size, new)

    async def _read(self) -> tuple[int, set[str]]:
        """Take in messages until the script has finished: their size, and the hashes of the pictures."""
        assert self.socket is not None
        size, seen, pictures = 0, set[str](), set[str]()
        while True:
            raw = await self.socket.recv()
            size += len(raw)
            message = ForwardMsg()
            message.ParseFromString(raw if isinstance(raw, bytes) else raw.encode())
            if message.metadata.cacheable:
                self.cached[0].add(message.hash)
            match message.WhichOneof("type"):
                case "ref_hash":
                    self.cached[0].add(message.ref_hash)
                    pictures |= {message.ref_hash} & self.known
                case "new_session":
                    self.main = message.new_session.main_script_hash
                case "navigation":
                    self.script = message.navigation.page_script_hash
                    self.pages = {each.url_pathname: each.page_script_hash for each in message.navigation.app_pages}
                case "page_info_changed":
                    self.address = dict(parse_qsl(message.page_info_changed.query_string))
                case "page_not_found":
                    raise PageFault(f"there is no page /{self.page}")
                case "delta" if message.delta.WhichOneof("type") == "new_element":
                    kind = str(message.delta.new_element.WhichOneof("type"))
                    element = getattr(message.delta.new_element, kind)
                    above = message.metadata.active_script_hash == self.main
                    self._look(kind, element, message.delta.fragment_id, above, seen)
                    if kind in PICTURES or (kind == "html" and "<img" in element.body):
                        pictures.add(message.hash)
                case "script_finished":
                    if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                        self.controls = {key: drawn for key, drawn in self.controls.items() if key in seen}
                        self.states = {key: state for key, state in self.states.items() if key in seen}
                        return size, pictures
                    if message.script_finished == ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY:
                        return size, pictures
                    if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                        raise PageFault(f"/{self.page} does not compile")

    def _look(self, kind: str, element: Any, fragment: str, above: bool, seen: set[str]) -> None:
        if kind == "exception":
            raise PageFault(f"/{self.page} raised {element.type}: {element.message}")
        if kind == "alert" and element.format == Alert.ERROR:
            raise PageFault(f"/{self.page} says: {element.body}")
        fresh = held(kind, element)
        if fresh is not None:
            seen.add(element.id)
            self.controls[element.id] = Drawn(kind, element, fragment, above)
            if element.id not in self.states or element.set_value:
                self.states[element.id] = fresh


@dataclass(frozen=True)
class Load:
    """What a crowd of visitors met, and what it took from the server."""

    sessions: int
    moves: tuple[Move, ...]
    seconds: float  # that the moving lasted
    own_cpu: float  # seconds the visitors themselves took
    before: Usage  # nobody there
    opened: Usage  # everybody there, nobody moved yet
    after: Usage  # everybody there, all moves made

    @property
    def milliseconds(self) -> tuple[float, ...]:
        """Every move's latency."""
        return tuple(1000 * move.seconds for move in self.moves)

    @property
    def cpu_per_move(self) -> float:
        """CPU-milliseconds of the server for one move."""
        return 1000 * (self.after.cpu - self.opened.cpu) / len(self.moves)

    @property
    def megabytes_per_session(self) -> float:
        """Growth of the server's resident memory, shared out."""
        return (self.after.resident - self.before.resident) / 1e6 / self.sessions

    @property
    def new_pictures(self) -> float:
        """Share of moves that changed a picture."""
        return sum(move.new_picture for move in self.moves) / len(self.moves)


def crowd(server: Server, pages: Sequence[str], *, sessions: int, think: float, seconds: float, seed: int = 0) -> Load:
    """Let `sessions` visitors, spread over `pages`, move a control after thinking for `think` seconds on average."""
    if not 0 < sessions <= MOST_SESSIONS or not 0 < seconds <= MOST_SECONDS:
        raise ValueError(
            f"at most {MOST_SESSIONS} sessions and {MOST_SECONDS:.0f} s, got {sessions} sessions and {seconds} s"
        )
    try:
        return to_the_end(_crowd(server, pages, sessions=sessions, think=think, seconds=seconds, seed=seed))
    except PageFault as fault:
        raise PageFault(f"{fault}\nThe server's last words:\n{server.said()[-3000:]}") from None


def to_the_end(coroutine: Coroutine[Any, Any, Answer]) -> Answer:
    """Run it in a thread with a loop of its own: a browser driven from this thread has one running already."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


async def _crowd(
    server: Server, pages: Sequence[str], *, sessions: int, think: float, seconds: float, seed: int
) -> Load:
    visitors = [Visitor(server.port, pages[n % len(pages)], seed=seed * MOST_SESSIONS + n) for n in range(sessions)]
    before = server.usage()
    try:
        for first in range(0, sessions, AT_ONCE):
            await together(visitor.open() for visitor in visitors[first : first + AT_ONCE])
        opened, began, own = server.usage(), time.perf_counter(), time.process_time()
        made = await together(_stay(visitor, think=think, until=began + seconds) for visitor in visitors)
        lasted, own = time.perf_counter() - began, time.process_time() - own
        after = server.usage()
    finally:
        await asyncio.gather(*(visitor.close() for visitor in visitors))
    moves = tuple(move for some in made for move in some)
    if not moves:
        raise RuntimeError(f"nobody moved anything within {seconds} s")
    return Load(sessions, moves, lasted, own, before, opened, after)


async def together(coroutines: Any) -> list[Any]:
    """All of them; the first to fail ends the others and is what is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(each) for each in coroutines]
    except* (PageFault, OSError, TimeoutError, WebSocketException) as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]


async def _stay(visitor: Visitor, *, think: float, until: float) -> list[Move]:
    moves: list[Move] = []
    pause = visitor.chance.uniform(0, think)  # they did not come in step
    while time.perf_counter() + pause < until:
        await asyncio.sleep(pause)
        moves.append(await visitor.move())
        pause = visitor.chance.expovariate(1 / think)
    return moves
