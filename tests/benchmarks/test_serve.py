"""Servers that end with the bench, and say why when they do not start."""

import socket

import psutil
import pytest

from benchmarks.serve import LOOPBACK, Server, fovea, free_port, stock
from benchmarks.websocket import Visitor, to_the_end
from pages._kit.discovery import discover


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


def started(caught: list[Server]) -> None:
    with fovea() as server:
        caught.append(server)
        assert listens(server.port)
        assert server.usage().cpu > 0
        assert server.usage().resident > 50e6
        assert server.mapped("libpython") + server.mapped("python") > 0
        raise KeyboardInterrupt


def test_a_server_ends_with_its_bench_even_when_that_is_interrupted() -> None:
    caught: list[Server] = []
    with pytest.raises(KeyboardInterrupt):
        started(caught)
    assert not listens(caught[0].port)
    assert not psutil.pid_exists(caught[0].pid)
    assert not caught[0].log.exists()


def test_a_server_that_dies_says_why(tmp_path) -> None:
    (tmp_path / "fovea.py").write_text("raise SystemExit('no house here')", encoding="utf-8")
    with pytest.raises(RuntimeError, match="no house here"), fovea(root=tmp_path):
        pass


def test_a_port_is_free() -> None:
    assert not listens(free_port())


@pytest.mark.slow
def test_a_stock_streamlit_shows_the_same_lab() -> None:
    async def controls(server: Server) -> set[str]:
        visitor = Visitor(server.port, discover()[0].name)
        await visitor.open()
        await visitor.close()
        return {key.split("-", 3)[-1] for key in visitor.states}

    with stock(warm=False) as theirs, fovea() as ours:
        shown = to_the_end(controls(theirs))
        assert shown
        assert shown == to_the_end(controls(ours))
