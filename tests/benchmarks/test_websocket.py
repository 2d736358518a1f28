"""Visitors without a browser, against a real server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.serve import Server, fovea
from benchmarks.websocket import PageFault, Visitor, crowd, to_the_end
from pages._kit.discovery import open_to_all
from tests.serving import copy_of_the_house

LABS = [lab.name for lab in open_to_all()]
# Their pictures wait until something is computed, sorted or typed.
WAITING = {"timeline", "recipe", "ensemble", "errata", "regression", "spoof", "tsne", "workflow"}
BROKEN = '''"""Filters: Broken

One idea: a bench must not time an error.
"""

raise ValueError("by intention")
'''
PLAIN = '''"""Filters: Plain

One idea: a slider and its number, without which no lab can do; and a note of how often garbage was collected.
"""

import gc
from pathlib import Path

import streamlit as st

st.title("Plain")
st.text(st.slider("Number", 0, 100, key="number", bind="query-params"))
with Path(__file__).with_name("collected.txt").open("a") as notes:
    print(gc.get_stats()[2]["collections"], file=notes)
'''
IDLE = '''"""Filters: Idle

One idea: here is nothing to move.
"""
'''


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copy_of_the_house(tmp_path_factory.mktemp("benchmarks"))
    (root / "pages/broken.py").write_text(BROKEN, encoding="utf-8")
    (root / "pages/plain.py").write_text(PLAIN, encoding="utf-8")
    (root / "pages/idle.py").write_text(IDLE, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def house(root: Path) -> Iterator[Server]:
    with fovea(root=root) as server:
        yield server


@pytest.mark.slow
@pytest.mark.parametrize("page", LABS)
def test_three_visitors_move_the_controls_of_a_lab(house: Server, page: str) -> None:
    found = crowd(house, [page], sessions=3, think=0.1, seconds=1)
    assert len(found.moves) >= 3
    assert found.new_pictures > 0 or page in WAITING
    assert all(move.seconds > 0 and move.bytes > 1_000 for move in found.moves)
    assert found.cpu_per_move > 0


def test_a_visitor_sends_back_what_it_moved(house: Server) -> None:
    async def visit() -> tuple[dict[str, str], Visitor]:
        visitor = Visitor(house.port, LABS[0], seed=1)
        await visitor.open()
        held = {key: str(state) for key, state in visitor.states.items()}
        await visitor.move()
        await visitor.close()
        return held, visitor

    before, visitor = to_the_end(visit())
    changed = [key for key, state in visitor.states.items() if key in before and before[key] != str(state)]
    assert changed
    assert visitor.address
    assert any(key.endswith(f"-{name}") for key in changed for name in visitor.address)


def test_a_visitor_is_led_by_the_address(house: Server) -> None:
    async def visit() -> list[tuple[str, str | None]]:
        visitor, found = Visitor(house.port, LABS[0]), []
        await visitor.open()
        for page, query in (("plain", "number=7"), ("plain", "number=8"), ("plain", ""), ("plain", "number=0")):
            await visitor.go(page, query)
            found.append((visitor.page, visitor.shows("number")))
        await visitor.close()
        return found

    assert to_the_end(visit()) == [("plain", "7"), ("plain", "8"), ("plain", "0"), ("plain", "0")]


@pytest.mark.parametrize(
    ("page", "complaint"),
    [("broken", "fault of ours"), ("idle", "no control to move"), ("nowhere", "there is no page /nowhere")],
)
def test_an_error_is_no_answer(house: Server, page: str, complaint: str) -> None:
    with pytest.raises(PageFault, match=complaint):
        crowd(house, [page], sessions=1, think=0.1, seconds=2)


@pytest.mark.parametrize(("sessions", "seconds"), [(0, 1.0), (501, 1.0), (1, 0.0), (1, 601.0)])
def test_a_crowd_is_bounded(house: Server, sessions: int, seconds: float) -> None:
    with pytest.raises(ValueError, match="at most 500 sessions and 600 s"):
        crowd(house, LABS, sessions=sessions, think=1, seconds=seconds)


def test_no_run_collects_garbage(house: Server, root: Path) -> None:
    crowd(house, ["plain"], sessions=2, think=0.05, seconds=2)
    counts = [int(line) for line in (root / "pages/collected.txt").read_text(encoding="utf-8").split()]
    assert len(counts) > 10
    assert counts[-1] - counts[0] <= 2


@pytest.mark.slow
def test_a_move_takes_little_of_the_server(house: Server) -> None:
    """The cheap guard against an import or a parse in every run: CPU time of labs beside that of a bare slider."""
    crowd(house, [*LABS, "plain"], sessions=len(LABS) + 1, think=0.3, seconds=3)
    bare = crowd(house, ["plain"], sessions=20, think=1, seconds=6)
    found = crowd(house, LABS, sessions=20, think=1, seconds=6)
    assert found.cpu_per_move < 6 * bare.cpu_per_move
