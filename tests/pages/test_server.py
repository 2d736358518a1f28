"""The server: it says when it is warm, signs one instructor in, travels light, and stays calm when a page breaks."""

import gzip
import json
import re
import urllib.error
import urllib.request
from pathlib import Path

import brotli
import pytest
from playwright.sync_api import Browser

from benchmarks.serve import Server
from pages._kit.slim import READS
from tests.serving import copy_of_the_house, instructor_link, serve

BROKEN = '"""Filters: A broken lab\n\nOne idea: it breaks."""\n\nsecret_of_the_lab = {}["nothing here"]\n'


def fetch(url: str, **headers: str) -> tuple[bytes, dict[str, str]]:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:
        return answer.read(), {name.lower(): value for name, value in answer.headers.items()}


def test_answers_its_health_and_readiness(server: Server) -> None:
    assert fetch(f"{server.address}/api/health")[0] == b"ok"
    state = json.loads(fetch(f"{server.address}/api/ready")[0])
    assert state["ready"] is True
    assert state["warm_up_seconds"] > 0


def test_prints_its_address(server: Server) -> None:
    assert f"Fovea is at {server.address}" in server.said()
    assert "Streamlit" not in server.said()


def test_compresses_the_scripts_it_serves(server: Server) -> None:
    page = fetch(server.address)[0].decode()
    script = re.search(r'src="\./(static/js/index[^"]+)"', page)
    assert script is not None
    body, headers = fetch(f"{server.address}/{script[1]}", **{"Accept-Encoding": "gzip"})
    assert headers["content-encoding"] == "gzip"
    assert len(body) < len(gzip.decompress(body)) / 2
    for _ in range(2):  # made now, and kept
        small, headers = fetch(f"{server.address}/{script[1]}", **{"Accept-Encoding": "gzip, deflate, br, zstd"})
        assert headers["content-encoding"] == "br"
        assert "javascript" in headers["content-type"]
        assert "immutable" in headers["cache-control"]
        assert len(small) < 0.95 * len(body)
        assert brotli.decompress(small) == gzip.decompress(body)


@pytest.mark.parametrize("said", ["", "gzip", "gzip, br;q=0", "brotli", "br;q=0.0"])
def test_sends_brotli_to_none_that_cannot_read_it(said: str) -> None:
    assert READS.search(said) is None


@pytest.mark.parametrize("said", ["br", "gzip, br", "br, gzip", "gzip;q=0.5, br;q=0.8", "br;q=1.0"])
def test_sends_brotli_to_all_that_can(said: str) -> None:
    assert READS.search(said) is not None


def test_compresses_no_made_up_script(server: Server) -> None:
    body, headers = fetch(f"{server.address}/static/js/made-up.js", **{"Accept-Encoding": "br"})
    assert headers["content-type"].startswith("text/html")  # the page, as for any address
    assert headers.get("content-encoding") != "br"
    assert b"<html" in body


@pytest.mark.browser
def test_sends_a_front_page_under_700_kilobytes(server: Server, browser: Browser) -> None:
    page = browser.new_page()
    received: list[float] = []
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(server.address)
    page.get_by_role("heading", name="Fovea").wait_for()
    page.wait_for_load_state("networkidle")
    page.close()
    assert 300_000 < sum(received) < 700_000


@pytest.mark.browser
def test_signs_one_instructor_in_by_the_printed_link(tmp_path: Path, browser: Browser) -> None:
    root = copy_of_the_house(tmp_path)
    (root / "pages/marks.py").write_text(
        '"""Course: Marks\n\nOne idea: who has which mark.\n\nFor: instructors."""\n\n'
        'import streamlit as st\n\nst.title("Everybody\'s marks")\n'
    )
    with serve(root) as own:
        link = instructor_link(own)
        instructor, visitor = browser.new_context(), browser.new_context()
        page = instructor.new_page()
        page.goto(link)
        page.goto(f"{own.address}/marks")
        page.get_by_role("heading", name="Everybody's marks").wait_for()
        (cookie,) = (found for found in instructor.cookies() if found["name"] == "fovea_session")
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Lax"
        other = visitor.new_page()
        answer = other.goto(link)
        assert answer is not None
        assert answer.status == 403
        other.goto(f"{own.address}/marks")
        other.get_by_role("heading", name="Sign in to open this page").wait_for()
        assert "Everybody's marks" not in other.content()
        instructor.close()
        visitor.close()


@pytest.mark.browser
def test_answers_a_broken_page_with_a_reference_that_the_log_knows(tmp_path: Path, browser: Browser) -> None:
    root = copy_of_the_house(tmp_path)
    (root / "pages/broken.py").write_text(BROKEN)
    with serve(root) as own:
        page = browser.new_page()
        page.goto(f"{own.address}/broken")
        alert = page.get_by_role("alert").filter(has_text="fault of ours")
        alert.wait_for()
        reference = alert.locator("strong").inner_text()
        assert "KeyError" not in page.content()
        assert "secret_of_the_lab" not in page.content()
        page.close()
        printed = own.said()
    assert re.search(rf"reference {re.escape(reference)}\n.*Traceback.*secret_of_the_lab.*KeyError", printed, re.DOTALL)


def test_refuses_a_made_up_sign_in(server: Server) -> None:
    with pytest.raises(urllib.error.HTTPError, match="403"):
        fetch(f"{server.address}/sign-in/made-up")


def test_does_not_start_with_a_page_it_cannot_read(tmp_path: Path) -> None:
    root = copy_of_the_house(tmp_path)
    (root / "pages/nameless.py").write_text("x = 1\n")
    with pytest.raises(RuntimeError, match=r"nameless\.py: the docstring must begin"), serve(root):
        pass
